import numpy as np
import pytest

from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.plots.classes import class_indices, classes_of_targets, names_of_classes


@pytest.mark.parametrize("values", [[0, 2, 1], [0.0, 2.0, 1.0], np.array([[0], [2], [1]], np.uint8)])
def test_indices_in_any_form(values):
    indices = class_indices(values, "truth")
    assert indices.tolist() == [0, 2, 1]
    assert indices.dtype == np.intp


def test_booleans_are_two_classes():
    assert class_indices([True, False], "truth", 2).tolist() == [1, 0]


def test_what_is_no_index(error_of):
    assert error_of(DataError, class_indices, [0, 1, 2], "predicted", 2) == (
        "predicted holds 2 in row 2, expected class indices: whole numbers from 0 to 1 for 2 classes.\n  Rows count from 0."
    )
    assert error_of(DataError, class_indices, [0, -1], "truth") == (
        "truth holds -1 in row 1, expected class indices: whole numbers from 0.\n  Rows count from 0."
    )
    assert error_of(DataError, class_indices, [0.7], "truth").startswith("truth holds 0.7 in row 0, ")


def test_what_is_no_column(error_of):
    assert error_of(ShapeError, class_indices, np.eye(3), "predicted") == (
        "predicted has shape (3, 3), expected class indices of shape (n,).\n"
        "  For outputs or one-hot rows use predicted.argmax(axis=1)."
    )
    assert error_of(ShapeError, class_indices, np.ones((1, 1, 1)), "truth") == (
        "truth has shape (1, 1, 1), expected class indices of shape (n,)."
    )


def test_text_and_nothing(error_of):
    assert error_of(DataError, class_indices, ["cat", "dog"], "truth").startswith(
        "truth has dtype <U3, expected numbers.\n"
    )
    assert error_of(DataError, class_indices, [], "truth").startswith("truth is empty: ")


def test_targets_of_one_output_and_of_several():
    assert classes_of_targets([[0.0], [1.0]], 2, 1).tolist() == [0, 1]
    assert classes_of_targets([2, 0], 2, 3).tolist() == [2, 0]
    assert classes_of_targets(np.eye(3)[[2, 0, 1]], 3, 3).tolist() == [2, 0, 1]
    assert classes_of_targets([[1, 0], [0, 1]], 2, 2).tolist() == [0, 1]


def test_targets_that_are_no_classes(error_of):
    assert error_of(DataError, classes_of_targets, [[1, 0], [1, 1]], 2, 2) == (
        "targets holds [1.0, 1.0] in row 1, expected a single 1 and else 0: one class for each row.\n  Rows count from 0."
    )
    assert error_of(DataError, classes_of_targets, [[0.5, 0.5]], 1, 2).startswith("targets holds [0.5, 0.5] in row 0, ")
    assert error_of(DataError, classes_of_targets, [0.3], 1, 1).startswith("targets holds 0.3 in row 0, ")
    assert error_of(ShapeError, classes_of_targets, np.eye(2), 2, 1).startswith("targets has shape (2, 2), ")
    assert error_of(ShapeError, classes_of_targets, [0, 1], 3, 1) == (
        "targets has 2 rows, but inputs has 3. Each row of inputs needs one target."
    )


def test_names(error_of):
    assert names_of_classes(("no", "yes"), 2) == ["no", "yes"]
    assert names_of_classes(np.array(["no", "yes"]).tolist(), 2) == ["no", "yes"]
    assert error_of(OptionError, names_of_classes, ("no",), 2) == (
        "class_names holds 1 names for 2 classes. Give each class a name, or leave them out."
    )
    assert error_of(OptionError, names_of_classes, "no", 2) == (
        "class_names must be a name for each class, such as ('no', 'yes'). Got 'no' instead."
    )
