"""From histories to the numbers of a line: which rows are drawn, and what cannot be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from unstuck.errors import DataError, OptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Rows: TypeAlias = "Sequence[Mapping[str, float]]"
"""A :class:`~unstuck.training.history.History`, or rows like it."""


@dataclass(frozen=True, eq=False)
class Series:
    """One column of one history.

    Args:
        epochs: Shape ``(n,)``.
        values: Shape ``(n,)``; what is not finite is NaN, so that the line has a gap there.
        left_out: What is to be said about values that cannot be drawn, or an empty string.
    """

    epochs: NDArray[np.float64]
    values: NDArray[np.float64]
    left_out: str

    def at(self, epoch: int | None) -> float:
        """Return the value of an epoch, NaN where there is none."""
        return float(self.values[self.epochs == epoch][0]) if epoch in self.epochs else math.nan


def by_label(histories: Rows | Mapping[str, Rows]) -> dict[str, Rows]:
    """Return each history by its label, an empty one for a single history.

    Raises:
        OptionError: No histories, or something else.
        DataError: A history without rows, or a row without an epoch.
    """
    if isinstance(histories, Sequence) and any(isinstance(entry, list | tuple) for entry in histories):
        raise OptionError(
            "histories is a list of histories, expected one history or a dictionary.\n"
            "  Give each a label: plot_curves({'adam': first, 'rmsprop': second})."
        )
    named = dict(histories) if isinstance(histories, Mapping) else {"": histories}
    if not named:
        raise OptionError("histories is empty: expected one history or a dictionary from labels to histories.")
    for label, rows in named.items():
        _check_rows(f"histories[{label!r}]" if isinstance(histories, Mapping) else "histories", rows)
    return {str(label): rows for label, rows in named.items()}


def _check_rows(what: str, rows: Any) -> None:
    if not isinstance(rows, Sequence) or not all(isinstance(row, Mapping) for row in rows):
        raise OptionError(
            f"{what} is a {type(rows).__name__}, expected a History: a row for each epoch.\n"
            "  Trainer.fit returns one, and a Trainer holds it as .history."
        )
    if not rows:
        raise DataError(f"{what} has no rows yet. Train first: Trainer.fit fills it.")
    for place, row in enumerate(rows):
        if "epoch" not in row:
            raise DataError(
                f"{what} has no 'epoch' in row {place} (counted from 0). Each row needs the epoch it is about."
            )


def column_names(rows: Rows) -> list[str]:
    """Return what was measured, in the order of its first appearance."""
    return list(dict.fromkeys(name for row in rows for name in row if name != "epoch"))


def series_of(rows: Rows, column: str, *, every: int = 1) -> Series | None:
    """Return one column of the rows that measured it, or None where none did.

    Args:
        rows: The history.
        column: Its name.
        every: Take one row of so many, and always the last.
    """
    measured = [row for row in rows if row.get(column) is not None]
    if not measured:
        return None
    values = np.array([row[column] for row in measured], dtype=np.float64)
    epochs = np.array([row["epoch"] for row in measured], dtype=np.float64)
    finite = np.isfinite(values)
    taken = np.unique(np.append(np.arange(0, len(values), every), len(values) - 1))
    return Series(epochs[taken], np.where(finite, values, np.nan)[taken], _not_finite(epochs, finite))


def _not_finite(epochs: NDArray[np.float64], finite: NDArray[np.bool_]) -> str:
    n_bad = int((~finite).sum())
    if not n_bad:
        return ""
    return f"{n_bad:,} of {len(finite):,} values left out: NaN or infinite, first at epoch {epochs[~finite][0]:,.0f}"


def without_logarithm(series: Series) -> Series:
    """Return the series without its zeros, for a logarithmic axis; none of its values is negative."""
    n_zeros = int((series.values == 0).sum())
    if not n_zeros:
        return series
    zeros = f"{n_zeros:,} value{'s' if n_zeros > 1 else ''} of 0 left out: no logarithm"
    said = "; ".join(sentence for sentence in (series.left_out, zeros) if sentence)
    return Series(series.epochs, np.where(series.values == 0, np.nan, series.values), said)
