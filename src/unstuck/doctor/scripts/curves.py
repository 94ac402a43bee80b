"""A curve of any length kept in little room."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_POINTS = 4096


class Curve:
    """Keeps at most 4,096 points of a curve; when there are more, neighbours are averaged."""

    def __init__(self) -> None:
        self._per_point = 1
        self._steps: list[int] = []
        self._values: list[float] = []
        self._sum = 0.0
        self._count = 0

    def add(self, step: int, value: float) -> None:
        """Add a value."""
        self._sum += value
        self._count += 1
        if self._count < self._per_point:
            return
        self._steps.append(step)
        self._values.append(self._sum / self._count)
        self._sum, self._count = 0.0, 0
        if len(self._values) >= _MOST_POINTS:
            self._halve()

    def _halve(self) -> None:
        self._steps = self._steps[1::2]
        self._values = [(left + right) / 2 for left, right in zip(self._values[::2], self._values[1::2], strict=True)]
        self._per_point *= 2

    def points(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the steps and the values."""
        steps, values = list(self._steps), list(self._values)
        if self._count and math.isfinite(self._sum):
            steps.append(steps[-1] + 1 if steps else 0)
            values.append(self._sum / self._count)
        return np.array(steps, np.int64), np.array(values, np.float64)
