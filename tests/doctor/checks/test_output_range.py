"""Targets that the output cannot reach."""

import pytest

from unstuck.doctor.checks.output_range import check

_NET = """
import numpy as np
rng = np.random.default_rng(3)
X = rng.uniform(-1, 1, (60, 2))
TARGETS
W1, b1 = rng.normal(size=(2, 6)), np.zeros(6)
W2, b2 = rng.normal(size=(6, 1)), np.zeros(1)
for epoch in range(100000):
    h = np.tanh(X @ W1 + b1)
    out = OUTPUT
    loss = np.mean((out - price) ** 2)
    d = 2 * (out - price) / len(X) * SLOPE
    dh = d @ W2.T * (1 - h ** 2)
    W2 -= 0.1 * h.T @ d
    b2 -= 0.1 * d.sum(0)
    W1 -= 0.1 * X.T @ dh
    b1 -= 0.1 * dh.sum(0)
"""
_SIGMOID = ("1 / (1 + np.exp(-(h @ W2 + b2)))", "out * (1 - out)")
_TANH = ("np.tanh(h @ W2 + b2)", "(1 - out ** 2)")


def _script(targets, output):
    return _NET.replace("TARGETS", targets).replace("OUTPUT", output[0]).replace("SLOPE", output[1])


@pytest.mark.parametrize(
    ("targets", "output", "bounds", "severity"),
    [
        ("price = 120 + 40 * X[:, :1] + 9 * X[:, 1:]", _SIGMOID, (0, 1), "fatal"),
        ("price = 1.6 * np.sign(X[:, :1])", _TANH, (-1, 1), "harmful"),
    ],
)
def test_targets_out_of_reach_are_found_where_they_are_made(examined, targets, output, bounds, severity):
    text = _script(targets, output)
    with examined(text) as examination:
        (suspicion,) = check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.severity) == ("output-range", severity)
    assert finding.location.line == text.splitlines().index(targets) + 1
    assert (finding.evidence["lowest output"], finding.evidence["highest output"]) == pytest.approx(bounds, abs=0.01)
    assert finding.evidence["floor of the squared error"] > 0
    assert finding.remedies[0].edits[0].new.startswith("price = ")
