"""L-BFGS beside ridge regression, whose minimum is known, and beside SciPy on the same function."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize

from unstuck.errors import MissingExtraError, OptionError
from unstuck.nets import Dense, Dropout, Network
from unstuck.training.optimizers import LBFGS, GradientDescent
from unstuck.training.optimizers.minimizer import Problem
from unstuck.training.trainer import Trainer

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(30, 4)), RNG.normal(size=(30, 2))


def ridge(weights, l2):
    """Minimise the mean of the squared errors over 60 elements plus l2 / 2 |W|^2 by the normal equations; biases go free."""
    design = np.hstack([X, np.ones((30, 1))])
    penalty = l2 * np.diag([1.0, 1, 1, 1, 0]) * 30
    return np.linalg.solve(design.T @ (design * weights[:, None]) + penalty, design.T @ (Y * weights[:, None]))


@pytest.mark.parametrize("l2", [0.0, 0.01, 1.0])
@pytest.mark.parametrize("weighted", [False, True])
def test_finds_the_minimum_of_ridge_regression(l2, weighted):
    weights = RNG.uniform(0.1, 3, 30) if weighted else np.ones(30)
    network = Network([Dense(4, 2)], l2=l2)
    history = Trainer(network, optimizer="lbfgs").fit(X, Y, 200, sample_weight=weights)
    found = np.vstack(list(network.named_parameters().values()))
    assert_allclose(found, ridge(weights / weights.mean(), l2), rtol=1e-6)
    assert history.stopped_by == "converged"
    assert history.stopped == "the optimizer finds nothing more to gain"
    assert history[-1]["loss"] == pytest.approx(network.evaluate(X, Y, weights / weights.mean()), rel=1e-12)


def test_takes_the_steps_of_scipy():
    """Epoch by epoch, one iteration each."""
    network = Network([Dense(4, 5, "tanh"), Dense(5, 2)], l1=1e-3)
    x, y = network.check(X, Y)
    path = []
    minimize(
        lambda weights: network.at(weights).loss_and_gradient(x, y),
        network.parameters.copy(),
        jac=True,
        method="L-BFGS-B",
        callback=lambda weights: path.append(weights.copy()),
        options={"maxiter": 15, "maxcor": 5, "ftol": 0, "gtol": 0},
    )
    ours = []
    trainer = Trainer(
        network,
        optimizer=LBFGS(memory=5),
        callbacks=[lambda trainer, _: ours.append(trainer.network.parameters.copy())],
    )
    history = trainer.fit(X, Y, 15)
    assert_array_equal(ours, path)
    assert trainer.state.epoch == trainer.state.step == len(history) == 15
    assert history.stopped_by == "epochs"


def test_stops_when_it_is_told_to():
    network = Network([Dense(4, 5, "tanh"), Dense(5, 2)])
    told = []

    def until(loss):
        told.append(loss)
        return len(told) == 3

    rule = LBFGS()
    problem = Problem(network, *network.check(X, Y), None)
    assert rule.minimize(problem, rule.start(network.n_parameters), 50, until) is False
    assert len(told) == 3
    assert told[-1] == network.evaluate(X, Y)


def test_float32_stays_float32():
    network = Network([Dense(4, 3, "tanh"), Dense(3, 2)], dtype="float32")
    before = network.evaluate(X, Y)
    Trainer(network, optimizer="lbfgs").fit(X, Y, 20)
    assert network.parameters.dtype == network.predict(X).dtype == np.float32
    assert network.evaluate(X, Y) < before


def test_an_objective_that_is_not_finite_ends_the_run():
    network = Network([Dense(4, 2)], dtype="float32")
    start = network.parameters.copy()
    history = Trainer(network, optimizer="lbfgs").fit(X * 1e25, Y, 5)
    assert (history.stopped_by, len(history)) == ("non-finite", 1)
    assert_array_equal(network.parameters, start)


def refused(error_of, **settings):
    return error_of(OptionError, LBFGS, **settings)


def test_settings_outside_their_limits(error_of):
    assert refused(error_of, memory=0) == "memory of lbfgs must be a whole number of at least 1. Got 0 instead."
    assert (
        refused(error_of, max_looks=1.5) == "max_looks of lbfgs must be a whole number of at least 1. Got 1.5 instead."
    )


def test_mini_batches_are_refused(error_of):
    assert error_of(OptionError, Trainer, Network([Dense(4, 2)]), optimizer="lbfgs", batch_size=8) == (
        "lbfgs needs the gradient over all rows, but batch_size is 8.\n"
        "  Use batch_size='full', or an optimizer for mini-batches such as adam or rmsprop."
    )


def test_dropout_is_refused(error_of):
    network = Network([Dense(4, 3), Dropout(0.2), Dense(3, 2)])
    assert error_of(OptionError, Trainer, network, optimizer=LBFGS(memory=3)) == (
        "lbfgs(memory=3) needs the same objective at every step, but layer 2 (Dropout 0.2) draws random numbers.\n"
        "  Take the layer out and use l2 instead, or an optimizer such as adam."
    )


def test_max_norm_is_refused_before_any_work(error_of, recorder):
    trainer = Trainer(Network([Dense(4, 2)], max_norm=1.0), optimizer="lbfgs", callbacks=[recorder])
    assert error_of(OptionError, trainer.fit, X, Y) == (
        "lbfgs cannot take max-norm into account.\n  Use l2, or the optimizer irprop-."
    )
    assert recorder.calls == []


def test_a_learning_rate_is_refused(error_of):
    assert error_of(OptionError, Trainer, Network([Dense(4, 2)]), optimizer="lbfgs", learning_rate=0.1) == (
        "unknown setting of optimizer 'lbfgs' 'learning_rate'.\n  Known: max_looks, memory"
    )


def test_scipy_is_asked_for_when_it_is_needed(error_of, monkeypatch):
    def import_module(name):
        raise ModuleNotFoundError(name=name.partition(".")[0])

    monkeypatch.setattr("unstuck.extras.import_module", import_module)
    assert error_of(MissingExtraError, Trainer(Network([Dense(4, 2)]), optimizer="lbfgs").fit, X, Y) == (
        "the optimizer lbfgs needs scipy, which is not installed.\n  Install it with: pip install 'unstuck[scipy]'"
    )


def test_gradient_descent_is_further_from_the_minimum():
    """What L-BFGS is for: in as many epochs it goes further down."""
    losses = []
    for optimizer in ("lbfgs", GradientDescent(0.1)):
        network = Network([Dense(4, 5, "tanh"), Dense(5, 2)])
        Trainer(network, optimizer=optimizer, batch_size="full").fit(X, Y, 30)
        losses.append(network.evaluate(X, Y))
    assert losses[0] < losses[1]
