"""Functions with a pole where an activation is meant, told by their values; and functions that only look like them."""

import pytest

from unstuck.doctor.checks import misspelt_activation, wrong_gradient

_NET = """
import numpy as np
rng = np.random.default_rng(3)
X = rng.uniform(-1, 1, (30, 2))
T = (X[:, :1] * X[:, 1:] > 0).astype(float)
V, W = rng.normal(0, 1, (2, 5)), rng.normal(0, 1, (5, 1))


def squash(z):
    return {squash}


for step in range(100000):
    H = np.{hidden}(X @ V)
    O = squash(H @ W)
    loss = 0.5 * np.sum((O - T) ** 2)
    d = (O - T) * {slope}
    gV = X.T @ (d @ W.T * {hidden_slope})
    W -= 0.1 * H.T @ d
    V -= 0.1 * gV
"""


def _net(squash, slope="O * (1 - O)", hidden="tanh", hidden_slope="(1 - H ** 2)"):
    return _NET.format(squash=squash, slope=slope, hidden=hidden, hidden_slope=hidden_slope)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("squash", "slope", "meant"),
    [
        ("1 / (1 - np.exp(-z))", "O * (1 - O)", "1 / (1 + exp(-z))"),
        (
            "(np.exp(z) + np.exp(-z)) / (np.exp(z) - np.exp(-z))",
            "(1 - O ** 2)",
            "(exp(z) - exp(-z)) / (exp(z) + exp(-z))",
        ),
    ],
)
def test_pole_where_an_activation_is_meant(examined, squash, slope, meant):
    with examined(_net(squash, slope)) as examination:
        (suspicion,) = misspelt_activation.check(examination)
        assert list(wrong_gradient.check(examination)) == []
    finding = suspicion.finding
    assert (finding.fault, finding.mistake) == ("wrong-gradient", "wrong-activation-derivative")
    assert (finding.location.line, finding.lines) == (10, (10,))
    assert finding.evidence["meant"] == meant


def test_sign_is_turned_round_by_the_remedy(examined):
    with examined(_net("1 / (1 - np.exp(-z))")) as examination:
        (suspicion,) = misspelt_activation.check(examination)
        (edit,) = suspicion.finding.remedies[0].edits
    assert (edit.old, edit.new, edit.location.line) == ("-", "+", 10)
    assert "return 1 / (1 + np.exp(-z))" in suspicion.change.text


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "squash",
    ["1 / (1 + np.exp(-z))", "np.exp(z) / (1 + np.exp(z))", "1 - 1 / (1 + np.exp(z))", "0.5 * (1 + np.tanh(z / 2))"],
)
def test_ways_to_write_the_logistic_function(examined, squash):
    with examined(_net(squash)) as examination:
        assert list(misspelt_activation.check(examination)) == []


def test_other_functions_are_left_alone(examined):
    net = _net("1 / (1 - np.exp(-np.abs(z) - 1))", slope="-np.sign(H @ W) * O ** 2 * np.exp(-np.abs(H @ W) - 1)")
    with examined(net) as examination:
        assert list(misspelt_activation.check(examination)) == []
