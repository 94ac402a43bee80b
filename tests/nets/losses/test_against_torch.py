"""Every loss beside torch: cost and derivative, on a thousand logits in each precision, and behind every activation it fits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from sklearn.metrics import mean_pinball_loss

from unstuck.errors import OptionError
from unstuck.nets.activations import ACTIVATIONS
from unstuck.nets.losses import LOSSES, BinaryCrossEntropy, Focal, Huber, Loss, Poisson, Quantile

THOUSAND = settings(max_examples=20, deadline=None, database=None, derandomize=True)  # 20 arrays of 50 logits
TOLERANCE = {"float64": {"rtol": 1e-12, "atol": 1e-14}, "float32": {"rtol": 1e-5, "atol": 1e-6}}
EXTREMES = [0.0, -0.0, 1e4, -1e4, 1e-37, 1e-300, 1.0, -1.0, 40.0, -40.0, 90.0, -90.0]

# What numbers() in conftest.py needs to know: the limits, and what lies at or near them.
WHOLE_RANGE = (-1e4, 1e4, EXTREMES)
LOGARITHMS = (
    -1e4,
    70.0,
    [0.0, -1e4, 70.0],
)  # from there on ours is a straight line, and torch's overflows in float32 at 89
RATES = (0.0, 1e4, [0.0, 1e-8, 1.0])
COUNTS = (0.0, 1e4, [0.0, 1.0, 2.0, 3.0, 20.0])
LABELS = (0.0, 1.0, [0.0, 1.0, 1e-9, 1 - 1e-9, 0.5])


def sides(drawn):
    return np.where(drawn > 0.5, 1.0, 0.0)


def one_hot(drawn):
    return np.eye(5)[drawn.argmax(axis=1)]


def class_shares(drawn):
    return (drawn + 1e-3) / (drawn + 1e-3).sum(axis=1, keepdims=True)


def as_drawn(drawn):
    return drawn


CASES = [
    # the loss, its activation, which preactivations, which targets, and what becomes of those
    ("mse", "identity", WHOLE_RANGE, WHOLE_RANGE, as_drawn),
    ("half_sum", "identity", WHOLE_RANGE, WHOLE_RANGE, as_drawn),
    ("mae", "identity", WHOLE_RANGE, WHOLE_RANGE, as_drawn),
    ("huber", "identity", WHOLE_RANGE, WHOLE_RANGE, as_drawn),
    (Huber(threshold=0.25), "identity", WHOLE_RANGE, WHOLE_RANGE, as_drawn),
    ("quantile", "identity", WHOLE_RANGE, WHOLE_RANGE, as_drawn),
    (Quantile(q=0.9), "identity", WHOLE_RANGE, WHOLE_RANGE, as_drawn),
    ("poisson", "identity", LOGARITHMS, COUNTS, as_drawn),
    (Poisson(log_input=False), "softplus", RATES, COUNTS, as_drawn),
    ("bce", "sigmoid", WHOLE_RANGE, LABELS, as_drawn),
    ("bce", "hard_sigmoid", WHOLE_RANGE, LABELS, as_drawn),
    ("ce", "softmax", WHOLE_RANGE, LABELS, one_hot),
    ("ce", "softmax", WHOLE_RANGE, LABELS, class_shares),
    ("focal", "sigmoid", WHOLE_RANGE, LABELS, sides),
    (Focal(gamma=0), "sigmoid", WHOLE_RANGE, LABELS, sides),
    (Focal(gamma=1.5, alpha=0.25), "sigmoid", WHOLE_RANGE, LABELS, sides),
    ("focal", "softmax", WHOLE_RANGE, LABELS, one_hot),
    (Focal(gamma=3), "softmax", WHOLE_RANGE, LABELS, one_hot),
]


def case_id(value):
    if isinstance(value, str):
        return value
    return LOSSES.describe(value) if isinstance(value, Loss) else getattr(value, "__name__", "")


def size_of_terms(loss, z, y):
    """How large the terms are that may almost cancel: in poisson's cost, and in torch's form of bce."""
    if isinstance(loss, Poisson):
        return np.abs(y * z).max()
    return np.abs(z).max() if isinstance(loss, BinaryCrossEntropy) else 0


@pytest.mark.parametrize(("loss", "activation", "logits", "targets", "encode"), CASES, ids=case_id)
@THOUSAND
@given(raw=st.binary(min_size=400, max_size=400))
def test_cost_and_derivative_equal_torch(oracle, numbers, loss, activation, logits, targets, encode, raw):
    loss, activation = LOSSES.create(loss), ACTIVATIONS.create(activation)
    logits, targets = numbers(raw[:200], *logits), encode(numbers(raw[200:], *targets))
    for dtype, tolerance in TOLERANCE.items():
        z, y = logits.astype(dtype), targets.astype(dtype)
        a = activation.forward(z)
        cost, delta = loss.cost(z, a, y, activation), loss.delta(z, a, y, activation)
        rows, gradient = oracle.loss(loss, activation, z, y)
        if isinstance(
            loss, Quantile
        ):  # where both sides cost 0 torch takes the mean of the slopes, which is none of ours
            gradient = np.where(np.abs(z - y) < np.finfo(dtype).tiny, delta, gradient)
        atol = tolerance["atol"] * (1 + size_of_terms(loss, z, y))
        assert_allclose(cost, rows, rtol=tolerance["rtol"], atol=atol)
        assert_allclose(delta, gradient, rtol=tolerance["rtol"], atol=atol)
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
    ("loss", "activation"),
    FITTING,
    ids=lambda entry: (LOSSES if isinstance(entry, Loss) else ACTIVATIONS).describe(entry),
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
