"""Gradient descent; its traces beside torch are in test_against_torch.py."""

import numpy as np
import pytest

from unstuck.errors import OptionError
from unstuck.training.optimizers import GradientDescent, trace


def test_without_momentum_the_error_shrinks_by_one_minus_the_rate():
    expected = [1 + 2 * 0.9**step for step in range(1, 15)]
    assert trace(GradientDescent(), start=3.0, steps=14) == pytest.approx(expected, abs=1e-6)


def test_the_first_velocity_is_the_gradient():
    optimizer = GradientDescent(momentum=0.9)
    slots = optimizer.start(2)
    optimizer.update(np.zeros(2), np.array([1.0, -2.0]), slots, 0.0, 1)
    assert slots.velocity.tolist() == [1.0, -2.0]


def test_defaults():
    assert GradientDescent() == GradientDescent(learning_rate=0.1, momentum=0.0, nesterov=False, weight_decay=0.0)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"momentum": 1.0}, "momentum must be at least 0 and below 1. Got 1.0 instead."),
        ({"momentum": -0.1}, "momentum must be at least 0 and below 1. Got -0.1 instead."),
        (
            {"nesterov": True},
            (
                "nesterov needs a momentum above 0. Got nesterov=True with momentum=0.\n"
                "  Set momentum, such as momentum=0.9, or leave nesterov out."
            ),
        ),
    ],
)
def test_settings_outside_their_limits(settings, message):
    with pytest.raises(OptionError) as caught:
        GradientDescent(**settings)
    assert str(caught.value) == message
