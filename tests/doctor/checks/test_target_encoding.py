"""Targets in a form that does not fit."""

import pytest

from unstuck.doctor.checks.target_encoding import check

_NET = """
import numpy as np
rng = np.random.default_rng(3)
X = rng.normal(size=(90, 2))
TARGETS
W1, b1 = rng.normal(size=(2, 6)), np.zeros(6)
W2, b2 = rng.normal(size=(6, UNITS)), np.zeros(UNITS)
for epoch in range(100000):
    h = np.tanh(X @ W1 + b1)
    z = h @ W2 + b2
    out = OUTPUT
    d = (out - labels) / len(X) * SLOPE
    dh = d @ W2.T * (1 - h ** 2)
    W2 -= 0.1 * h.T @ d
    b2 -= 0.1 * d.sum(0)
    W1 -= 0.1 * X.T @ dh
    b1 -= 0.1 * dh.sum(0)
"""
_SIGMOID = "1 / (1 + np.exp(-z))"
_SOFTMAX = "np.exp(z) / np.exp(z).sum(1, keepdims=True)"


def _script(targets, units, output, slope="1.0"):
    return (
        _NET.replace("TARGETS", targets).replace("UNITS", str(units)).replace("OUTPUT", output).replace("SLOPE", slope)
    )


@pytest.mark.parametrize(
    ("script", "word"),
    [
        (_script("labels = np.where(X[:, :1] > 0, 1.0, -1.0)", 1, _SIGMOID), "cross-entropy"),
        (_script("labels = np.arange(90).reshape(-1, 1) % 3", 1, _SIGMOID, "out * (1 - out)"), "class numbers 0 to 2"),
        (_script("labels = 0.001 * (X[:, :1] > 0)", 1, _SIGMOID), "only 0 and 0.001, both at the lower end"),
        (_script("labels = 1 - 0.01 * (X[:, :1] > 0)", 1, _SIGMOID, "out * (1 - out)"), "at the upper end"),
        (_script("labels = np.arange(90).reshape(-1, 1) % 3", 3, _SOFTMAX), "subtracted from all 3 outputs"),
        (_script("labels = np.eye(3)[rng.integers(0, 3, 90)].T.reshape(90, 3)", 3, _SOFTMAX), "add up to 1"),
    ],
)
def test_a_wrong_form_is_found_where_the_targets_are_made(examined, script, word):
    with examined(script) as examination:
        (suspicion,) = check(examination)
    assert suspicion.finding.fault == "target-encoding"
    assert word in suspicion.finding.message
    assert suspicion.finding.location.line == 5
    assert suspicion.finding.evidence
