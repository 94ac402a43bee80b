"""The other side of the hooks."""

import builtins
import sys

import numpy as np
import pytest

from unstuck.doctor.scripts import hooks
from unstuck.doctor.scripts.agent import Agent, assigned_part, frame_of_script


@pytest.mark.parametrize(
    ("root", "indices", "path"),
    [
        (np.zeros((2, 2)), (0, 1), ()),
        ([np.zeros(2), np.ones(2)], (1, 0), (1,)),
        ({"W": np.zeros((2, 2))}, ("W", (0, 1)), ("W",)),
        ([[1.0, 2.0], [3.0]], (0, 1), ()),
        ([{"b": [1.0]}], (0, "b", 0), (0, "b")),
        ({"b": 1.0}, ("b",), ("b",)),
        ({}, ("gone",), ()),
        ([np.zeros(2)], (5,), ()),
        ([np.zeros(2)], ("word",), ()),
        ([], (0,), ()),
    ],
)
def test_the_part_that_was_assigned_to(root, indices, path):
    expected = root
    for index in path:
        expected = expected[index]
    assert assigned_part(root, indices) is expected


def test_an_agent_changes_nothing(play):
    text = """
    w = [1, 2]
    w[0] = 5 - 1
    for i in range(2):
        w[1] -= i
    squares = [pow(i, 2) for i in range(3)]
    while w[0] > 3:
        w[0] = 0
    """
    played = play(text, lambda _finish, _sites, _loops: Agent())
    assert played.report is None
    assert played.names["w"] == [0, 1]
    assert played.names["squares"] == [0, 1, 4]


class Listening(Agent):
    def __init__(self):
        self.events = []

    def top(self, loop):
        self.events.append(("top", loop))

    def bottom(self, loop):
        self.events.append(("bottom", loop))


def test_a_comprehension_is_a_loop_like_any_other(own_builtins):  # noqa: ARG001 (takes the hooks out again)
    agent = Listening()
    agent.install()
    assert set(hooks.NAMES) <= set(vars(builtins))
    assert list(agent.walk(3, "ab")) == ["a", "b"]
    assert agent.events == [("top", 3), ("top", 3), ("bottom", 3)]


def test_whoever_listens_by_now_hears_of_the_next_iteration(own_builtins):  # noqa: ARG001 (takes the hooks out again)
    first, second = Listening(), Listening()
    first.install()
    walk = first.walk(0, range(2))
    next(walk)
    second.install()
    next(walk)
    assert (first.events, second.events) == ([("top", 0)], [("top", 0)])


def test_the_frame_of_the_script():
    assert frame_of_script() is sys._getframe()
    namespace = {"__name__": "unstuck.doctor.scripts.something", "frame_of_script": frame_of_script}
    exec("def ask():\n    return frame_of_script()", namespace)  # noqa: S102 (a module of ours in between)
    assert namespace["ask"]() is sys._getframe()
