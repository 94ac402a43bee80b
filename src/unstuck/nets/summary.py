"""A network as a table: every shape and count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unstuck.nets.losses import LOSSES

if TYPE_CHECKING:
    from unstuck.nets.network import Network


class Table(str):
    """Text that a prompt or a notebook shows as it is, without quotes and escapes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def summarise(network: Network) -> Table:
    """Return a table with a row for each layer: number, what it is, shapes of its output and parameters, how many there are.

    >>> from unstuck.nets import Dense, Network
    >>> print(Network([Dense(2, 5, "sigmoid"), Dense(5, 1, "sigmoid")]).summary())
    layer  what                  output      parameters                   count
        1  Dense 2 -> 5 sigmoid  (batch, 5)  weights (2, 5)  biases (5,)     15
        2  Dense 5 -> 1 sigmoid  (batch, 1)  weights (5, 1)  biases (1,)      6
    input (batch, 2)   loss bce   21 parameters   float64   168 bytes
    """
    rows = [("layer", "what", "output", "parameters", "count")]
    width = network.n_in
    for number, layer in enumerate(network.layers, 1):
        shapes = layer.parameter_shapes()
        _, gives = layer.sizes()
        width = width if gives is None else gives
        arrays = "  ".join(f"{name} {shape}" for name, shape in shapes.items()) or "-"
        count = sum(
            array.size for name, array in network.named_parameters().items() if name.startswith(f"layer{number}.")
        )
        rows.append((str(number), layer.describe(), f"(batch, {width})", arrays, f"{count:,}"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        f"{row[0]:>{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]:<{widths[2]}}  {row[3]:<{widths[3]}}  {row[4]:>{widths[4]}}"
        for row in rows
    ]
    lines.append(
        f"input (batch, {network.n_in})   loss {LOSSES.describe(network.loss)}   {network.n_parameters:,} parameters   "
        f"{network.dtype}   {network.parameters.nbytes:,} bytes"
    )
    return Table("\n".join(lines))
