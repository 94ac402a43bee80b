"""A frozen step, asked through a session that only writes down what it is told."""

import numpy as np
import pytest

from unstuck.doctor.scripts.script_step import ScriptStep

READY = {
    "ready": True,
    "loop": 2,
    "iteration": 5,
    "variables": [
        {
            "name": "net.W[0]", "root": "net", "steps": [["attribute", "W"], ["item", 0]], "shape": [3, 4], "integer": False,
            "array": True, "values": np.ones((3, 4)),
        },
        {"name": "step", "root": "step", "steps": [], "shape": [], "integer": True, "array": False, "values": None},
    ],
}  # fmt: skip
ANSWER = {
    "reason": "step", "error": None, "keys": [], "shapes": [], "sums": [], "integers": [], "values": {}, "pairs": {}, "evaluated": {},
    "loss": [],
    "pair_losses": {}, "ends": {"0": np.zeros((3, 4))}, "gradients": {}, "seconds": 0.1,
}  # fmt: skip


class FakeSession:
    def __init__(self):
        self.told = []

    def tell(self, request):
        self.told.append(request)

    def ask_all(self, requests):
        self.told += requests
        return [ANSWER] * len(requests)


@pytest.fixture
def session():
    return FakeSession()


@pytest.fixture
def step(session):
    return ScriptStep(session, READY, 2.0)


def test_variables_are_numbered_as_they_were_told(step):
    weights, count = step.variables
    assert (step.loop, step.iteration) == (2, 5)
    assert (weights.index, weights.name, weights.root, weights.size) == (0, "net.W[0]", "net", 12)
    assert weights.steps == (("attribute", "W"), ("item", 0))
    assert (weights.shape, weights.is_integer, weights.is_array) == ((3, 4), False, True)
    assert (count.index, count.size, count.is_integer, count.is_array, count.start) == (1, 1, True, False, None)


def test_a_state_is_sent_once_and_has_a_number(step, session):
    numbers = np.zeros((3, 4))
    assert [step.define_state({0: numbers}), step.define_state({})] == [1, 2]
    assert session.told == [{"define": 1, "values": {"0": numbers}}, {"define": 2, "values": {}}]


def test_a_replay_asks_and_returns_a_trace(step, session):
    trace = step.replay(
        state=1, shift={0: 1.0}, add={(3, 0): 2.0}, replace={(4, 1): 3.0}, hold={7: [0]}, ends=(0,), values={(3, 0)}, pairs=True,
        stop=(9, 0), steps=3, record=False, loss=9,
    )  # fmt: skip
    assert session.told == [
        {
            "timeout": 6.0, "state": 1, "shift": {"0": 1.0}, "add": [[3, 0, 2.0]], "replace": [[4, 1, 3.0]], "hold": {"7": [0]},
            "ends": [0], "record": False, "values": [[3, 0]], "pairs": True, "stop": [9, 0], "steps": 3, "loss": 9,
        }
    ]  # fmt: skip
    assert trace.reason == "step"
    assert trace.ends[0].shape == (3, 4)


def test_a_plain_replay_changes_nothing(step, session):
    step.replay()
    step.replay(state=None, shift=None)
    assert session.told == [{"timeout": 2.0}, {"timeout": 2.0}]


def test_replays_are_counted_and_timed(step):
    assert (step.replays, step.seconds_of_a_replay) == (0, 0.0)
    step.replay()
    step.replay()
    assert len(step.replay_all([{}, {"record": False}, {}])) == 3
    assert step.replays == 5
    assert step.seconds_of_a_replay >= 0
