"""What the tests of the pictures share."""

from types import SimpleNamespace

import numpy as np
import pytest

from unstuck.data.tasks import load
from unstuck.nets import Network, dense_layers
from unstuck.training.trainer import Trainer


@pytest.fixture
def computing():
    """Make a network that is nothing but a function of its inputs."""

    def make(function, **attributes):
        return SimpleNamespace(predict=lambda inputs: np.asarray(function(inputs)), **attributes)

    return make


@pytest.fixture(scope="session")
def solved_xor():
    """A trained network, its data, and its history."""
    data = load("xor")
    network = Network(dense_layers(2, [5], 1, activation="sigmoid", output_activation="sigmoid"))
    history = Trainer(network, optimizer="irprop-", target_loss=1e-2).fit(data.inputs, data.targets, 500)
    return SimpleNamespace(network=network, inputs=data.inputs, targets=data.targets, history=history)


@pytest.fixture
def note_of():
    """The small print below a picture."""
    return lambda display: display.figure.get_supxlabel()


@pytest.fixture
def legend_of():
    """The labels of a picture's legend, and the things they stand for."""

    def labels(display):
        if not display.figure.legends:
            return {}
        legend = display.figure.legends[0]
        return dict(zip([text.get_text() for text in legend.get_texts()], legend.legend_handles, strict=True))

    return labels
