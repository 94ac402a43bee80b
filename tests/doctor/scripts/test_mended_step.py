"""Training steps in which something hides that they train."""

from contextlib import contextmanager

import numpy as np
import pytest

from unstuck.doctor.scripts.examine import locate, scout
from unstuck.doctor.scripts.late_state import at_values
from unstuck.doctor.scripts.session import run_in
from unstuck.doctor.scripts.source import source_of
from unstuck.doctor.scripts.values import filled
from unstuck.doctor.scripts.workspace import Workspace

_NET = """
import numpy as np
rng = np.random.default_rng(0)
X = rng.random((30, 3))
y = (X[:, :1] > 0.5).astype(int)
{prepare}
W, V = rng.normal(size=(3, 4)), rng.normal(size=(4, 1))
for epoch in range(300):
    {begin}
    h = np.tanh({inputs} @ W)
    {outputs}
    loss = np.mean((p - y) ** 2)
    d = (p - y) * p * (1 - p) / len(X)
    e = d @ V.T * (1 - h ** 2)
    V -= 0.5 * h.T @ d
    W -= 0.5 * X.T @ e
"""
_DEFAULTS = {"prepare": "", "begin": "pass", "inputs": "X", "outputs": "p = 1 / (1 + np.exp(-h @ V))"}


@contextmanager
def located(**changed):
    source = source_of(_NET.format(**{**_DEFAULTS, **changed}))
    with Workspace(None, source.text) as workspace:
        session, found = locate(scout(run_in(workspace, source.text), source))
        with session:
            yield found


def parameters(found):
    return sorted(variable.name for variable in found.parameters)


def test_a_step_in_which_nothing_is_hidden_is_not_mended():
    with located() as found:
        assert (parameters(found), found.mended) == (["V", "W"], None)


@pytest.mark.parametrize(
    "prepare", ["X[:, 1] = 2.0; X = (X - X.mean(0)) / X.std(0)", "X[3, 1] = np.nan", "X[::3] = np.inf"]
)
def test_inputs_that_are_not_finite(prepare):
    with located(prepare=prepare) as found:
        assert parameters(found) == ["V", "W"]
        assert [variable.name for variable in found.mended.not_finite] == ["X"]
        assert not np.isfinite(found.mended.own.sums[found.loss.key]).any()
        assert np.isfinite(found.own.sums[found.loss.key]).all()
        moved = at_values(found, {found.parameters[0].index: np.zeros(found.parameters[0].shape)})
        assert np.isfinite(moved.own.sums[found.loss.key]).all()


def test_values_of_the_step_that_are_not_finite():
    with located(begin="Z = X - X[0]; Z = Z / Z[0]", inputs="Z") as found:
        assert parameters(found) == ["V", "W"]
        assert [found.sites[key[0]].expression for key in found.mended.filled] == ["Z / Z[0]"]


def test_weights_with_which_everything_overflows():
    with located(prepare="X = X * 1e6", outputs="o = np.exp(X @ W @ V); p = o / o.sum(0)") as found:
        assert parameters(found) == ["V", "W"]
        assert found.mended.overflows


@pytest.mark.parametrize(
    ("prepare", "outputs"),
    [
        ("", "p = np.zeros_like(y); p[:] = 1 / (1 + np.exp(-h @ V))"),
        ("p = np.zeros((30, 1), dtype=int)", "p[:, 0] = (1 / (1 + np.exp(-h @ V)))[:, 0]"),
    ],
)
def test_outputs_that_are_cut_down_to_whole_numbers(prepare, outputs):
    with located(prepare=prepare, outputs=outputs) as found:
        assert parameters(found) == ["V", "W"]
        ((key, lost),) = found.mended.cut
        assert found.sites[key[0]].name == "p"
        assert 0 < lost < 1


def test_what_numbers_that_are_not_finite_are_filled_with():
    np.testing.assert_array_equal(filled(np.array([1.0, np.nan, -np.inf])), [1.0, 0.0, 0.0])
    whole = filled(np.full((3, 2), np.nan))
    assert np.isfinite(whole).all()
    assert whole.std() > 0
    np.testing.assert_array_equal(whole, filled(np.full((3, 2), np.inf)))
