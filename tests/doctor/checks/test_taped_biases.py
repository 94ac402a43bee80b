"""Where weights enter a forward pass, and the trial that gives each unit a bias."""

import textwrap

import pytest

from unstuck.doctor.checks.missing_bias import check
from unstuck.doctor.checks.taped_biases import products_of, with_taped_biases

UNIT_BY_UNIT = """
import numpy as np
np.random.seed(1)
X = np.array([[0., 0.], [0., 1.], [1., 0.], [1., 1.]])
y = np.array([0., 1., 1., 0.])
hidden = [np.random.rand(2) for _ in range(3)]
out = np.random.rand(1, 3)
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
for epoch in range(200):
    for x, target in zip(X, y):
        h = np.array([sigmoid(np.dot(x, row)) for row in hidden])
        o = sigmoid(np.dot(out, h))
        loss = ((o - target) ** 2).sum() / 2
        delta = (o - target) * o * (1 - o)
        back = out[0] * delta * h * (1 - h)
        out -= 0.1 * np.outer(delta, h)
        for i in range(3):
            hidden[i] = hidden[i] - 0.1 * back[i] * x
"""
WHOLE = """
import numpy as np
np.random.seed(1)
X = np.random.randn(20, 2)
Y = (X[:, :1] * X[:, 1:] > 0) * 1.0
W1, W2 = np.random.randn(2, 5), np.random.randn(5, 1)
for epoch in range(300):
    h = np.tanh(X @ W1)
    p = 1 / (1 + np.exp(-(h @ W2)))
    loss = np.mean((p - Y) ** 2)
    d = 2 * (p - Y) * p * (1 - p) / Y.size
    dh = d @ W2.T * (1 - h * h)
    W2 -= 0.5 * h.T @ d
    W1 -= 0.5 * X.T @ dh
"""


def biases(examination):
    change = with_taped_biases(examination)
    assert change.updates["gradient"] == examination.taped_loss
    names = [variable.name for variable in examination.found.parameters]
    return {
        (names[number], examination.found.sites[site].expression): (axis, units)
        for site, axis, units, number in change.updates["biases"]
    }


def test_units_of_a_matrix_lie_along_an_axis(examined):
    with examined(WHOLE) as examination:
        assert biases(examination) == {("W1", "X @ W1"): (1, 5), ("W2", "h @ W2"): (None, 1)}


def test_units_come_one_at_a_time_where_rows_are_taken_one_by_one(examined):
    with examined(UNIT_BY_UNIT) as examination:
        found = biases(examination)
        assert {expression for _, expression in found} == {"np.dot(x, row)", "np.dot(out, h)"}
        assert found[next(key for key in found if key[1] == "np.dot(x, row)")][0] is None


def test_it_is_suspected_where_no_parameter_is_added_and_units_come_one_at_a_time(examined):
    with examined(UNIT_BY_UNIT) as examination:
        (suspicion,) = check(examination)
        assert (suspicion.finding.fault, suspicion.needs_proof) == ("missing-bias", True)
        assert "biases" in suspicion.change.updates


@pytest.mark.parametrize("added", ["+ b1", "- b1"])
def test_a_parameter_that_is_added_is_a_bias(examined, added):
    text = WHOLE.replace("X @ W1", f"X @ W1 {added}").replace("W1, W2 =", "b1 = np.zeros(5)\nW1, W2 =")
    text += textwrap.indent(f"b1 -= 0.5 * dh.sum(0) * {'1' if '+' in added else '-1'}\n", "    ")
    with examined(text) as examination:
        assert [variable.name for variable in examination.found.parameters].count("b1") == 1
        assert list(check(examination)) == []
        assert products_of(examination) == [] or len(products_of(examination)) == 3
