"""One piece of training that every library is given, from the same weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np


@dataclass(frozen=True)
class Task:
    """What to train, on what, and how long.

    Attributes:
        sizes: Units of each layer, the inputs first.
        hidden: Activation of the layers between, ``sigmoid``, ``tanh`` or ``relu``.
        loss: ``mse`` and ``bce`` behind a sigmoid, ``ce`` behind a softmax.
        x: Inputs, row after row.
        y: Targets, one column for each output.
        batch: Rows a step.
        epochs: How often all rows are seen.
        rule: ``gd`` or ``adam``.
        rate: Its learning rate.
        threads: How many threads to use, where a library can be told.
    """

    sizes: tuple[int, ...]
    hidden: str
    loss: Literal["mse", "bce", "ce"]
    x: np.ndarray
    y: np.ndarray
    batch: int
    epochs: int
    rule: Literal["gd", "adam"]
    rate: float
    threads: int = 1

    @property
    def dtype(self) -> str:
        """``float32`` or ``float64``, that of the rows."""
        return str(self.x.dtype)

    @property
    def steps(self) -> int:
        """Updates in all."""
        return self.epochs * -(-len(self.x) // self.batch)

    @property
    def is_full(self) -> bool:
        """Whether a step sees all rows."""
        return self.batch >= len(self.x)

    def shortened(self, factor: float) -> Task:
        """Return the task with fewer epochs, for a library that takes so many times as long."""
        return replace(self, epochs=max(1, int(self.epochs / factor)))

    def start(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return weights (n_in, n_out) and biases of each layer, new arrays each time."""
        rng = np.random.default_rng(1)
        return [
            (
                rng.normal(0, 1 if n_in < 8 else n_in**-0.5, (n_in, n_out)).astype(self.dtype),  # noqa: PLR2004 (few inputs)
                np.zeros(n_out, self.dtype),
            )
            for n_in, n_out in pairwise(self.sizes)
        ]
