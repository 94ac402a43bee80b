"""RMSProp; its traces beside torch are in test_against_torch.py."""

import numpy as np
import pytest
import torch

from unstuck.errors import OptionError
from unstuck.training.optimizers import RMSProp


def test_the_first_step_is_the_rate_over_the_root_of_one_minus_smoothing():
    optimizer = RMSProp(learning_rate=0.01, smoothing=0.99)
    weights = np.zeros(2)
    optimizer.update(weights, np.array([5.0, -0.2]), optimizer.start(2), 0.0, 1)
    assert weights == pytest.approx([-0.1, 0.1], rel=1e-6)


def test_a_variance_that_rounding_takes_below_zero_counts_as_zero():
    """A constant gradient brings torch to NaN within 400 steps."""
    gradient = np.random.default_rng(0).normal(size=20)
    optimizer = RMSProp(smoothing=0.9, centered=True)
    weights, slots = np.zeros(20), optimizer.start(20)
    theirs = torch.zeros(20, dtype=torch.float64, requires_grad=True)
    torch_optimizer = torch.optim.RMSprop([theirs], alpha=0.9, centered=True)
    theirs.grad = torch.from_numpy(gradient)
    for step in range(1, 401):
        optimizer.update(weights, gradient, slots, 0.0, step)
        torch_optimizer.step()
    assert torch.isnan(theirs).any()
    assert np.isfinite(weights).all()
    assert (np.sign(weights) == -np.sign(gradient)).all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"smoothing": 1}, "smoothing must be at least 0 and below 1. Got 1 instead."),
        ({"epsilon": -1e-8}, "epsilon must be a number above 0. Got -1e-08 instead."),
        ({"momentum": 1.5}, "momentum must be at least 0 and below 1. Got 1.5 instead."),
    ],
)
def test_settings_outside_their_limits(settings, message):
    with pytest.raises(OptionError) as caught:
        RMSProp(**settings)
    assert str(caught.value) == message
