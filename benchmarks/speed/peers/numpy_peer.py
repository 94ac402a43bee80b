"""NumPy as people write it in their scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.speed.sides import Side

if TYPE_CHECKING:
    from benchmarks.speed.task import Task


def side(task: Task) -> Side | None:
    """Train with a script; only with plain gradient descent on squared errors, as the scripts do."""
    if task.rule != "gd" or task.loss != "mse" or task.hidden != "sigmoid" or len(task.sizes) != 3:  # noqa: PLR2004 (two layers)
        return None

    def work() -> float:
        (w1, b1), (w2, b2) = task.start()
        loss: Any = np.nan
        for _ in range(task.epochs):
            for first in range(0, len(task.x), task.batch):
                x, y = task.x[first : first + task.batch], task.y[first : first + task.batch]
                h = 1 / (1 + np.exp(-(x @ w1 + b1)))
                o = 1 / (1 + np.exp(-(h @ w2 + b2)))
                loss = np.mean((o - y) ** 2)
                d2 = 2 * (o - y) * o * (1 - o) / y.size
                d1 = d2 @ w2.T * h * (1 - h)
                w2 -= task.rate * h.T @ d2
                b2 -= task.rate * d2.sum(0)
                w1 -= task.rate * x.T @ d1
                b1 -= task.rate * d1.sum(0)
        return float(loss)

    return Side(f"NumPy {np.__version__}, a script", work, task.steps)
