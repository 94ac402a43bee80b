"""Axes whose labels can be read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from unstuck.extras import require

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DECADE = 10
_FEW_DECADES = 1000
_LABELLED = (1, 2, 5)  # of the steps within a decade


def use_logarithm(axes: Any, values: NDArray[Any]) -> bool:
    """Make the y axis logarithmic if ``values``, all finite, are above 0 and span a factor of ten; return whether they do.

    Within a decade a logarithm shows nothing that a linear axis does not, and its labels are hard to read. Up to three
    decades the labels are plain numbers, beyond powers of ten.
    """
    if not values.size or values.min() <= 0 or values.max() < _DECADE * values.min():
        return False
    axes.set_yscale("log")
    if values.max() < _FEW_DECADES * values.min():
        plain = require("matplotlib.ticker", "plots", "a picture").FuncFormatter(
            lambda value, _: label_within_decade(value)
        )
        axes.yaxis.set_major_formatter(plain)
        axes.yaxis.set_minor_formatter(plain)
    return True


def label_within_decade(value: float) -> str:
    """Return the label of a place on a logarithmic axis: a plain number at 1, 2 and 5 times a power of ten, else nothing.

    >>> [label_within_decade(value) for value in (0.05, 0.06, 0.1, 2)]
    ['0.05', '', '0.1', '2']
    """
    mantissa = value / 10 ** math.floor(math.log10(value) + 1e-9)
    return f"{value:g}" if round(mantissa, 6) in _LABELLED else ""


def use_whole_numbers(axis: Any, most: int = 9) -> None:
    """Label an axis with whole numbers only, at most so many and at round places."""
    ticker = require("matplotlib.ticker", "plots", "a picture")
    axis.set_major_locator(ticker.MaxNLocator(most, steps=[1, 2, 5, 10], integer=True, min_n_ticks=1))
    axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))


def percent(share: float, decimals: int = 0) -> str:
    """Return a share of 1 in percent, without rounding something to nothing or nearly all to all.

    >>> percent(0.5), percent(0.0001), percent(0.9999, 1), percent(1)
    ('50%', '<1%', '>99.9%', '100%')
    """
    if share in (0, 1):
        return f"{share:.0%}"
    least = 10.0 ** -(decimals + 2)
    if share < least:
        return f"<{least:.{decimals}%}"
    return f">{1 - least:.{decimals}%}" if share > 1 - least else f"{share:.{decimals}%}"
