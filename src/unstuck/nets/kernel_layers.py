"""Layers in the terms of the compiled kernels; the numbers are those of ``kernels/specification.hpp``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from unstuck.nets import activations
from unstuck.nets.layers import Dense

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.nets.layers import Layer

_ACTIVATIONS: tuple[type, ...] = (
    activations.Identity, activations.Sigmoid, activations.Tanh, activations.Softsign, activations.HardSigmoid, activations.Softmax,
    activations.Relu, activations.LeakyRelu, activations.Elu, activations.Selu, activations.Gelu, activations.Silu, activations.Softplus,
)  # fmt: skip


class LayerTerms(NamedTuple):
    """Sizes, places in the flat vector (biases -1 for none), and the activation with its setting."""

    n_in: int
    n_out: int
    weights: int
    biases: int
    activation: int
    setting: float


def what_layers_lack(layers: Sequence[Layer]) -> str | None:
    """Return what the kernels do not know of some layers, in words, or None."""
    for layer in layers:
        if type(layer) is not Dense:
            return f"the kernels know no {type(layer).__name__} layers"
        if type(layer.activation) not in _ACTIVATIONS:
            return f"the kernels know no activation {type(layer.activation).__name__}"
    return None


def kernel_layers(layers: Sequence[Layer]) -> list[LayerTerms]:
    """Translate layers that the kernels know."""
    terms, start = [], 0
    for layer in layers:
        n_in, n_out = layer.sizes()
        if not isinstance(layer, Dense) or n_in is None or n_out is None:
            raise TypeError(f"{type(layer).__name__} needs another engine")
        activation: Any = layer.activation
        setting = float(getattr(activation, "slope", getattr(activation, "alpha", 0.0)))
        biases = start + n_in * n_out
        number = _ACTIVATIONS.index(type(activation))
        terms.append(LayerTerms(n_in, n_out, start, biases if layer.bias else -1, number, setting))
        start = biases + n_out * layer.bias
    return terms
