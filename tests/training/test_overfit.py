"""One row, which a healthy network must be able to fit."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from unstuck.errors import OptionError, ShapeError
from unstuck.nets import LOSSES, Dense, Dropout, Network
from unstuck.nets.losses import Huber, Poisson, Quantile
from unstuck.training.optimizers import IRpropMinus
from unstuck.training.overfit import OverfitResult, overfit_one

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 3))
NUMBERS, COUNTS, LABELS = RNG.normal(size=(3, 2)), RNG.poisson(3, (3, 2)), RNG.integers(0, 2, (3, 2))
HEALTHY = [
    ("mse", "identity", NUMBERS),
    ("half_sum", "tanh", NUMBERS / 5),
    ("mae", "identity", NUMBERS),
    (Huber(0.1), "identity", NUMBERS),
    (Quantile(0.9), "identity", NUMBERS),
    ("poisson", "identity", COUNTS),
    (Poisson(log_input=False), "softplus", COUNTS),
    ("bce", "sigmoid", LABELS),
    ("bce", "sigmoid", RNG.uniform(size=(3, 2))),
    ("ce", "softmax", [0, 1, 0]),
    ("ce", "softmax", [[0.3, 0.7]] * 3),
    ("focal", "sigmoid", LABELS),
    ("focal", "softmax", [0, 1, 0]),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("loss", "activation", "targets"), HEALTHY)
def test_a_healthy_network_fits(loss, activation, targets, dtype):
    network = Network([Dense(3, 8, "tanh"), Dense(8, 2, activation)], loss, dtype=dtype)
    result = overfit_one(network, X, targets, row=1)
    assert result.fits, str(result)
    assert result.last - result.floor <= 0.011 * (result.first - result.floor)
    assert result.steps < 1000


@pytest.mark.parametrize("loss", ["mae", Quantile(0.2), "huber", "mse"])
@pytest.mark.parametrize("distance", [1.0, 0.1, 0.01])
def test_a_wide_network_fits_a_row_that_it_is_close_to(loss, distance):
    """With a constant rate mae and quantile would swing around the target, the wider the network the more."""
    network = Network([Dense(3, 64, "relu"), Dense(64, 4)], loss)
    x = 3 * X[:1]
    target = network.predict(x) + distance * np.array([[1, -0.7, 0.6, -1]])
    assert overfit_one(network, x, target).fits


UNHEALTHY = [
    ("relu", "mse", -1.0),
    ("tanh", "mse", 5.0),
    ("sigmoid", "mse", 2.0),
    ("softplus", "mae", -3.0),
]


@pytest.mark.parametrize(("activation", "loss", "target"), UNHEALTHY)
def test_outputs_that_cannot_reach_the_target_do_not_fit(activation, loss, target):
    network = Network([Dense(3, 8, "tanh"), Dense(8, 1, activation)], loss)
    network.named_parameters()["layer2.biases"][:] = 0.5  # so that the relu is alive
    result = overfit_one(network, X, [target] * 3, steps=300)
    assert not result.fits
    assert result.last > 0.01 * result.first
    assert result.steps == 300


def test_dead_units_do_not_fit():
    network = Network([Dense(3, 8, "relu"), Dense(8, 1)])
    network.parameters[:] = 0
    network.named_parameters()["layer1.biases"][:] = -1
    network.named_parameters()["layer2.biases"][:] = 0.5
    assert overfit_one(Network([Dense(3, 8, "relu"), Dense(8, 1, bias=False)]), X, [3, 3, 3]).fits
    dead = Network([Dense(3, 8, "relu"), Dense(8, 1, bias=False)])
    dead.parameters[:] = -1
    assert not overfit_one(dead, np.abs(X), [3, 3, 3], steps=50).fits


def test_penalties_and_dropout_are_off():
    """Penalties and dropout would keep it from fitting; the network itself keeps them."""
    network = Network([Dense(3, 8, "tanh"), Dropout(0.9, activation="tanh"), Dense(8, 2)], l1=1.0, l2=1.0)
    before = network.parameters.copy()
    result = overfit_one(network, X, NUMBERS)
    assert result.fits
    assert result.first == pytest.approx(Network(network.layers).at(before).evaluate(X[:1], NUMBERS[:1]))
    assert_array_equal(network.parameters, before)
    assert (network.l1, network.l2, network.layers[1].is_random) == (1.0, 1.0, True)


def test_the_activation_of_a_dropout_layer_stays():
    """It is part of what the network computes: behind this one no output is above 1."""
    network = Network([Dense(3, 1), Dropout(0.5, activation="tanh")])
    assert not overfit_one(network, X, [5, 5, 5], steps=50).fits


def test_dropout_is_no_obstacle_to_a_rule_that_needs_all_rows():
    network = Network([Dense(3, 8, "tanh"), Dropout(0.5), Dense(8, 2)])
    assert overfit_one(network, X, NUMBERS, optimizer=IRpropMinus()).fits
    assert overfit_one(network, X, NUMBERS, optimizer="lm").fits


def test_a_row_that_fits_already():
    network = Network([Dense(3, 2)])
    result = overfit_one(network, X, network.forward(X)[-1].activation)
    assert (result.fits, result.steps, result.first) == (True, 0, 0.0)


def test_a_row_at_a_lowest_loss_that_is_not_zero():
    """Ten classes with a tenth each: the cost of the outputs is above the entropy by its last bit."""
    network = Network([Dense(3, 10, "softmax", initializer="constant")])
    result = overfit_one(network, X, np.full((3, 10), 0.1), steps=3)
    assert result.first > result.floor == pytest.approx(np.log(10))
    assert result.fits


@pytest.mark.parametrize("row", [1, -2])
def test_the_row_is_the_one_asked_for(row):
    network = Network([Dense(3, 2)])
    result = overfit_one(network, X, NUMBERS, row=row)
    assert result.row == 1
    assert result.target == NUMBERS[1].tolist()
    assert result.output == pytest.approx(result.target, abs=0.5)
    assert result.first == pytest.approx(network.evaluate(X[1:2], NUMBERS[1:2]))


def test_its_text():
    fitted = OverfitResult(
        fits=True, row=2, steps=57, first=0.69314, last=0.0034567, floor=0.0, output=[0.99876, 1e-5], target=[1.0, 0.0]
    )
    assert str(fitted) == (
        "row 2: the network fits it. Loss 0.6931 -> 0.003457 in 57 steps (lowest possible 0).\n"
        "  output [0.9988 1e-05]\n  target [1 0]"
    )
    stuck = OverfitResult(fits=False, row=0, steps=9, first=4, last=3, floor=1, output=[0.5], target=[2.0])
    assert str(stuck).startswith("row 0: the network does NOT fit it. Loss 4 -> 3 in 9 steps (lowest possible 1).")


def test_refusals(error_of):
    network = Network([Dense(3, 2)])
    for row in (3, -4):
        assert error_of(OptionError, overfit_one, network, X, NUMBERS, row=row) == (
            f"there is no row {row}: X has 3 rows, counted from 0."
        )
    assert error_of(OptionError, overfit_one, network, X, NUMBERS, steps=0) == (
        "steps must be a whole number of at least 1. Got 0 instead."
    )
    assert error_of(OptionError, overfit_one, network, X, NUMBERS, optimizer="adan").startswith(
        "unknown optimizer 'adan'."
    )
    assert error_of(ShapeError, overfit_one, network, X, NUMBERS[:2]).startswith("y has 2 rows, but X has 3.")


def test_every_loss_is_among_the_healthy():
    assert {LOSSES.name_of(LOSSES.create(loss)) for loss, *_ in HEALTHY} == set(LOSSES.names())
