"""How to diagnose: defaults and limits."""

import pytest

from unstuck.doctor.options import DiagnosisOptions
from unstuck.errors import OptionError


def test_defaults():
    options = DiagnosisOptions()
    assert (options.arguments, options.trials, options.time_limit, options.memory) == ((), True, 60.0, 4096)
    assert (options.workers, options.replay, options.debug) == (2, "fork", False)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"time_limit": 0}, "time_limit must be a number above 0. Got 0 instead."),
        ({"time_limit": -1.0}, "time_limit must be a number above 0. Got -1.0 instead."),
        ({"memory": 0}, "memory must be a whole number of at least 1. Got 0 instead."),
        ({"memory": 1.5}, "memory must be a whole number of at least 1. Got 1.5 instead."),
        ({"workers": 0}, "workers must be a whole number of at least 1. Got 0 instead."),
        ({"replay": "frok"}, "unknown replay 'frok'. Did you mean 'fork'?\n  Known: fork, rerun"),
    ],
)
def test_limits(error_of, settings, message):
    assert error_of(OptionError, DiagnosisOptions, **settings) == message
