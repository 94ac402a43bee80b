"""The slope of a function by central differences, with its uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.arrays import Floats

_STEP = 6e-6
_ROUNDING = 4.0
_KINK_RATIO = 0.75
_VISIBLE = 10.0


class Slope(NamedTuple):
    """A measured derivative."""

    value: float
    noise: float
    """Its uncertainty: truncation and rounding."""
    on_kink: bool
    """Whether the slopes to the left and to the right are not the same."""


def nudge(weight: float, multiplier: float = 1.0) -> float:
    """Return by how much to change a weight: 6e-6 max(1, abs(weight)) / max(1, multiplier).

    Close to the cube root of the float64 epsilon, where truncation and rounding of a central difference balance; smaller where
    the weight multiplies large numbers.
    """
    return _STEP * max(1.0, abs(weight)) / max(1.0, multiplier)


def measure_slope(function: Callable[[], float], array: Floats, index: tuple[int, ...], step: float) -> Slope:
    """Measure d(function)/d(array[index]) with ``step`` and with half of it; ``array`` is changed and put back.

    Twice the step at which the one-sided slopes differ also doubles their difference where the function is smooth; on a kink
    the difference stays.
    """
    at = float(function())
    coarse, coarse_gap = _difference(function, array, index, step, at)
    fine, fine_gap = _difference(function, array, index, step / 2, at)
    rounding = _ROUNDING * float(np.spacing(abs(at))) / step
    on_kink = abs(fine_gap) > _KINK_RATIO * abs(coarse_gap) and abs(fine_gap) > _VISIBLE * rounding
    visible = abs(fine_gap) > 1e-6 * max(abs(fine), abs(coarse))
    return Slope(fine, abs(coarse - fine) + rounding, on_kink and visible)


def _difference(
    function: Callable[[], float], array: Floats, index: tuple[int, ...], step: float, at: float
) -> tuple[float, float]:
    """Return the central difference, and by how much the slope to the right exceeds that to the left."""
    original = array[index]
    try:
        array[index] = original + step
        above_at, above = float(array[index] - original), float(function())
        array[index] = original - step
        below_at, below = float(original - array[index]), float(function())
    finally:
        array[index] = original
    return (above - below) / (above_at + below_at), (above - at) / above_at - (at - below) / below_at
