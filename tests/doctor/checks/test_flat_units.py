"""Units through which no gradient comes: saturated ones and dead ReLUs, and units that only look so."""

from unstuck.doctor.checks import dead_relu, saturation

_NET = """
import numpy as np
np.random.seed(5)
X = np.random.rand(80, 10)
y = (X.sum(1, keepdims=True) > 5).astype(float)
A = {first}
a = {bias}
B = np.random.randn(12, 1) * 0.3
b = np.zeros(1)
for i in range(100000):
    z = X @ A + a
    h = {activation}
    o = 1 / (1 + np.exp(-(h @ B + b)))
    loss = -np.mean(y * np.log(o + 1e-12) + (1 - y) * np.log(1 - o + 1e-12))
    d = (o - y) / len(X)
    e = d @ B.T * {slope}
    B -= 0.5 * h.T @ d
    b -= 0.5 * d.sum(0)
    A -= 0.5 * X.T @ e
    a -= 0.5 * e.sum(0)
"""


def _net(first="np.random.randn(10, 12) * 0.5", bias="np.zeros(12)", kind="tanh"):
    activation, slope = ("np.tanh(z)", "(1 - h ** 2)") if kind == "tanh" else ("np.maximum(0, z)", "(z > 0)")
    return _NET.format(first=first, bias=bias, activation=activation, slope=slope)


def test_saturated_units(examined):
    with examined(_net(first="np.random.rand(10, 12) * 20")) as examination:
        (suspicion,) = saturation.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.location.line) == ("saturation", 6)
    assert finding.evidence["share of values where the curve is flat"] > 0.9
    assert (
        not suspicion.needs_proof
    )  # nothing is learned, and every update is right: it takes no trial to see what holds it
    assert "0" in suspicion.change.updates["redraw"]


def test_units_saturated_by_their_bias(examined):
    with examined(_net(bias="-90 * np.ones(12)")) as examination:
        (suspicion,) = saturation.check(examination)
    assert suspicion.finding.location.line == 7
    assert 0.0 in suspicion.change.updates["redraw"].values()


def test_dead_units(examined):
    with examined(_net(first="-np.random.rand(10, 12)", kind="relu")) as examination:
        (suspicion,) = dead_relu.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.location.line) == ("dead-relu", 6)
    assert (finding.evidence["dead units"], finding.evidence["units"]) == (12, 12)
    assert finding.evidence["degree"] == "severe"


def test_units_dead_by_their_bias(examined):
    with examined(_net(bias="-9 * np.ones(12)", kind="relu")) as examination:
        (suspicion,) = dead_relu.check(examination)
    assert suspicion.finding.location.line == 7
    assert [edit.new for edit in suspicion.finding.remedies[0].edits] == ["0 * (-9 * np.ones(12))"]


def test_sparse_relus_of_a_net_that_cannot_learn_are_alive(examined):
    text = (
        _net(kind="relu")
        .replace("(X.sum(1, keepdims=True) > 5)", "(np.random.rand(80, 1) > 0.5)")
        .replace("0.5 *", "0.001 *")
    )
    with examined(text) as examination:
        assert not list(saturation.check(examination))
        assert not list(dead_relu.check(examination))
