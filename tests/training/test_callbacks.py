"""What is told how the training goes, when, and what it may ask for."""

from functools import partial

import numpy as np
import pytest

from unstuck.errors import OptionError
from unstuck.training.callbacks import Callback, FunctionCallback, as_callback
from unstuck.training.trainer import Trainer


def stop_at(epoch, _trainer, row):
    return row["epoch"] == epoch


def second_epoch(_trainer, row):
    return row["epoch"] == 2


class Stopper(Callback):
    def on_epoch(self, trainer, row):
        return row["epoch"] == 3


def fit(network, data, *callbacks, epochs=5, **settings):
    trainer = Trainer(network, callbacks=callbacks, **settings)
    return trainer, trainer.fit(*data, epochs)


def test_the_order_of_calls(regressor, curve, recorder):
    trainer, _ = fit(regressor(), curve, recorder, epochs=2)
    trainer.fit(*curve, 1)
    assert recorder.calls == ["start", 1, 2, "end", "start", 3, "end"]


def test_callbacks_are_called_in_their_order(regressor, curve):
    calls = []
    fit(regressor(), curve, lambda *_: calls.append("first"), lambda *_: calls.append("second"), epochs=2)
    assert calls == ["first", "second"] * 2


def test_a_callback_sees_trainer_and_row(regressor, curve):
    seen = []
    trainer, history = fit(regressor(), curve, lambda trainer, row: seen.append((trainer, row)), epochs=3)
    assert [caller for caller, _ in seen] == [trainer] * 3
    assert [row for _, row in seen] == history


def test_a_callback_finds_the_row_in_the_history(regressor, curve):
    lengths = []
    fit(regressor(), curve, lambda trainer, _: lengths.append(len(trainer.history)), epochs=3)
    assert lengths == [1, 2, 3]


def test_a_callback_may_add_to_the_row(regressor, curve):
    _, history = fit(regressor(), curve, lambda _, row: row.update(own=1.0), epochs=2)
    assert history.column("own") == [1.0, 1.0]


def test_what_a_plain_callback_does_is_nothing(regressor, curve):
    plain, watched = regressor(), regressor()
    fit(plain, curve)
    fit(watched, curve, Callback())
    np.testing.assert_array_equal(plain.parameters, watched.parameters)


@pytest.mark.parametrize(
    ("callback", "epochs", "name"),
    [
        (Stopper(), 3, "Stopper"),
        (second_epoch, 2, "second_epoch"),
        (lambda *_: True, 1, "<lambda>"),
        (partial(stop_at, 4), 4, "partial"),
    ],
)
def test_true_stops_the_training(regressor, curve, recorder, callback, epochs, name):
    """The others hear of the epoch all the same."""
    trainer, history = fit(regressor(), curve, callback, recorder)
    assert trainer.state.epoch == len(history) == epochs
    assert history.stopped_by == "callback"
    assert history.stopped == f"{name} asked for it"
    assert recorder.calls[-2:] == [epochs, "end"]


def test_the_first_reason_counts(regressor, curve):
    _, history = fit(regressor(), curve, second_epoch, Stopper(), target_loss=1e9)
    assert (history.stopped_by, len(history)) == ("target-loss", 1)
    _, history = fit(regressor(), curve, lambda *_: True, second_epoch)
    assert history.stopped == "<lambda> asked for it"


def test_on_end_finds_the_parameters_to_be_kept_and_the_reason(regressor, curve):
    class Last(Callback):
        def on_end(self, trainer):
            self.seen = trainer.network.parameters.copy(), trainer.history.stopped_by, len(trainer.history)

    last, network = Last(), regressor()
    fit(network, curve, last, restore_best=True, history_every=4)
    np.testing.assert_array_equal(last.seen[0], network.parameters)
    assert last.seen[1:] == ("epochs", 2)


def test_as_callback():
    callback = Stopper()
    assert as_callback(callback) is callback
    assert isinstance(as_callback(second_epoch), FunctionCallback)


@pytest.mark.parametrize("given", [Stopper, "progress", None])
def test_what_is_no_callback(error_of, regressor, given):
    message = f"a callback must be a us.Callback object or a function f(trainer, row). Got {given!r} instead."
    assert error_of(OptionError, as_callback, given) == message
    assert error_of(OptionError, Trainer, regressor(), callbacks=[given]) == message
