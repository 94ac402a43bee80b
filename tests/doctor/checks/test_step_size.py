"""Steps that are too long, too short, summed over rows, or shrinking, and steps that are right."""

import pytest

from unstuck.doctor.checks.step_size import check
from unstuck.doctor.checks.sum_not_mean import rows_summed

_NET = """
import numpy as np
np.random.seed(2)
x = np.random.uniform(-1, 1, (400, 1))
y = np.sin(3 * x)
n = 10
V = np.random.randn(1, n)
c = np.zeros(n)
W = np.random.randn(n, 1) * 0.3
b = np.zeros(1)
rate = {rate}
for i in range({steps}):
    h = np.tanh(x @ V + c)
    o = h @ W + b
    loss = np.mean((o - y) ** 2)
    d = 2 * (o - y){mean}
    e = d @ W.T * (1 - h ** 2)
    W -= rate * (h.T @ d)
    b -= rate * d.sum(0)
    V -= rate * (x.T @ e)
    c -= rate * e.sum(0)
{more}"""


def _net(rate, mean=" / len(x)", steps=1_000_000, more=""):
    return _NET.format(rate=rate, mean=mean, steps=steps, more=more)


def test_steps_that_are_too_long(examined):
    with examined(_net(30)) as examination:
        (suspicion,) = check(examination)
    finding = suspicion.finding
    assert finding.fault == "step-too-large"
    assert (finding.location.line, finding.lines) == (11, (11, 18, 19, 20, 21))
    ((edit,),) = [remedy.edits for remedy in finding.remedies]
    assert (edit.old, float(edit.new)) == ("30", 30 * suspicion.change.updates["scale"])
    assert finding.evidence["loss after it"][0] > finding.evidence["loss before the update"][0]
    assert not suspicion.needs_proof  # one update makes the loss more than ten times as large
    assert suspicion.change.updates["scale"] in (0.1, 0.01, 0.001)


def test_a_sum_where_the_mean_is_meant(examined):
    with examined(_net(0.1, mean="")) as examination:
        (suspicion,) = check(examination)
        assert rows_summed(examination).rows == 400
    assert suspicion.finding.fault == "sum-not-mean"
    assert suspicion.change.updates["scale"] == pytest.approx(1 / 400)
    assert {edit.new for edit in suspicion.finding.remedies[0].edits} == {
        "rate * (h.T @ d) / 400", "rate * d.sum(0) / 400", "rate * (x.T @ e) / 400", "rate * e.sum(0) / 400",
    }  # fmt: skip


def test_steps_that_are_too_short(examined):
    with examined(_net(1e-7)) as examination:
        (suspicion,) = check(examination)
    assert suspicion.finding.fault == "step-too-small"
    assert suspicion.change.updates["scale"] >= 1e3
    assert max(suspicion.finding.evidence["update over weight"]) < 1e-5


def test_a_rate_that_shrinks_away(examined):
    with examined(_net(0.1, steps=500, more="    rate *= 0.5\n")) as examination:
        suspicions = [suspicion for suspicion in check(examination) if "shrinks" in suspicion.finding.message]
    (suspicion,) = suspicions
    assert suspicion.finding.fault == "step-too-small"
    assert suspicion.finding.location.line == 22
    assert [(edit.old, edit.new) for edit in suspicion.finding.remedies[0].edits] == [("0.5", "1.0")]


def test_a_sum_with_a_rate_that_fits(examined):
    with examined(_net(0.0005, mean="")) as examination:
        assert not list(check(examination))
