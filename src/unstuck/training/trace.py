"""Every named value of a training step, and each weight before and after its update."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.errors import OptionError
from unstuck.limits import check_count
from unstuck.training.optimizers import OPTIMIZERS, Optimizer
from unstuck.training.settings import make_optimizer

if TYPE_CHECKING:
    from unstuck.arrays import Floats, Matrix
    from unstuck.nets import LayerValues, Network
    from unstuck.training.optimizers import Rule, Slots

_ENTRIES_SHOWN = 40


@dataclass(frozen=True)
class TraceStep:
    """One step: its loss at the start, and every value by name in the order of computation.

    ``layer1.input``, ``.preactivation``, ``.activation``; then, last layer first, ``.delta`` (dJ/dz) and for each parameter
    ``.weights`` (before the step), ``.weights.gradient``, ``.weights.update`` and ``.weights.after``.
    """

    number: int
    loss: float
    values: dict[str, Floats]

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        lines = [f"step {self.number}   loss {self.loss:.6g}"]
        width = max(map(len, self.values))
        lines += [f"  {name:<{width}}  {_show(array, width + 4)}" for name, array in self.values.items()]
        return "\n".join(lines)


@dataclass(frozen=True)
class Trace:
    """Steps in a row; ``str(trace)`` prints them all."""

    steps: tuple[TraceStep, ...]

    def __getitem__(self, index: int) -> TraceStep:
        return self.steps[index]

    def __len__(self) -> int:
        return len(self.steps)

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.steps))


def trace(
    network: Network,
    inputs: Any,
    targets: Any,
    *,
    optimizer: str | Rule = "gd",
    learning_rate: float | None = None,
    steps: int = 1,
) -> Trace:
    """Return every named value of ``steps`` steps on these rows, computed on a copy of ``network``.

    Dropout is off, so that the values are those of the formulas.

    Args:
        network: Stays as it is.
        inputs: Shape ``(batch, n_in)``; one row, ``X[:1]``, reads best.
        targets: Shape ``(batch, n_out)``.
        optimizer: Name or instance (default ``"gd"``).
        learning_rate: Sets the rate of an optimizer given by name.
        steps: How many (default 1).

    Raises:
        ShapeError: Arrays that do not fit.
        OptionError: An optimizer that owns its steps (lbfgs, lm), an unknown one, or a rate for one that has none.

    >>> from unstuck.nets import Dense, Network
    >>> net = Network([Dense(1, 1, initializer="constant")], seed=0)
    >>> print(trace(net, [[2.0]], [[1.0]], learning_rate=0.1))
    step 1   loss 1
      layer1.input             [[2.]]
      layer1.preactivation     [[0.]]
      layer1.activation        [[0.]]
      layer1.delta             [[-2.]]
      layer1.weights           [[0.]]
      layer1.weights.gradient  [[-4.]]
      layer1.weights.update    [[0.4]]
      layer1.weights.after     [[0.4]]
      layer1.biases            [0.]
      layer1.biases.gradient   [-2.]
      layer1.biases.update     [0.2]
      layer1.biases.after      [0.2]
    """
    check_count("steps", steps)
    rule = make_optimizer(optimizer, learning_rate)
    if not isinstance(rule, Optimizer):
        raise OptionError(
            f"{OPTIMIZERS.describe(rule)} owns its steps, so there is no single gradient and update to show.\n"
            "  Trace with another optimizer, such as gd."
        )
    twin = network.copy()
    x, y = twin.check(inputs, targets)
    slots = rule.start(twin.n_parameters, twin.dtype)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # overflow shows in the values
        return Trace(tuple(_step(twin, x, y, rule, slots, number) for number in range(1, steps + 1)))


def _step(network: Network, x: Matrix, y: Matrix, optimizer: Optimizer, slots: Slots, number: int) -> TraceStep:
    forward = network.forward(x)
    gradient = np.empty_like(network.parameters)
    deltas = network.backward(forward, network.output_delta(forward[-1], y), gradient)
    loss = network.objective(forward[-1], y)
    before = network.parameters.copy()
    optimizer.update(network.parameters, gradient, slots, loss, number)
    network.keep_max_norm()
    values = _forward_values(forward)
    parts = [network.named_parameters(vector) for vector in (before, gradient, network.parameters - before)]
    after = network.named_parameters(network.parameters.copy())
    for layer in range(len(forward), 0, -1):
        values[f"layer{layer}.delta"] = deltas[layer - 1]
        for name in after:
            if name.startswith(f"layer{layer}."):
                values[name], values[f"{name}.gradient"], values[f"{name}.update"] = (part[name] for part in parts)
                values[f"{name}.after"] = after[name]
    return TraceStep(number, loss, values)


def _forward_values(forward: list[LayerValues]) -> dict[str, Floats]:
    return {
        f"layer{number}.{name}": getattr(values, name)
        for number, values in enumerate(forward, 1)
        for name in ("input", "preactivation", "activation")
    }


def _show(array: Floats, indent: int) -> str:
    """Return the numbers, or for a large array its shape and range."""
    if array.size > _ENTRIES_SHOWN:
        return (
            f"{array.shape}  from {array.min():.4g} to {array.max():.4g}, mean {array.mean():.4g}, "
            f"{(array == 0).mean():.0%} zeros"
        )
    return np.array2string(array, precision=6, suppress_small=False, max_line_width=110, prefix=" " * indent)
