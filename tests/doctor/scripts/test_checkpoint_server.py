"""A question, from the message that holds it."""

import numpy as np

from unstuck.doctor.scripts.checkpoint_server import to_question
from unstuck.doctor.scripts.replay import Question


def test_an_empty_message_changes_nothing():
    question = to_question({}, {})
    assert vars(question) == vars(Question()) | {"record": True}
    assert (question.place, question.shift, question.add, question.hold) == ({}, {}, {}, {})
    assert (question.values, question.stop, question.pair, question.steps) == (None, None, None, 1)


def test_numbers_and_keys_come_back_as_they_were():
    question = to_question(
        {
            "shift": {"2": 1}, "tile": {"3": [0, 5]}, "add": [[4, 0, [1, 2]]], "replace": [[5, 1, [[3]]]], "hold": {"6": [2]},
            "record": False, "values": [[4, 0]], "pairs": True, "loss": 7, "pair": [8, "left"], "ends": [2], "steps": 3, "stop": [7, 0],
            "tape": [2], "tape_losses": ["mae"], "tape_values": True, "accumulates": True,
        },
        {},
    )  # fmt: skip
    assert question.shift[2].dtype == np.float64
    assert question.tile == {3: (0, 5)}
    np.testing.assert_array_equal(question.add[4, 0], [1.0, 2.0])
    np.testing.assert_array_equal(question.replace[5, 1], [[3.0]])
    assert question.hold == {6: [2]}
    assert (question.record, question.values, question.pairs) == (False, {(4, 0)}, True)
    assert (question.loss, question.pair, question.stop) == (7, (8, "left", False), (7, 0))
    assert (question.ends, question.steps, question.tape, question.tape_losses) == ([2], 3, [2], ["mae"])
    assert question.tape_values
    assert question.accumulates


def test_a_state_is_placed_and_may_be_overridden_without_being_changed():
    states = {1: {0: np.zeros(2), 1: np.ones(1)}}
    question = to_question({"state": 1, "place": {"0": [5, 6]}}, states)
    np.testing.assert_array_equal(question.place[0], [5.0, 6.0])
    np.testing.assert_array_equal(question.place[1], [1.0])
    np.testing.assert_array_equal(states[1][0], [0.0, 0.0])
