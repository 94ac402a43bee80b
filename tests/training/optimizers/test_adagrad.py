"""Adagrad; its traces beside torch are in test_against_torch.py."""

import numpy as np
import pytest

from unstuck.errors import OptionError
from unstuck.training.optimizers import Adagrad


def test_under_a_constant_gradient_of_any_size_steps_fall_like_one_over_the_root():
    optimizer = Adagrad(learning_rate=0.1)
    weights, slots = np.zeros(2), optimizer.start(2)
    for step in range(1, 51):
        before = weights.copy()
        optimizer.update(weights, np.array([1e-3, 1e3]), slots, 0.0, step)
        assert before - weights == pytest.approx(np.full(2, 0.1 / np.sqrt(step)), rel=1e-6)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epsilon": 0}, "epsilon must be a number above 0. Got 0 instead."),
        ({"epsilon": None}, "epsilon must be a number above 0. Got None instead."),
    ],
)
def test_settings_outside_their_limits(settings, message):
    with pytest.raises(OptionError) as caught:
        Adagrad(**settings)
    assert str(caught.value) == message
