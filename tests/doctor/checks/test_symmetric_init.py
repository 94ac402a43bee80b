"""Units that start as copies of each other, and near-misses that tell themselves apart."""

import numpy as np
import pytest

from unstuck.doctor.checks.symmetric_init import check

_DATA = """
import numpy as np
np.random.seed(1)
X = np.random.randn(60, 2)
y = (X[:, :1] * X[:, 1:] > 0).astype(float)
"""

_TRAINING = """
for epoch in range(100000):
    h = np.tanh(X @ W1 + b1)
    p = 1 / (1 + np.exp(-(h @ W2 + b2)))
    loss = -np.mean(y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))
    d2 = (p - y) / len(X)
    d1 = d2 @ W2.T * (1 - h ** 2)
    W2 -= 0.5 * h.T @ d2
    b2 -= 0.5 * d2.sum(0)
    W1 -= 0.5 * X.T @ d1
    b1 -= 0.5 * d1.sum(0)
"""

_SAMPLES_AS_COLUMNS = """
import numpy as np
np.random.seed(1)
X = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0.0, 1, 1, 0]])
p = {"W1": np.zeros((4, 2)), "b1": np.zeros((4, 1)), "W2": np.zeros((1, 4)), "b2": np.zeros((1, 1))}
for i in range(100000):
    A1 = 1 / (1 + np.exp(-(p["W1"] @ X + p["b1"])))
    A2 = 1 / (1 + np.exp(-(p["W2"] @ A1 + p["b2"])))
    cost = -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))
    d2 = (A2 - Y) / 4
    d1 = p["W2"].T @ d2 * A1 * (1 - A1)
    p["W2"] = p["W2"] - 0.5 * d2 @ A1.T
    p["b2"] = p["b2"] - 0.5 * d2.sum(1, keepdims=True)
    p["W1"] = p["W1"] - 0.5 * d1 @ X.T
    p["b1"] = p["b1"] - 0.5 * d1.sum(1, keepdims=True)
"""


def _init(weights1, weights2, bias1="np.zeros(5)"):
    return f"W1 = {weights1}\nb1 = {bias1}\nW2 = {weights2}\nb2 = np.zeros(1)\n"


def test_equal_units_are_found_where_they_are_made(examined):
    text = _DATA + _init("np.ones((2, 5)) * 0.5", "np.ones((5, 1)) * 0.5") + _TRAINING
    with examined(text) as examination:
        (suspicion,) = check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.evidence["equal units"]) == ("symmetric-init", 5)
    assert finding.location.line == text.splitlines().index("W1 = np.ones((2, 5)) * 0.5") + 1
    assert suspicion.needs_proof
    assert suspicion.change.updates["redraw"]["0"] == pytest.approx(1 / np.sqrt(2))
    assert [edit.old for edit in finding.remedies[0].edits] == ["np.ones((2, 5)) * 0.5", "np.ones((5, 1)) * 0.5"]


def test_zeros_in_a_dictionary_with_samples_as_columns(examined):
    with examined(_SAMPLES_AS_COLUMNS) as examination:
        (suspicion,) = check(examination)
    assert suspicion.finding.evidence["equal units"] == 4
    assert suspicion.finding.location.line == 6
    assert suspicion.finding.remedies[0].edits[0].old == "np.zeros((4, 2))"


@pytest.mark.parametrize(
    "init",
    [
        _init("np.zeros((2, 5))", "np.random.randn(5, 1)"),
        _init("np.ones((2, 5))", "np.ones((5, 1))", "np.random.randn(5)"),
    ],
    ids=["zeros before random weights", "random biases"],
)
def test_units_that_something_tells_apart_are_not(examined, init):
    with examined(_DATA + init + _TRAINING) as examination:
        assert not list(check(examination))


def test_one_layer_at_zero_is_right(examined):
    text = """
import numpy as np
np.random.seed(1)
X = np.random.randn(60, 2)
c = np.argmax(X @ np.random.randn(2, 3), axis=1)
Y = np.eye(3)[c]
W = np.zeros((2, 3))
b = np.zeros(3)
for epoch in range(100000):
    z = X @ W + b
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    loss = -np.mean(np.sum(Y * np.log(p), axis=1))
    W -= 0.001 * X.T @ (p - Y) / len(X)
    b -= 0.001 * (p - Y).mean(0)
"""
    with examined(text) as examination:
        assert not list(check(examination))
