"""A bias that is trained but not added: the place where it belongs is told by its gradient."""

import pytest

from unstuck.doctor.checks import unused_parameter
from unstuck.doctor.scripts.trials import Change

_NET = """
import numpy as np
rng = np.random.default_rng(1)
X = rng.uniform(-1, 1, (40, 2))
T = (X[:, :1] + X[:, 1:] > 0.7).astype(float)
V, W = rng.normal(0, 1, (2, 6)), rng.normal(0, 1, (6, 1))
b, c = np.zeros(6), np.zeros((1, 1))
m, s = np.zeros((1, 1)), np.zeros((1, 1))
for step in range(1, 100001):
    H = np.tanh({hidden})
    O = 1 / (1 + np.exp(-({output})))
    loss = -np.mean(T * np.log(O) + (1 - T) * np.log(1 - O))
    d = (O - T) / len(X)
    e = d @ W.T * (1 - H ** 2)
    gc = d.sum(0, keepdims=True)
    m, s = 0.9 * m + 0.1 * gc, 0.99 * s + 0.01 * gc ** 2
    {update}
    V -= 0.5 * X.T @ e
    W -= 0.5 * H.T @ d
    b -= 0.5 * e.sum(0)
{after}
"""
_PLAIN = "c -= 0.5 * gc"
_ADAM = "c -= 0.01 * m / (1 - 0.9 ** step) / (np.sqrt(s / (1 - 0.99 ** step)) + 1e-8)"


def _net(*, hidden="X @ V + b", output="H @ W + c", update=_PLAIN, after=""):
    return _NET.format(hidden=hidden, output=output, update=update, after=after)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("update", [_PLAIN, _ADAM])
def test_line_that_lacks_the_bias(examined, update):
    with examined(_net(output="H @ W", update=update)) as examination:
        (suspicion,) = unused_parameter.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.parameter, finding.location.line) == ("unused-parameter", "c", 11)
    assert set(finding.lines) == {7, 11, 17}
    assert "a bias added to H @ W" in finding.message
    (edit,) = finding.remedies[0].edits
    assert (edit.old, edit.new) == ("H @ W", "(H @ W + c)")


def test_bias_that_only_predictions_add(examined):
    after = "print(np.tanh(X @ V + b)[0])"
    with examined(_net(hidden="X @ V", after=after)) as examination:
        (suspicion,) = unused_parameter.check(examination)
        assert isinstance(suspicion.change, Change)
    assert (suspicion.finding.parameter, suspicion.finding.location.line) == ("b", 10)
    assert "only what follows the training uses it" in suspicion.finding.message
    assert "H = np.tanh(X @ V + b)" in suspicion.change.text


def test_what_is_not_trained_like_a_bias_keeps_its_own_line(examined):
    with examined(_net(output="H @ W", update="c -= 0.01 * O.mean()")) as examination:
        (suspicion,) = unused_parameter.check(examination)
    assert suspicion.finding.location.line == 7
    assert suspicion.change is None


def test_biases_that_are_added_and_sums_that_are_watched(examined, nothing_found):
    watched = "c -= 0.5 * gc\n    b_seen = m + s"
    with examined(_net(update=watched)) as examination:
        nothing_found(examination)
