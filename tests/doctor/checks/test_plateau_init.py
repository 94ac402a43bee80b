"""Initial weights that are too small to be told apart from zero, and near-misses."""

from unstuck.doctor.checks.plateau_init import check
from unstuck.doctor.checks.weight_roles import fan_in, weights_of

_XOR = """
import numpy as np
np.random.seed(3)
X = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0.0, 1, 1, 0]])
A = {scale} * np.random.randn(5, 2)
a = np.zeros((5, 1))
B = {scale} * np.random.randn(1, 5)
b = np.zeros((1, 1))
for i in range({steps}):
    h = 1 / (1 + np.exp(-(A @ X + a)))
    o = 1 / (1 + np.exp(-(B @ h + b)))
    J = -np.mean(Y * np.log(o) + (1 - Y) * np.log(1 - o))
    d = (o - Y) / 4
    e = B.T @ d * h * (1 - h)
    B = B - {rate} * d @ h.T
    b = b - {rate} * d.sum(1, keepdims=True)
    A = A - {rate} * e @ X.T
    a = a - {rate} * e.sum(1, keepdims=True)
"""


def _xor(scale, rate=0.1, steps=1_000_000):
    return _XOR.format(scale=scale, rate=rate, steps=steps)


def test_tiny_weights_are_found_with_both_remedies(examined):
    with examined(_xor(0.01)) as examination:
        first, second = check(examination)
        assert [variable.name for variable in weights_of(examination)] == ["A", "B"]
        assert [fan_in(examination, variable) for variable in weights_of(examination)] == [2, 5]
    assert first.finding.fault == second.finding.fault == "plateau-init"
    assert first.finding.lines == (6, 8)
    evidence = first.finding.evidence
    assert evidence["size of the gradient at the start"] < 0.1 * evidence["size of the gradient at random weights"]
    assert first.needs_proof
    assert second.needs_proof
    assert set(second.change.updates["redraw"].values()) == {1.0}
    assert [(edit.old, edit.new) for edit in second.finding.remedies[0].edits] == [("0.01", "1.0"), ("0.01", "1.0")]
    assert [edit.new for edit in first.finding.remedies[0].edits] == [
        "np.random.randn(5, 2) / 2 ** 0.5",
        "np.random.randn(1, 5) / 5 ** 0.5",
    ]


def test_small_weights_of_a_net_that_learns_are_harmless(examined):
    text = """
import numpy as np
np.random.seed(1)
X = np.random.randn(50, 3)
y = X @ np.array([[1.0], [-2], [0.5]])
V = 0.01 * np.random.randn(3, 8)
W = 0.01 * np.random.randn(8, 1)
for i in range(100000):
    h = np.tanh(X @ V)
    o = h @ W
    loss = np.mean((o - y) ** 2)
    d = 2 * (o - y) / len(X)
    e = d @ W.T * (1 - h ** 2)
    W -= 0.1 * h.T @ d
    V -= 0.1 * X.T @ e
"""
    with examined(text) as examination:
        assert not list(check(examination))
