"""The other side of the hooks."""

import builtins
import sys

import numpy as np
import pytest

from unstuck.doctor.scripts import hooks
from unstuck.doctor.scripts.agent import Agent, assigned_part, dot, frame_of_script
from unstuck.doctor.scripts.tape import gradients, leaf


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


class Differences(Agent):
    """Takes differences down, and adds to them."""

    def __init__(self, added=0.0):
        self.pairs, self.added = [], added

    def difference(self, site, left, right):
        self.pairs.append((np.array(left), right))
        return left - right + self.added


def test_a_number_taken_off_part_of_an_array_is_a_difference_of_arrays():
    agent, outputs = Differences(), np.array([[0.2, 0.8], [0.6, 0.4]])
    before = outputs.copy()
    index = ([0, 1], np.array([1, 0]))
    assert agent.lessen(3, outputs, index, 1) is index
    np.testing.assert_array_equal(outputs, before)
    np.testing.assert_array_equal(agent.pairs[0][0], before)
    np.testing.assert_array_equal(agent.pairs[0][1], [[0.0, 1.0], [1.0, 0.0]])


def test_what_is_added_to_that_difference_is_there_when_the_number_has_been_taken_off():
    outputs = np.array([0.2, 0.8])
    outputs[Differences(0.5).lessen(3, outputs, 1, 1)] -= 1
    np.testing.assert_allclose(outputs, [0.7, 0.3])


@pytest.mark.parametrize(
    ("root", "index"), [([0.2, 0.8], 0), (np.array([1, 2]), 0), (np.zeros(2), 5), ({}, 0), (np.zeros(2), "word")]
)
def test_a_number_taken_off_something_else_is_none(root, index):
    agent = Differences()
    assert agent.lessen(3, root, index, 1) is index
    assert agent.pairs == []


def test_an_array_taken_off_an_array_in_place_is_a_difference():
    agent, outputs, targets = Differences(), np.array([0.2, 0.8]), np.array([0.0, 1.0])
    assert agent.take(3, outputs, targets) is targets
    np.testing.assert_array_equal(agent.pairs[0], [[0.2, 0.8], targets])
    outputs -= Differences(0.5).take(3, outputs, targets)
    np.testing.assert_allclose(outputs, [0.7, 0.3])


@pytest.mark.parametrize(
    ("left", "right"), [({1, 2}, {2}), (np.zeros(3), np.ones((2, 3))), (np.zeros(3), [1, 2, 3]), ("a", "b"), (None, 1)]
)
def test_other_things_taken_off_in_place_are_none(left, right):
    agent = Differences()
    assert agent.take(3, left, right) is right
    assert agent.pairs == []


def test_a_product_with_something_on_the_tape_is_on_the_tape():
    inputs, weights = np.array([[1.0, 2.0], [3.0, 4.0]]), leaf(np.array([0.5, -1.0]))
    product = dot(inputs, weights)
    np.testing.assert_allclose(np.asarray(product), [-1.5, -2.5])
    found = gradients([(product.node, np.array([1.0, 10.0]))])
    np.testing.assert_allclose(found[weights.node], [31.0, 42.0])


def test_a_product_of_anything_else_is_its_own():
    class Own:
        def dot(self, other):
            return ("own", other)

    assert dot(Own(), 2) == ("own", 2)
    assert dot(np.array([1.0, 2.0]), np.array([3.0, 4.0])) == 11.0


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
