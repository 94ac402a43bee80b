"""What is looked at besides the loss, and at which epochs."""

import numpy as np
import pytest

from unstuck.errors import OptionError
from unstuck.nets import Dense, Network
from unstuck.training.trainer import Trainer

ENGINES = ["auto", "reference"]


def data(rows=40):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 3))
    return x, (x[:, :1] * x[:, 1:2] > 0) * 1.0


def trained(epochs=25, *, engine="auto", validation=None, **settings):
    net = Network([Dense(3, 6, "tanh"), Dense(6, 1, "sigmoid")], loss="bce", seed=2)
    trainer = Trainer(net, seed=3, engine=engine, **{"optimizer": "adam", "batch_size": 8, **settings})
    trainer.fit(*data(), epochs, validation=validation)
    return trainer


@pytest.mark.parametrize("engine", ENGINES)
def test_callbacks_are_called_at_the_epochs_asked_for_and_at_the_last(engine):
    seen = []
    trained(25, engine=engine, watch_every=10, callbacks=[lambda _, row: seen.append(row["epoch"])])
    assert seen == [10, 20, 25]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_second_fit_keeps_to_the_same_epochs(engine):
    seen = []
    trainer = trained(13, engine=engine, watch_every=10, callbacks=[lambda _, row: seen.append(row["epoch"])])
    trainer.fit(*data(), 12)
    assert seen == [10, 13, 20, 25]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("batch", [8, "full"])
def test_what_is_watched_does_not_change_what_is_learned(engine, batch):
    often, seldom, never = (
        trained(30, engine=engine, batch_size=batch, restore_best=True, **settings)
        for settings in (
            {"callbacks": [lambda *_: None]},
            {"callbacks": [lambda *_: None], "watch_every": 7},
            {"metrics": ["accuracy"], "watch_every": None},
        )
    )
    np.testing.assert_array_equal(seldom.network.parameters, often.network.parameters)
    np.testing.assert_array_equal(never.network.parameters, often.network.parameters)
    assert seldom.history.column("loss") == often.history.column("loss") == never.history.column("loss")
    assert seldom.history.best_epoch == often.history.best_epoch == never.history.best_epoch


@pytest.mark.parametrize("engine", ENGINES)
def test_metrics_stand_where_they_were_measured(engine):
    trainer = trained(25, engine=engine, watch_every=10, metrics=["accuracy"], validation=0.25)
    for name in ("accuracy", "validation_accuracy", "validation_loss"):
        measured = [int(row["epoch"]) for row in trainer.history if name in row]
        assert measured == [10, 20, 25]
    assert len(trainer.history) == 25


@pytest.mark.parametrize("engine", ENGINES)
def test_the_best_by_validation_is_the_best_of_what_was_looked_at(engine):
    trainer = trained(40, engine=engine, watch_every=4, validation=0.25)
    scores = {int(row["epoch"]): row["validation_loss"] for row in trainer.history if "validation_loss" in row}
    assert trainer.history.best_epoch == min(scores, key=scores.get)
    x, y = trainer._validation
    assert trainer.network.evaluate(x, y) == pytest.approx(min(scores.values()), rel=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
def test_patience_counts_epochs_not_looks(engine):
    trainer = trained(
        400, engine=engine, watch_every=5, validation=0.5, patience=20, learning_rate=0.3, optimizer="adam"
    )
    assert trainer.history.stopped_by == "patience"
    assert 20 <= trainer.state.epoch - trainer.history.best_epoch < 25


@pytest.mark.parametrize("engine", ENGINES)
def test_the_last_epoch_is_looked_at_however_it_ends(engine):
    seen = []
    trainer = trained(
        5000, engine=engine, watch_every=1000, target_loss=0.3, learning_rate=0.05,
        callbacks=[lambda _, row: seen.append(row["epoch"])], metrics=["accuracy"],
    )  # fmt: skip
    assert trainer.history.stopped_by == "target-loss"
    assert seen[-1] == trainer.state.epoch < 5000
    assert "accuracy" in trainer.history[-1]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_tolerance_is_looked_at_when_all_else_is(engine):
    every, seldom = (
        trained(3000, engine=engine, tolerance=0.45, learning_rate=0.05, watch_every=each) for each in (1, 50)
    )
    assert every.history.stopped_by == seldom.history.stopped_by == "tolerance"
    assert seldom.state.epoch % 50 == 0
    assert 0 <= seldom.state.epoch - every.state.epoch < 500


def test_a_schedule_is_heeded_at_every_epoch():
    one, other = (trained(20, schedule="cosine", watch_every=each) for each in (1, 10))
    np.testing.assert_array_equal(other.network.parameters, one.network.parameters)


def test_no_such_number(error_of):
    net = Network([Dense(3, 1)])
    assert "watch_every" in error_of(OptionError, Trainer, net, watch_every=0)
