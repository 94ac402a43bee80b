from pathlib import Path

import numpy as np
import pytest

from unstuck.data.npz_inputs import NamedArray, by_lower_name, refuse_non_finite, to_inputs
from unstuck.errors import DataError


def test_arrays_by_lower_name():
    array = np.eye(2)
    found = by_lower_name({"X_Train": array}, Path("d.npz"))
    assert list(found) == ["x_train"]
    assert found["x_train"].name == "d.npz: array 'X_Train'"
    assert found["x_train"].array is array


def test_bytes_stay_and_images_are_flattened():
    images = np.arange(8, dtype=np.uint8).reshape(2, 2, 2)
    matrix = to_inputs(NamedArray("X", images), least=1)
    assert matrix.dtype == np.uint8
    assert matrix.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]


@pytest.mark.parametrize(("least", "rows"), [(1, "one row"), (2, "2 rows")])
def test_too_few_rows(least, rows, error_of):
    part = NamedArray("X", np.zeros((0, 2)))
    assert (
        error_of(DataError, to_inputs, part, least=least)
        == f"X has shape (0, 2), expected at least {rows} and one column."
    )


def test_the_first_place_that_is_not_finite(error_of):
    assert error_of(DataError, refuse_non_finite, np.array([1, np.nan, np.inf]), "y") == (
        "y, row 1 (counted from 0) holds nan, expected a finite number."
    )
    assert error_of(DataError, refuse_non_finite, np.array([[1, 2], [3, np.inf]]), "X") == (
        "X, row 1, column 1 (counted from 0) holds inf, expected a finite number."
    )
