"""Which learning rate: raised from tiny to far too large."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from unstuck.data.batches import ArrayBatches
from unstuck.errors import OptionError, ShapeError
from unstuck.nets import Dense, Dropout, Network
from unstuck.training.optimizers import Adam, GradientDescent
from unstuck.training.rate_finder import find_learning_rate


def test_the_network_stays_as_it_is(regressor, curve):
    network = regressor()
    before = network.parameters.copy()
    find_learning_rate(network, *curve)
    assert_array_equal(network.parameters, before)


@pytest.mark.parametrize("optimizer", ["gd", "adagrad", "rmsprop", "adam", "adamw"])
def test_the_suggestion_lies_between_the_limits_and_lowers_the_loss(regressor, curve, optimizer):
    found = find_learning_rate(regressor(), *curve, optimizer=optimizer, lowest=1e-5, highest=100.0)
    assert 1e-5 < found.suggestion < found.rates[-1] <= 100
    assert found.suggestion in found.rates
    place = found.rates.index(found.suggestion)
    assert found.smoothed[place + 1] < found.smoothed[place - 1]


def test_rates_rise_by_a_constant_factor(regressor, curve):
    found = find_learning_rate(regressor(), *curve, lowest=1e-4, highest=1e-2, steps=21)
    assert_allclose(np.diff(np.log(found.rates)), math.log(100) / 20)
    assert (len(found.rates), len(found.losses), len(found.smoothed)) == (21, 21, 21)
    assert_allclose([found.rates[0], found.rates[-1]], [1e-4, 1e-2])


def test_losses_are_those_of_a_run_at_these_rates(regressor, curve):
    """Plain descent, batch after batch in the order of the seed, written out."""
    network = regressor(max_norm=0.8)
    found = find_learning_rate(
        network, *curve, optimizer="gd", lowest=1e-2, highest=1.0, steps=9, batch_size=10, seed=3
    )
    batches = ArrayBatches(*curve, batch_size=10, seed=3)
    average = 0.0
    for step, batch in enumerate([*batches.epoch(0), *batches.epoch(1), next(batches.epoch(2))], 1):
        loss, gradient = network.loss_and_gradient(*batch)
        average = 0.9 * average + 0.1 * loss
        assert found.losses[step - 1] == pytest.approx(loss, rel=1e-12)
        assert found.smoothed[step - 1] == pytest.approx(average / (1 - 0.9**step), rel=1e-12)
        network.parameters -= found.rates[step - 1] * gradient
        network.keep_max_norm()


@pytest.mark.parametrize("steps", [12, 100])
def test_the_suggestion_is_where_the_loss_falls_fastest_on_its_way_down(regressor, curve, steps):
    found = find_learning_rate(regressor(), *curve, steps=steps)
    lowest = int(np.argmin(found.smoothed))
    settled = min(10, lowest // 2)
    slopes = np.gradient(found.smoothed, np.log(found.rates))[settled : lowest + 1]
    assert found.suggestion == found.rates[settled + int(slopes.argmin())]
    assert slopes.min() < 0


def test_the_rate_of_the_optimizer_itself_does_not_matter(regressor, curve):
    expected = find_learning_rate(regressor(), *curve, optimizer=GradientDescent(0.1, momentum=0.5))
    for rate in (0.0, 7.0):
        assert find_learning_rate(regressor(), *curve, optimizer=GradientDescent(rate, momentum=0.5)) == expected


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_blowing_up_ends_it_early(curve, dtype):
    """Without a NumPy warning, which pytest would make an error."""
    network = Network([Dense(2, 5, "relu"), Dense(5, 1)], dtype=dtype)
    found = find_learning_rate(network, *curve, optimizer="gd", lowest=1e-4, highest=1e12)
    assert len(found.losses) == len(found.rates) == len(found.smoothed) < 100
    assert found.smoothed[-1] > 4 * min(found.smoothed)
    assert all(loss <= 4 * min(found.smoothed[: place + 1]) for place, loss in enumerate(found.smoothed[:-1]))
    assert np.isfinite(found.losses).all()


def test_a_loss_that_is_not_finite_ends_it(curve):
    found = find_learning_rate(Network([Dense(2, 1)]), *curve, optimizer="gd", lowest=1e200, highest=1e201, steps=9)
    assert len(found.losses) < 3
    assert np.isfinite(found.losses).all()
    assert math.isnan(found.suggestion)


def test_a_loss_that_never_falls_has_no_suggestion(curve):
    network = Network([Dense(2, 1, bias=False, initializer="constant")])
    found = find_learning_rate(network, curve[0], np.zeros(40), batch_size="full")
    assert math.isnan(found.suggestion)
    assert found.losses == [0.0] * 100


def test_losses_below_zero_are_no_blow_up():
    """Poisson leaves a constant out."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(50, 2))
    network = Network([Dense(2, 1)], "poisson")
    network.named_parameters()["layer1.biases"][:] = 3
    found = find_learning_rate(network, x, rng.poisson(40, 50), lowest=1e-4, highest=1e-2)
    assert max(found.smoothed) < 0
    assert len(found.losses) == 100
    assert found.suggestion > 0


def test_the_same_seed_gives_the_same_search(curve):
    network = Network([Dense(2, 4), Dropout(0.5), Dense(4, 1)])
    assert find_learning_rate(network, *curve, seed=1) == find_learning_rate(network, *curve, seed=1)
    assert find_learning_rate(network, *curve, seed=1) != find_learning_rate(network, *curve, seed=2)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"lowest": 0}, "lowest must be a number above 0. Got 0 instead."),
        ({"highest": -1}, "highest must be a number above 0. Got -1 instead."),
        ({"lowest": 1.0, "highest": 0.1}, "lowest must be below highest. Got 1 and 0.1 instead."),
        ({"lowest": 0.1, "highest": 0.1}, "lowest must be below highest. Got 0.1 and 0.1 instead."),
        ({"steps": 2}, "steps must be a whole number of at least 3. Got 2 instead."),
        ({"optimizer": "irprop-"}, "irprop- has no learning rate to look for. Choose gd, rmsprop or adam."),
        ({"optimizer": "lm"}, "lm has no learning rate to look for. Choose gd, rmsprop or adam."),
        ({"batch_size": 0}, "batch_size must be a whole number of at least 1. Got 0 instead."),
        ({"seed": -1}, "seed must be a whole number from 0 to 2**63 - 1. Got -1 instead."),
    ],
)
def test_settings_that_cannot_be(error_of, regressor, curve, settings, message):
    assert error_of(OptionError, find_learning_rate, regressor(), *curve, **settings) == message


def test_other_refusals(error_of, regressor, curve):
    x, y = curve
    assert error_of(OptionError, find_learning_rate, regressor(), x, y, optimizer="adma").startswith(
        "unknown optimizer 'adma'. Did you mean 'adam'?"
    )
    assert error_of(ShapeError, find_learning_rate, regressor(), x, y[1:]).startswith("y has 39 rows, but X has 40.")
    assert find_learning_rate(regressor(), x, y, optimizer=Adam()).suggestion > 0
