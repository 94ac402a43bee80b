"""Parameters whose steps are another multiple of their gradients than those of the others."""

import pytest

from unstuck.doctor.checks import uneven_steps

_TEXT = """
import numpy as np
rng = np.random.default_rng(1)
X = rng.normal(size=(50, 3))
y = (X[:, :1] * X[:, 1:2] > 0).astype(float)
V, c = rng.normal(size=(3, 6)), np.zeros(6)
w, b = rng.normal(size=(6, 1)), np.zeros(1)
eta, fine = 0.05, 0.001
m = len(X)
for i in range(100000):
    h = np.tanh(X @ V + c)
    p = 1 / (1 + np.exp(-(h @ w + b)))
    loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    d = p - y
    e = d @ w.T * (1 - h ** 2)
    gw = h.T @ d / m
    gb = {gb}
    gV = X.T @ e / m
    gc = e.mean(axis=0)
    V -= eta * gV
    c -= eta * gc
    w -= {w}
    b -= {b}
"""


def _text(gb="d.sum(axis=0) / m", w="eta * gw", b="eta * gb"):
    return _TEXT.format(gb=gb, w=w, b=b)


@pytest.mark.parametrize(
    ("changed", "fault", "line", "names", "times", "new"),
    [
        ({"gb": "d.sum(axis=0)"}, "sum-not-mean", 17, ["b"], 50, "eta * gb / 50"),
        ({"gb": "d.mean(axis=0) / m"}, "step-too-small", 17, ["b"], 1 / 50, None),
        ({"w": "gw"}, "step-too-large", 22, ["w"], 20, "0.05 * gw"),
        ({"w": "gw", "b": "gb"}, "step-too-large", 22, ["w", "b"], 20, "0.05 * gw"),
    ],
)
def test_a_mean_or_a_rate_that_one_parameter_lacks(examined, changed, fault, line, names, times, new):
    with examined(_text(**changed)) as examination:
        (suspicion,) = uneven_steps.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.location.line, finding.parameter) == (fault, line, names[0])
    assert all(name in finding.message for name in names)
    assert finding.evidence["how many times as long as those of the others"] == pytest.approx(times)
    edits = finding.remedies[0].edits
    assert (edits[0].new if edits else None) == new
    assert list(suspicion.change.updates["scales"].values()) == pytest.approx([1 / times] * len(names))


@pytest.mark.parametrize(
    "changed",
    [{}, {"w": "fine * gw", "b": "fine * gb"}, {"w": "0.4 * gw"}, {"w": "2 * eta * gw"}, {"b": "eta / 10 * gb"}],
)
def test_rates_of_their_own_are_a_choice(examined, changed):
    with examined(_text(**changed)) as examination:
        assert list(uneven_steps.check(examination)) == []
