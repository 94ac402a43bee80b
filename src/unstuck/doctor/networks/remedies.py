"""What can be changed about a training, each as a new setup."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from unstuck.nets import ACTIVATIONS, Dense, dense_layers
from unstuck.training.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from unstuck.arrays import Matrix
    from unstuck.doctor.networks.setup import Setup
    from unstuck.nets import Layer

_WIDEST = 64


def redrawn(setup: Setup) -> Setup:
    """Draw the first weights as fits the activation: He for rectifiers, else Glorot."""
    return setup.with_layers([_like(layer, initializer=None) for layer in setup.network.layers])


def with_hidden_activation(setup: Setup, name: str) -> Setup:
    """Give the hidden layers another activation, and the first weights that fit it."""
    layers = setup.network.layers
    changed = [_like(layer, activation=name, initializer=None) for layer in layers[:-1]]
    return setup.with_layers([*changed, _like(layers[-1], initializer=None)])


def with_output(setup: Setup, activation: str, loss: str) -> Setup:
    """Give the last layer another activation, and the network another loss."""
    layers = setup.network.layers
    return setup.with_layers([*layers[:-1], _like(layers[-1], activation=activation, initializer=None)], loss)


def widened(setup: Setup, factor: int) -> Setup:
    """Give every hidden layer more units; a network without any gets one layer of 16."""
    network = setup.network
    dense = [layer for layer in network.layers if isinstance(layer, Dense)]
    widths = [layer.n_out * factor for layer in dense[:-1]] or [16]
    hidden = ACTIVATIONS.describe(dense[0].activation) if len(dense) > 1 else "tanh"
    return setup.with_layers(_layers(setup, widths, hidden))


def shallow(setup: Setup) -> Setup:
    """Take one hidden layer of at least 16 units in the place of many."""
    dense = [layer for layer in setup.network.layers if isinstance(layer, Dense)]
    width = min(_WIDEST, max(16, *(layer.n_out for layer in dense[:-1])))
    return setup.with_layers(_layers(setup, [width], ACTIVATIONS.describe(dense[0].activation)))


def with_optimizer(setup: Setup, name: str) -> Setup:
    """Take another rule of learning, at its default rate."""
    rule = OPTIMIZERS.create(name)
    schedule = setup.schedule if hasattr(rule, "learning_rate") else "constant"
    batch_size = "full" if rule.full_batch_only else setup.batch_size
    return replace(setup, optimizer=rule, batch_size=batch_size, schedule=schedule)


def with_epochs(setup: Setup, factor: int) -> Setup:
    """Train longer."""
    return replace(setup, epochs=setup.epochs * factor)


def standard_inputs(setup: Setup) -> Setup:
    """Shift and scale every column of the inputs to mean 0 and standard deviation 1."""
    return replace(setup, inputs=_standard(setup.inputs))


def standard_targets(setup: Setup) -> Setup:
    """Shift and scale every column of the targets to mean 0 and standard deviation 1."""
    return replace(setup, targets=_standard(setup.targets))


def targets_within(setup: Setup, low: float, high: float) -> Setup:
    """Shift and scale every column of the targets into a range."""
    y = setup.targets.astype(np.float64)
    least, most = y.min(axis=0), y.max(axis=0)
    scaled = low + (high - low) * (y - least) / np.maximum(most - least, 1e-300)
    return replace(setup, targets=scaled.astype(setup.targets.dtype))


def _standard(columns: Matrix) -> Matrix:
    values = columns.astype(np.float64)
    deviation = values.std(axis=0)
    scaled = (values - values.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    return scaled.astype(columns.dtype)


def _layers(setup: Setup, widths: list[int], hidden: str) -> list[Layer]:
    network = setup.network
    output = ACTIVATIONS.describe(network.output_activation)
    return dense_layers(network.n_in, widths, network.n_out, activation=hidden, output_activation=output)


def _like(layer: Layer, **changes: object) -> Layer:
    """Return a dense layer with something changed; another layer as it is."""
    if not isinstance(layer, Dense):
        return layer
    given: dict[str, object] = {"activation": layer.activation, "initializer": layer.initializer, **changes}
    return Dense(layer.n_in, layer.n_out, given["activation"], bias=layer.bias, initializer=given["initializer"])  # type: ignore[arg-type]
