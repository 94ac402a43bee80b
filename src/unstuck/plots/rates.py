"""The search for a learning rate: at which rates the loss falls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from unstuck.errors import DataError, ShapeError
from unstuck.plots.display import Display
from unstuck.plots.scales import use_logarithm
from unstuck.plots.style import COLOURS, add_legend, add_note, in_house_style, mix, new_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_ROOM = 1.2


class RateSearch(Protocol):
    """What a search for a learning rate found: a loss for each rate that was tried."""

    @property
    def rates(self) -> Sequence[float]:
        """The learning rates, ascending."""

    @property
    def losses(self) -> Sequence[float]:
        """The loss at each."""

    @property
    def smoothed(self) -> Sequence[float]:
        """The same, smoothed."""

    @property
    def suggestion(self) -> float | None:
        """The learning rate to use; None or NaN if there is none."""


@in_house_style
def plot_rate_search(search: RateSearch) -> Display:
    """Draw the loss against the learning rate, on a logarithmic axis, with the suggestion marked.

    The view ends a little above the loss before its lowest point: what rises from there leaves the picture. Values that
    are not finite are left out, and a note says so.

    Args:
        search: What the search found: ``rates``, ``losses`` and ``smoothed``, each of n numbers, and ``suggestion``.

    Raises:
        ShapeError: Different numbers of rates and losses.
        DataError: No rates, rates that are not above 0, or no finite loss.
    """
    rates, losses, smoothed = (np.asarray(values, float) for values in (search.rates, search.losses, search.smoothed))
    _check(rates, losses, smoothed)
    figure = new_figure(7.0, 3.6)
    axes = figure.add_subplot()
    axes.set_xscale("log")
    entries = []
    for values, label, style in (
        (losses, "each step", {"color": mix(COLOURS[0], "#ffffff", 0.6), "linewidth": 1.0}),
        (smoothed, "smoothed", {"color": COLOURS[0]}),
    ):
        entries += [(line, label) for line in axes.plot(rates, np.where(np.isfinite(values), values, np.nan), **style)]
    _look_at_descent(axes, losses, smoothed)
    notes = [_left_out(rates, losses)]
    if search.suggestion is not None and np.isfinite(search.suggestion):
        line = axes.axvline(search.suggestion, color=COLOURS[1], linestyle="--", linewidth=1.2)
        entries.append((line, f"suggestion {search.suggestion:.3g}"))
    else:
        notes.append("no suggestion: the loss does not fall at any rate")
    axes.set(xlabel="learning rate", ylabel="loss")
    add_legend(figure, entries)
    add_note(figure, [note for note in notes if note])
    return Display(figure, (axes,))


def _check(rates: NDArray[np.float64], losses: NDArray[np.float64], smoothed: NDArray[np.float64]) -> None:
    if not len(rates) == len(losses) == len(smoothed):
        raise ShapeError(
            f"the search holds {len(rates)} rates, {len(losses)} losses and {len(smoothed)} smoothed losses, "
            "expected as many of each."
        )
    if not len(rates):
        raise DataError("the search holds no rates. Run it first.")
    if not (rates > 0).all():
        raise DataError(f"the search holds the rate {rates[~(rates > 0)][0]:g}, expected learning rates above 0.")
    if not np.isfinite(losses).any():
        raise DataError("the search holds no finite loss. Start it at a smaller learning rate.")


def _look_at_descent(axes: Any, losses: NDArray[np.float64], smoothed: NDArray[np.float64]) -> None:
    """Set the range of the loss: a search ends in divergence, which would make the rest look flat."""
    line = smoothed if np.isfinite(smoothed).any() else losses
    descent = line[: np.argmin(np.where(np.isfinite(line), line, np.inf)) + 1]
    descent = descent[np.isfinite(descent)]
    seen = losses[np.isfinite(losses) & (losses <= descent.max() + np.ptp(descent))]
    seen = np.append(seen, descent)
    is_log = use_logarithm(axes, seen)
    low, high = seen.min(), seen.max()
    if is_log:
        axes.set_ylim(low / _ROOM, high * _ROOM)
    elif high > low:
        axes.set_ylim(low - (high - low) * (_ROOM - 1) / 2, high + (high - low) * (_ROOM - 1) / 2)


def _left_out(rates: NDArray[np.float64], losses: NDArray[np.float64]) -> str:
    lost = ~np.isfinite(losses)
    if not lost.any():
        return ""
    return f"{lost.sum():,} of {lost.size:,} losses left out: NaN or infinite, first at rate {rates[lost][0]:.3g}"
