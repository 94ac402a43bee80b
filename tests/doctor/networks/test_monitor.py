"""The monitor: silent on what learns, one sentence on what does not, no cost where it is not wanted."""

import logging

import numpy as np
import pytest

import unstuck as us
from unstuck.kernels import kernels

MOONS = us.load_data("moons")
BITS = ([[0.0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])


def trained(monitor, data=(MOONS.inputs, MOONS.targets), activation="tanh", **settings):
    network = us.Network(us.dense_layers(2, (16,), 1, activation=activation, output_activation="sigmoid"))
    return us.train(network, *data, callbacks=[monitor], **settings)


@pytest.mark.parametrize("optimizer", ["irprop-", "rmsprop", "adam"])
@pytest.mark.parametrize("engine", ["reference", "auto"])
def test_silence_where_it_learns(optimizer, engine):
    monitor = us.Monitor()
    trained(monitor, optimizer=optimizer, epochs=100, engine=engine)
    assert (monitor.said, monitor.fault) == ("", "")


@pytest.mark.parametrize(
    ("fault", "scale", "settings"),
    [
        ("step-too-small", 1.0, {"optimizer": "gd", "learning_rate": 1e-6}),
        ("step-too-large", 1.0, {"optimizer": "gd", "learning_rate": 1e4}),
        ("input-scale", 1e-4, {"optimizer": "adam"}),
    ],
)
def test_one_sentence_where_it_does_not(fault, scale, settings):
    said = []
    monitor = us.Monitor(say=said.append)
    trained(monitor, (MOONS.inputs * scale, MOONS.targets), epochs=60, engine="reference", **settings)
    assert (monitor.fault, said) == (fault, [monitor.said])
    assert "% of the error is left. " in monitor.said
    assert "This may help: " in monitor.said


def test_numbers_that_are_not_finite(caplog):
    monitor = us.Monitor()
    network = us.Network([us.Dense(2, 4, "relu"), us.Dense(4, 1)])
    with caplog.at_level(logging.WARNING, "unstuck"):
        us.train(network, *BITS, optimizer="gd", learning_rate=1e9, epochs=50, callbacks=[monitor])
    assert monitor.said in caplog.text
    assert "its numbers are no longer finite. " in monitor.said


def test_it_stops_only_when_asked_to():
    settings = {"optimizer": "gd", "learning_rate": 1e-6, "epochs": 100, "engine": "reference"}
    assert len(trained(us.Monitor(), **settings)) == 100
    history = trained(us.Monitor(stops=True), **settings)
    assert (len(history), history.stopped_by) == (50, "callback")
    assert history.stopped == "the monitor asked for it"


@pytest.mark.skipif(kernels() is None, reason="the kernels are not part of this installation")
def test_it_does_not_call_the_kernels_back_after_every_epoch():
    """A patient callback hears about some epochs; the history holds all of them."""
    heard = []

    class Listening(us.Monitor):
        def on_epoch(self, trainer, row):
            heard.append(row["epoch"])
            return super().on_epoch(trainer, row)

    history = trained(Listening(), BITS, optimizer="irprop-", epochs=500)
    assert len(heard) < 20
    assert heard[-1] == len(history) == 500


def test_the_same_parameters_with_and_without():
    runs = [us.Network([us.Dense(2, 5, "sigmoid"), us.Dense(5, 1, "sigmoid")]) for _ in range(2)]
    for network, callbacks in zip(runs, ([], [us.Monitor()]), strict=True):
        us.train(network, *BITS, optimizer="gd", learning_rate=1e-6, epochs=40, callbacks=callbacks)
    np.testing.assert_array_equal(runs[0].parameters, runs[1].parameters)
