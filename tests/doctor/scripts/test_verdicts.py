"""Verdicts on updates, at states made up for the purpose."""

from types import SimpleNamespace

import numpy as np
import pytest

from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.probes import Probe
from unstuck.doctor.scripts.script_step import StepVariable
from unstuck.doctor.scripts.trace import Trace
from unstuck.doctor.scripts.verdicts import judge

SHAPE = (3, 2)


def variable(index, shape=SHAPE):
    return StepVariable(
        index, f"w{index}", f"w{index}", (), shape, is_integer=False, is_array=True, start=np.zeros(shape)
    )


def replay(*, replace, **_):
    """Replay a step in which every value moves the update."""
    return Trace("step", ends={0: np.full(SHAPE, float(len(replace)))})


def found(*parameters, state=(), several=False):
    return SimpleNamespace(
        parameters=parameters or (variable(0),), state=state, pair=SimpleNamespace(key=(9, 0)), updates={},
        dependents={}, own=Trace("step"),
        step=SimpleNamespace(variables=(), replay=replay), takes_several_steps=lambda _: several,
    )  # fmt: skip


def probes(update, *, count=3, losses=("reported",), noise=0.0, gradients=None, values=None):
    """Return states at which ``update(gradient, weights)`` is what the step adds to the only parameter."""
    rng = np.random.default_rng(0)
    made = []
    for number in range(count):
        weights, gradient = rng.normal(size=SHAPE), rng.normal(size=SHAPE)
        known = {loss: {0: gradient if loss == losses[0] else rng.normal(size=SHAPE)} for loss in losses}
        if gradients is not None:
            known = {loss: {0: gradients(gradient)} for loss in losses}
        traced = {} if values is None else {(5, 0): values(gradient)}
        trace = Trace("step", order=dict.fromkeys(traced, 0), values=traced)
        made.append(
            Probe(number, {0: weights}, trace, {}, {0: update(gradient, weights)}, known, dict.fromkeys(losses, noise))
        )
    return made


def verdict(update, *, state=(), **settings):
    return judge(found(state=state), probes(update, **settings)).of[0]


# ---------------------------------------------------------------------- one vector against another


def test_a_multiple_is_recognized_with_its_factor():
    match = compare(np.array([2.0, -4.0, 6.0]), np.array([-1.0, 2.0, -3.0]))
    assert (match.cosine, match.scale, match.error) == pytest.approx((-1.0, -2.0, 0.0))


def test_vectors_at_right_angles_have_nothing_in_common():
    match = compare(np.array([1.0, 0.0]), np.array([0.0, 3.0]))
    assert (match.cosine, match.scale, match.error) == (0.0, 0.0, 1.0)


def test_what_was_not_measured_is_left_out():
    match = compare(np.array([2.0, 9.0, np.inf]), np.array([1.0, np.nan, 5.0]))
    assert (match.cosine, match.scale, match.error) == (1.0, 2.0, 0.0)


@pytest.mark.parametrize(("first", "second"), [([0.0, 0.0], [1.0, 2.0]), ([1.0, 2.0], [0.0, 0.0]), ([], [])])
def test_nothing_is_no_multiple(first, second):
    assert compare(np.array(first), np.array(second)).error == 1.0


# ---------------------------------------------------------------------- verdicts


def test_an_update_down_the_gradient_is_right():
    judged = verdict(lambda gradient, _: -0.1 * gradient)
    assert judged.update == "right"
    assert (judged.match.cosine, judged.match.scale) == pytest.approx((-1.0, -0.1))


def test_an_update_up_the_gradient_ascends():
    assert verdict(lambda gradient, _: 0.1 * gradient).update == "ascends"


def test_an_update_of_zero_is_frozen():
    assert verdict(lambda gradient, _: 0 * gradient).update == "frozen"


def test_an_update_along_something_else_is_wrong():
    assert verdict(lambda gradient, _: -0.1 * gradient**3).update == "wrong"


def test_a_factor_that_differs_between_states_is_wrong():
    factors = iter([0.1, 0.2, 0.3])
    assert verdict(lambda gradient, _: -next(factors) * gradient).update == "wrong"


def test_without_a_gradient_nothing_can_be_said():
    assert verdict(lambda gradient, _: -gradient, gradients=np.zeros_like).update == "cannot-tell"
    assert verdict(lambda gradient, _: -gradient, gradients=lambda g: np.full_like(g, np.nan)).update == "cannot-tell"


def test_in_noise_nothing_can_be_said():
    assert verdict(lambda gradient, _: -0.1 * gradient**3, noise=0.1).update == "cannot-tell"


def test_a_deviation_within_the_noise_is_right():
    def update(gradient, _):
        return -0.1 * gradient * (1 + 2e-4 * np.sign(gradient))

    assert verdict(update).update == "wrong"
    assert verdict(update, noise=5e-4).update == "right"


def test_a_step_that_holds_several_steps_cannot_be_judged():
    judged = judge(found(several=True), probes(lambda gradient, _: 0.1 * gradient))
    assert judged.of[0].update == "cannot-tell"


def test_without_any_loss_there_is_no_verdict():
    judged = judge(found(), probes(lambda gradient, _: -gradient, losses=()))
    assert judged.descended == "reported"
    assert {(verdict.update, verdict.match) for verdict in judged.of.values()} == {("cannot-tell", None)}


# ---------------------------------------------------------------------- which loss


def test_the_loss_that_is_descended_is_the_one_that_the_updates_follow():
    losses = ("half_sum", "reported", "mae")  # the updates follow the first, and the reported loss is another
    judged = judge(found(), probes(lambda gradient, _: -gradient, losses=losses))
    assert judged.descended == "half_sum"
    assert judged.of[0].update == "right"
    assert judged.matches["reported"][0].error > 0.1


def test_of_losses_that_do_equally_well_the_reported_one_is_taken():
    judged = judge(found(), probes(lambda gradient, _: gradient**3, losses=("mae", "reported")))
    assert judged.descended == "reported"


# ---------------------------------------------------------------------- weight decay


def test_weight_decay_is_right():
    judged = verdict(lambda gradient, weights: -0.1 * gradient - 0.02 * weights)
    assert judged.update == "right"
    assert judged.match.error > 1e-3


def test_weights_that_are_made_to_grow_are_wrong():
    assert verdict(lambda gradient, weights: -0.1 * gradient + 0.02 * weights).update == "wrong"


def test_decay_does_not_excuse_ascending():
    assert verdict(lambda gradient, weights: 0.1 * gradient - 0.02 * weights).update == "wrong"


# ---------------------------------------------------------------------- what an optimizer remembers


def test_a_velocity_cancels_in_the_differences_between_states():
    velocity = np.arange(6.0).reshape(SHAPE)

    def update(gradient, _):
        return velocity - 0.1 * gradient

    judged = verdict(update, state=(variable(1),))
    assert judged.update == "right"
    assert judged.match.scale == pytest.approx(-0.1)
    assert verdict(update).update == "wrong"
    assert verdict(update, state=(variable(1, (2,)),)).update == "wrong"


def test_an_adaptive_update_is_right_if_the_script_holds_the_gradient_and_goes_down():
    judged = verdict(lambda gradient, _: -0.01 * np.sign(gradient), values=lambda gradient: 3 * gradient)
    assert (judged.update, judged.gradient_at) == ("right", (5, 0))


def test_a_gradient_that_the_update_passes_by_does_not_make_it_right():
    idle = found()
    idle.step.replay = lambda **_: Trace("step", ends={0: np.zeros(SHAPE)})
    at = probes(lambda gradient, _: -np.sign(gradient), values=lambda gradient: gradient)
    assert (judge(idle, at).of[0].update, judge(found(), at).of[0].update) == ("wrong", "right")


def test_an_adaptive_update_can_ascend():
    judged = verdict(lambda gradient, _: 0.01 * np.sign(gradient), values=lambda gradient: 3 * gradient)
    assert (judged.update, judged.gradient_at) == ("ascends", (5, 0))


def test_an_update_that_has_the_gradient_and_goes_elsewhere_is_wrong():
    judged = verdict(lambda gradient, _: 0.01 * np.abs(gradient) ** 0.5, values=lambda gradient: gradient)
    assert judged.update == "wrong"


def test_a_frozen_parameter_tells_where_its_gradient_is():
    judged = verdict(lambda gradient, _: 0 * gradient, values=lambda gradient: gradient)
    assert (judged.update, judged.gradient_at) == ("frozen", (5, 0))


# ---------------------------------------------------------------------- rounding


def test_what_rounding_leaves_of_a_sum_is_no_update():
    """A bias whose gradient is summed to 1e-17 does not ascend only because the rest has that sign."""
    states = probes(lambda gradient, _: -0.1 * gradient)
    for probe in states:
        probe.values[1], probe.updates[1] = np.zeros(SHAPE), 1e-17 * probe.gradients["reported"][0]
        probe.gradients["reported"][1] = probe.gradients["reported"][0]
    judged = judge(found(variable(0), variable(1)), states)
    assert [judged.of[index].update for index in (0, 1)] == ["right", "wrong"]
