import math

import numpy as np
import pytest

from unstuck.data.tasks import load
from unstuck.errors import OptionError
from unstuck.nets import Network, dense_layers
from unstuck.plots import plot_curves
from unstuck.plots.style import COLOURS, QUIET
from unstuck.training.history import History
from unstuck.training.trainer import Trainer


def history(losses, best=None, **columns):
    """A history with these columns."""
    made = History()
    for place, loss in enumerate(losses):
        made.append({"epoch": place + 1, "loss": loss} | {name: values[place] for name, values in columns.items()})
    made.best_epoch = best
    return made


def lines(axes):
    """What is drawn, without the marks of the best epochs."""
    return [line for line in axes.lines if line.get_linestyle() != "None"]


def marks(axes):
    return [line for line in axes.lines if line.get_linestyle() == "None"]


def test_a_real_training_as_it_was_recorded():
    data = load("moons")
    network = Network(dense_layers(2, [4], 1, output_activation="sigmoid"))
    record = Trainer(network, metrics=["accuracy"]).fit(data.inputs, data.targets, 6, validation=0.25)
    display = plot_curves(record, ("loss", "accuracy"), log=False, title="moons")
    assert [axes.get_ylabel() for axes in display.axes] == ["loss", "accuracy"]
    assert [axes.get_xlabel() for axes in display.axes] == ["", "epoch"]
    assert display.axes[0].get_title(loc="left") == "moons"
    for axes, name in zip(display.axes, ("loss", "accuracy"), strict=True):
        training, validation = lines(axes)
        assert training.get_xdata().tolist() == [1, 2, 3, 4, 5, 6]
        assert training.get_ydata().tolist() == record.column(name)
        assert validation.get_ydata().tolist() == record.column("validation_" + name)
        assert (training.get_linestyle(), validation.get_linestyle()) == ("-", "--")
        assert training.get_color() == validation.get_color() == COLOURS[0]
        (mark,) = marks(axes)
        best = record[record.best_epoch - 1]
        assert mark.get_xydata().tolist() == [[record.best_epoch, best["validation_" + name]]]


def test_several_runs(legend_of):
    display = plot_curves({"gd": history([3, 2]), "adam": history([2, 1], best=2, validation_loss=[4, 3])})
    first, *second = lines(display.axes[0])
    assert first.get_color() == COLOURS[0]
    assert [line.get_color() for line in second] == [COLOURS[1]] * 2
    handles = legend_of(display)
    assert list(handles) == ["gd", "adam", "training", "validation", "best epoch"]
    assert [handle.get_color() for handle in handles.values()] == [COLOURS[0], COLOURS[1], QUIET, QUIET, QUIET]
    assert handles["validation"].get_linestyle() == "--"


@pytest.mark.parametrize(
    ("histories", "labels"),
    [
        (history([2, 1]), []),
        (history([2, 1], best=2), ["best: epoch 2"]),
        (history([2, 1], validation_loss=[3, 4]), ["training", "validation"]),
        ({"adam": history([2, 1])}, ["adam"]),
        ({"a": history([2, 1]), "b": history([2, 1])}, ["a", "b"]),
    ],
)
def test_a_legend_only_where_it_says_something(histories, labels, legend_of):
    display = plot_curves(histories)
    assert list(legend_of(display)) == labels
    assert bool(display.figure.legends) == bool(labels)


def test_a_single_row_shows():
    display = plot_curves([{"epoch": 7, "loss": 2.0}])
    (line,) = lines(display.axes[0])
    assert line.get_xydata().tolist() == [[7, 2]]
    assert line.get_marker() == "."
    display.figure.draw_without_rendering()
    low, high = display.axes[0].get_xlim()
    assert low < 7 < high
    assert "7" in [label.get_text() for label in display.axes[0].get_xticklabels()]


def test_dots_only_where_a_line_would_not_do():
    def marker_of(losses):
        return lines(plot_curves(history(losses)).axes[0])[0].get_marker()

    assert marker_of([1.0] * 30) == "."
    assert marker_of([1.0] * 31) in ("none", "None")
    assert marker_of([1.0] * 31 + [math.nan]) == "."


def test_what_is_not_finite_is_left_out_and_said(note_of):
    display = plot_curves({"gd": history([1, math.inf, math.nan, 2]), "adam": history([1, 2, 3, 4])})
    broken, whole = lines(display.axes[0])
    assert np.array_equal(broken.get_ydata(), [1, np.nan, np.nan, 2], equal_nan=True)
    assert whole.get_ydata().tolist() == [1, 2, 3, 4]
    assert note_of(display) == "loss of gd: 2 of 4 values left out: NaN or infinite, first at epoch 2"


def test_nothing_finite_is_an_empty_panel_with_a_note(note_of):
    display = plot_curves(history([math.nan, math.nan], best=1))
    assert note_of(display) == "loss: 2 of 2 values left out: NaN or infinite, first at epoch 1"
    display._repr_png_()


def test_logarithmic_axes(note_of):
    def panel(losses, **settings):
        return plot_curves(history(losses), **settings)

    assert panel([100, 1]).axes[0].get_yscale() == "log"
    assert panel([100, 1], log=False).axes[0].get_yscale() == "linear"
    assert panel([5, 1]).axes[0].get_yscale() == "linear"
    assert note_of(panel([100, 1])) == ""
    negative = panel([100, -1])
    assert negative.axes[0].get_yscale() == "linear"
    assert note_of(negative) == "loss: linear axis, as some values are below 0"
    zero = panel([100, 1, 0])
    assert zero.axes[0].get_yscale() == "log"
    assert np.array_equal(lines(zero.axes[0])[0].get_ydata(), [100, 1, np.nan], equal_nan=True)
    assert note_of(zero) == "loss: 1 value of 0 left out: no logarithm"
    assert lines(panel([5, 0]).axes[0])[0].get_ydata().tolist() == [5, 0]


def test_more_is_better_stays_linear():
    columns = {"accuracy": [0.01, 1], "log_loss": [0.01, 1], "validation_f1": [0.01, 1], "my_error": [0.01, 1]}
    display = plot_curves(history([1, 2], **columns), list(columns))
    assert [axes.get_yscale() for axes in display.axes] == ["linear", "log", "linear", "log"]


def test_a_column_by_its_name_alone_and_underscores():
    (axes,) = plot_curves(history([1, 2], my_own_error=[3, 4]), "my_own_error").axes
    assert axes.get_ylabel() == "my own error"


def test_only_validation_has_it():
    display = plot_curves(history([1, 2], validation_r2=[0.3, 0.4]), ["r2"])
    (line,) = lines(display.axes[0])
    assert (line.get_linestyle(), line.get_ydata().tolist()) == ("--", [0.3, 0.4])


def test_a_run_that_did_not_measure_a_column_keeps_its_colour():
    display = plot_curves(
        {"a": history([1, 2], best=1), "b": history([1, 2], accuracy=[0.5, 0.6])}, ["loss", "accuracy"]
    )
    assert [line.get_color() for line in lines(display.axes[1])] == [COLOURS[1]]


def test_every():
    display = plot_curves(history(list(range(101, 1, -1)), best=42), every=50)
    (line,) = lines(display.axes[0])
    assert line.get_xydata().tolist() == [[1, 101], [51, 51], [100, 2]]
    (mark,) = marks(display.axes[0])
    assert mark.get_xydata().tolist() == [[42, 60]]


@pytest.mark.parametrize(
    "rows", [history([100, math.nan, 1], best=2), history([100, 0, 1], best=2), history([3, 2, 1], best=9)]
)
def test_a_best_epoch_without_a_value_is_marked_at_the_bottom(rows):
    axes = plot_curves(rows).axes[0]
    (mark,) = marks(axes)
    assert mark.get_xydata().tolist() == [[rows.best_epoch, 0]]
    assert mark.get_transform() == axes.get_xaxis_transform()
    assert axes.get_ylim()[0] > 0


def test_epochs_are_whole_numbers_with_separators():
    display = plot_curves(history(np.ones(2500).tolist()))
    display.figure.draw_without_rendering()
    assert "2,000" in [label.get_text() for label in display.axes[0].get_xticklabels()]


def test_text_that_looks_like_mathematics(legend_of):
    display = plot_curves({"$a_{": history([1, 2]), "_b": history([1, 2])}, title="$ 5 & $^")
    assert list(legend_of(display)) == ["$a_{", "_b"]
    display._repr_png_()


def test_errors(error_of):
    rows = history([1, 2], accuracy=[0.5, 0.6])
    assert error_of(OptionError, plot_curves, rows, ["acuracy"]) == (
        "unknown column 'acuracy'. Did you mean 'accuracy'?\n  Known: accuracy, loss"
    )
    assert error_of(OptionError, plot_curves, rows, []) == (
        "columns is empty: expected what to draw.\n  Known: accuracy, loss"
    )
    assert (
        error_of(OptionError, plot_curves, rows, every=0)
        == "every must be a whole number of at least 1. Got 0 instead."
    )
