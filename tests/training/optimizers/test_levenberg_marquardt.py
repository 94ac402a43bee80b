"""Levenberg-Marquardt beside MINPACK's, on the same residuals from the same start."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import least_squares

from unstuck.errors import OptionError
from unstuck.nets import LOSSES, Dense, Dropout, Network
from unstuck.training.checkpoints import load_checkpoint, save_checkpoint
from unstuck.training.optimizers import LevenbergMarquardt
from unstuck.training.optimizers.levenberg_marquardt import residual_jacobian
from unstuck.training.optimizers.minimizer import Problem
from unstuck.training.trainer import Trainer


def small(loss="mse", **settings):
    return Network([Dense(2, 2, "tanh"), Dense(2, 3)], loss, **settings)


RNG = np.random.default_rng(1)
X = RNG.uniform(-2, 2, (25, 2))
Y = small(seed=99).predict(X) + 0.02 * RNG.normal(size=(25, 3))  # a network of this size comes close, but not there
ROW_WEIGHTS = RNG.uniform(0.2, 2, 25)
ROW_WEIGHTS /= ROW_WEIGHTS.mean()


def minpack(network, row_weights):
    """Return J and the parameters where MINPACK's Levenberg-Marquardt ends."""
    share = row_weights / len(X) * (2 / 3 if network.loss == LOSSES.create("mse") else 1)

    def residuals(parameters):
        twin = network.at(parameters)
        rows = (twin.predict(X) - Y) * np.sqrt(share)[:, None]
        penalties = [np.sqrt(network.l2) * weights.ravel() for weights in twin.weight_matrices()]
        return np.concatenate([rows.ravel(), *penalties])

    start = network.parameters.copy()
    result = least_squares(residuals, start, method="lm", xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=1000)
    return result.cost, result.x


@pytest.mark.parametrize("row_weights", [np.ones(25), ROW_WEIGHTS], ids=["equal rows", "weighted rows"])
@pytest.mark.parametrize(
    ("loss", "l2", "seed"),
    [("mse", 0, 1), ("mse", 1e-4, 0), ("mse", 1e-4, 4), ("half_sum", 0, 4), ("half_sum", 1e-4, 1)],
)
def test_finds_the_minimum_of_minpack(loss, l2, seed, row_weights):
    network = small(loss, l2=l2, seed=seed)
    cost, parameters = minpack(network, row_weights)
    history = Trainer(network, optimizer="lm").fit(X, Y, 100, sample_weight=row_weights)
    assert history[-1]["loss"] == pytest.approx(cost, rel=1e-8)
    assert_allclose(network.predict(X), network.at(parameters).predict(X), atol=1e-7)


def test_a_linear_network_needs_hardly_more_than_one_step():
    """Nothing but the damping is between a step and the minimum."""
    network = Network([Dense(2, 3)])
    history = Trainer(network, optimizer=LevenbergMarquardt(damping=1e-8)).fit(X, Y, 20)
    expected, *_ = np.linalg.lstsq(np.hstack([X, np.ones((25, 1))]), Y, rcond=None)
    assert_allclose(np.vstack(list(network.named_parameters().values())), expected, rtol=1e-10)
    assert len(history) <= 4
    assert history.stopped_by == "converged"
    assert history.stopped == "the optimizer finds nothing more to gain"


@pytest.mark.parametrize("l2", [0.0, 0.3])
@pytest.mark.parametrize("row_weights", [None, ROW_WEIGHTS], ids=["equal rows", "weighted rows"])
@pytest.mark.parametrize("loss", ["mse", "half_sum"])
def test_residuals_are_the_objective_and_their_slopes_its_gradient(loss, row_weights, l2):
    network = Network([Dense(2, 4, "tanh"), Dense(4, 3, "sigmoid")], loss, l2=l2)
    x, y = network.check(X, RNG.normal(size=(25, 3)))
    residuals, slopes = residual_jacobian(Problem(network, x, y, row_weights))
    objective, gradient = network.loss_and_gradient(x, y, row_weights)
    assert residuals @ residuals / 2 == pytest.approx(objective, rel=1e-12)
    assert_allclose(slopes.T @ residuals, gradient, rtol=1e-10, atol=1e-14)


def test_every_step_lowers_the_loss_and_adapts_the_damping():
    """From one step to the next it is shrunk once, and grown as often as steps had to be taken back."""
    rule, dampings = LevenbergMarquardt(damping=0.5, shrink=0.25, grow=3.0), [0.5]
    trainer = Trainer(
        small(seed=5),
        optimizer=rule,
        callbacks=[lambda trainer, _: dampings.append(trainer.state.slots.damping_now.item())],
    )
    history = trainer.fit(X, Y, 60)
    assert (np.diff(history.column("loss")) < 0).all()
    failures = np.log(np.array(dampings[1:]) / dampings[:-1] / rule.shrink) / np.log(rule.grow)
    assert_allclose(failures, failures.round(), atol=1e-9)
    assert failures[0].round() == 0
    assert set(failures.round()) >= {0, 1}


@pytest.mark.parametrize("seed", [0, 3, 4, 6])
def test_the_loss_falls_to_the_last_digit_and_then_it_is_done(seed):
    """No step is taken for a gain that is but rounding: the sum of squared residuals and the mean of the losses differ by some."""
    targets = np.sin(X @ np.random.default_rng(seed).normal(size=(2, 3)))
    history = Trainer(small(seed=seed, l2=1e-2), optimizer="lm").fit(X, targets, 150)
    assert history.stopped_by == "converged"
    assert (np.diff(history.column("loss")) < 0).all()


def test_the_damping_is_kept_between_fits():
    once, twice = small(seed=6), small(seed=6)
    Trainer(once, optimizer="lm").fit(X, Y, 13)
    trainer = Trainer(twice, optimizer="lm")
    trainer.fit(X, Y, 6)
    trainer.fit(X, Y, 7)
    assert_array_equal(once.parameters, twice.parameters)


def test_the_damping_is_kept_in_a_checkpoint(tmp_path):
    once, before, after = small(seed=6), small(seed=6), small(seed=4)
    Trainer(once, optimizer="lm").fit(X, Y, 13)
    stopped, resumed = Trainer(before, optimizer="lm"), Trainer(after, optimizer="lm")
    stopped.fit(X, Y, 6)
    load_checkpoint(resumed, save_checkpoint(stopped, tmp_path / "run.safetensors"))
    assert resumed.state.slots.damping_now == stopped.state.slots.damping_now != resumed.optimizer.damping
    resumed.fit(X, Y, 7)
    assert_array_equal(once.parameters, after.parameters)


def test_at_the_minimum_it_takes_no_step_and_starts_afresh():
    network = Network([Dense(2, 3)])
    trainer = Trainer(network, optimizer="lm")
    trainer.fit(X, Y, 50)
    found, epochs = network.parameters.copy(), trainer.state.epoch
    history = trainer.fit(X, Y, 50)
    assert (history.stopped_by, trainer.state.epoch) == ("converged", epochs)
    assert_array_equal(network.parameters, found)
    assert trainer.state.slots.damping_now == 1e-3


def test_a_matrix_that_its_damping_does_not_make_regular_is_damped_more():
    """Two equal inputs and hardly any damping: the normal equations have no solution."""
    network = Network([Dense(2, 1, bias=False)])
    x, y = np.array([[1.0, 1.0], [2.0, 2.0]]), np.array([[2.0], [4.0]])
    history = Trainer(network, optimizer=LevenbergMarquardt(damping=1e-300)).fit(x, y, 30)
    assert history.stopped_by == "converged"
    assert_allclose(network.predict(x), y, rtol=1e-6)


@pytest.mark.parametrize("epochs", [1, 3])
def test_stops_when_it_is_told_to(epochs):
    network, rule, told = small(), LevenbergMarquardt(), []
    problem = Problem(network, *network.check(X, Y), None)

    def until(loss):
        told.append(loss)
        return len(told) == epochs

    assert rule.minimize(problem, rule.start(network.n_parameters), 50, until) is False
    assert len(told) == epochs
    assert told[-1] == network.evaluate(X, Y)


def test_float32_stays_float32_while_it_works_in_float64():
    single = small(dtype="float32")
    double = single.copy("float64")
    trainer = Trainer(single, optimizer="lm")
    trainer.fit(X, Y, 4)
    Trainer(double, optimizer="lm").fit(X.astype("float32"), Y.astype("float32"), 4)
    assert single.parameters.dtype == single.predict(X).dtype == np.float32
    assert trainer.state.slots.damping_now.dtype == np.float64
    assert_allclose(single.parameters, double.parameters, rtol=1e-4)


def test_an_objective_that_is_not_finite_ends_the_run():
    network = small()
    start = network.parameters.copy()
    history = Trainer(network, optimizer="lm").fit(X, Y * 1e200, 5)
    assert (history.stopped_by, len(history)) == ("non-finite", 1)
    assert_array_equal(network.parameters, start)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"damping": 0}, "damping of lm must be between 0 and 1e+10, both excluded. Got 0 instead."),
        ({"damping": 1e11}, "damping of lm must be between 0 and 1e+10, both excluded. Got 100000000000.0 instead."),
        ({"shrink": 1.0}, "shrink of lm must be between 0 and 1, both excluded. Got 1.0 instead."),
        ({"grow": 1}, "grow of lm must be between 1 and inf, both excluded. Got 1 instead."),
        ({"largest_damping": 0}, "largest_damping of lm must be a number above 0. Got 0 instead."),
    ],
)
def test_settings_outside_their_limits(error_of, settings, message):
    assert error_of(OptionError, LevenbergMarquardt, **settings) == message


ANOTHER_LOSS = (
    "lm minimises squared errors, but the network's loss is huber.\n"
    "  Choose the loss mse or half_sum, or the optimizer lbfgs or irprop-."
)
OTHER_LIMITS = "lm cannot take an L1 penalty or max-norm into account.\n  Use l2, or the optimizer irprop-."


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (Network([Dense(2, 3)], "huber"), ANOTHER_LOSS),
        (Network([Dense(2, 3)], l1=0.1), OTHER_LIMITS),
        (Network([Dense(2, 3)], max_norm=1.0), OTHER_LIMITS),
    ],
)
def test_what_is_no_sum_of_squares_is_refused_before_any_work(error_of, recorder, network, message):
    trainer = Trainer(network, optimizer="lm", callbacks=[recorder])
    assert error_of(OptionError, trainer.fit, X, Y) == message
    assert recorder.calls == []


def test_mini_batches_are_refused(error_of):
    assert error_of(OptionError, Trainer, small(), optimizer="lm", batch_size=8) == (
        "lm needs the gradient over all rows, but batch_size is 8.\n"
        "  Use batch_size='full', or an optimizer for mini-batches such as adam or rmsprop."
    )


def test_dropout_is_refused(error_of):
    network = Network([Dense(2, 3), Dropout(0.2), Dense(3, 2)])
    assert error_of(OptionError, Trainer, network, optimizer="lm") == (
        "lm needs the same objective at every step, but layer 2 (Dropout 0.2) draws random numbers.\n"
        "  Take the layer out and use l2 instead, or an optimizer such as adam."
    )
