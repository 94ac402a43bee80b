"""The search for a learning rate: at which rates the loss falls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from unstuck.errors import DataError, ShapeError
from unstuck.plots.display import Display
from unstuck.plots.style import COLOURS, add_legend, add_note, in_house_style, mix, new_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


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
    def suggestion(self) -> float:
        """The learning rate to use."""


@in_house_style
def plot_rate_search(search: RateSearch) -> Display:
    """Draw the loss against the learning rate, on a logarithmic axis, with the suggestion marked.

    The loss has a logarithmic axis too where all of it is positive. Values that are not finite are left out, and a note
    says so.

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
    drawn = np.concatenate([losses[np.isfinite(losses)], smoothed[np.isfinite(smoothed)]])
    axes.set_yscale("log" if (drawn > 0).all() else "linear")
    entries = []
    for values, label, style in (
        (losses, "each step", {"color": mix(COLOURS[0], "#ffffff", 0.6), "linewidth": 1.0}),
        (smoothed, "smoothed", {"color": COLOURS[0]}),
    ):
        entries += [(line, label) for line in axes.plot(rates, np.where(np.isfinite(values), values, np.nan), **style)]
    notes = [_left_out(rates, losses)]
    if np.isfinite(search.suggestion):
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


def _left_out(rates: NDArray[np.float64], losses: NDArray[np.float64]) -> str:
    lost = ~np.isfinite(losses)
    if not lost.any():
        return ""
    return f"{lost.sum():,} of {lost.size:,} losses left out: NaN or infinite from rate {rates[lost][0]:.3g} on"
