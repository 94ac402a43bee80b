import numpy as np
import pytest
from mpl_toolkits.mplot3d import Axes3D

from unstuck.errors import DataError, OptionError
from unstuck.nets import Network, dense_layers
from unstuck.plots import plot_surface


@pytest.fixture
def drawn(monkeypatch):
    """The coordinates of all surfaces that were drawn, each three arrays of shape ``(n_y, n_x)``."""
    surfaces = []
    draw = Axes3D.plot_surface

    def plot_surface_and_remember(axes, *coordinates, **settings):
        surfaces.append(coordinates)
        return draw(axes, *coordinates, **settings)

    monkeypatch.setattr(Axes3D, "plot_surface", plot_surface_and_remember)
    return surfaces


@pytest.fixture
def network():
    return Network(dense_layers(3, [5], 2, activation="sigmoid", output_activation="sigmoid"), loss="mse")


def test_the_learned_function_with_the_third_input_held_at_1(network, note_of, drawn):
    display = plot_surface(network, features=(0, 1), fixed={2: 1}, output=1)
    ((x, y, heights),) = drawn
    np.testing.assert_allclose(x, np.tile(np.linspace(0, 1, 20), (20, 1)))
    np.testing.assert_array_equal(y, x.T)
    expected = network.predict(np.column_stack([x.ravel(), y.ravel(), np.ones(400)]))[:, 1]
    np.testing.assert_allclose(heights.ravel(), expected, rtol=1e-12)
    axes = display.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_zlabel()) == ("input 0", "input 1", "output 1")
    assert note_of(display) == "held: input 2 = 1"


def test_a_single_output_needs_no_number_and_no_note(solved_xor, note_of):
    display = plot_surface(solved_xor.network)
    assert display.axes[0].get_zlabel() == "output"
    assert note_of(display) == ""
    assert not display.figure.legends


def test_ranges_features_and_points(computing, drawn):
    network = computing(lambda rows: rows[:, :1] + 100 * rows[:, 2:3], n_in=3)
    display = plot_surface(network, features=(2, 0), fixed={1: 9}, ranges=((-2, 2), (5, 7)), points=5)
    ((x, y, heights),) = drawn
    assert x.tolist() == [[-2, -1, 0, 1, 2]] * 5
    assert y[:, 0].tolist() == [5, 5.5, 6, 6.5, 7]
    np.testing.assert_allclose(heights, y + 100 * x)
    assert (display.axes[0].get_xlabel(), display.axes[0].get_ylabel()) == ("input 2", "input 0")


@pytest.mark.parametrize("points", [2, 20, 70])
def test_every_grid_point_is_drawn(solved_xor, points):
    """By default matplotlib leaves rows out."""
    (surface,) = plot_surface(solved_xor.network, points=points).axes[0].collections
    assert len(surface.get_facecolor()) == (points - 1) ** 2


@pytest.mark.parametrize(("points", "has_lines"), [(50, True), (51, False)])
def test_lines_only_where_they_can_be_told_apart(solved_xor, points, has_lines):
    (surface,) = plot_surface(solved_xor.network, points=points).axes[0].collections
    assert bool(len(surface.get_edgecolor()) and surface.get_edgecolor()[0, 3]) == has_lines
    assert bool(surface.get_rasterized()) == (not has_lines)


def test_anything_that_predicts_once_its_inputs_are_counted(computing, error_of):
    function = computing(lambda rows: rows[:, :1])
    assert error_of(OptionError, plot_surface, function) == (
        "cannot tell how many inputs a SimpleNamespace takes, as it has no n_in.\n  Say it: plot_surface(…, n_in=3)."
    )
    assert len(plot_surface(function, n_in=2, points=3).axes) == 1


def test_inputs_without_a_value(computing, network, error_of):
    assert error_of(OptionError, plot_surface, network) == (
        "plot_surface draws inputs 0 and 1 of 3. Input 2 has no value to be held at.\n  Add fixed={2: …}."
    )
    four = computing(lambda rows: rows, n_in=4)
    assert error_of(OptionError, plot_surface, four, features=(3, 1)) == (
        "plot_surface draws inputs 3 and 1 of 4. Inputs 0, 2 have no value to be held at.\n  Add fixed={0: …, 2: …}."
    )
    assert error_of(OptionError, plot_surface, four, fixed={3: 0}) == (
        "plot_surface draws inputs 0 and 1 of 4. Input 2 has no value to be held at.\n  Add fixed={2: …}."
    )
    many = computing(lambda rows: rows, n_in=784)
    assert error_of(OptionError, plot_surface, many) == (
        "plot_surface draws inputs 0 and 1 of 784. Inputs 2, 3, 4, 5, 6, … have no value to be held at.\n"
        "  Add fixed={2: …, 3: …, 4: …, 5: …, 6: …, …}."
    )


def test_other_errors(network, solved_xor, computing, error_of):
    assert error_of(OptionError, plot_surface, solved_xor.network, output=1) == (
        "output is 1, but the network has 1 output, counted from 0."
    )
    assert error_of(OptionError, plot_surface, network, fixed={2: 1}, output=2) == (
        "output is 2, but the network has 2 outputs, counted from 0."
    )
    assert error_of(OptionError, plot_surface, network, n_in=2) == (
        "n_in is 2, but the network takes 3 inputs. Leave n_in out."
    )
    assert error_of(OptionError, plot_surface, network, fixed={2: 1}, ranges=((0, 1), (1, 1))) == (
        "ranges[1] must rise from low to high. Got (1, 1) instead."
    )
    assert error_of(OptionError, plot_surface, network, fixed={2: 1}, ranges=((0, np.inf), (0, 1))) == (
        "ranges[0][1] must be a finite number. Got inf instead."
    )
    for wrong in ((0, 1), ((0, 1), (0,)), 5):
        assert error_of(OptionError, plot_surface, network, fixed={2: 1}, ranges=wrong) == (
            f"ranges must be two pairs, such as ((0, 1), (0, 1)). Got {wrong!r} instead."
        )
    assert error_of(OptionError, plot_surface, computing(lambda rows: rows), n_in=2.5) == (
        "n_in must be a whole number of at least 1. Got 2.5 instead."
    )


def test_what_is_not_finite_is_left_out(computing, note_of, error_of):
    with_hole = computing(lambda rows: np.where(rows[:, :1] > 0.5, np.nan, rows[:, :1]), n_in=2)
    display = plot_surface(with_hole, points=8)
    assert note_of(display) == "50% of the surface is left out: the output there is not finite"
    display._repr_png_()
    infinite = computing(lambda rows: np.column_stack([rows[:, 0], rows[:, 0] * np.inf + np.inf]), n_in=2)
    assert error_of(DataError, plot_surface, infinite, output=1) == (
        "output 1 is nowhere finite on the grid, though others are. Draw another one."
    )
