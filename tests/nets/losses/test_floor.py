"""The floor of a loss: no outputs cost less, and some cost no more."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from unstuck.nets.activations import ACTIVATIONS
from unstuck.nets.losses import LOSSES, Focal, Huber, Poisson, Quantile

N_ROWS, N_OUT = 30, 3
SPREADS = (0.0, 1e-9, 1e-4, 1e-2, 1.0, 30.0)


def shares(rng):
    weights = rng.choice([0.0, 0.2, 1.0, 3.0], (N_ROWS, N_OUT)) + np.eye(N_OUT)[rng.integers(0, N_OUT, N_ROWS)]
    return weights / weights.sum(axis=1, keepdims=True)


def numbers(rng):
    return rng.normal(size=(N_ROWS, N_OUT))


def counts(rng):
    return rng.choice([0.0, 1e-9, 0.5, 1.0, 7.0, 1e3], (N_ROWS, N_OUT))


def labels(rng):
    return rng.choice([0.0, 1.0, 0.1, 0.5], (N_ROWS, N_OUT))


def logarithm(values):
    return np.log(np.maximum(values, 1e-40))


CASES = [
    # the loss, its output activation, targets, and the preactivations that should be best
    ("mse", "identity", numbers, lambda y: y),
    ("half_sum", "identity", numbers, lambda y: y),
    ("mae", "identity", numbers, lambda y: y),
    (Huber(threshold=0.1), "identity", numbers, lambda y: y),
    (Quantile(q=0.2), "identity", numbers, lambda y: y),
    ("poisson", "identity", counts, logarithm),
    (Poisson(log_input=False), "relu", counts, lambda y: y - 1e-8),
    ("bce", "sigmoid", labels, lambda y: logarithm(y) - logarithm(1 - y)),
    ("ce", "softmax", shares, logarithm),
    ("focal", "sigmoid", lambda rng: np.round(labels(rng)), lambda y: 80 * (2 * y - 1)),
    (Focal(alpha=0.25), "sigmoid", lambda rng: np.round(labels(rng)), lambda y: 80 * (2 * y - 1)),
    ("focal", "softmax", lambda rng: np.eye(N_OUT)[rng.integers(0, N_OUT, N_ROWS)], lambda y: 80 * y),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("loss", "activation", "targets", "best"), CASES)
def test_no_outputs_cost_less(loss, activation, targets, best, dtype):
    """200 candidates for each row, around what should be best and far away from it."""
    loss, activation = LOSSES.create(loss), ACTIVATIONS.create(activation)
    rng = np.random.default_rng(12)
    y = targets(rng)
    floor = loss.floor(y.astype(dtype))
    costs = []
    for spread in SPREADS:
        for _ in range(40):
            z = best(y) + rng.normal(scale=spread, size=y.shape) if spread else best(y)
            costs.append(loss.cost(z, activation.forward(z), y, activation))
    lowest = np.min(costs, axis=0)
    rounding = np.finfo(dtype).eps * (1 + y.max() * np.log(1 + y.max()))
    assert (lowest >= floor - 4 * rounding).all()
    assert_allclose(lowest, floor, rtol=0, atol=4 * rounding + 1e-15)
    assert floor.shape == (N_ROWS,)
    assert floor.dtype == dtype
