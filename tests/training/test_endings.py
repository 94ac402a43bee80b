"""Trainings that end badly: by Ctrl-C, by numbers that are not finite, by an error."""

import logging

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from unstuck.nets import Dense, Network
from unstuck.training.callbacks import Callback
from unstuck.training.optimizers import GradientDescent
from unstuck.training.trainer import Trainer


class CtrlC(Callback):
    def __init__(self, epoch):
        self.epoch = epoch

    def on_epoch(self, trainer, row):
        if row["epoch"] == self.epoch:
            raise KeyboardInterrupt


def test_ctrl_c_in_a_callback_keeps_the_best(regressor, curve, recorder):
    x, y = curve
    network = regressor()
    trainer = Trainer(network, learning_rate=0.3, callbacks=[recorder, CtrlC(6)])
    history = trainer.fit(x[:30], y[:30], 100, validation=(x[30:], y[30:]))
    assert (history.stopped_by, history.stopped) == ("interrupted", "interrupted")
    assert history.best_epoch == np.argmin(history.column("validation_loss")) + 1
    assert_array_equal(network.parameters, recorder.parameters[history.best_epoch])
    assert recorder.calls[-1] == "end"
    assert len(history) == 6


@pytest.mark.parametrize("restore_best", [None, False, True])
def test_ctrl_c_in_the_middle_of_an_epoch_keeps_the_best(regressor, curve, recorder, press_ctrl_c, restore_best):
    """Batch 2 of 4 in the fourth epoch."""
    network = regressor()
    press_ctrl_c(network, at=14)
    trainer = Trainer(network, engine="reference", batch_size=10, callbacks=[recorder], restore_best=restore_best)
    history = trainer.fit(*curve, 100)
    assert history.stopped_by == "interrupted"
    assert (trainer.state.epoch, trainer.state.batch) == (3, 1)
    assert history.best_epoch == np.argmin(history.column("loss")) + 1
    assert_array_equal(network.parameters, recorder.parameters[history.best_epoch])


def test_ctrl_c_in_the_first_epoch_keeps_what_there_is(regressor, curve, press_ctrl_c):
    network = regressor()
    start = network.parameters.copy()
    press_ctrl_c(network, at=3)
    history = Trainer(network, engine="reference", batch_size=10).fit(*curve, 100)
    assert (history.stopped_by, history.best_epoch, len(history)) == ("interrupted", None, 0)
    assert (network.parameters != start).any()
    assert np.isfinite(network.parameters).all()


def test_an_interrupted_epoch_is_finished_by_the_next_fit(regressor, curve, press_ctrl_c):
    """With nothing to go back to, the run is the one that was not interrupted."""
    network, expected = regressor(), regressor()
    press_ctrl_c(network, at=3)
    trainer = Trainer(network, engine="reference", batch_size=10)
    trainer.fit(*curve, 5)
    history = trainer.fit(*curve, 5)
    other = Trainer(expected, engine="reference", batch_size=10).fit(*curve, 5)
    assert_array_equal(network.parameters, expected.parameters)
    assert history == other


def test_an_interrupted_full_batch_does_no_harm(regressor, curve, monkeypatch):
    """The key is pressed after the gradient and before the update; the next fit begins as if nothing had been."""
    network = regressor()
    trainer = Trainer(network, engine="reference", batch_size="full")

    def interrupted(*_):
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr("unstuck.training.engines.StepSettings.clip", interrupted)
    assert trainer.fit(*curve, 3).stopped_by == "interrupted"
    history = trainer.fit(*curve, 3)
    assert history.stopped_by == "epochs"
    assert np.isfinite(history.column("loss")).all()
    assert history.column("loss") == sorted(history.column("loss"), reverse=True)


@pytest.mark.parametrize("optimizer", ["lm", "lbfgs"])
def test_ctrl_c_while_a_minimizer_works(regressor, curve, optimizer):
    network = regressor()
    history = Trainer(network, optimizer=optimizer, callbacks=[CtrlC(4)]).fit(*curve, 50)
    assert (history.stopped_by, history.best_epoch) == ("interrupted", 4)
    assert network.evaluate(*curve) == pytest.approx(history[-1]["loss"], rel=1e-14)


def test_the_last_epoch_is_recorded(regressor, curve, press_ctrl_c):
    network = regressor()
    press_ctrl_c(network, at=14)
    history = Trainer(network, engine="reference", batch_size=10, history_every=100).fit(*curve, 100)
    assert history.column("epoch") == [3]


@pytest.mark.parametrize("batch_size", ["full", 10, 1])
@pytest.mark.parametrize("settings", [{}, {"validation": 0.25}], ids=["no validation", "validation"])
@pytest.mark.parametrize("rate", [1e3, 1e60, 1e200])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_huge_rate_leaves_finite_parameters(curve, caplog, batch_size, settings, rate, dtype):
    """And no NumPy warning, which pytest would make an error."""
    network = Network([Dense(2, 5, "relu"), Dense(5, 1)], dtype=dtype)
    trainer = Trainer(network, optimizer=GradientDescent(rate), batch_size=batch_size, metrics=["r2"])
    with caplog.at_level(logging.WARNING, logger="unstuck"):
        history = trainer.fit(*curve, 300, **settings)
    assert (history.stopped_by, history.stopped) == ("non-finite", "the loss is no longer a finite number")
    assert np.isfinite(network.parameters).all()
    assert caplog.messages == [
        f"epoch {len(history)}: the loss is no longer a finite number; the best parameters so far are kept"
    ]


def test_a_first_epoch_without_a_finite_loss_goes_back_to_the_start(curve):
    network = Network([Dense(2, 5, "relu"), Dense(5, 1)])
    start = network.parameters.copy()
    history = Trainer(network, optimizer=GradientDescent(1e200), batch_size=4).fit(*curve, 3)
    assert (history.stopped_by, history.best_epoch, len(history)) == ("non-finite", 0, 1)
    assert_array_equal(network.parameters, start)


def test_the_start_is_where_the_fit_began_not_where_the_trainer_was_made(curve):
    network = Network([Dense(2, 5, "relu"), Dense(5, 1)])
    trainer = Trainer(network, optimizer=GradientDescent(1e200), batch_size=4)
    expected = network.reset(seed=9).parameters.copy()
    trainer.fit(*curve, 3)
    assert_array_equal(network.parameters, expected)


def test_the_last_update_counts_too(regressor, curve, caplog):
    """A full batch knows the loss before the update only, and there is no next epoch that would tell."""
    network = regressor()
    start = network.parameters.copy()
    x, y = curve
    history = Trainer(network, optimizer=GradientDescent(1e308), batch_size="full").fit(x, 100 * y, 1)
    assert np.isfinite(history[0]["loss"])
    assert (history.stopped_by, history.stopped) == ("non-finite", "the parameters are no longer finite numbers")
    assert_array_equal(network.parameters, start)
    assert caplog.messages == [
        "epoch 1: the parameters are no longer finite numbers; the best parameters so far are kept"
    ]


def test_outputs_that_are_no_numbers_do_not_end_it_as_within_tolerance(regressor, curve):
    network = regressor()
    settings = {"optimizer": GradientDescent(1e308), "batch_size": "full", "tolerance": 0.1}
    assert Trainer(network, **settings).fit(*curve, 5).stopped_by == "non-finite"
    assert np.isfinite(network.parameters).all()


def fails(_trainer, row):
    if row["epoch"] == 2:
        raise ZeroDivisionError("a slip")


def test_an_error_is_passed_on_and_recorded(regressor, curve, recorder):
    trainer = Trainer(regressor(), callbacks=[recorder, fails])
    with pytest.raises(ZeroDivisionError, match="a slip"):
        trainer.fit(*curve, 5)
    assert (trainer.history.stopped_by, trainer.history.stopped) == ("error", "ZeroDivisionError: a slip")
    assert recorder.calls == ["start", 1, 2, "end"]
    assert len(trainer.history) == 2
