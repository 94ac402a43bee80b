"""Which class is taken for which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.errors import OptionError, ShapeError
from unstuck.limits import check_count
from unstuck.plots.classes import class_indices, names_of_classes
from unstuck.plots.display import Display
from unstuck.plots.scales import percent
from unstuck.plots.style import add_note, in_house_style, new_figure, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_MOST_CLASSES = 100
_MOST_NUMBERED = 30
_FEW = 10
_LONGEST_NAME = 18
_LETTER = 0.075  # inches
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
        DataError: A number that is no class index.
        OptionError: More than 100 classes.
    """
    names = names_of_classes(class_names, _n_classes(truth, predicted, class_names))
    counts = confusion_matrix(truth, predicted, len(names))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = _empty(names)
    axes.pcolormesh(shares, cmap="Blues", vmin=0, vmax=1, edgecolors="white", linewidth=1)
    if len(names) <= _MOST_NUMBERED:
        _number_cells(axes, counts, shares)
    else:
        notice = f"no numbers in the cells of more than {_MOST_NUMBERED} classes: confusion_matrix returns them"
        add_note(figure, [notice])
    right, total = int(np.trace(counts)), int(counts.sum())
    axes.set_title(f"{right:,} of {total:,} right ({percent(right / total, 1)})")
    return Display(figure, (axes,))


def _n_classes(truth: Any, predicted: Any, class_names: Sequence[str]) -> int:
    """Return how many classes there are: as many as names, or as the indices speak of, at least two."""
    largest = max(class_indices(truth, "truth").max(), class_indices(predicted, "predicted").max())
    n_classes = len(class_names) or max(int(largest) + 1, 2)
    if n_classes > _MOST_CLASSES:
        raise OptionError(
            f"plot_confusion draws at most {_MOST_CLASSES} classes, but there are {n_classes}.\n"
            "  If the indices have gaps, number the classes anew: np.unique(labels, return_inverse=True)[1]."
        )
    return n_classes


def _empty(names: list[str]) -> tuple[Any, Any]:
    """Return a figure whose size fits the classes, and its axes with their names."""
    n = len(names)
    labels = [shorten(name, _LONGEST_NAME) for name in names]
    longest = max(map(len, labels))
    is_upright = longest > (8 if n <= _FEW else 3)
    side = max(n * (0.62 if n <= _FEW else 0.46 if n <= _MOST_NUMBERED else 0.2), 2.6)
    figure = new_figure(side + 0.9 + _LETTER * longest, side + 1.0 + _LETTER * longest * is_upright)
    axes = figure.add_subplot()
    axes.set_aspect("equal")
    axes.invert_yaxis()
    places = np.arange(n) + 0.5
    axes.set_xticks(places, labels, rotation=90 if is_upright else 0, parse_math=False)
    axes.set_yticks(places, labels, parse_math=False)
    axes.set(xlabel="predicted", ylabel="true")
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return figure, axes


def _number_cells(axes: Any, counts: NDArray[np.intp], shares: NDArray[np.float64]) -> None:
    """Write count and share into each cell; an empty one stays empty."""
    size = 9 if len(counts) <= _FEW else 6.5
    for row, column in np.argwhere(counts):
        share = shares[row, column]
        axes.text(
            column + 0.5,
            row + 0.5,
            f"{_short(counts[row, column])}\n{percent(share)}",
            ha="center",
            va="center",
            fontsize=size,
            linespacing=1.1,
            color="white" if share > _DARK else "#1a1a1a",
            in_layout=False,  # it stays within its cell, and asking where takes long
        )


def _short(count: int) -> str:
    """Return a count in at most six characters."""
    if count < 1e5:  # noqa: PLR2004 (the first number with six digits)
        return f"{count:,}"
    return f"{count / 1e3:.0f}k" if count < 1e6 else f"{count / 1e6:.1f}M"  # noqa: PLR2004 (a million)
