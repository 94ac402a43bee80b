"""Do the layers fit each other, and what does the whole take and give?"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from unstuck.errors import OptionError, ShapeError
from unstuck.nets.layers import Dense, Dropout, Layer, LayerNorm

if TYPE_CHECKING:
    from collections.abc import Sequence


def stack_sizes(layers: Sequence[Layer]) -> tuple[int, int]:
    """Return how many inputs a stack of layers takes and how many outputs it has.

    Raises:
        OptionError: No layers, something that is no layer, or no layer that says its size.
        ShapeError: A layer takes another number of inputs than the one before it gives.
    """
    if not layers:
        raise OptionError("a network needs at least one layer, such as us.Dense(2, 1, 'sigmoid').")
    n_in: int | None = None
    width: int | None = None
    last_sized = 0
    for number, layer in enumerate(layers, 1):
        if not isinstance(layer, Layer):
            raise OptionError(f"layer {number} is {layer!r}, expected a layer such as us.Dense(2, 1, 'sigmoid').")
        takes, gives = layer.sizes()
        if takes is not None and width is not None and takes != width:
            raise ShapeError(_misfit(number, layer, takes, width, last_sized, layers[last_sized - 1]))
        n_in = takes if n_in is None else n_in
        if gives is not None:
            width, last_sized = gives, number
    if n_in is None or width is None:
        raise OptionError("no layer says how many inputs it takes. Add a us.Dense(n_in, n_out).")
    return n_in, width


def _misfit(number: int, layer: Layer, takes: int, width: int, before: int, layer_before: Layer) -> str:
    mends = []
    if isinstance(layer, Dense):
        mends.append(f"layer {number} Dense({width}, {layer.n_out})")
    elif isinstance(layer, LayerNorm):
        mends.append(f"layer {number} LayerNorm({width})")
    if isinstance(layer_before, Dense):
        mends.append(f"layer {before} Dense(…, {takes})")
    remedy = f" Make {', or '.join(mends)}." if mends else ""
    return (
        f"layer {number} ({layer.describe()}) gets an input of shape (batch, {width}), expected (batch, {takes}).\n"
        f"  Layer {before} has {width} units.{remedy}"
    )


def dense_layers(
    n_in: int,
    hidden: Sequence[int],
    n_out: int,
    *,
    activation: str = "relu",
    output_activation: str = "identity",
    initializer: str | None = None,
    dropout: float = 0.0,
) -> list[Layer]:
    """Return the layers of a plain dense network.

    Args:
        n_in: Number of inputs.
        hidden: Units of each hidden layer, such as ``(16, 16)``; empty for none.
        n_out: Number of outputs.
        activation: Of every hidden layer (default ``"relu"``).
        output_activation: Of the last layer (default ``"identity"``).
        initializer: Of every layer; the default fits its activation.
        dropout: Rate after every hidden layer (default none).

    >>> [layer.describe() for layer in dense_layers(2, [5], 1, activation="tanh", output_activation="sigmoid")]
    ['Dense 2 -> 5 tanh', 'Dense 5 -> 1 sigmoid']
    """
    widths = [n_in, *hidden]
    layers: list[Layer] = []
    for below, above in pairwise(widths):
        layers.append(Dense(below, above, activation, initializer=initializer))
        if dropout:
            layers.append(Dropout(dropout))
    layers.append(Dense(widths[-1], n_out, output_activation, initializer=initializer))
    return layers
