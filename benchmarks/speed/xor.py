"""XOR: a 2-N-1 network of sigmoids on squared errors, float64, plain gradient descent, full batch or row by row."""

from __future__ import annotations

import ctypes
from dataclasses import replace

import numpy as np

from benchmarks.speed.hand_written_c import compiled_xor
from benchmarks.speed.peers import sides_of, unstuck_side
from benchmarks.speed.sides import Side, table, take_turns
from benchmarks.speed.task import Task

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])
_SHORTER = {
    "NumPy": 50,
    "torch": 500,
    "torch compiled": 500,
    "FANN": 5,
    "Keras": 5000,
    "tinygrad": 5000,
    "micrograd": 5000,
}


def task_of(units: int, batch: int, epochs: int, rate: float) -> Task:
    """Return XOR by a 2-units-1 network."""
    return Task((2, units, 1), "sigmoid", "mse", X, Y, batch, epochs, "gd", rate)


def xor(repeats: int) -> str:
    """Time an iteration of 2-5-1, and ours at neighbouring sizes, which must cost the same for each weight."""
    task = task_of(5, 4, 1_000_000, 2.0)
    ours, *others = sides_of(task, _SHORTER)
    sides = [ours, *others]
    bound = _hand_written(task)
    if bound is not None:
        sides.append(bound)
    for sizes in ((2, 4, 1), (2, 7, 1), (2, 16, 1), (3, 7, 2), (5, 9, 3)):
        neighbour = unstuck_side.side(_neighbour(task, sizes))
        neighbour.name = f"unstuck {'-'.join(map(str, sizes))}"
        sides.append(neighbour)
    take_turns(sides, repeats)
    return table("XOR 2-5-1, full batch, float64", "µs an iteration", 1e6, sides, "final loss")


def xor_by_rows(repeats: int) -> str:
    """Time an update of 2-2-1, one row at a time."""
    sides = sides_of(
        task_of(2, 1, 250_000, 0.5),
        {**_SHORTER, "torch": 2000, "torch compiled": 2000, "Keras": 50_000, "tinygrad": 50_000},
    )
    take_turns(sides, repeats)
    return table("XOR 2-2-1, row by row, float64", "µs an update", 1e6, sides, "final loss")


def _neighbour(task: Task, sizes: tuple[int, ...]) -> Task:
    rng = np.random.default_rng(0)
    x = rng.random((4, sizes[0]))
    return replace(task, sizes=sizes, x=x, y=(rng.random((4, sizes[-1])) > 0.5) * 1.0)  # noqa: PLR2004 (half of them)


def _hand_written(task: Task) -> Side | None:
    train = compiled_xor(task.sizes[1])
    if train is None:
        return None

    def work() -> float:
        parameters = np.concatenate([array.ravel() for layer in task.start() for array in layer])
        return float(train(parameters.ctypes.data_as(ctypes.POINTER(ctypes.c_double)), task.epochs, task.rate))

    return Side("C for this size alone, -O3 -march=native -ffast-math", work, task.steps)
