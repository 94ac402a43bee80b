"""The shares of what an optimizer remembers, measured: those that no rule has, and those that are another scale only."""

import pytest

from unstuck.doctor.checks import optimizer_error

_NET = """
import numpy as np
rng = np.random.default_rng(0)
X = rng.uniform(-1, 1, (60, 2))
Y = (X[:, :1] * X[:, 1:] > 0).astype(float)
W = rng.normal(0, 1, (2, 6))
U = rng.normal(0, 1, (6, 1))
v, s = np.zeros((6, 1)), np.zeros((6, 1))
for t in range(1, 100001):
    H = np.tanh(X @ W)
    O = 1 / (1 + np.exp(-(H @ U)))
    loss = -np.mean(Y * np.log(O) + (1 - Y) * np.log(1 - O))
    d = (O - Y) / len(X)
    gU = H.T @ d
    W -= 0.5 * X.T @ (d @ U.T * (1 - H ** 2))
    v = 0.9 * v + 0.1 * gU
    s[...] = {mean}
    U -= {step}
"""
_ROOT = "0.01 * gU / (np.sqrt(s) + 1e-8)"
_ADAM = "0.01 * v / (1 - 0.9 ** t) / (np.sqrt(s / (1 - 0.9 ** t)) + 1e-8)"


def _net(mean, step=_ROOT):
    return _NET.format(mean=mean, step=step)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("mean", "step", "line", "said"),
    [
        ("-(0.9 * s) + 0.1 * gU ** 2", _ROOT, 17, "carries over -0.9 of its old value"),
        ("0.9 * s - 0.1 * gU ** 2", _ROOT, 17, "are subtracted from it"),
        ("0.9 * s + 1.9 * gU ** 2", _ADAM, 17, "adds 1 + that share"),
        ("0.9 * s + (1 - 0.9 ** 2) * gU ** 2", _ROOT, 17, "adds 1 - the square of that share"),
        ("1.1 * s + 0.1 * gU ** 2", _ROOT, 17, "grows by a factor of 1.1"),
        ("0.9 * s + 0.1 * gU ** 2", "0.01 * gU / (s + 1e-8)", 18, "not by the root of it"),
        (
            "0.999 * s + 0.001 * gU ** 2",
            "0.01 * v / (np.square(np.sum(s / (1 - 0.999 ** t), axis=0)) + 1e-8)",
            18,
            "divided by the square of s, a mean of squares, and not by the root of it",
        ),
        ("0.9 * s + 0.1 * U ** 2", _ROOT, 17, "fed with the squares of U itself"),
    ],
)
def test_shares_that_no_rule_has(examined, mean, step, line, said):
    with examined(_net(mean, step)) as examination:
        (suspicion,) = optimizer_error.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.parameter, finding.location.line) == ("optimizer-error", "U", line)
    assert said in finding.message
    assert finding.message.startswith(("s ", "The "))


def test_mean_that_becomes_negative_needs_no_trial(examined):
    with examined(_net("0.9 * s - 0.1 * gU ** 2")) as examination:
        (suspicion,) = optimizer_error.check(examination)
    assert suspicion.finding.severity == "fatal"
    assert suspicion.finding.evidence["share carried over"] == pytest.approx(0.9)


def test_state_under_another_name(examined):
    text = _net("s").replace("    s[...] = s\n", "    for p in [s]:\n        p[...] = 0.9 * p - 0.1 * gU ** 2\n")
    with examined(text) as examination:
        (suspicion,) = optimizer_error.check(examination)
    assert suspicion.finding.location.line == 18


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("mean", "step"),
    [
        ("s + gU ** 2", _ROOT),
        ("0.9 * s + gU ** 2", _ROOT),
        ("0.9 * s + 0.05 * gU ** 2", _ROOT),
        ("0.9 * s + 0.1 * (60 * gU) ** 2", "0.01 * gU / np.sqrt(s + 1e-6)"),
        ("0.9 * s + 0.1 * gU ** 2", f"{_ADAM} + 0.001 * U"),
        ("np.maximum(s, gU ** 2)", "0.01 * v / (np.sqrt(s) + 1e-3)"),
        ("0.9 * s - 0.5 * gU", "-s"),
    ],
)
def test_rules_and_rescaled_rules(examined, mean, step):
    with examined(_net(mean, step)) as examination:
        found = [suspicion.finding.message for suspicion in optimizer_error.check(examination)]
    assert found == []
