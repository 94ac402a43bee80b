import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.plots import confusion_matrix, plot_confusion


def cells(display):
    """The text of each cell, by row and column."""
    return {
        (int(text.get_position()[1]), int(text.get_position()[0])): text.get_text() for text in display.axes[0].texts
    }


def names(labels):
    return [label.get_text() for label in labels]


@settings(deadline=None, max_examples=30)  # scikit-learn takes its time at first
@given(n_classes=st.integers(2, 30), n=st.integers(1, 200), seed=st.integers(0, 2**32 - 1))
def test_counts_are_those_of_scikit_learn(n_classes, n, seed):
    truth, predicted = np.random.default_rng(seed).integers(0, n_classes, (2, n))
    expected = sklearn.metrics.confusion_matrix(truth, predicted, labels=range(n_classes))
    np.testing.assert_array_equal(confusion_matrix(truth, predicted, n_classes), expected)


def test_columns_and_booleans_are_indices_too():
    assert confusion_matrix(np.array([[0.0], [1.0]]), np.array([True, True]), 2).tolist() == [[0, 1], [0, 1]]


@pytest.mark.parametrize("n_classes", [2, 10, 26, 30])
def test_counts_and_shares_of_the_row_in_the_cells(n_classes):
    rng = np.random.default_rng(n_classes)
    truth = rng.integers(0, n_classes, 500)
    predicted = np.where(rng.random(500) < 0.8, truth, rng.integers(0, n_classes, 500))
    display = plot_confusion(truth, predicted)
    counts = sklearn.metrics.confusion_matrix(truth, predicted)
    shares = sklearn.metrics.confusion_matrix(truth, predicted, normalize="true")
    expected = {
        (row, column): f"{counts[row, column]}\n{shares[row, column]:.0%}"
        for row, column in np.argwhere(counts).tolist()
    }
    assert cells(display) == expected
    (mesh,) = display.axes[0].collections
    np.testing.assert_allclose(mesh.get_array(), shares)
    right = int((truth == predicted).sum())
    assert display.axes[0].get_title(loc="left") == f"{right} of 500 right ({right / 500:.1%})"


def test_truth_runs_down_and_predictions_across():
    display = plot_confusion([0, 0, 1], [1, 1, 1], ("no", "yes"))
    assert cells(display) == {(0, 1): "2\n100%", (1, 1): "1\n100%"}
    axes = display.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted", "true")
    assert names(axes.get_xticklabels()) == names(axes.get_yticklabels()) == ["no", "yes"]
    bottom, top = axes.get_ylim()
    assert bottom > top


def test_text_stands_out_from_its_cell():
    display = plot_confusion([0] * 10 + [1] * 10, [0] * 9 + [1] + [0, 1] * 5)
    (mesh,) = display.axes[0].collections
    for text in display.axes[0].texts:
        column, row = (int(place) for place in text.get_position())
        red, green, blue, _ = mesh.to_rgba(mesh.get_array()[row, column])
        luminance = sum(w * ((v + 0.055) / 1.055) ** 2.4 for w, v in ((0.2126, red), (0.7152, green), (0.0722, blue)))
        own = 1.0 if to_hex(text.get_color()) == "#ffffff" else 0.01
        contrast = (max(own, luminance) + 0.05) / (min(own, luminance) + 0.05)
        assert contrast > 4.5  # WCAG 2.1, level AA


@pytest.mark.parametrize(("n_classes", "count"), [(2, 99_999), (10, 12_345), (26, 1_234_567), (30, 99_999)])
def test_text_fits_into_its_cell(n_classes, count):
    truth = np.append(np.repeat(0, count), np.arange(n_classes))
    display = plot_confusion(truth, truth, ["a class with a very long name"] * n_classes)
    display.figure.draw_without_rendering()
    cell = display.axes[0].transData.transform([[0, 0], [1, 1]])
    width, height = np.abs(cell[1] - cell[0])
    for text in display.axes[0].texts:
        extent = text.get_window_extent()
        assert extent.width < width
        assert extent.height < height
        assert text.get_size() >= 6.5


def test_shares_are_not_rounded_away():
    truth = [0] * 1000 + [1] * 1000
    display = plot_confusion(truth, [1] + [0] * 999 + [0] * 1 + [1] * 999)
    assert cells(display) == {(0, 0): "999\n>99%", (0, 1): "1\n<1%", (1, 0): "1\n<1%", (1, 1): "999\n>99%"}


def test_large_counts_are_shortened():
    truth = np.repeat([0, 1], [150_000, 2_345_000]).astype(np.int8)
    assert cells(plot_confusion(truth, truth)) == {(0, 0): "150k\n100%", (1, 1): "2.3M\n100%"}


def test_a_class_that_does_not_occur():
    display = plot_confusion([0, 0], [0, 0])
    assert cells(display) == {(0, 0): "2\n100%"}
    assert names(display.axes[0].get_xticklabels()) == ["0", "1"]
    assert names(plot_confusion([0], [0], ("a", "b", "c")).axes[0].get_xticklabels()) == ["a", "b", "c"]


def test_beyond_thirty_classes_there_are_no_numbers(note_of):
    display = plot_confusion(np.arange(31), np.arange(31))
    assert cells(display) == {}
    assert note_of(display) == "no numbers in the cells of more than 30 classes: confusion_matrix returns them"
    assert display.figure.get_figwidth() < 10


def test_long_names_are_upright_and_without_their_middle():
    display = plot_confusion([0, 1], [0, 1], ["a class with a long name 1", "$x^"])
    labels = display.axes[0].get_xticklabels()
    assert names(labels) == ["a class w…g name 1", "$x^"]
    assert {label.get_rotation() for label in labels} == {90}
    display.figure.draw_without_rendering()


def test_errors(error_of):
    assert error_of(ShapeError, confusion_matrix, [0, 1], [0], 2) == (
        "truth has 2 rows, but predicted has 1. Each row needs both."
    )
    assert error_of(OptionError, confusion_matrix, [0], [0], 0) == (
        "n_classes must be a whole number of at least 1. Got 0 instead."
    )
    assert error_of(DataError, plot_confusion, [0, 1], [0, 2], ("no", "yes")) == (
        "predicted holds 2 in row 1, expected class indices: whole numbers from 0 to 1 for 2 classes.\n  Rows count from 0."
    )
    assert error_of(OptionError, plot_confusion, [0, 100], [0, 1]) == (
        "plot_confusion draws at most 100 classes, but there are 101.\n"
        "  If the indices have gaps, number the classes anew: np.unique(labels, return_inverse=True)[1]."
    )
    assert error_of(OptionError, plot_confusion, [0], [0], "no") == (
        "class_names must be a name for each class, such as ('no', 'yes'). Got 'no' instead."
    )
    assert error_of(ShapeError, plot_confusion, [0, 1], np.eye(2)).startswith(
        "predicted has shape (2, 2), expected class indices"
    )
