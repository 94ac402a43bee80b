"""Fractions lost in arrays of integers."""

from unstuck.doctor.checks.integer_truncation import check

_NET = """
import numpy as np
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
t = np.array([0, 1, 1, 1])
w = WEIGHTS
seen = np.zeros(4, dtype=int)
for epoch in range(100000):
    loss = 0.0
    for r in range(4):
        out = 1 / (1 + np.exp(-(w[0] * X[r, 0] + w[1] * X[r, 1] + w[2])))
        d = (out - t[r]) * out * (1 - out)
        loss += 0.5 * (out - t[r]) ** 2
        UPDATE
        seen[r] = SEEN
"""
_UPDATE = "for j, x in enumerate((X[r, 0], X[r, 1], 1)):\n            w[j] = w[j] - 0.7 * d * x"


def _script(weights, seen="seen[r] + 1"):
    return _NET.replace("WEIGHTS", weights).replace("UPDATE", _UPDATE).replace("SEEN", seen)


def test_weights_in_an_array_of_integers(examined):
    with examined(_script("np.array([1, -1, 2])")) as examination:
        (suspicion,) = check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.location.line, finding.parameter) == ("integer-truncation", 5, "w")
    assert 0 < finding.evidence["largest fraction lost in a step"] < 1
    assert "w = np.array([1, -1, 2], dtype=float)" in suspicion.change.text


_OUTPUTS = """
import numpy as np
np.random.seed(0)
X = np.random.rand(40, 2)
y = (X[:, :1] > X[:, 1:]).astype(int)
MADE
W = np.random.randn(2, 3)
V = np.random.randn(3, 1)
for i in range(300):
    h = np.tanh(X @ W)
    INNER
    p[:] = 1 / (1 + np.exp(-h @ V))
    loss = np.mean((p - y) ** 2)
    d = (p - y) * p * (1 - p) / 40
    V, W = V - 0.5 * h.T @ d, W - 0.5 * X.T @ (d @ V.T * (1 - h ** 2))
"""


def test_outputs_that_are_all_cut_down_to_nothing(examined):
    with examined(_OUTPUTS.replace("MADE", "").replace("INNER", "p = y.copy()")) as examination:
        (suspicion,) = check(examination)
    finding = suspicion.finding
    assert (finding.location.line, finding.lines, finding.parameter) == (11, (11, 12), None)
    assert "p = y.copy().astype(float)" in suspicion.change.text


def test_outputs_kept_in_an_array_made_before_the_training(examined):
    with examined(_OUTPUTS.replace("MADE", "p = np.zeros((40, 1), dtype=int)").replace("INNER", "pass")) as examination:
        (suspicion,) = check(examination)
    assert suspicion.finding.lines == (6, 12)
    assert "p = np.zeros((40, 1), dtype=float)" in suspicion.change.text
