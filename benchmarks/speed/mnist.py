"""An epoch over 60,000 rows of 784 pixels."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from benchmarks.speed.peers import sides_of, unstuck_side
from benchmarks.speed.sides import Side, table, take_turns
from benchmarks.speed.task import Task
from unstuck.blas import core_count, one_blas_thread

_ROWS = 60_000
_HIDDEN, _BATCH = (128,), 128
_FULL_EPOCHS = 5
_SHORTER = {"micrograd": 0.0}


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return rows like MNIST's: a fifth of the pixels are grey, and the class can be told from them. Times do not depend on which."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, _ROWS)
    ink = rng.random((10, 784)) < 0.2  # noqa: PLR2004 (the share of MNIST's pixels that are not white)
    x = (ink[labels] * rng.random((_ROWS, 784))).astype(np.float32)
    return x, np.eye(10, dtype=np.float32)[labels]


def mnist(repeats: int, hidden: tuple[int, ...] = _HIDDEN, batch: int = _BATCH) -> str:
    """Time an epoch of ReLU, softmax and Adam in mini-batches."""
    x, y = digits()
    task = Task((784, *hidden, 10), "relu", "ce", x, y, batch, 1, "adam", 1e-3, core_count())
    slow = {} if batch == _BATCH and hidden == _HIDDEN else {"tinygrad": 0.0, "Keras": 0.0, "torch compiled": 0.0}
    sides = sides_of(task, {**_SHORTER, **slow})
    for threads in {1} - {task.threads}:
        sides.insert(1, unstuck_side.side(replace(task, threads=threads)))
    sides.append(_products(task))
    for side in sides:
        side.amount = 1
    take_turns(sides, repeats)
    name = "-".join(map(str, task.sizes))
    return table(f"{name}, {_ROWS} rows, Adam, batch {batch}, float32", "s an epoch", 1.0, sides, "loss")


def mnist_full_batch(repeats: int) -> str:
    """Time an iteration of 784-16-10 on all rows at once."""
    x, y = digits()
    task = Task((784, 16, 10), "sigmoid", "mse", x, y, _ROWS, _FULL_EPOCHS, "gd", 1.0, core_count())
    sides = sides_of(task, {**_SHORTER, "tinygrad": 0.0, "Keras": 0.0, "torch compiled": 0.0, "FANN": _FULL_EPOCHS})
    sides.append(_reading(x))
    take_turns(sides, repeats)
    return table("784-16-10, all 60,000 rows a step, float32", "s an iteration", 1.0, sides, "final loss")


def _products(task: Task) -> Side:
    """The matrix products that no library can leave out: two of the first layer, three of the others."""
    pairs = list(pairwise(task.sizes))
    weights = [np.ones(pair, np.float32) for pair in pairs]
    values = [np.ones((task.batch, width), np.float32) for width in task.sizes]
    slopes = [np.empty_like(each) for each in weights]
    deltas = [np.empty_like(each) for each in values]

    def work() -> float:
        with one_blas_thread():
            for begin in range(0, _ROWS - task.batch, task.batch):
                values[0] = task.x[begin : begin + task.batch]
                for layer in range(len(pairs)):
                    np.matmul(values[layer], weights[layer], out=deltas[layer + 1])
                for layer in range(len(pairs) - 1, -1, -1):
                    np.matmul(values[layer].T, deltas[layer + 1], out=slopes[layer])
                    if layer:
                        np.matmul(deltas[layer + 1], weights[layer].T, out=deltas[layer])
        return float("nan")

    return Side("the matrix products alone, NumPy (1 thread)", work, 1)


def _reading(x: np.ndarray) -> Side:
    """The data read twice from memory."""

    def work() -> float:
        return float(x.view(np.int64).max() + x.view(np.int64).max()) * 0

    return Side("reading the data twice, NumPy (1 thread)", work, 1)
