"""How well one vector is a multiple of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Match:
    """How well one vector is a multiple of another.

    Attributes:
        cosine: Between them.
        scale: The multiple, least squares.
        error: What is left over, relative to the first.
    """

    cosine: float
    scale: float
    error: float


def compare(updates: NDArray[np.float64], gradients: NDArray[np.float64]) -> Match:
    """Compare two vectors, leaving out what was not measured."""
    known = np.isfinite(gradients) & np.isfinite(updates)
    first, second = updates[known], gradients[known]
    with np.errstate(all="ignore"):
        sizes = float(np.linalg.norm(first)), float(np.linalg.norm(second))
        if not sizes[0] or not sizes[1]:
            return Match(0.0, 0.0, 1.0)
        scale = float(first @ second) / sizes[1] ** 2
        return Match(
            float(first @ second) / (sizes[0] * sizes[1]),
            scale,
            float(np.linalg.norm(first - scale * second)) / sizes[0],
        )


def made_of_two(
    vector: NDArray[np.float64], first: NDArray[np.float64], second: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Return the multiples of two vectors that make up a third, least squares, and what is left over, relative to that."""
    columns = np.stack([first, second], axis=1)
    solution, *_ = np.linalg.lstsq(columns, vector, rcond=None)
    rest = float(np.linalg.norm(vector - columns @ solution) / np.linalg.norm(vector))
    return float(solution[0]), float(solution[1]), rest
