"""What the tests of training share: small data, small networks, the text of an error, and a key that is pressed on time."""

import _thread
import signal
import threading
from contextlib import contextmanager

import numpy as np
import pytest

from unstuck.nets import Dense, Network
from unstuck.training.callbacks import Callback


@pytest.fixture
def xor():
    return np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float), np.array([[0], [1], [1], [0]], float)


@pytest.fixture
def curve():
    """Forty rows of a smooth function of two inputs, with a little noise."""
    rng = np.random.default_rng(3)
    x = rng.uniform(-1, 1, (40, 2))
    return x, np.sin(2 * x[:, :1]) * x[:, 1:] + 0.1 * rng.normal(size=(40, 1))


@pytest.fixture
def classes():
    """Sixty rows of three overlapping classes: 36, 18 and 6 of them."""
    rng = np.random.default_rng(4)
    y = np.repeat([0, 1, 2], [36, 18, 6])
    return rng.normal(size=(60, 2)) + np.array([[0, 0], [2, 0], [0, 2]])[y], y


@pytest.fixture
def regressor():
    """Make a network from two inputs to one number."""

    def make(**settings):
        return Network([Dense(2, 5, "tanh"), Dense(5, 1)], **settings)

    return make


@pytest.fixture
def xor_network():
    def make(**settings):
        return Network([Dense(2, 5, "sigmoid"), Dense(5, 1, "sigmoid")], **settings)

    return make


@pytest.fixture
def classifier():
    """Make a network from two inputs to three classes."""

    def make(**settings):
        return Network([Dense(2, 6, "tanh"), Dense(6, 3, "softmax")], **settings)

    return make


class Recorder(Callback):
    """Keeps a copy of the parameters after each epoch, and what it was told in which order."""

    def __init__(self):
        self.parameters, self.rows, self.calls = [], [], []

    def on_start(self, trainer):
        self.calls.append("start")
        if not self.parameters:
            self.parameters.append(trainer.network.parameters.copy())

    def on_epoch(self, trainer, row):
        self.calls.append(row["epoch"])
        self.rows.append(dict(row))
        self.parameters.append(trainer.network.parameters.copy())

    def on_end(self, trainer):
        self.calls.append("end")


@pytest.fixture
def recorder():
    """Keeps ``parameters`` at the start and after each epoch, the ``rows``, and the ``calls``."""
    return Recorder()


@pytest.fixture
def press_ctrl_c():
    """Make a network raise KeyboardInterrupt when it is asked for its gradient for the given time."""

    def press(network, at):
        ask, asked = network.loss_and_gradient, []

        def interrupted(*arguments, **settings):
            asked.append(1)
            if len(asked) == at:
                raise KeyboardInterrupt
            return ask(*arguments, **settings)

        network.loss_and_gradient = interrupted

    return press


def _interrupt(number, frame):
    """Raise KeyboardInterrupt, but a moment later where the measurement of coverage holds a lock that it would never give back."""
    if "coverage" in frame.f_code.co_filename:
        threading.Timer(0.01, _thread.interrupt_main).start()
    else:
        signal.default_int_handler(number, frame)


@pytest.fixture
def interrupted():
    """``with interrupted(seconds):`` presses Ctrl-C after so many seconds, also where the shell has told its children to ignore it."""

    @contextmanager
    def press(seconds):
        timer = threading.Timer(seconds, _thread.interrupt_main)
        before = signal.signal(signal.SIGINT, _interrupt)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            signal.signal(signal.SIGINT, before)

    return press
