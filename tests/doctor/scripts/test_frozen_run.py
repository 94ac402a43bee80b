"""Loops whose every pass has the same entry; whole runs are tested with what uses them."""

import itertools

import pytest

from unstuck.doctor.scripts.frozen_run import FrozenRun

TRAINING, OUTER, PASSES = 4, 1, 6


@pytest.fixture
def frozen():
    """An agent that freezes a loop at an entry."""

    def make(loop, entry):
        order = {
            "loop": TRAINING, "extend": [OUTER], "horizon": 9, "time": 1.0, "loss": None, "resets": [], "pair": None, "kind": "half_sum",
            "updates": None, "freeze": loop, "entry": entry, "tile": [],
        }  # fmt: skip
        return FrozenRun(order, print)

    return make


def test_a_frozen_training_loop_never_ends(frozen):
    agent = frozen(TRAINING, 1)
    assert list(itertools.islice(agent.iterate(TRAINING, iter("abc")), 7)) == ["b"] * 7


def test_a_loop_inside_the_step_has_as_many_passes_as_before_and_the_same_entry_every_time(frozen):
    agent = frozen(PASSES, 1)
    assert list(agent.iterate(PASSES, [3, 1, 2])) == [1, 1, 1]
    assert list(agent.iterate(PASSES, [2, 3, 1])) == [1, 1, 1], "also when the data were shuffled"


def test_other_loops_run_as_in_any_trial(frozen):
    agent = frozen(TRAINING, 0)
    assert list(itertools.islice(agent.iterate(OUTER, range(2)), 4)) == [0, 1, 2, 3]
    assert list(agent.iterate(PASSES, [1, 2])) == [1, 2]


@pytest.mark.parametrize("entries", [[], [5]])
def test_too_few_entries(frozen, entries):
    assert list(itertools.islice(frozen(TRAINING, 2).iterate(TRAINING, entries), 3)) == entries * 3
