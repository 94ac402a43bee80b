"""Signal that only the ranks of neighbours show, and none in targets of a random order."""

import numpy as np
import pytest

import unstuck as us
from unstuck.doctor.checks.neighbour_ranks import neighbour_surprise
from unstuck.doctor.checks.signal_probe import signal_of


def _spirals():
    data = us.load_data("spirals")
    return data.inputs / data.inputs.std(0), data.targets.reshape(-1, 1).astype(float)


def test_two_spirals_have_a_signal():
    inputs, targets = _spirals()
    assert neighbour_surprise(inputs, targets) > 8
    assert signal_of(inputs, targets).is_clear


@pytest.mark.parametrize("seed", range(10))
def test_targets_in_a_random_order_have_none(seed):
    inputs, targets = _spirals()
    assert neighbour_surprise(inputs, np.random.default_rng(seed).permutation(targets)) < 4


def test_targets_that_are_all_the_same():
    inputs, targets = _spirals()
    assert neighbour_surprise(inputs, 0 * targets) == 0
