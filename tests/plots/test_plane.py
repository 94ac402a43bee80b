import numpy as np
import pytest

from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.plots.plane import Plane, check_features, check_fixed


@pytest.fixture
def plane():
    return Plane((2, 0), np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0]), np.array([0.0, 7.0, 0.0, 8.0]))


def test_every_grid_point_is_asked_for_once_with_the_others_held(plane, computing):
    """Column by column of the inputs: the outputs are the inputs themselves."""
    outputs = plane.outputs(computing(lambda rows: rows.copy()))
    assert outputs.shape == (2, 3, 4)
    assert outputs[..., 2].tolist() == [[1, 2, 3]] * 2
    assert outputs[..., 0].tolist() == [[10] * 3, [20] * 3]
    assert set(outputs[..., 1].ravel()) == {7}
    assert set(outputs[..., 3].ravel()) == {8}


def test_outputs_of_another_shape(plane, computing, error_of):
    assert error_of(ShapeError, plane.outputs, computing(lambda rows: rows[:, 0])) == (
        "network.predict returned shape (3,) for 3 rows, expected (3, n_out)."
    )
    assert error_of(ShapeError, plane.outputs, computing(lambda rows: rows[:2])) == (
        "network.predict returned shape (2, 4) for 3 rows, expected (3, n_out)."
    )


def test_nothing_finite(plane, computing, error_of):
    assert error_of(DataError, plane.outputs, computing(lambda rows: rows[:, :1] * np.inf)) == (
        "network.predict returned no finite number anywhere on the grid.\n"
        "  Its parameters are NaN or infinite, or far too large: train again with a smaller learning rate."
    )


def test_overflow_in_places_is_no_warning(plane, computing):
    outputs = plane.outputs(computing(lambda rows: np.exp(rows[:, :1] * 50)))
    assert np.isfinite(outputs[..., 0]).all(axis=1).tolist() == [True, False]


def test_held_in_words(plane):
    assert plane.held_in_words() == "held: input 1 = 7, input 3 = 8"
    assert Plane((0, 1), plane.x, plane.y, np.zeros(2)).held_in_words() == ""
    many = Plane((0, 1), plane.x, plane.y, np.zeros(64)).held_in_words()
    assert many.startswith("held: input 2 = 0, ")
    assert many.endswith("input 9 = 0, and 54 more")


def test_features(error_of):
    assert check_features([np.int64(3), 1], 4) == (3, 1)
    for wrong in ((1, 1), (0,), (0, 1, 2)):
        assert error_of(OptionError, check_features, wrong, 4) == (
            f"features must name two different inputs, such as (0, 1). Got {wrong!r} instead."
        )
    assert error_of(OptionError, check_features, (0, 1), 1) == (
        "features names input 1, but the network takes 1 input, counted from 0."
    )
    assert error_of(OptionError, check_features, (0, 4), 4) == (
        "features names input 4, but the network takes 4 inputs, counted from 0."
    )
    assert error_of(OptionError, check_features, (0, -1), 4) == (
        "features[1] must be a whole number of at least 0. Got -1 instead."
    )


def test_fixed(error_of):
    assert check_fixed(None, (0, 1), 3) == {}
    assert check_fixed({np.int64(2): 1}, (0, 1), 3) == {2: 1.0}
    assert error_of(OptionError, check_fixed, {3: 1}, (0, 1), 3) == (
        "fixed holds input 3, but the network takes 3 inputs, counted from 0."
    )
    assert error_of(OptionError, check_fixed, {1: 1}, (0, 1), 3) == (
        "fixed holds input 1, which is drawn. Leave it out, or name other features."
    )
    assert (
        error_of(OptionError, check_fixed, {2: np.nan}, (0, 1), 3)
        == "fixed[2] must be a finite number. Got nan instead."
    )
    assert error_of(OptionError, check_fixed, {"a": 1}, (0, 1), 3) == (
        "an input in fixed must be a whole number of at least 0. Got 'a' instead."
    )
