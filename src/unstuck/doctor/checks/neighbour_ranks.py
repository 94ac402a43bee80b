"""Do rows that lie near each other have targets that are more alike, or less alike, than chance gives?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RANKS = 8
_ORDERS = 200


def neighbour_surprise(inputs: NDArray[np.float64], targets: NDArray[np.float64]) -> float:
    """Return by how many standard deviations, at most over the ranks of neighbours, the likeness of targets is off that of random orders.

    For each rank 1 … 8 the likeness is the mean product of a row's standardised targets and those of its neighbour of that rank. Each rank
    is asked by itself: on two spirals the nearest row is of the same class on the inner turns and of the other one on the outer turns,
    which in a vote of all neighbours comes to nothing.

    Args:
        inputs: Shape ``(rows, numbers)``, standardised.
        targets: Shape ``(rows, numbers)``.
    """
    spread = targets.std(0)
    standard = (targets - targets.mean(0)) / np.where(spread > 0, spread, 1.0)
    squares = (inputs**2).sum(1)
    distances = squares[:, None] + squares - 2 * inputs @ inputs.T
    np.fill_diagonal(distances, np.inf)
    near = np.argsort(distances, axis=1, kind="stable")[:, :_RANKS]

    def likeness(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([(values * values[neighbours]).sum(1).mean() for neighbours in near.T])

    rng = np.random.default_rng(5)
    chance = np.array([likeness(standard[rng.permutation(len(standard))]) for _ in range(_ORDERS)])
    off = np.abs(likeness(standard) - chance.mean(0)) / np.maximum(chance.std(0), 1e-12)
    return float(off.max())
