"""What a replay wrote down: read from its message, and compared with another."""

import math

import numpy as np
import pytest

from unstuck.doctor.scripts.trace import Pair, Trace, same_sums, to_key, to_trace

MESSAGE = {
    "reason": "step",
    "error": None,
    "keys": [[3, 0], [4, 0], [3, 1]],
    "shapes": [[2, 3], [], [2, 3]],
    "sums": [[1, 2], [0.5, 0.25], [3, 4]],
    "integers": [False, True, False],
    "values": {"3:1": np.ones((2, 3))},
    "evaluated": {"2": np.array([5.0])},
    "pairs": {"4:0": {"left": np.array(1.0), "right": np.array(2.0)}},
    "loss": [0.5, 0.4],
    "pair_losses": {"half_sum": 0.5},
    "ends": {"7": np.array([1.0, 2.0])},
    "gradients": {"mae": {"variables": {"7": np.array([0.1, 0.2])}, "values": {"3:0": np.zeros((2, 3))}}},
    "seconds": 0.25,
}


def test_a_message_becomes_a_trace():
    trace = to_trace(MESSAGE)
    assert trace.order == {(3, 0): 0, (4, 0): 1, (3, 1): 2}
    assert trace.shapes == {(3, 0): (2, 3), (4, 0): (), (3, 1): (2, 3)}
    assert trace.sums[4, 0] == (0.5, 0.25)
    assert trace.integers == {(4, 0)}
    assert set(trace.values) == {(3, 1)}
    np.testing.assert_array_equal(trace.evaluated[2], [5.0])
    assert trace.pairs[4, 0] == Pair(np.array(1.0), np.array(2.0))
    assert (trace.loss, trace.pair_losses, trace.seconds) == ((0.5, 0.4), {"half_sum": 0.5}, 0.25)
    np.testing.assert_array_equal(trace.ends[7], [1, 2])
    np.testing.assert_array_equal(trace.gradients["mae"]["variables"][7], [0.1, 0.2])
    assert set(trace.gradients["mae"]["values"]) == {(3, 0)}


@pytest.mark.parametrize("reason", ["died", "own fault"])
def test_a_process_that_is_gone_has_told_nothing_else(reason):
    trace = to_trace({"reason": reason, "error": {"exception": "SystemExit"}})
    assert trace == Trace("died", {"exception": "SystemExit"})
    assert to_trace({"reason": reason}).error is None


def test_keys_are_read_as_site_and_occurrence():
    assert to_key("12:3") == (12, 3)


@pytest.mark.parametrize(
    ("reason", "whole"), [("step", True), ("stopped", True), ("ended", True), ("failed", False), ("died", False)]
)
def test_a_step_is_whole_unless_it_failed_or_died(reason, whole):
    assert Trace(reason).is_whole == whole


def test_sums_are_the_same_up_to_rounding():
    assert same_sums((0.1 + 0.2, 1e300), (0.3, 1e300))
    assert same_sums((math.nan, math.inf), (math.nan, math.inf))
    assert not same_sums((1.0, 2.0), (1.0, 2.0 + 1e-9))
    assert not same_sums((math.nan, 1.0), (1.0, 1.0))


def test_what_differs_between_two_replays():
    first = to_trace(MESSAGE)
    message = {**MESSAGE, "sums": [[1, 2], [0.5, 0.5], [3, 4]], "shapes": [[2, 3], [], [3, 2]]}
    second = to_trace(message)
    assert second.changed_from(first) == {(4, 0), (3, 1)}
    assert first.changed_from(first) == set()
    shorter = to_trace({**MESSAGE, **{name: MESSAGE[name][:1] for name in ("keys", "shapes", "sums", "integers")}})
    assert first.changed_from(shorter) == set()


def test_which_variables_ended_elsewhere():
    first = Trace("step", ends={0: np.array([1.0, np.nan]), 1: np.zeros(2), 2: np.zeros(1)})
    second = Trace("step", ends={0: np.array([1.0, np.nan]), 1: np.array([0.0, 1e-300])})
    assert first.ends_changed_from(second) == {1}
