"""What happened, epoch by epoch."""

import math

import pytest

from unstuck.training.history import History
from unstuck.training.trainer import Trainer


def test_columns_and_names():
    history = History()
    history += [{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25, "accuracy": 1.0}, {"epoch": 3, "extra": 7.0}]
    assert history.names() == ["loss", "accuracy", "extra"]
    assert history.column("epoch") == [1, 2, 3]
    assert history.column("loss")[:2] == [0.5, 0.25]
    assert [math.isnan(value) for value in history.column("accuracy")] == [True, False, True]


def test_before_the_training():
    history = History()
    assert (history, history.stopped, history.stopped_by, history.seconds, history.best_epoch) == (
        [],
        "not started",
        "",
        0.0,
        None,
    )
    assert history.names() == []


@pytest.mark.parametrize("settings", [{}, {"batch_size": "full"}, {"optimizer": "lm"}])
@pytest.mark.parametrize(
    ("every", "epochs", "expected"), [(1, 3, [1, 2, 3]), (3, 8, [3, 6, 8]), (5, 5, [5]), (9, 4, [4])]
)
def test_every_so_many_epochs_and_the_last(regressor, curve, settings, every, epochs, expected):
    history = Trainer(regressor(), history_every=every, **settings).fit(*curve, epochs)
    assert history.column("epoch") == expected


def test_the_last_epoch_is_recorded_whatever_stopped_it(regressor, curve):
    history = Trainer(regressor(), history_every=10, callbacks=[lambda _, row: row["epoch"] == 13]).fit(*curve, 20)
    assert history.column("epoch") == [10, 13]


def test_the_last_epoch_is_recorded_where_the_optimizer_converged(regressor, curve):
    history = Trainer(regressor(l2=0.1), optimizer="lm", history_every=1000).fit(*curve, 1000)
    assert history.stopped_by == "converged"
    assert len(history) == 1


def test_full_batch_losses_are_those_before_the_update(regressor, curve, recorder):
    network = regressor(l2=0.1)
    history = Trainer(network, batch_size="full", callbacks=[recorder]).fit(*curve, 4)
    expected = [network.at(parameters).evaluate(*curve) for parameters in recorder.parameters[:-1]]
    assert history.column("loss") == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("optimizer", ["lm", "lbfgs"])
def test_losses_of_a_minimizer_are_those_after_its_step(regressor, curve, recorder, optimizer):
    network = regressor(l2=0.1)
    history = Trainer(network, optimizer=optimizer, callbacks=[recorder]).fit(*curve, 4)
    expected = [network.at(parameters).evaluate(*curve) for parameters in recorder.parameters[1:]]
    assert history.column("loss") == pytest.approx(expected, rel=1e-14)


def test_validation_and_metrics_are_measured_after_the_last_update(regressor, curve, recorder):
    network = regressor(l2=0.1)
    x, y = curve
    history = Trainer(network, metrics=["mae"], restore_best=False, callbacks=[recorder]).fit(
        x[10:], y[10:], 3, validation=(x[:10], y[:10])
    )
    assert history.names() == ["loss", "validation_loss", "validation_mae", "mae"]
    for parameters, row in zip(recorder.parameters[1:], history, strict=True):
        there = network.at(parameters)
        assert row["validation_loss"] == pytest.approx(there.evaluate(x[:10], y[:10]), rel=1e-14)
        assert row["validation_mae"] == pytest.approx(abs(there.predict(x[:10]) - y[:10]).mean(), rel=1e-14)
        assert row["mae"] == pytest.approx(abs(there.predict(x[10:]) - y[10:]).mean(), rel=1e-14)


def test_seconds_add_up(regressor, curve, monkeypatch):
    clock = iter(range(0, 1000, 3))
    monkeypatch.setattr("unstuck.training.trainer.perf_counter", lambda: next(clock))
    trainer = Trainer(regressor())
    assert trainer.fit(*curve, 2).seconds == 3
    assert trainer.fit(*curve, 2).seconds == 6
