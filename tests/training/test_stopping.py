"""When to stop before the last epoch, and which parameters are then there."""

import math

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from unstuck.training.state import Best
from unstuck.training.stopping import Stop, StoppingRules
from unstuck.training.trainer import Trainer


@pytest.fixture
def clock(monkeypatch):
    """A clock that shows a second more each time."""
    ticks = iter(range(10**6))
    tick = lambda: float(next(ticks))  # noqa: E731 (both modules get the same clock)
    monkeypatch.setattr("unstuck.training.trainer.perf_counter", tick)
    monkeypatch.setattr("unstuck.training.stopping.perf_counter", tick)


@pytest.mark.parametrize(
    ("rules", "loss", "waited", "code"),
    [
        (StoppingRules(), 1.0, 10**9, None),
        (StoppingRules(), math.nan, 0, "non-finite"),
        (StoppingRules(), math.inf, 0, "non-finite"),
        (StoppingRules(target_loss=0.5), 0.5, 0, "target-loss"),
        (StoppingRules(target_loss=0.5), 0.51, 0, None),
        (StoppingRules(target_loss=-1), -1.5, 0, "target-loss"),
        (StoppingRules(patience=3), 1.0, 2, None),
        (StoppingRules(patience=3), 1.0, 3, "patience"),
        (StoppingRules(patience=3, target_loss=2.0), 1.0, 3, "target-loss"),
    ],
)
def test_rules(rules, loss, waited, code):
    stop = rules.check(loss, Best(np.zeros(1), waited=waited), started=0.0)
    assert (stop and stop.code) == code


@pytest.mark.usefixtures("clock")
def test_sentences():
    best = Best(np.zeros(1), waited=9)
    assert StoppingRules().check(math.nan, best, 0.0) == Stop("non-finite", "the loss is no longer a finite number")
    assert StoppingRules(target_loss=0.5).check(0.1, best, 0.0) == Stop("target-loss", "the loss has reached 0.5")
    assert StoppingRules(patience=9).check(0.1, best, 0.0) == Stop("patience", "nothing has improved for 9 epochs")
    assert StoppingRules(time_limit=0.25).check(0.1, best, -9.0) == Stop("time", "the time limit of 0.25 s is over")


def test_tolerance_is_kept_by_every_output(regressor, curve):
    network = regressor()
    x, y = curve
    furthest = abs(network.predict(x) - y).max()
    assert StoppingRules().within_tolerance(network, x, y) is None
    assert StoppingRules(tolerance=furthest).within_tolerance(network, x, y) is None
    stop = StoppingRules(tolerance=furthest * 1.001).within_tolerance(network, x, y)
    assert stop == Stop("tolerance", f"every output is within {furthest * 1.001:g} of its target")


def test_outputs_that_are_no_numbers_are_within_no_tolerance(regressor, curve):
    network = regressor()
    network.parameters[:] = np.nan
    assert StoppingRules(tolerance=1e9).within_tolerance(network, *curve) is None


# ---------------------------------------------------------------------- in a training


def test_all_epochs(regressor, curve):
    history = Trainer(regressor()).fit(*curve, 3)
    assert (history.stopped_by, history.stopped) == ("epochs", "all epochs are done")
    assert history.best_epoch is None


@pytest.mark.parametrize("optimizer", ["gd", "irprop-"])
def test_the_parameters_that_reached_the_target_are_left_alone(xor_network, xor, optimizer):
    """On a full batch the loss is known before the update, which is then not made."""
    network = xor_network()
    trainer = Trainer(network, optimizer=optimizer, batch_size="full", target_loss=0.69, engine="reference")
    history = trainer.fit(*xor, 1000)
    assert history.stopped_by == "target-loss"
    assert network.evaluate(*xor) == history[-1]["loss"] <= 0.69
    assert history[-2]["loss"] > 0.69
    assert trainer.state.step == trainer.state.epoch - 1 > 1
    assert history.best_epoch is None


def test_a_target_in_mini_batches_is_one_of_the_whole_epoch(regressor, curve):
    trainer = Trainer(regressor(), batch_size=10, target_loss=0.1)
    history = trainer.fit(*curve, 1000)
    assert history.stopped_by == "target-loss"
    assert history[-1]["loss"] <= 0.1 < history[-2]["loss"]
    assert trainer.state.step == 4 * trainer.state.epoch


def test_tolerance_ends_a_training(xor_network, xor):
    network = xor_network()
    history = Trainer(network, optimizer="irprop-", tolerance=0.4).fit(*xor, 1000)
    assert history.stopped_by == "tolerance"
    assert abs(network.predict(xor[0]) - xor[1]).max() < 0.4
    assert 1 < len(history) < 1000


@pytest.mark.usefixtures("clock")
def test_time_ends_a_training(regressor, curve):
    """The clock is looked at once at the start and once after each epoch."""
    history = Trainer(regressor(), time_limit=5, engine="reference").fit(*curve, 1000)
    assert (history.stopped_by, history.stopped) == ("time", "the time limit of 5 s is over")
    assert len(history) == 5


def fit_with_patience(network, data, recorder, **settings):
    x, y = data
    trainer = Trainer(network, learning_rate=0.05, patience=4, callbacks=[recorder], **settings)
    return trainer.fit(x[:20], y[:20], 500, validation=(x[20:], y[20:]))


@pytest.mark.parametrize("batch_size", ["full", 8])
def test_patience_ends_a_training_and_brings_back_the_best(regressor, curve, recorder, batch_size):
    network = regressor()
    history = fit_with_patience(network, curve, recorder, batch_size=batch_size)
    losses = history.column("validation_loss")
    best = int(np.argmin(losses)) + 1
    assert (history.stopped_by, history.stopped) == ("patience", "nothing has improved for 4 epochs")
    assert history.best_epoch == best == len(history) - 4
    assert_array_equal(network.parameters, recorder.parameters[best])
    assert network.evaluate(curve[0][20:], curve[1][20:]) == min(losses)


def test_the_last_parameters_stay_if_that_is_asked_for(regressor, curve, recorder):
    network = regressor()
    history = fit_with_patience(network, curve, recorder, restore_best=False)
    assert history.stopped_by == "patience"
    assert history.best_epoch is None
    assert_array_equal(network.parameters, recorder.parameters[-1])


def test_the_best_of_a_full_batch_are_those_before_the_update(regressor, curve, recorder):
    """Without validation rows the loss of an epoch belongs to the parameters that it began with."""
    network = regressor()
    settings = {"optimizer": "gd", "learning_rate": 0.9, "batch_size": "full", "restore_best": True}
    settings["engine"] = "reference"
    history = Trainer(network, callbacks=[recorder], **settings).fit(*curve, 25)
    losses = history.column("loss")
    assert 1 < history.best_epoch == np.argmin(losses) + 1 < 25
    assert_array_equal(network.parameters, recorder.parameters[history.best_epoch - 1])
    assert network.evaluate(*curve) == min(losses)


def test_the_best_by_a_metric_are_those_after_the_update(classifier, classes, recorder):
    network = classifier()
    x, y = classes
    settings = {"monitor": "accuracy", "restore_best": True, "batch_size": "full", "learning_rate": 0.2}
    history = Trainer(network, callbacks=[recorder], **settings).fit(x, y, 25)
    assert history.best_epoch == np.argmax(history.column("accuracy")) + 1 > 1
    assert_array_equal(network.parameters, recorder.parameters[history.best_epoch])


def test_a_monitor_on_validation_rows(classifier, classes, recorder):
    network = classifier()
    trainer = Trainer(network, monitor="balanced_accuracy", learning_rate=0.1, callbacks=[recorder])
    history = trainer.fit(*classes, 20, validation=0.3)
    assert history.best_epoch == np.argmax(history.column("validation_balanced_accuracy")) + 1
    assert_array_equal(network.parameters, recorder.parameters[history.best_epoch])


def test_too_little_to_count(regressor, curve):
    history = Trainer(regressor(), patience=2, min_delta=1e6).fit(*curve, 100)
    assert (history.stopped_by, len(history), history.best_epoch) == ("patience", 3, 1)


def test_best_epoch_is_that_of_the_last_fit(regressor, curve):
    trainer = Trainer(regressor())
    assert trainer.fit(*curve, 3, validation=0.25).best_epoch is not None
    assert trainer.fit(*curve, 3).best_epoch is None
