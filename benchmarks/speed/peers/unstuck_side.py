"""Our own side."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

import unstuck as us
from benchmarks.speed.sides import Side
from unstuck.training.optimizers import Adam, GradientDescent

if TYPE_CHECKING:
    from benchmarks.speed.task import Task


def side(task: Task, engine: str = "auto") -> Side:
    """Train with :func:`unstuck.train`."""
    network = us.Network(layers_of(task), loss=task.loss, dtype="float32" if task.dtype == "float32" else "float64")
    network.parameters[:] = np.concatenate([array.ravel() for layer in task.start() for array in layer])
    rule = GradientDescent(task.rate) if task.rule == "gd" else Adam(task.rate)

    def work() -> float:
        history = us.train(
            network.copy(), task.x, task.y, optimizer=rule, batch_size="full" if task.is_full else task.batch, epochs=task.epochs,
            history_every=task.epochs, threads=task.threads, engine=engine,
        )  # fmt: skip
        return history[-1]["loss"]

    return Side(f"unstuck ({task.threads} threads)", work, task.steps)


def layers_of(task: Task) -> list[us.Layer]:
    """Return the task's layers."""
    pairs = list(pairwise(task.sizes))
    last = "softmax" if task.loss == "ce" else "sigmoid"
    return [*(us.Dense(n_in, n_out, task.hidden) for n_in, n_out in pairs[:-1]), us.Dense(*pairs[-1], last)]
