"""A curve in one line of text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.report.wording import number

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇×"
"""From low to high, and last what stands for a value that is not finite. Without the full block, which would touch the line above."""

ASCII_BLOCKS = "_.-~=+#x"
"""The same for a terminal that has no more than ASCII."""

_DECADES = 2
_FLAT = 1e-3


@dataclass(frozen=True)
class Scale:
    """Where values stand between the lowest and the highest.

    Attributes:
        low: The lowest finite value.
        high: The highest finite value.
    """

    low: float
    high: float

    @property
    def flat(self) -> bool:
        """Whether all values are the same, or nearly: within a thousandth of the largest."""
        return self.high / 2 - self.low / 2 <= _FLAT / 2 * max(abs(self.low), abs(self.high))

    @property
    def logarithmic(self) -> bool:
        """Whether it is one of orders of magnitude: the values are above 0 and span more than two decades."""
        return self.low > 0 and math.log10(self.high) - math.log10(self.low) > _DECADES

    def fraction(self, value: float) -> float:
        """Return how high a finite value stands, 0 for the lowest and 1 for the highest; the middle if all are the same."""
        if self.flat:
            return 0.5
        if self.logarithmic:
            bottom = math.log10(self.low)
            return (math.log10(value) - bottom) / (math.log10(self.high) - bottom)
        return (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)  # the halves cannot overflow

    def __str__(self) -> str:
        if self.flat:
            return f"constant at {number(self.high)}"
        kind = "logarithmic" if self.logarithmic else "linear"
        return f"{kind} scale from {number(self.low)} to {number(self.high)}"


def scale_of(*curves: Sequence[float]) -> Scale | None:
    """Return the scale on which all ``curves`` can be drawn, or None if they hold no finite value.

    >>> print(scale_of([0.7, 0.6, 0.5], [0.7, 0.01, 0.001]))
    logarithmic scale from 0.001 to 0.7
    """
    finite = [value for curve in curves for value in curve if math.isfinite(value)]
    return Scale(min(finite), max(finite)) if finite else None


def sparkline(values: Sequence[float], scale: Scale | None = None, *, width: int = 60, blocks: str = BLOCKS) -> str:
    """Return a curve as block characters, one for each value.

    Args:
        values: The curve. A value that is not finite is drawn as ``×``.
        scale: Where a block begins and ends (default: that of these values alone, see :func:`scale_of`).
        width: At most so many characters; neighbours are averaged where there are more values.
        blocks: The characters, from low to high, then the one for what is not finite.

    >>> sparkline([1, 2, 3, 4, 5, 6, 7])
    '▁▂▃▄▅▆▇'
    >>> sparkline([1, 0.1, 0.01, 0.001, 0.0001])
    '▇▆▄▂▁'
    >>> sparkline([1, float("nan")])
    '▄×'
    """
    scale = scale or scale_of(values)
    levels, lost = blocks[:-1], blocks[-1]
    return "".join(
        levels[_level(scale.fraction(value), len(levels))] if scale and math.isfinite(value) else lost
        for value in thin(values, width)
    )


def thin(values: Sequence[float], width: int) -> list[float]:
    """Return at most ``width`` values: means of neighbours, not finite where one of them is not."""
    size = min(len(values), width)
    groups = [values[place * len(values) // size : (place + 1) * len(values) // size] for place in range(size)]
    return [sum(value / len(group) for value in group) for group in groups]


def _level(fraction: float, levels: int) -> int:
    return min(max(int(fraction * levels), 0), levels - 1)
