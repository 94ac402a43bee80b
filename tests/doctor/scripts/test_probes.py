"""Gradients of strangers' steps."""

import numpy as np
import pytest

from unstuck.doctor.scripts.examine import examine, locate, scout
from unstuck.doctor.scripts.session import run_in
from unstuck.doctor.scripts.source import source_of
from unstuck.doctor.scripts.workspace import Workspace

SOFTMAX = """\
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(8, 3))
Y = np.eye(2)[(X[:, 0] > 0).astype(int)]
W, b = rng.normal(size=(3, 2)), np.zeros(2)

for epoch in range(200):
    e = np.exp(SCORES)
    p = e / e.sum(1, keepdims=True)
    loss = -np.mean(np.sum(Y * np.log(p), axis=1))
    d = (p - Y) / len(X)
    W -= 0.5 * X.T @ d
    b -= 0.5 * d.sum(0)
"""


@pytest.fixture
def examined():
    """Examine a script and close everything after the test."""
    opened = []

    def examined(text):
        source = source_of(text)
        workspace = Workspace(None, source.text)
        workspace.__enter__()
        opened.append(workspace)
        scouting = scout(run_in(workspace, source.text), source)
        session, found = locate(scouting)
        opened.append(session)
        return examine(source, scouting, found, seconds=0.3)

    yield examined
    for each in reversed(opened):
        each.__exit__(None, None, None)


def test_a_direction_that_changes_nothing_does_not_look_like_noise(examined):
    """A constant added to all scores leaves a softmax as it is; without a tape nothing else tells how large the gradient is."""
    examination = examined(SOFTMAX.replace("SCORES", "np.array((X @ W + b).tolist())"))
    assert examination.prober.trusted == set()
    assert max(probe.noise["reported"] for probe in examination.probes) < 1e-5
    assert {verdict.update for verdict in examination.verdicts.of.values()} == {"right"}


def test_a_product_by_the_method_of_an_array_is_on_the_tape(examined):
    assert "reported" in examined(SOFTMAX.replace("SCORES", "X.dot(W) + b")).prober.trusted


def test_ones_taken_off_the_outputs_are_targets(examined):
    """Nothing else in the step says what the targets are, and no loss is computed there."""
    text = SOFTMAX.replace("SCORES", "X @ W + b").replace("    loss = -np.mean(np.sum(Y * np.log(p), axis=1))\n", "")
    text = text.replace("d = (p - Y) / len(X)", "p[range(8), (X[:, 0] > 0).astype(int)] -= 1\n    d = p / len(X)")
    examination = examined(text)
    assert (examination.found.pair.target, examination.descended) in {("right", "bce"), ("right", "ce")}
    assert {verdict.update for verdict in examination.verdicts.of.values()} == {"right"}
    np.testing.assert_array_equal(examination.learning.targets.sum(1), np.ones(8))
