"""Other values for the variables of a step, to see what changes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SMALL = 1e-3


def noise(values: NDArray[np.float64], rng: np.random.Generator, relative: float = 0.5) -> NDArray[np.float64]:
    """Return noise to add; where nothing is negative, it is not either: it may be a mean of squares."""
    size = float(np.sqrt(np.mean(values * values))) if values.size else 0.0
    size = size if np.isfinite(size) else 1.0
    noise = rng.normal(size=values.shape) * relative * min(max(size, 0.3), 1e3)
    return np.abs(noise) if np.all(values >= 0) else noise


def disturbed(values: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return values near those of the script."""
    return values + noise(values, rng)


def drawn_afresh(values: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return values of an ordinary size instead: those of the script may be so large that everything is flat around them."""
    noise = rng.normal(size=values.shape) / np.sqrt(max(1, min(values.shape) if values.ndim > 1 else 4))
    return np.abs(noise) if np.all(values >= 0) else noise


def drawn_small(values: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return values a thousand times smaller than ordinary ones: inputs may be so large that nothing else leaves the flat parts."""
    return drawn_afresh(values, rng) * _SMALL
