"""A reported loss with a slip in it, behind a training that is right; and other losses that may as well be reported."""

import pytest

from unstuck.doctor.checks import loss_mismatch

_NET = """
import numpy as np
rng = np.random.default_rng(5)
X = rng.uniform(-1, 1, (30, 2))
T = (X[:, :1] * X[:, 1:] > 0).astype(float)
V, b, W = rng.normal(0, 1, (2, 6)), np.zeros(6), rng.normal(0, 1, (6, 1))


def cost(O):
    each = {cost}
    return np.mean(each)


for step in range(100000):
    H = np.tanh(X @ V + b)
    O = 1 / (1 + np.exp(-(H @ W)))
    loss = cost(O)
    d = {slope}
    e = d @ W.T * (1 - H ** 2)
    W -= 0.5 * H.T @ d
    V -= 0.5 * X.T @ e
    b -= 0.5 * e.sum(0)
"""
_CROSS = "(O - T) / len(X)"
_SQUARED = "(O - T) * O * (1 - O) / len(X)"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("cost", "slope", "name"),
    [
        ("-(T * np.log(O) + (1 + T) * np.log(1 - O))", _CROSS, "cross-entropy"),
        ("(O + T) ** 2", _SQUARED, "squared error"),
    ],
)
def test_slip_in_the_reported_loss(examined, cost, slope, name):
    with examined(_NET.format(cost=cost, slope=slope)) as examination:
        (suspicion,) = loss_mismatch.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.severity, finding.location.line) == ("loss-mismatch", "harmless", 10)
    assert finding.lines == (10, 17)
    assert finding.evidence["descended"] == name
    assert suspicion.change is None


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "cost",
    [
        "-(3 * T * np.log(O) + (1 - T) * np.log(1 - O))",
        "-(T * np.log(O + 1e-9) + (1 - T) * np.log(1 - O + 1e-9)) + 0.01 * np.sum(W ** 2)",
        "T * np.log(O) + (1 - T) * np.log(1 - O)",
        "np.sqrt((O - T) ** 2 + 1)",
        "(O - 0.1 - 0.8 * T) ** 2",
        "-np.abs(O - T) ** 3",
    ],
)
def test_other_losses_that_may_be_reported(examined, cost):
    with examined(_NET.format(cost=cost, slope=_CROSS)) as examination:
        assert list(loss_mismatch.check(examination)) == []
