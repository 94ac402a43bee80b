"""Learning rate and decoupled weight decay, which the first-order rules share."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from unstuck.errors import OptionError
from unstuck.training.optimizers import Adagrad, Adam, AdamW, FirstOrder, GradientDescent, RMSProp

CLASSES = [GradientDescent, Adagrad, RMSProp, Adam, AdamW]


@pytest.fixture(params=CLASSES)
def cls(request):
    return request.param


def test_decay_is_decoupled(cls):
    """Whatever the rule makes of the gradient, the weights were multiplied by 1 - rate * decay before."""
    gradients = np.random.default_rng(0).normal(size=(20, 5))
    plain, decaying = cls(0.1, weight_decay=0), cls(0.1, weight_decay=0.5)
    plain_slots, decaying_slots = plain.start(5), decaying.start(5)
    weights = np.linspace(-2, 2, 5)
    for step, gradient in enumerate(gradients, start=1):
        expected = weights * (1 - 0.1 * 0.5)
        plain.update(expected, gradient, plain_slots, 0.0, step)
        decaying.update(weights, gradient, decaying_slots, 0.0, step)
        assert_allclose(weights, expected, rtol=1e-14)
    for (_, array), (_, other) in zip(plain_slots.items(), decaying_slots.items(), strict=True):
        assert_array_equal(array, other)


def test_a_rate_of_zero_stands_still(cls):
    optimizer = cls(0.0, weight_decay=0.5)
    weights = np.array([2.0, -3.0])
    optimizer.update(weights, np.array([1.0, 2.0]), optimizer.start(2), 0.0, 1)
    assert_array_equal(weights, [2.0, -3.0])


def test_weight_decay_is_off_except_in_adamw(cls):
    assert cls().weight_decay == (0.01 if cls is AdamW else 0.0)


def test_weight_decay_is_given_by_name(cls):
    assert cls(0.3, weight_decay=0.2).weight_decay == 0.2


def test_it_is_no_rule_itself():
    with pytest.raises(TypeError, match="abstract"):
        FirstOrder(0.1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"learning_rate": -0.1}, "learning_rate must be a number of at least 0. Got -0.1 instead."),
        ({"learning_rate": float("nan")}, "learning_rate must be a number of at least 0. Got nan instead."),
        ({"learning_rate": "fast"}, "learning_rate must be a number of at least 0. Got 'fast' instead."),
        ({"weight_decay": -1}, "weight_decay must be a number of at least 0. Got -1 instead."),
        ({"weight_decay": float("inf")}, "weight_decay must be a number of at least 0. Got inf instead."),
    ],
)
def test_settings_outside_their_limits(cls, settings, message):
    with pytest.raises(OptionError) as caught:
        cls(**settings)
    assert str(caught.value) == message
