"""How a loss is to be read: what it is, and what the best constant prediction would have."""

from types import SimpleNamespace

import numpy as np
import pytest

from unstuck.doctor.scripts.identified import PairAt, ReportedLoss
from unstuck.doctor.scripts.learning import Learning, read_loss
from unstuck.doctor.scripts.trace import Pair, Trace
from unstuck.doctor.scripts.trials import TrialReport

XOR = np.array([[0.0], [1.0], [1.0], [0.0]])
CLASSES = np.eye(3)[[0, 1, 2, 0, 1, 2]]


def report(*values):
    return TrialReport("horizon", None, len(values), np.arange(len(values)), np.array(values), None, 1.0)


def learning(constant=None, window=1):
    return Learning("J", None, constant, window, None)


# ---------------------------------------------------------------------- the share of the gap


@pytest.mark.parametrize(
    ("constant", "values", "closed"),
    [
        (1.0, (3.0, 0.25), 0.75),
        (None, (2.0, 0.5), 0.75),
        (1.0, (1.0, 5.0), 0.0),
        (1.0, (1.0, -5.0), 1.0),
        (1.0, (1.0, np.nan), 0.0),
        (None, (0.0, 1.0), 0.0),
        (-2.0, (-2.0, -3.0), 0.5),
    ],
)
def test_the_gap_runs_from_the_best_constant_to_zero(constant, values, closed):
    assert learning(constant).closed(report(*values)) == pytest.approx(closed)


def test_a_run_of_less_than_three_windows_is_read_over_its_last_third():
    assert learning(1.0, window=40).closed(report(1.0, 1.0, 0.6, 0.4, 0.2, 0.2)) == pytest.approx(0.8)


def test_the_gap_after_fewer_steps():
    assert learning(1.0).closed(report(1.0, 0.8, 0.1), 2) == pytest.approx(0.2)


def test_a_script_has_learned_when_it_is_clearly_better_than_a_constant():
    assert learning(1.0).has_learned(report(1.0, 0.89))
    assert not learning(1.0).has_learned(report(1.0, 0.91))


# ---------------------------------------------------------------------- reading a loss

GRADIENT = np.arange(1.0, 5.0)


def read(
    meetings,
    *,
    reported=None,
    factor=1.0,
    target="right",
    counts=None,
    parents=None,
    times=None,
    descended="half_sum",
    shape=(2, 1),
    reason="watched long enough",
    length=0,
):
    """Read the loss of a step in which outputs meet targets; ``reported`` is a multiple of that loss of theirs."""
    pairs = {
        (5, number): Pair(outputs, targets) if target == "right" else Pair(targets, outputs)
        for number, (outputs, targets) in enumerate(meetings)
    }
    found = SimpleNamespace(
        loss=None if reported is None else ReportedLoss((0, 0), accumulates=False, after_update=False),
        pair=PairAt((5, 0), target) if meetings else None,
        parameters=[SimpleNamespace(index=0, shape=shape)],
        base=Trace("step"),
        dependents={},
        state_of_base=0,
        sites=[SimpleNamespace(name="cost", kind="assigned")] * 7 + [SimpleNamespace(name="epoch", kind="loop-target")],
        step=SimpleNamespace(
            loop=1,
            replay=lambda **_: Trace("step", pairs=pairs),
            replay_all=lambda asked: [Trace("step") for _ in asked],
        ),
    )
    gradients = {kind: {0: GRADIENT**power} for power, kind in enumerate(("half_sum", "bce", "softmax-ce-1", "mae"), 1)}
    if reported is not None:
        gradients["reported"] = {0: factor * gradients.get(reported, {0: np.sin(GRADIENT)})[0]}
    scouted = SimpleNamespace(
        reason=reason,
        lengths={1: length},
        parents={1: parents or []},
        counts=counts or {1: 100},
        inside={7: [0]},
        times={} if times is None else {7: times},
    )
    return read_loss(found, [SimpleNamespace(gradients=gradients, trace=Trace("step"))], descended, scouted)


def test_a_mean_squared_error():
    found = read([(np.full((4, 1), 0.3), XOR)], reported="half_sum", factor=0.5)
    assert (found.metric, found.kind, found.window) == ("cost", "half_sum", 1)
    assert found.constant == pytest.approx(0.25)
    np.testing.assert_array_equal(found.targets, XOR)


def test_a_mean_cross_entropy_of_two_classes():
    assert read([(np.full((4, 1), 0.3), XOR)], reported="bce", factor=0.25).constant == pytest.approx(np.log(2))


def test_a_cross_entropy_of_three_classes():
    found = read([(np.zeros((6, 3)), CLASSES)], reported="softmax-ce-1", factor=1 / 6, shape=(2, 3))
    assert found.constant == pytest.approx(np.log(3))


def test_an_absolute_error_is_least_at_the_median():
    targets = np.array([[0.0], [0.0], [10.0]])
    assert read([(np.ones((3, 1)), targets)], reported="mae").constant == pytest.approx(10.0)


def test_a_loss_that_is_none_of_these_has_no_constant():
    found = read([(np.full((4, 1), 0.3), XOR)], reported="something else")
    assert (found.kind, found.constant) == (None, None)


def test_without_a_reported_loss_it_is_that_of_the_outputs_for_each():
    found = read([(np.full((4, 1), 0.3), XOR)], target="left")
    assert (found.metric, found.kind) == ("loss of the outputs", "half_sum")
    assert found.constant == pytest.approx(0.125)


def test_without_outputs_and_targets_nothing_is_known_of_a_constant():
    found = read([])
    assert (found.constant, found.targets) == (None, None)


def test_one_sample_at_a_time_makes_a_window_of_all_of_them():
    meetings = [(np.array([0.3 + number / 10]), row) for number, row in enumerate(XOR)]
    found = read(meetings, reported="half_sum", counts={0: 25, 1: 100}, parents=[0])
    assert found.window == 4
    assert found.targets.shape == (4, 1)
    assert found.constant == pytest.approx(0.125)


def test_the_first_round_tells_the_window_if_the_last_was_cut_short():
    meetings = [(np.array([0.3 + number / 10]), row) for number, row in enumerate(XOR)]
    found = read(meetings, reported="half_sum", counts={0: 3, 1: 9}, parents=[0], times=np.array([1, 6, 11]))
    assert found.window == 4


def test_rows_drawn_at_random_are_looked_at_for_many_steps():
    meetings = [(np.array([0.3 + number / 10]), XOR[row]) for number, row in enumerate((0, 1, 1, 3))]
    assert read(meetings, reported="half_sum").window == 50
    assert read([(np.full((4, 1), 0.3), XOR), (np.full((4, 1), 0.4), XOR[::-1])] * 2, reported="half_sum").window == 1


@pytest.mark.parametrize(
    ("rounds", "steps", "reason", "window"),
    [
        (1, 3, "watched long enough", 4),
        (3, 9, "watched long enough", 4),
        (3, 12, "ended", 4),
        (2, 4, "ended", 2),
        (4, 8, "watched long enough", 2),
    ],
)
def test_a_round_that_was_cut_short_is_as_long_as_what_it_runs_over(rounds, steps, reason, window):
    found = read([], counts={0: rounds, 1: steps}, parents=[0], reason=reason, length=4)
    assert found.window == window


def test_a_single_sample_has_no_constant():
    assert read([(np.array([0.3]), np.array([1.0]))], reported="half_sum").constant is None


def test_samples_in_columns_become_rows():
    found = read([(np.zeros((3, 6)), CLASSES.T)], shape=(3, 2))
    np.testing.assert_array_equal(found.targets, CLASSES)


def test_a_flat_row_of_targets_is_one_sample_if_there_are_as_many_outputs():
    assert read([(np.zeros(3), CLASSES[0])], shape=(2, 3)).targets.shape == (1, 3)
    assert read([(np.zeros(4), XOR.ravel())], shape=(2, 1)).targets.shape == (4, 1)


def test_meetings_of_different_shapes_tell_nothing():
    assert read([(np.zeros((4, 1)), XOR), (np.zeros((2, 1)), XOR[:2])]).targets is None
