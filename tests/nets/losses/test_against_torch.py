"""Every loss beside torch: cost and derivative, on a thousand logits in each precision, and behind every activation it fits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from sklearn.metrics import mean_pinball_loss

from unstuck.errors import OptionError
from unstuck.nets.activations import ACTIVATIONS
from unstuck.nets.losses import LOSSES, Focal, Huber, Poisson, Quantile

THOUSAND = settings(max_examples=20, deadline=None, database=None, derandomize=True)  # 20 arrays of 50 logits
TOLERANCE = {"float64": {"rtol": 1e-12, "atol": 1e-14}, "float32": {"rtol": 1e-5, "atol": 1e-6}}
EXTREMES = [0.0, -0.0, 1e4, -1e4, 1e-37, 1e-300, 1.0, -1.0, 40.0, -40.0, 90.0, -90.0]

numbers = st.one_of(st.sampled_from(EXTREMES), st.floats(-20.0, 20.0), st.floats(-1e4, 1e4))
logarithms = st.floats(-1e4, 70.0)  # from there on ours is a straight line, and torch's overflows in float32 at 89
rates = st.one_of(st.sampled_from([0.0, 1e-8, 1.0]), st.floats(0.0, 1e4))
shares = st.one_of(st.sampled_from([0.0, 1.0, 1e-9, 1 - 1e-9, 0.5]), st.floats(0.0, 1.0))
counts = st.one_of(st.integers(0, 20), st.floats(0.0, 1e4))
sides = st.sampled_from([0.0, 1.0])


def matrix(elements):
    return arrays(np.float64, (10, 5), elements=elements, fill=st.nothing())


one_hot = arrays(np.int64, 10, elements=st.integers(0, 4)).map(lambda classes: np.eye(5)[classes])
class_shares = matrix(st.floats(0.0, 1.0)).map(lambda rows: (rows + 1e-3) / (rows + 1e-3).sum(axis=1, keepdims=True))

CASES = [
    ("mse", "identity", matrix(numbers), matrix(numbers)),
    ("half_sum", "identity", matrix(numbers), matrix(numbers)),
    ("mae", "identity", matrix(numbers), matrix(numbers)),
    ("huber", "identity", matrix(numbers), matrix(numbers)),
    (Huber(threshold=0.25), "identity", matrix(numbers), matrix(numbers)),
    ("quantile", "identity", matrix(numbers), matrix(numbers)),
    (Quantile(q=0.9), "identity", matrix(numbers), matrix(numbers)),
    ("poisson", "identity", matrix(logarithms), matrix(counts)),
    (Poisson(log_input=False), "softplus", matrix(rates), matrix(counts)),
    ("bce", "sigmoid", matrix(numbers), matrix(shares)),
    ("bce", "hard_sigmoid", matrix(numbers), matrix(shares)),
    ("ce", "softmax", matrix(numbers), one_hot),
    ("ce", "softmax", matrix(numbers), class_shares),
    ("focal", "sigmoid", matrix(numbers), matrix(sides)),
    (Focal(gamma=0), "sigmoid", matrix(numbers), matrix(sides)),
    (Focal(gamma=1.5, alpha=0.25), "sigmoid", matrix(numbers), matrix(sides)),
    ("focal", "softmax", matrix(numbers), one_hot),
    (Focal(gamma=3), "softmax", matrix(numbers), one_hot),
]


def case_id(value):
    return value if isinstance(value, str) else LOSSES.describe(value) if hasattr(value, "rows") else ""


@pytest.mark.parametrize(("loss", "activation", "logits", "targets"), CASES, ids=case_id)
@THOUSAND
@given(data=st.data())
def test_cost_and_derivative_equal_torch(oracle, loss, activation, logits, targets, data):
    loss, activation = LOSSES.create(loss), ACTIVATIONS.create(activation)
    logits, targets = data.draw(logits), data.draw(targets)
    for dtype, tolerance in TOLERANCE.items():
        z, y = logits.astype(dtype), targets.astype(dtype)
        a = activation.forward(z)
        cost, delta = loss.cost(z, a, y, activation), loss.delta(z, a, y, activation)
        rows, gradient = oracle.loss(loss, activation, z, y)
        if isinstance(loss, Quantile):  # where both sides cost 0 torch takes the mean of the slopes, which is none of ours
            gradient = np.where(np.abs(z - y) < np.finfo(dtype).tiny, delta, gradient)
        # The two terms of poisson may be large and almost cancel, for torch as for us.
        size = 1 + np.abs(y * z).max() if isinstance(loss, Poisson) else 1
        assert_allclose(cost, rows, rtol=tolerance["rtol"], atol=tolerance["atol"] * size)
        assert_allclose(delta, gradient, rtol=tolerance["rtol"], atol=tolerance["atol"] * size)
        assert np.isfinite(cost).all()
        assert np.isfinite(delta).all()
        assert cost.dtype == delta.dtype == dtype


PAIRS = [
    (loss, activation)
    for loss in [*map(LOSSES.create, LOSSES.names()), Poisson(log_input=False), Focal(alpha=0.3), Quantile(q=0.1)]
    for activation in map(ACTIVATIONS.create, ACTIVATIONS.names())
]


def fits(loss, activation):
    try:
        loss.check_activation(activation, "")
    except OptionError:
        return False
    return True


FITTING = [pair for pair in PAIRS if fits(*pair)]


@pytest.mark.parametrize(
    ("loss", "activation"), FITTING, ids=lambda entry: (LOSSES if hasattr(entry, "rows") else ACTIVATIONS).describe(entry)
)
def test_every_fitting_pair_equals_torch(oracle, loss, activation):
    rng = np.random.default_rng(2)
    z = rng.normal(scale=2, size=(40, 3))
    y = oracle.targets(loss, activation, z.shape, rng)
    a = activation.forward(z)
    rows, gradient = oracle.loss(loss, activation, z, y)
    assert_allclose(loss.cost(z, a, y, activation), rows, rtol=1e-11, atol=1e-14)
    assert_allclose(loss.delta(z, a, y, activation), gradient, rtol=1e-11, atol=1e-14)


def test_which_pairs_fit():
    """Numbers fit anything, the others what can be read as a probability or a rate."""
    behind = {}
    for loss, activation in FITTING:
        behind.setdefault(LOSSES.describe(loss), set()).add(ACTIVATIONS.name_of(activation))
    everything = set(ACTIVATIONS.names())
    between_0_and_1 = {"sigmoid", "hard_sigmoid", "softmax"}
    assert behind == {
        **dict.fromkeys(["mse", "half_sum", "mae", "huber", "quantile", "quantile(q=0.1)", "poisson"], everything),
        "poisson(log_input=False)": between_0_and_1 | {"relu", "softplus"},
        "bce": between_0_and_1,
        "ce": {"softmax"},
        "focal": {"sigmoid", "softmax"},
        "focal(alpha=0.3)": {"sigmoid"},
    }


@pytest.mark.parametrize("q", [0.05, 0.5, 0.8])
def test_quantile_equals_scikit_learn(q):
    y, a = np.random.default_rng(3).normal(size=(2, 30, 4))
    assert_allclose(Quantile(q=q).rows(a, y).mean(), mean_pinball_loss(y, a, alpha=q), rtol=1e-12)
