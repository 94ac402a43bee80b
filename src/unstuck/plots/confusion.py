"""Which class is taken for which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.errors import DataError, ShapeError
from unstuck.limits import check_count
from unstuck.plots.classes import class_indices, names_of_classes
from unstuck.plots.display import Display
from unstuck.plots.style import add_note, in_house_style, new_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_MOST_CLASSES = 100
_MOST_NUMBERED = 30
_FEW = 10
_LONGEST_NAME = 18
_DARK = 0.55


def confusion_matrix(truth: Any, predicted: Any, n_classes: int) -> NDArray[np.intp]:
    """Count how often each class (row) is predicted as each class (column), shape ``(n_classes, n_classes)``.

    Args:
        truth: Class indices, shape ``(n,)`` or ``(n, 1)``.
        predicted: Class indices, shape ``(n,)`` or ``(n, 1)``.
        n_classes: How many classes there are.

    Raises:
        ShapeError: Other shapes, or different numbers of rows.
        DataError: A number that is no class index below ``n_classes``.
        OptionError: ``n_classes`` is below 1.

    >>> confusion_matrix([0, 0, 1, 1], [0, 1, 1, 1], 2).tolist()
    [[1, 1], [0, 2]]
    """
    check_count("n_classes", n_classes)
    rows, columns = class_indices(truth, "truth", n_classes), class_indices(predicted, "predicted", n_classes)
    if len(rows) != len(columns):
        raise ShapeError(f"truth has {len(rows)} rows, but predicted has {len(columns)}. Each row needs both.")
    return np.bincount(rows * n_classes + columns, minlength=n_classes**2).reshape(n_classes, n_classes)


@in_house_style
def plot_confusion(truth: Any, predicted: Any, class_names: Sequence[str] = ()) -> Display:
    """Draw the confusion matrix: in each cell the count and its share of the row, which also gives the colour.

    Beyond 30 classes the cells hold no numbers.

    Args:
        truth: Class indices, shape ``(n,)`` or ``(n, 1)``.
        predicted: Class indices, shape ``(n,)`` or ``(n, 1)``.
        class_names: A name for each class; by default as many classes as there are indices, at least two.

    Raises:
        ShapeError: Other shapes, or different numbers of rows.
        DataError: A number that is no class index, or one above 99.
        OptionError: ``class_names`` is no sequence of names.
    """
    names = names_of_classes(class_names, len(class_names) or _n_classes(truth, predicted))
    counts = confusion_matrix(truth, predicted, len(names))
    totals = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(totals, 1)
    n = len(names)
    cell = 0.75 if n <= _FEW else 0.46
    longest = max(len(_shortened(name)) for name in names)
    figure = new_figure(max(n * cell, 2.2) + 0.9 + 0.075 * longest, max(n * cell, 2.2) + 1.1)
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    if n <= _MOST_NUMBERED:
        _number_cells(axes, counts, shares)
    else:
        add_note(
            figure, [f"no numbers in the cells of more than {_MOST_NUMBERED} classes: confusion_matrix returns them"]
        )
    _label(axes, names)
    right, total = int(np.trace(counts)), int(counts.sum())
    axes.set_title(f"{right:,} of {total:,} right ({right / total:.1%})")
    return Display(figure, (axes,))


def _n_classes(*indices: Any) -> int:
    """Return how many classes the indices speak of, at least two."""
    largest = max(
        int(class_indices(values, what).max()) for values, what in zip(indices, ("truth", "predicted"), strict=True)
    )
    if largest >= _MOST_CLASSES:
        raise DataError(
            f"truth or predicted holds class {largest}, expected at most {_MOST_CLASSES} classes, counted from 0.\n"
            "  Number the classes without gaps: np.unique(labels, return_inverse=True)[1]."
        )
    return max(largest + 1, 2)


def _number_cells(axes: Any, counts: NDArray[np.intp], shares: NDArray[np.float64]) -> None:
    """Write count and share into each cell; an empty one stays empty."""
    size = 9 if len(counts) <= _FEW else 6.5
    for row, column in np.argwhere(counts):
        share = shares[row, column]
        axes.text(
            column,
            row,
            f"{_short(counts[row, column])}\n{_percent(share)}",
            ha="center",
            va="center",
            fontsize=size,
            linespacing=1.1,
            color="white" if share > _DARK else "#1a1a1a",
        )


def _short(count: int) -> str:
    """Return a count in at most six characters."""
    if count < 1e5:  # noqa: PLR2004 (the first number with six digits)
        return f"{count:,}"
    return f"{count / 1e3:.0f}k" if count < 1e6 else f"{count / 1e6:.1f}M"  # noqa: PLR2004 (a million)


def _percent(share: float) -> str:
    """Return a share in whole percent, without rounding something to nothing or nearly all to all."""
    percent = 100 * share
    if percent < 1:
        return "<1%"
    return ">99%" if 99 < percent < 100 else f"{percent:.0f}%"  # noqa: PLR2004 (percent)


def _label(axes: Any, names: list[str]) -> None:
    labels = [_shortened(name) for name in names]
    is_long = max(map(len, labels)) > (8 if len(names) <= _FEW else 3)
    places = range(len(names))
    axes.set_xticks(places, labels, rotation=90 if is_long else 0, parse_math=False)
    axes.set_yticks(places, labels, parse_math=False)
    axes.set(xlabel="predicted", ylabel="true")
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xticks(np.arange(len(names) - 1) + 0.5, minor=True)
    axes.set_yticks(np.arange(len(names) - 1) + 0.5, minor=True)
    axes.grid(visible=True, which="minor", color="white", linewidth=1.5)
    axes.tick_params(which="minor", length=0)


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
