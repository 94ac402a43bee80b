"""The slope of a function by central differences, with its uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.arrays import Floats

_STEP = 6e-6
_ROUNDING = 4.0
_VISIBLE = 10.0
_SMALLEST_BEND = 1e-6


class Slope(NamedTuple):
    """A measured derivative."""

    value: float
    noise: float
    """Its uncertainty: truncation, rounding, and kinks."""
    on_kink: bool
    """Whether there is a kink within the step."""


def nudge(weight: float, multiplier: float = 1.0) -> float:
    """Return by how much to change a weight: 6e-6 max(1, abs(weight)) / max(1, multiplier).

    Close to the cube root of the float64 epsilon, where truncation and rounding of a central difference balance; smaller where
    the weight multiplies large numbers.
    """
    return _STEP * max(1.0, abs(weight)) / max(1.0, multiplier)


def measure_slope(function: Callable[[], float], array: Floats, index: tuple[int, ...], step: float) -> Slope:
    """Measure d(function)/d(array[index]) with ``step`` and with half of it; ``array`` is changed and put back.

    Where the function is smooth, the slopes to the right and to the left differ by the step times the second derivative, so half
    the step halves their difference. What it fails to halve comes from kinks within the step. For a single kink this and the
    disagreement of the two central differences together are at least the error that it makes.
    """
    at = float(function())
    coarse, coarse_gap = _difference(function, array, index, step, at)
    fine, fine_gap = _difference(function, array, index, step / 2, at)
    rounding = _ROUNDING * float(np.spacing(abs(at))) / step
    bend = abs(fine_gap - coarse_gap / 2)
    on_kink = bend > max(_VISIBLE * rounding, _SMALLEST_BEND * max(abs(fine), abs(coarse)))
    return Slope(fine, abs(coarse - fine) + bend + rounding, on_kink)


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
