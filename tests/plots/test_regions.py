import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from unstuck.data.tasks import load
from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.nets import Network, dense_layers
from unstuck.plots import plot_decision_regions
from unstuck.plots.style import COLOURS, mix

INPUTS = np.array([[0.0, 0.0, 5.0], [10.0, 0.0, 6.0], [0.0, 20.0, 9.0], [10.0, 20.0, 7.0]])


def image_of(display):
    (image,) = display.axes[0].images
    return image


def colour_at(display, x, y):
    """The colour of the background at a place of the data."""
    image = image_of(display)
    left, right, bottom, top = image.get_extent()
    values = image.get_array()
    row, column = int((y - bottom) / (top - bottom) * len(values)), int((x - left) / (right - left) * values.shape[1])
    return to_hex(image.cmap(image.norm(values[row, column])))


def dots(display):
    """Colour and places of each class's points."""
    return [
        (to_hex(dots.get_facecolor()[0]), dots.get_offsets().tolist())
        for dots in display.axes[0].collections
        if len(dots.get_offsets()) and dots.get_facecolor().size
    ]


def test_a_solved_xor(solved_xor, legend_of, note_of):
    display = plot_decision_regions(
        solved_xor.network, solved_xor.inputs, solved_xor.targets, class_names=("equal", "differ")
    )
    pale = [to_rgb(mix(shade, "#ffffff", 0.45)) for shade in COLOURS[:2]]
    for (x, y), target in zip(solved_xor.inputs, solved_xor.targets[:, 0], strict=True):
        assert to_rgb(colour_at(display, x, y)) == pytest.approx(pale[int(target)], abs=0.05)
    assert list(legend_of(display)) == ["equal", "differ"]
    assert display.figure.legends[0].get_title().get_text() == "class"
    assert note_of(display) == ""
    assert (display.axes[0].get_xlabel(), display.axes[0].get_ylabel()) == ("input 0", "input 1")
    assert [axes.get_ylabel() for axes in display.figure.axes[1:]] == ["output"]


def test_points_lie_on_top_in_the_colour_of_their_class(computing):
    display = plot_decision_regions(computing(lambda rows: rows[:, :1] / 10), INPUTS, [0, 1, 1, 1], points=10)
    assert [entry for entry in dots(display) if entry[0] in COLOURS] == [
        (COLOURS[0], [[0, 0]]),
        (COLOURS[1], [[10, 0], [0, 20], [10, 20]]),
    ]


def test_the_background_is_the_output_with_a_line_at_one_half(computing):
    display = plot_decision_regions(computing(lambda rows: rows[:, :1] / 10), INPUTS, [0, 1, 0, 1], points=13)
    assert display.axes[0].get_xlim() == pytest.approx((-1, 11))
    assert display.axes[0].get_ylim() == pytest.approx((-2, 22))
    image = image_of(display)
    assert image.get_array().shape == (13, 13)
    assert image.get_array()[5].tolist() == pytest.approx(np.linspace(-0.1, 1.1, 13))
    assert image.get_extent() == pytest.approx([-1.5, 11.5, -3, 23])
    assert image.get_clim() == (0, 1)
    line = next(drawn for drawn in display.axes[0].collections if hasattr(drawn, "levels"))
    assert line.levels.tolist() == [0.5]
    assert np.concatenate(line.get_paths()[0].to_polygons(closed_only=False))[:, 0] == pytest.approx(5)


def test_the_other_input_is_held_at_its_median_or_where_told(computing, note_of):
    third = computing(lambda rows: rows[:, 2:3] / 10)
    by_median = plot_decision_regions(third, INPUTS, [0, 1, 0, 1], points=3)
    assert np.unique(image_of(by_median).get_array()).tolist() == pytest.approx([0.65])
    assert note_of(by_median) == "the network says 1 everywhere here\nheld: input 2 = 6.5"
    told = plot_decision_regions(third, INPUTS, [0, 1, 0, 1], points=3, fixed={2: 1}, class_names=("no", "yes"))
    assert np.unique(image_of(told).get_array()).tolist() == pytest.approx([0.1])
    assert note_of(told) == "the network says no everywhere here\nheld: input 2 = 1"


def test_exactly_one_half_is_the_first_class(computing, note_of):
    display = plot_decision_regions(
        computing(lambda rows: rows[:, :1] * 0 + 0.5), INPUTS[:, :2], [0, 1, 0, 1], points=3
    )
    assert note_of(display) == "the network says 0 everywhere here"


def test_other_features(computing):
    display = plot_decision_regions(
        computing(lambda rows: rows[:, 2:3]), INPUTS, [0, 1, 0, 1], features=(2, 1), points=5
    )
    assert (display.axes[0].get_xlabel(), display.axes[0].get_ylabel()) == ("input 2", "input 1")
    assert image_of(display).get_array()[0].tolist() == pytest.approx(np.linspace(4.6, 9.4, 5))


@pytest.mark.parametrize("n_classes", [2, 3, 26])
def test_several_outputs_colour_by_the_largest(computing, legend_of, n_classes):
    """Each class has a stripe of its own."""
    centres = np.arange(n_classes) * 1.0
    inputs = np.column_stack([centres, centres % 3])
    display = plot_decision_regions(
        computing(lambda rows: -np.abs(rows[:, :1] - centres)),
        inputs,
        np.arange(n_classes),
        class_names=[f"name {i}" for i in range(n_classes)],
    )
    assert list(legend_of(display)) == [f"name {index}" for index in range(n_classes)]
    backgrounds = [colour_at(display, centre, 0) for centre in centres]
    points = [shade for shade, _ in dots(display)]
    assert backgrounds == [mix(shade, "#ffffff", 0.6) for shade in points]
    assert len(set(points)) == min(n_classes, 21)
    markers = {tuple(map(tuple, drawn.get_paths()[0].vertices.round(6))) for drawn in display.axes[0].collections}
    assert len(markers) == min(n_classes, 7)


def test_a_trained_network_of_several_classes():
    data = load("digits")
    network = Network(dense_layers(64, [8], 10, output_activation="softmax"))
    rows = slice(0, 200)
    display = plot_decision_regions(network, data.inputs[rows] / 16, data.targets[rows], features=(20, 21), points=9)
    assert image_of(display).get_array().shape == (9, 9)
    assert sum(len(places) for _, places in dots(display)) == 200


def test_one_hot_targets_are_the_same_as_indices(computing):
    network = computing(lambda rows: np.hstack([rows[:, :1], rows[:, 1:2]]))
    by_index = plot_decision_regions(network, INPUTS, [0, 1, 1, 0], points=4)
    one_hot = plot_decision_regions(network, INPUTS, np.eye(2)[[0, 1, 1, 0]], points=4)
    assert dots(by_index) == dots(one_hot)


def test_one_class_everywhere(computing, note_of):
    network = computing(lambda rows: np.tile([0.0, 1.0, 0.0], (len(rows), 1)))
    display = plot_decision_regions(network, INPUTS[:, :2], [0, 1, 2, 0], points=4)
    assert note_of(display) == "the network says 1 everywhere here"


@pytest.mark.parametrize("n_out", [1, 3])
def test_where_the_output_is_not_finite_is_left_blank(computing, note_of, n_out):
    def function(rows):
        return np.where(rows[:, :1] > 5, np.nan, np.hstack([rows[:, :1]] * n_out))

    display = plot_decision_regions(computing(function), INPUTS[:, :2], [0, 1, 0, 1], points=12)
    assert image_of(display).get_array().mask.mean() == 0.5
    assert note_of(display).startswith("50% of the plane is left blank: the output there is not finite")
    display._repr_png_()


@pytest.mark.parametrize(("low", "high", "extend"), [(0, 1, "neither"), (-1, 1, "min"), (0, 2, "max"), (-1, 2, "both")])
def test_the_scale_shows_where_outputs_go_beyond(computing, low, high, extend):
    def function(rows):
        return low + (high - low) * (rows[:, :1] > 5)

    display = plot_decision_regions(computing(function), INPUTS[:, :2], [0, 1, 0, 1], points=4)
    assert image_of(display).colorbar.extend == extend


def test_equal_inputs_have_a_range_all_the_same(computing):
    display = plot_decision_regions(computing(lambda rows: rows[:, :1]), [[1.0, 2.0]], [1], points=3)
    assert display.axes[0].get_xlim() == (0.5, 1.5)
    assert display.axes[0].get_ylim() == (1.5, 2.5)


def test_an_svg_of_many_points_stays_small(computing):
    """60,000 points, as MNIST has, would be 6 megabytes of shapes."""
    inputs = np.random.default_rng(0).normal(size=(60_000, 2))
    display = plot_decision_regions(computing(lambda rows: rows[:, :1]), inputs, inputs[:, 0] > 0, points=5)
    assert len(display._repr_svg_()) < 500_000


def test_errors(computing, error_of):
    network = computing(lambda rows: rows[:, :1])
    assert error_of(ShapeError, plot_decision_regions, network, [1.0, 2.0], [0, 1]) == (
        "inputs has shape (2,), expected (n, n_in)."
    )
    assert error_of(OptionError, plot_decision_regions, network, INPUTS[:, :1], [0, 1, 0, 1]) == (
        "features names input 1, but the network takes 1 input, counted from 0."
    )
    assert error_of(OptionError, plot_decision_regions, network, INPUTS, [0, 1, 0, 1], points=1) == (
        "points must be a whole number of at least 2. Got 1 instead."
    )
    assert error_of(DataError, plot_decision_regions, network, INPUTS, [0, 2, 0, 1]) == (
        "targets holds 2 in row 1, expected class indices: whole numbers from 0 to 1 for 2 classes.\n  Rows count from 0."
    )
    assert error_of(OptionError, plot_decision_regions, network, INPUTS, [0, 1, 0, 1], class_names=("a", "b", "c")) == (
        "class_names holds 3 names for 2 classes. Give each class a name, or leave them out."
    )
    assert error_of(DataError, plot_decision_regions, network, [[0, np.nan]], [0]).startswith(
        "inputs holds nan in row 0, column 1"
    )
