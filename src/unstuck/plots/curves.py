"""Learning curves: what was measured, epoch by epoch, for one training or several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from unstuck.errors import OptionError
from unstuck.extras import require
from unstuck.limits import check_count
from unstuck.plots.display import Display
from unstuck.plots.scales import use_logarithm, use_whole_numbers
from unstuck.plots.series import by_label, column_names, series_of, without_logarithm
from unstuck.plots.style import QUIET, add_legend, add_note, colour, in_house_style, new_figure
from unstuck.registry import unknown_option
from unstuck.training.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from unstuck.plots.series import Rows, Series

_FEW_POINTS = 30
_VALIDATION = "validation_"


@in_house_style
def plot_curves(
    histories: Rows | Mapping[str, Rows],
    columns: Sequence[str] = ("loss",),
    *,
    log: bool = True,
    every: int = 1,
    title: str = "",
) -> Display:
    """Draw what was measured against the epochs, a panel for each column.

    Training is solid; where ``validation_<column>`` was measured it is dashed, in the same colour. A dot marks each
    history's ``best_epoch``, on the validation line if there is one. Values that cannot be drawn are left out, and a
    note says so.

    Args:
        histories: One :class:`~unstuck.training.history.History`, or several by their label.
        columns: What to draw (default the loss), such as ``("loss", "accuracy")``.
        log: Whether losses and errors have a logarithmic axis (default yes). It stays linear for metrics of which more is
            better, where a value is negative, and where all are within a factor of ten.
        every: Draw one recorded epoch of so many (default each), and always the last.
        title: What to write above.

    Raises:
        OptionError: A column that was not measured, or something that is no history.
        DataError: A history without rows or epochs.
    """
    check_count("every", every)
    runs = by_label(histories)
    names = [columns] if isinstance(columns, str) else list(columns)
    _check_columns(names, runs)
    figure = new_figure(7.0, 1.0 + 2.6 * len(names))
    panels = figure.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0]
    notes = [
        note for axes, name in zip(panels, names, strict=True) for note in _panel(axes, name, runs, every, log=log)
    ]
    panels[0].set_title(title, parse_math=False)
    panels[-1].set_xlabel("epoch")
    use_whole_numbers(panels[-1].xaxis)
    entries = _legend(
        runs, has_validation=any(_VALIDATION + name in column_names(rows) for name in names for rows in runs.values())
    )
    if entries:
        add_legend(figure, entries)
    add_note(figure, notes)
    return Display(figure, tuple(panels))


def _check_columns(names: list[str], runs: Mapping[str, Rows]) -> None:
    known = dict.fromkeys(name for rows in runs.values() for name in column_names(rows))
    if not names:
        raise OptionError(f"columns is empty: expected what to draw.\n  Known: {', '.join(sorted(known))}")
    for name in names:
        if name not in known and _VALIDATION + name not in known:
            raise unknown_option("column", name, known)


class _Line(NamedTuple):
    """A line of a panel: of which run, and which of its columns."""

    run: int
    label: str
    column: str
    series: Series


def _panel(axes: Any, name: str, runs: Mapping[str, Rows], every: int, *, log: bool) -> list[str]:
    """Draw one column of every run; return what there is to say about it."""
    lines = [
        _Line(run, label, column, series)
        for run, (label, rows) in enumerate(runs.items())
        for column in (name, _VALIDATION + name)
        if (series := series_of(rows, column, every=every)) is not None
    ]
    notes = []
    if log and not _more_is_better(name):
        values = np.concatenate([line.series.values for line in lines])
        if (values < 0).any():
            notes.append(f"{name}: linear axis, as some values are below 0")
        elif use_logarithm(axes, values[values > 0]):
            lines = [line._replace(series=without_logarithm(line.series)) for line in lines]
    for run, label, column, series in lines:
        _draw(axes, series, colour(run), is_validation=column != name)
        if series.left_out:
            notes.append(f"{column}{f' of {label}' if label else ''}: {series.left_out}")
    for run, rows in enumerate(runs.values()):
        _mark_best(axes, name, rows, colour(run), is_log=axes.get_yscale() == "log")
    axes.set_ylabel(name.replace("_", " "), parse_math=False)
    return notes


def _more_is_better(name: str) -> bool:
    metric = name.removeprefix(_VALIDATION)
    return metric in METRICS.names() and METRICS.create(metric).greater_is_better


def _draw(axes: Any, series: Series, line_colour: str, *, is_validation: bool) -> None:
    # A point between two gaps, or the only one, would not be seen without a dot.
    has_dots = len(series.values) <= _FEW_POINTS or bool(np.isnan(series.values).any())
    axes.plot(
        series.epochs,
        series.values,
        color=line_colour,
        linestyle="--" if is_validation else "-",
        marker="." if has_dots else "none",
        markersize=5,
    )


def _mark_best(axes: Any, name: str, rows: Rows, dot_colour: str, *, is_log: bool) -> None:
    """Mark the epoch whose parameters were kept: on its line, or at the bottom where that epoch has no value to draw."""
    epoch = getattr(rows, "best_epoch", None)
    if epoch is None:
        return
    series = series_of(rows, _VALIDATION + name) or series_of(rows, name)
    if series is None:
        return
    value = series.at(epoch)
    style = {"color": dot_colour, "linestyle": "none", "markeredgecolor": "white", "zorder": 3, "clip_on": False}
    if np.isfinite(value) and not (is_log and value <= 0):
        axes.plot([epoch], [value], marker="o", markersize=8, **style)
    else:
        axes.plot([epoch], [0], marker="^", markersize=8, transform=axes.get_xaxis_transform(), **style)


def _legend(runs: Mapping[str, Rows], *, has_validation: bool) -> list[tuple[Any, str]]:
    """Return what the legend says: the runs by colour, and what line styles and dots mean where they occur."""
    line = require("matplotlib.lines", "plots", "plot_curves").Line2D
    is_single = len(runs) == 1
    own = colour(0) if is_single else QUIET
    entries = []
    if not is_single or "" not in runs:
        entries += [(line([], [], color=colour(index)), label) for index, label in enumerate(runs)]
    if has_validation:
        entries += [(line([], [], color=own), "training"), (line([], [], color=own, linestyle="--"), "validation")]
    best = [getattr(rows, "best_epoch", None) for rows in runs.values()]
    if any(epoch is not None for epoch in best):
        dot = line([], [], color=own, marker="o", markersize=8, markeredgecolor="white", linestyle="none")
        entries.append((dot, f"best: epoch {best[0]:,}" if is_single else "best epoch"))
    return entries
