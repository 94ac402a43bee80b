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
        ({"time_limit": 0}, "time_limit must be positive, not 0."),
        ({"time_limit": -1.0}, "time_limit must be positive, not -1.0."),
        ({"memory": 0}, "memory must be"),
        ({"memory": 1.5}, "memory must be"),
        ({"workers": 0}, "workers must be"),
    ],
)
def test_limits(error_of, settings, message):
    assert error_of(OptionError, DiagnosisOptions, **settings).startswith(message.split(" not ")[0])
