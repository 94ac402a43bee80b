"""An update that climbs: the line that has turned the sign is named, not merely the update that feels it."""

import pytest

from unstuck.doctor.checks import ascends
from unstuck.doctor.patch import apply_edits

_NET = """
import numpy as np
rng = np.random.default_rng(0)
X = rng.uniform(-1, 1, (60, 2))
Y = (X[:, :1] * X[:, 1:] > 0).astype(float)
W, U, c = rng.normal(0, 1, (2, 6)), rng.normal(0, 1, (6, 1)), np.zeros((1, 1))
vW, vU, vc = 0 * W, 0 * U, 0 * c
for t in range(100000):
    H = np.tanh(X @ W)
    O = 1 / (1 + np.exp(-(H @ U + c)))
    loss = np.mean((O - Y) ** 2)
    e = O - Y
    d = e / len(X) * O * (1 - O)
    b = d @ U.T * (1 - H ** 2)
    vU = 0.9 * vU - H.T @ d
    vW = 0.9 * vW - X.T @ b
    vc = 0.9 * vc - d.sum(0, keepdims=True)
    U += 0.1 * vU
    W += 0.1 * vW
    c += 0.1 * vc
"""


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("right", "wrong", "line", "parameter"),
    [
        ("    e = O - Y", "    e = Y - O", 12, "W"),
        ("b = d @ U.T * (1 - H ** 2)", "b = -(d @ U.T * (1 - H ** 2))", 14, "W"),
        ("U += 0.1 * vU", "U -= 0.1 * vU", 18, "U"),
        ("H @ U + c", "H @ U - c", 10, "c"),
    ],
    ids=["difference turned", "minus before a delta", "update turned", "bias subtracted"],
)
def test_the_line_that_turns_the_sign(examined, right, wrong, line, parameter):
    text = _NET.replace(right, wrong)
    with examined(text) as examination:
        (suspicion,) = ascends.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.location.line, finding.lines[0]) == ("ascends", line, line)
    assert finding.parameter == parameter
    mended = apply_edits(text, [edit for remedy in finding.remedies for edit in remedy.edits])
    with examined(mended) as examination:
        assert (list(ascends.check(examination)) == []) == (parameter != "c")


def test_one_update_line_for_all_parameters_that_adds_gradients(examined):
    text = _NET.replace("    U += 0.1 * vU\n    W += 0.1 * vW\n    c += 0.1 * vc", "    {}")
    text = text.format("for p, v in ((U, vU), (W, vW), (c, vc)):\n        p -= 0.1 * v")
    with examined(text) as examination:
        (suspicion,) = ascends.check(examination)
    assert suspicion.finding.location.line == 19


@pytest.mark.sampled(1)
@pytest.mark.parametrize("rule", ["", "U -= 0.1 * (H.T @ d)"])
def test_steps_that_descend(examined, rule):
    text = _NET.replace("U += 0.1 * vU", rule or "U += 0.1 * vU")
    with examined(text) as examination:
        assert list(ascends.check(examination)) == []


def test_targets_minus_outputs_added_is_right(examined):
    text = _NET.replace("    e = O - Y", "    e = Y - O").replace("* vU - H", "* vU + H")
    text = text.replace("* vW - X", "* vW + X").replace("* vc - d", "* vc + d")
    with examined(text) as examination:
        assert list(ascends.check(examination)) == []
