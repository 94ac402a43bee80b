import io

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from unstuck.data.npz_table import read_npz
from unstuck.errors import DataError, OptionError, ShapeError

X = np.array([[0.0, 0.5], [1, 2], [3, 4], [5, 6]])
Y = np.array([0, 1, 1, 0])


@pytest.fixture
def save(write):
    def save_arrays(**arrays):
        buffer = io.BytesIO()
        np.savez(buffer, **arrays)
        return write("d.npz", buffer.getvalue())

    return save_arrays


@pytest.mark.parametrize("names", [("X", "y"), ("x", "y"), ("X", "Y")])
def test_inputs_and_targets(save, names):
    dataset = read_npz(save(**{names[0]: X, names[1]: Y}))
    assert dataset.name == "d"
    assert dataset.kind == "binary"
    assert_array_equal(dataset.inputs, X)
    assert dataset.targets.tolist() == [[0], [1], [1], [0]]
    assert dataset.class_names == ("0", "1")
    assert dataset.feature_names == ()
    assert dataset.test_inputs is None


def test_a_test_set_as_keras_has_it(save):
    images = np.arange(7 * 4, dtype=np.uint8).reshape(7, 2, 2)
    labels = np.array([0, 1, 2, 0, 1, 2, 0], dtype=np.uint8)
    dataset = read_npz(save(x_train=images, y_train=labels, x_test=images[:2], y_test=labels[1:3]))
    assert dataset.kind == "multiclass"
    assert dataset.inputs.dtype == np.uint8
    assert_array_equal(dataset.inputs, images.reshape(7, 4))
    assert_array_equal(dataset.test_inputs, images[:2].reshape(2, 4))
    assert dataset.targets.dtype == dataset.test_targets.dtype == np.int64
    assert dataset.test_targets.tolist() == [1, 2]


def test_a_test_set_is_not_needed(save):
    assert read_npz(save(x_train=X, y_train=Y)).test_inputs is None


def test_targets_by_the_name_of_their_array(save):
    path = save(X=X, y=Y, height=X[:, 0] + 0.5)
    dataset = read_npz(path, target="height")
    assert dataset.kind == "regression"
    assert dataset.targets.ravel().tolist() == [0.5, 1.5, 3.5, 5.5]
    assert_array_equal(dataset.inputs, X)
    assert_array_equal(read_npz(save(pixels=X, labels=Y), target="labels").inputs, X)


@pytest.mark.parametrize(("target", "column"), [(None, 2), (-1, 2), (0, 0), ("1", 1)])
def test_a_single_matrix_is_divided(save, target, column):
    matrix = np.column_stack([Y, 1 - Y, Y])
    matrix[:, column] = [1, 0, 0, 1]
    dataset = read_npz(save(table=matrix), target=target)
    assert dataset.targets.ravel().tolist() == [1, 0, 0, 1]
    assert_array_equal(dataset.inputs, np.delete(matrix, column, axis=1))


def test_several_columns_of_a_matrix(save):
    dataset = read_npz(save(table=np.column_stack([X, Y, [1, 1, 0, 0]])), target=[2, 3])
    assert dataset.kind == "multilabel"
    assert dataset.targets.tolist() == [[0, 1], [1, 1], [1, 0], [0, 0]]


def test_one_hot_targets(save):
    dataset = read_npz(save(X=X, y=np.eye(3)[[0, 2, 1, 2]]))
    assert dataset.kind == "multiclass"
    assert dataset.targets.tolist() == [0, 2, 1, 2]
    assert dataset.class_names == ("0", "1", "2")


def test_text_targets(save):
    assert read_npz(save(X=X, y=np.array(["b", "a", "a", "b"]))).class_names == ("a", "b")


def test_text_that_is_numbers(save):
    dataset = read_npz(save(X=X, y=np.array(["1.5", "2", "3", "4"])))
    assert dataset.kind == "regression"
    assert dataset.targets.ravel().tolist() == [1.5, 2, 3, 4]


def test_kind(save):
    assert read_npz(save(X=X, y=Y), kind="regression").kind == "regression"


@pytest.mark.parametrize("dtype", ["bool", "int8", "int64", "float32", "float64"])
def test_inputs_become_doubles(save, dtype):
    dataset = read_npz(save(X=X.astype(dtype), y=Y.astype(bool)))
    assert dataset.inputs.dtype == np.float64
    assert_array_equal(dataset.inputs, X.astype(dtype))
    assert dataset.targets.ravel().tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("arrays", "text"),
    [
        (
            {"a": X, "b": Y},
            (
                "d.npz holds the arrays a, b, expected X and y, or x_train and y_train "
                "(and x_test and y_test), or a single matrix.\n  Or name the array of targets with target."
            ),
        ),
        (
            {},
            (
                "d.npz holds the arrays (none), expected X and y, or x_train and y_train "
                "(and x_test and y_test), or a single matrix.\n  Or name the array of targets with target."
            ),
        ),
        ({"X": X.astype(str), "y": Y}, "d.npz: array 'X' holds <U32, expected numbers."),
        ({"X": X, "y": Y * 1j}, "d.npz: array 'y' holds complex128, expected numbers or text."),
        ({"X": X[:1], "y": Y[:1] + 0.5}, "d.npz: array 'X' has shape (1, 2), expected at least 2 rows and one column."),
        ({"X": X[:, :0], "y": Y}, "d.npz: array 'X' has shape (4, 0), expected at least 2 rows and one column."),
        (
            {"x_train": X, "y_train": Y, "x_test": X[:0], "y_test": Y[:1]},
            "d.npz: array 'x_test' has shape (0, 2), expected at least one row and one column.",
        ),
        (
            {"X": np.where(X == 4, np.nan, X), "y": Y},
            "d.npz: array 'X', row 2, column 1 (counted from 0) holds nan, expected a finite number.",
        ),
        (
            {"X": X, "y": np.array([0.5, 1, np.inf, 3])},
            "d.npz: array 'y', row 2 (counted from 0) holds inf, expected a finite number.",
        ),
        (
            {"x_train": X, "y_train": Y, "x_test": X, "y_test": Y + 1},
            "d.npz: the test targets hold 2, which is not among the classes of the training targets: 0, 1.",
        ),
    ],
)
def test_what_cannot_be_trained_on(save, arrays, text, error_of):
    assert error_of(DataError, read_npz, save(**arrays)) == text


@pytest.mark.parametrize(
    ("arrays", "text"),
    [
        (
            {"X": X[:, 0], "y": Y},
            (
                "d.npz: array 'X' has shape (4,), expected (n, n_in).\n"
                "  Reshape it to (4, 1) for 4 rows, or (1, 4) for one row."
            ),
        ),
        ({"X": np.array(1.0), "y": Y}, "d.npz: array 'X' has shape (), expected (n, n_in)."),
        ({"X": X, "y": np.zeros((4, 1, 1))}, "d.npz: array 'y' has shape (4, 1, 1), expected (n,) or (n, n_out)."),
        ({"X": X, "y": np.zeros(0)}, "d.npz: array 'y' has shape (0,), expected (n,) or (n, n_out)."),
        (
            {"X": X, "y": Y[:3]},
            "data set 'd' has 4 rows of inputs but 3 rows of targets, expected as many of one as of the other.",
        ),
        (
            {"x_train": X, "y_train": Y, "x_test": X},
            "data set 'd' has test inputs but no test targets. Give both or neither.",
        ),
        (
            {"a": Y},
            (
                "d.npz: array 'a' has shape (4,), expected a matrix (n, n_columns) that holds inputs and targets, "
                "because the archive holds no other array."
            ),
        ),
    ],
)
def test_wrong_shapes(save, arrays, text, error_of):
    assert error_of(ShapeError, read_npz, save(**arrays)) == text


def test_wrong_targets(save, error_of):
    path = save(X=X, labels=Y)
    assert error_of(OptionError, read_npz, path, target="lables") == (
        "d.npz has no array 'lables'. Did you mean 'labels'?\n  Arrays: X, labels"
    )
    assert error_of(OptionError, read_npz, path, target=1) == (
        "d.npz holds 2 arrays: X, labels. Targets by column number need an archive of a single matrix. "
        "Got 1, expected the name of an array."
    )
    assert error_of(OptionError, read_npz, save(a=X), target=2) == (
        "d.npz has columns 0 to 1. Got the target column 2 instead."
    )


def test_inputs_that_cannot_be_told(save, error_of):
    assert error_of(DataError, read_npz, save(a=X, b=X, y=Y), target="y") == (
        "d.npz holds a, b beside the targets 'y', expected inputs called X, or a single other array."
    )
    assert error_of(DataError, read_npz, save(y=Y), target="y") == (
        "d.npz holds no other array beside the targets 'y', expected inputs called X, or a single other array."
    )
