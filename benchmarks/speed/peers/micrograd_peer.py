"""micrograd: every number an object."""

from __future__ import annotations

import importlib.util
import math
from typing import TYPE_CHECKING, Any

from benchmarks.speed.sides import Side

if TYPE_CHECKING:
    from benchmarks.speed.task import Task

_MOST_WEIGHTS = 1000


def side(task: Task) -> Side | None:
    """Train small networks on squared errors."""
    small = sum(weights.size for weights, _ in task.start()) < _MOST_WEIGHTS
    if importlib.util.find_spec("micrograd") is None or task.loss != "mse" or task.rule != "gd" or not small:
        return None
    from micrograd.engine import Value  # noqa: PLC0415 (only where it is installed)

    def work() -> float:
        layers = [
            ([[Value(float(w)) for w in row] for row in weights], [Value(float(b)) for b in biases])
            for weights, biases in task.start()
        ]
        every = [value for weights, biases in layers for row in [*weights, biases] for value in row]
        total = 0.0
        for _ in range(task.epochs):
            for first in range(0, len(task.x), task.batch):
                rows = range(first, min(first + task.batch, len(task.x)))
                loss = _loss(task, layers, rows, Value)
                for value in every:
                    value.grad = 0.0
                loss.backward()
                for value in every:
                    value.data -= task.rate * value.grad
                total = loss.data
        return float(total)

    return Side("micrograd", work, task.steps)


def _loss(task: Task, layers: list[Any], rows: range, value_of: Any) -> Any:
    loss = value_of(0.0)
    for row in rows:
        values: Any = [float(v) for v in task.x[row]]
        for weights, biases in layers:
            sums = [
                sum((weights[i][j] * value for i, value in enumerate(values)), biases[j]) for j in range(len(biases))
            ]
            values = [_sigmoid(z, value_of) for z in sums]
        for output, target in zip(values, task.y[row], strict=True):
            loss += (output - float(target)) ** 2
    return loss * (1 / (len(rows) * task.y.shape[1]))


def _sigmoid(z: Any, value_of: Any) -> Any:
    """Its own functions have no exponential; this is written as they are."""
    out = value_of(1 / (1 + math.exp(-z.data)), (z,), "sigmoid")

    def backward() -> None:
        z.grad += out.data * (1 - out.data) * out.grad

    out._backward = backward  # noqa: SLF001 (how its functions are written)
    return out
