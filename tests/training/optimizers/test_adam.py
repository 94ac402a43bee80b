"""Adam and AdamW; their traces beside torch are in test_against_torch.py."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer

from unstuck.errors import OptionError
from unstuck.training.optimizers import Adam, AdamW


def test_under_a_constant_gradient_of_any_size_each_step_is_the_rate():
    optimizer = Adam(learning_rate=0.1)
    weights, slots = np.zeros(2), optimizer.start(2)
    for step in range(1, 51):
        optimizer.update(weights, np.array([-1e-3, 1e3]), slots, 0.0, step)
        assert weights == pytest.approx([0.1 * step, -0.1 * step], rel=1e-4)


def test_scikit_learn_divides_by_a_larger_epsilon():
    """What the docstring says of it: with epsilon / sqrt(1 - beta2^t) at step t, this rule is theirs."""
    gradients = np.random.default_rng(0).normal(size=(20, 3))
    weights, theirs = np.zeros(3), np.zeros(3)
    slots = Adam().start(3)
    optimizer = AdamOptimizer([theirs], learning_rate_init=0.1, epsilon=1e-2)
    for step, gradient in enumerate(gradients, start=1):
        Adam(0.1, epsilon=1e-2 / np.sqrt(1 - 0.999**step)).update(weights, gradient, slots, 0.0, step)
        optimizer.update_params([theirs], [gradient])
        assert weights == pytest.approx(theirs, rel=1e-12)


def test_adamw_is_adam_with_decay():
    ours, other = AdamW(0.1), Adam(0.1, weight_decay=0.01)
    weights, others = np.array([1.0, -2.0]), np.array([1.0, -2.0])
    slots, other_slots = ours.start(2), other.start(2)
    for step in range(1, 11):
        ours.update(weights, weights - 1, slots, 0.0, step)
        other.update(others, others - 1, other_slots, 0.0, step)
    assert_array_equal(weights, others)


@pytest.mark.parametrize("cls", [Adam, AdamW])
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"beta1": 1.0}, "beta1 must be at least 0 and below 1. Got 1.0 instead."),
        ({"beta2": -0.5}, "beta2 must be at least 0 and below 1. Got -0.5 instead."),
        ({"epsilon": 0.0}, "epsilon must be a number above 0. Got 0.0 instead."),
    ],
)
def test_settings_outside_their_limits(cls, settings, message):
    with pytest.raises(OptionError) as caught:
        cls(**settings)
    assert str(caught.value) == message
