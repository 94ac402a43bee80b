"""Rows and targets in the wrong order, or in no order at all."""

import pytest

from unstuck.doctor.checks import data_quality, input_scale, misaligned_labels, no_signal, not_shuffled

_NET = """
import numpy as np
rng = np.random.default_rng(3)
X = rng.normal(size=(200, 2))
y = (X[:, :1] * 1.5 > X[:, 1:]) * 1.0
DATA
w, b = 0.3 * rng.normal(size=(2, 1)), np.zeros(1)
for epoch in range(100000):
    order = rng.permutation(200)
    for k in range(0, 200, 20):
        xb = X[ROWS]
        tb = y[TARGETS]
        out = 1 / (1 + np.exp(-(xb @ w + b)))
        loss = np.mean((out - tb) ** 2)
        d = (out - tb) / 20
        w -= 0.3 * xb.T @ d
        b -= 0.3 * d.sum(0)
"""
_MIXED = "order[k:k + 20]"
_SORTED = "k:k + 20"


def _script(data="", rows=_MIXED, targets=_MIXED):
    return _NET.replace("DATA", data).replace("ROWS", rows).replace("TARGETS", targets)


def _ask(examination):
    checks = (misaligned_labels, no_signal, not_shuffled, data_quality, input_scale)
    return [suspicion for check in checks for suspicion in check.check(examination)]


def test_targets_taken_in_another_order(examined):
    text = _script(targets=_SORTED)
    with examined(text) as examination:
        (suspicion,) = _ask(examination)
    assert suspicion.finding.fault == "misaligned-labels"
    assert suspicion.finding.location.line == text.splitlines().index("        tb = y[k:k + 20]") + 1
    assert suspicion.finding.evidence["rows whose target changed"] > 0.2
    assert "tb = y[order[k:k + 20]]" in suspicion.change.text


def test_inputs_shuffled_alone(examined):
    text = _script("rng.shuffle(X)")
    with examined(text) as examination:
        (suspicion,) = _ask(examination)
    assert (suspicion.finding.fault, suspicion.finding.severity) == ("misaligned-labels", "fatal")
    assert suspicion.finding.location.line == text.splitlines().index("rng.shuffle(X)") + 1
    assert "X, y = X[_order], y[_order]" in suspicion.change.text


def test_targets_made_at_random(examined):
    text = _script("y = rng.integers(0, 2, (200, 1))")
    with examined(text) as examination:
        (suspicion,) = _ask(examination)
    assert (suspicion.finding.fault, suspicion.finding.location.line) == ("no-signal", 6)
    assert max(share for name, share in suspicion.finding.evidence.items() if name.startswith("explained")) < 0.1


def test_rows_sorted_by_class(examined):
    text = _script("_o = np.argsort(y[:, 0], kind='stable')\nX, y = X[_o], y[_o]", rows=_SORTED, targets=_SORTED)
    with examined(text) as examination:
        (suspicion,) = _ask(examination)
    assert suspicion.finding.fault == "not-shuffled"
    assert suspicion.needs_proof
    assert suspicion.finding.evidence["changes of class in a pass"] <= 2
    assert "permutation(len(X))" in suspicion.change.text


def test_inputs_on_a_large_scale(examined):
    with examined(_script("X = 15 * rng.normal(size=(200, 2)) + 10\ny = (X[:, :1] > X[:, 1:]) * 1.0")) as examination:
        (suspicion,) = _ask(examination)
    assert (suspicion.finding.fault, suspicion.needs_proof) == ("input-scale", True)
    assert suspicion.finding.location.line == 6
    assert "X = (X - X.mean(axis=0, keepdims=True)) / X.std(axis=0, keepdims=True)" in suspicion.change.text


def test_equal_rows_with_different_targets(examined):
    rows = (
        "X = np.repeat(np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), 50, axis=0)\ny = (np.arange(200) % 2.0)[:, None]"
    )
    with examined(_script(rows)) as examination:
        (suspicion,) = _ask(examination)
    assert (suspicion.finding.fault, suspicion.finding.severity) == ("no-signal", "fatal")
    assert suspicion.finding.evidence["floor of the squared error"] == pytest.approx(0.25)
