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
