"""The best parameters so far."""

import math

import numpy as np
import pytest

from unstuck.training.state import Best


def offers(*scores, min_delta=0.0):
    """Offer parameters that hold their epoch."""
    best = Best(np.zeros(1))
    for epoch, score in enumerate(scores, 1):
        best.offer(score, epoch, np.array([float(epoch)]), min_delta)
    return best.epoch, best.parameters.item(), best.score, best.waited


@pytest.mark.parametrize(
    ("scores", "min_delta", "expected"),
    [
        ((), 0.0, (0, 0.0, math.inf, 0)),
        ((3.0, 2.0, 2.5), 0.0, (2, 2.0, 2.0, 1)),
        ((2.0, 2.0, 2.0), 0.0, (1, 1.0, 2.0, 2)),
        ((2.0, 1.95, 1.9), 0.1, (1, 1.0, 2.0, 2)),
        ((2.0, 1.95, 1.89), 0.1, (3, 3.0, 1.89, 0)),
        ((-1.0, -2.0), 0.5, (2, 2.0, -2.0, 0)),
        ((math.nan, math.inf), 0.0, (0, 0.0, math.inf, 2)),
        ((math.nan, 5.0, math.nan), 0.0, (2, 2.0, 5.0, 1)),
        ((7.0,), 1000.0, (1, 1.0, 7.0, 0)),
    ],
)
def test_the_lowest_score_is_kept(scores, min_delta, expected):
    assert offers(*scores, min_delta=min_delta) == expected


def test_the_parameters_are_copied():
    best, parameters = Best(np.zeros(1)), np.array([5.0])
    best.offer(1.0, 1, parameters)
    parameters[:] = 7
    assert best.parameters == 5
