"""Rounds of a loop that hold several training steps are told from steps that are taken piece by piece."""

from types import SimpleNamespace

import numpy as np
import pytest

from unstuck.doctor.scripts.examine import examine, locate, scout
from unstuck.doctor.scripts.probes import Probe
from unstuck.doctor.scripts.repeated_updates import updates_follow_each_other
from unstuck.doctor.scripts.replay import MOST_OCCURRENCES
from unstuck.doctor.scripts.session import run_in
from unstuck.doctor.scripts.source import source_of
from unstuck.doctor.scripts.trace import Trace
from unstuck.doctor.scripts.workspace import Workspace

HEAD = """\
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(NUMBER, 2))
classes = (X[:, 0] * X[:, 1] > 0).astype(int)
W, b = rng.normal(size=(2, 2)), np.zeros(2)


def forward(x):
    e = np.exp(x @ W + b)
    return e / e.sum(-1, keepdims=True)


def without_one(p, c):
    return np.where(np.arange(2) == np.reshape(c, (-1, 1)), np.subtract(p, 1), p)


"""
SEVERAL = """\
for epoch in range(200):
    for x, c in zip(X, classes):
        d = without_one(forward(x), c)[0]
        W -= 0.1 * np.outer(x, d)
        b -= 0.1 * d
    loss = -np.mean(np.log(forward(X)[np.arange(len(X)), classes]))
"""
ONE = """\
for epoch in range(200):
    d = without_one(forward(X), classes)
    for x, e in zip(X, d):
        W -= 0.01 * np.outer(x, e)
        b -= 0.01 * e
    loss = -np.mean(np.log(forward(X)[np.arange(len(X)), classes]))
"""


@pytest.mark.parametrize(
    ("text", "number", "verdict"),
    [(SEVERAL, 20, "cannot-tell"), (ONE, 20, "right")],
)
def test_only_updates_that_follow_each_other_cannot_be_judged(text, number, verdict):
    source = source_of(HEAD.replace("NUMBER", str(number)) + text)
    with Workspace(None, source.text) as workspace:
        scouting = scout(run_in(workspace, source.text), source)
        session, found = locate(scouting)
        with session:
            looked_at = examine(source, scouting, found, seconds=0.3)
            assert found.pair is None
            assert [looked_at.verdicts.of[entry.index].update for entry in found.parameters] == [verdict] * 2


def test_an_update_beyond_what_is_written_down_is_one_of_several():
    found = SimpleNamespace(pair=None, updates={}, parameters=())
    long = dict.fromkeys((5, occurrence) for occurrence in range(MOST_OCCURRENCES))
    for order, update, expected in [(long, 1.0, True), (long, 0.0, False), ({(5, 0): 0}, 1.0, False)]:
        probe = Probe(0, {0: np.zeros(2)}, Trace("step", order=order), {}, {0: np.full(2, update)})
        assert updates_follow_each_other(found, probe) == expected
