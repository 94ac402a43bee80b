"""How every output changes with every parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.errors import OptionError

if TYPE_CHECKING:
    from unstuck.arrays import Floats, Matrix
    from unstuck.nets.network import Network


def jacobian(network: Network, x: Matrix) -> tuple[Matrix, Floats]:
    """Return the outputs, ``(batch, n_out)``, and d(output)/d(parameter), ``(batch, n_out, n_parameters)``.

    One sweep back through the network for each output; memory grows with batch x outputs x parameters.

    Args:
        network: Without random layers.
        x: Inputs that ``network.check`` has seen, shape ``(batch, n_in)``.

    Raises:
        OptionError: A layer draws random numbers, such as Dropout.
    """
    for number, layer in enumerate(network.layers, 1):
        if layer.is_random:
            raise OptionError(
                f"layer {number} ({layer.describe()}) draws random numbers, so there is no Jacobian.\n"
                "  Take the layer out, or choose an optimizer other than lm."
            )
    values = network.forward(x)
    outputs = values[-1].activation
    whole = np.empty((len(x), network.n_out, network.n_parameters), outputs.dtype)
    for output in range(network.n_out):
        grad = np.zeros_like(outputs)
        grad[:, output] = 1
        start = network.n_parameters
        for index in range(len(network.layers) - 1, -1, -1):
            layer, own = network.layers[index], values[index]
            arrays = network.layer_views(network.parameters)[index]
            delta = layer.activation.backward(own.preactivation, own.activation, grad)
            rows = layer.row_gradients(own.input, own.memory, delta, arrays)
            for name in reversed(list(layer.parameter_shapes())):
                part = rows[name].reshape(len(x), -1)
                whole[:, output, start - part.shape[1] : start] = part
                start -= part.shape[1]
            if index:
                scratch = {name: np.empty_like(array) for name, array in arrays.items()}
                grad = layer.backward(own.input, own.memory, delta, arrays, scratch)
    return outputs, whole
