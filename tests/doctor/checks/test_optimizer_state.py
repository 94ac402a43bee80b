"""What an optimizer remembers: sums that nobody empties, momentum uphill, squares that are none; and the right rules."""

import pytest

from unstuck.doctor.checks import optimizer_error, stale_gradients
from unstuck.doctor.scripts.trials import Change

_NET = """
import numpy as np
rng = np.random.default_rng(0)
X = rng.uniform(-1, 1, (60, 2))
Y = (X[:, :1] * X[:, 1:] > 0).astype(float)
W = rng.normal(0, 1, (2, 6))
U = rng.normal(0, 1, (6, 1))
vW, vU, sW, sU = np.zeros((2, 6)), np.zeros((6, 1)), np.zeros((2, 6)), np.zeros((6, 1))
for t in range(1, 100001):
    H = np.tanh(X @ W)
    O = 1 / (1 + np.exp(-(H @ U)))
    loss = -np.mean(Y * np.log(O) + (1 - Y) * np.log(1 - O))
    d = (O - Y) / len(X)
    gU = H.T @ d
    gW = X.T @ (d @ U.T * (1 - H ** 2))
    {rule}
"""

_RIGHT = {
    "momentum and rmsprop": (
        "vW = 0.9 * vW + 0.1 * gW; W -= vW\n    sU = 0.9 * sU + gU ** 2; U -= 0.05 * gU / (np.sqrt(sU) + 1e-8)"
    ),
    "nesterov and adagrad": (
        "o = vW; vW = 0.9 * vW - 0.1 * gW; W += 1.9 * vW - 0.9 * o\n    sU += gU ** 2; U -= 0.1 * gU / (np.sqrt(sU) + 1e-8)"
    ),
    "adam and accumulation over four steps": (
        "vW = 0.9 * vW + 0.1 * gW; sW = 0.999 * sW + 0.001 * gW ** 2\n"
        "    W -= 0.01 * vW / (1 - 0.9 ** t) / (np.sqrt(sW / (1 - 0.999 ** t)) + 1e-8)\n"
        "    vU += gU\n    if t % 4 == 1:\n        U -= 0.1 * vU\n        vU *= 0"
    ),
}


@pytest.mark.parametrize("name", _RIGHT)
def test_right_rules(examined, nothing_found, name):
    with examined(_NET.format(rule=_RIGHT[name])) as examination:
        nothing_found(examination)


def test_sums_that_are_never_emptied(examined):
    rule = "vW += gW; vU += gU\n    W -= 0.05 * vW\n    U -= 0.05 * vU\n    pass\n"
    with examined(_NET.format(rule=rule)) as examination:
        (suspicion,) = stale_gradients.check(examination)
        written = examination.trials.one(Change("as written"), 0, 300, 5.0)
        mended = examination.trials.one(suspicion.change, 0, 300, 5.0)
        assert examination.learning.closed(mended) > examination.learning.closed(written)
    finding = suspicion.finding
    assert (finding.fault, finding.location.line) == ("stale-gradients", 16)
    assert finding.evidence["share that is carried over by one step"] == 1
    assert [edit.new.strip() for edit in finding.remedies[0].edits] == [
        "vW = np.zeros_like(vW)",
        "vU = np.zeros_like(vU)",
    ]


def test_momentum_uphill_and_mean_of_squares_without_squares(examined):
    rule = (
        "vW = -0.9 * vW + 0.1 * gW; W -= vW\n"
        "    sU = 0.9 * sU + 0.1 * gU; U -= 0.01 * gU / (np.sqrt(np.abs(sU)) + 1e-8)"
    )
    with examined(_NET.format(rule=rule)) as examination:
        suspicions = list(optimizer_error.check(examination))
    uphill, plain = sorted(suspicions, key=lambda suspicion: suspicion.finding.location.line)
    assert {suspicion.finding.fault for suspicion in suspicions} == {"optimizer-error"}
    assert (uphill.finding.location.line, uphill.finding.parameter) == (16, "W")
    assert uphill.finding.evidence["share carried over"] == pytest.approx(-0.9)
    assert uphill.change.updates["gradient"] == "reported"
    assert (plain.finding.location.line, plain.finding.parameter) == (17, "U")
    assert plain.finding.evidence == {"power of the gradient that is added": 1, "should be": 2}


def test_velocity_that_is_not_kept(examined):
    with examined(_NET.format(rule="v = 0.9 * vW + 0.1 * gW; W -= v; U -= 0.1 * gU")) as examination:
        (suspicion,) = optimizer_error.check(examination)
    assert suspicion.finding.location.line == 16
    assert "stays zero" in suspicion.finding.message


def test_adam_without_correction_is_harmless_where_it_learns(examined):
    rule = "vW = 0.9 * vW + 0.1 * gW; sW = 0.999 * sW + 0.001 * gW ** 2; U -= 0.5 * gU; W -= 0.01 * vW / (np.sqrt(sW) + 1e-8)"
    with examined(_NET.format(rule=rule)) as examination:
        suspicions = list(optimizer_error.check(examination))
        has_learned = examination.learning.has_learned(examination.written)
    assert len(suspicions) == has_learned
    for suspicion in suspicions:
        assert suspicion.finding.severity == "harmless"
        assert suspicion.finding.evidence["first step over usual step"] == pytest.approx(3.16, abs=0.01)
