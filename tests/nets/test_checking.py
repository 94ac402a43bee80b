"""What a person hands over: every wrong shape and value, and what is said about it."""

import numpy as np
import pytest

from unstuck.errors import DataError, ShapeError
from unstuck.nets import Dense, Network
from unstuck.nets.checking import as_numbers, one_hot

NAN, INF = float("nan"), float("inf")


def net(n_out=1, activation="identity", n_in=2, **settings):
    return Network([Dense(n_in, n_out, activation)], **settings)


def message(error, call, *arguments):
    with pytest.raises(error) as caught:
        call(*arguments)
    return str(caught.value)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (
            np.zeros(6),
            (
                "X has shape (6,), expected (batch, 2).\n"
                "  For one row of 6 inputs use X.reshape(1, -1); for 6 rows of one input use X.reshape(-1, 1)."
            ),
        ),
        (
            5.0,
            (
                "X has shape (), expected (batch, 2).\n"
                "  For one row of 1 inputs use X.reshape(1, -1); for 1 rows of one input use X.reshape(-1, 1)."
            ),
        ),
        (
            np.zeros((4, 2, 1)),
            "X has shape (4, 2, 1), expected (batch, 2).\n  Flatten each row: X.reshape(len(X), -1).",
        ),
        (
            np.zeros((2, 9)),
            "X has shape (2, 9), expected (batch, 2).\n  It looks as if samples are columns. Turn it: X.T has shape (9, 2).",
        ),
        (
            np.zeros((5, 3)),
            (
                "X has shape (5, 3), expected (batch, 2).\n"
                "  The network takes 2 inputs. Change its first layer to 3, or the columns of X."
            ),
        ),
    ],
)
def test_inputs_of_another_shape(x, text):
    assert message(ShapeError, net().predict, x) == text
    assert message(ShapeError, net().check, x, [0]) == text


@pytest.mark.parametrize(
    ("x", "dtype"),
    [
        ([["1", "2"]], "<U1"),
        (np.array([[1, None]], dtype=object), "object"),
        (np.array([[1 + 2j, 0]]), "complex128"),
        (np.array([["2020-01-01", "2020-01-02"]], "datetime64[D]"), "datetime64[D]"),
        (None, "object"),
    ],
)
def test_inputs_that_are_no_numbers(x, dtype):
    assert message(DataError, net().predict, x) == (
        f"X has dtype {dtype}, expected numbers.\n"
        "  Turn text into numbers first, and make sure that all rows have the same length."
    )


def test_rows_of_different_lengths():
    assert message(DataError, net().predict, [[1, 2], [3]]) == (
        "X cannot be made into an array.\n  Make sure that all rows have the same length."
    )


@pytest.mark.parametrize("shape", [(0,), (0, 2), (3, 0)])
def test_no_data(shape):
    assert message(DataError, net().predict, np.zeros(shape)) == (
        f"X is empty: its shape is {shape}. Expected at least one row and one column."
    )


@pytest.mark.parametrize(
    ("x", "where"),
    [
        ([[0, 0], [0, NAN]], "nan in row 1, column 1"),
        ([[0, 0], [INF, 0]], "inf in row 1, column 0"),
        ([[0, -INF], [INF, 0]], "-inf in row 0, column 1 and 1 more place"),
        ([[0, NAN], [NAN, NAN]], "nan in row 0, column 1 and 2 more places"),
        ([0, 0, NAN], "nan in row 2"),
        (np.float32(NAN), "nan"),
    ],
)
def test_inputs_that_are_not_finite(x, where):
    assert message(DataError, net().predict, x) == (
        f"X holds {where}, expected finite numbers.\n  Rows and columns count from 0. Remove such rows, or fill them in."
    )


def test_inputs_too_large_for_float32():
    x = np.array([[0.0, 0.0], [0.0, -1e39]])
    assert message(DataError, net(dtype="float32").predict, x) == (
        "X holds -1e+39 in row 1, column 1, too large for float32. Use float64."
    )
    assert np.isfinite(net().predict(x)).all()


def test_the_target_is_called_by_its_name():
    assert message(DataError, net().check, np.zeros((2, 2)), [0, NAN]) == (
        "y holds nan in row 1, expected finite numbers.\n  Rows and columns count from 0. Remove such rows, or fill them in."
    )
    assert message(DataError, net().check, np.zeros((2, 2)), ["no", "yes"]) == (
        "y has dtype <U3, expected numbers.\n"
        "  Turn text into numbers first, and make sure that all rows have the same length."
    )


@pytest.mark.parametrize(
    ("network", "y", "text"),
    [
        (net(), np.zeros(4), "y has 4 rows, but X has 3. Each row of X needs one target."),
        (net(2), np.zeros((2, 2)), "y has 2 rows, but X has 3. Each row of X needs one target."),
        (net(3, "softmax"), [0, 1], "y has 2 rows, but X has 3. Each row of X needs one target."),
        (
            net(),
            np.zeros((1, 3)),
            (
                "y has shape (1, 3), expected (3, 1).\n"
                "  It looks as if samples are columns. Turn it: y.T has shape (3, 1)."
            ),
        ),
        (
            net(2),
            np.zeros(3),
            (
                "y has shape (3,), expected (3, 2).\n  The network has 2 outputs, so each row needs 2 targets. "
                "For classes use the loss 'ce' with a softmax, or one-hot rows."
            ),
        ),
        (
            net(4),
            np.zeros((3, 2)),
            (
                "y has shape (3, 2), expected (3, 4).\n"
                "  The network has 4 outputs: give the last layer as many units as y has columns."
            ),
        ),
        (
            net(4, "softmax"),
            np.zeros((3, 2)),
            (
                "y has shape (3, 2), expected (3, 4) or class indices (3,).\n"
                "  The network has 4 outputs: give the last layer as many units as y has columns."
            ),
        ),
        (
            net(),
            np.zeros((3, 1, 1)),
            (
                "y has shape (3, 1, 1), expected (3, 1).\n"
                "  The network has 1 outputs: give the last layer as many units as y has columns."
            ),
        ),
    ],
)
def test_targets_of_another_shape(network, y, text):
    assert message(ShapeError, network.check, np.zeros((3, 2)), y) == text
    assert message(ShapeError, network.evaluate, np.zeros((3, 2)), y) == text


@pytest.mark.parametrize(
    ("labels", "shown", "row"), [([0, 3, 1], "3", 1), ([0, 1, -1], "-1", 2), ([0.5, 9, 1], "0.5", 0)]
)
def test_labels_outside_the_classes(labels, shown, row):
    assert message(DataError, net(3, "softmax").check, np.zeros((3, 2)), labels) == (
        f"y holds class {shown} in row {row}, expected whole numbers from 0 to 2 for 3 outputs.\n"
        "  Give the last layer a unit for each class, or number the classes from 0."
    )


@pytest.mark.parametrize("labels", [[2, 0, 1], [[2], [0], [1]], np.array([2, 0, 1], "uint8"), [2.0, 0.0, 1.0]])
@pytest.mark.parametrize("loss", ["ce", "focal"])
def test_labels_become_one_hot_rows(loss, labels):
    x, y = net(3, "softmax", loss=loss, dtype="float32").check(np.zeros((3, 2)), labels)
    assert y.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    assert x.dtype == y.dtype == "float32"


def test_one_target_a_row_becomes_a_column():
    x, y = net().check([[1, 2], [3, 4]], [True, False])
    assert x.tolist() == [[1, 2], [3, 4]]
    assert y.tolist() == [[1], [0]]


def test_arrays_of_the_right_kind_are_not_copied():
    x = np.zeros((3, 2))
    assert as_numbers(x, "X", "float64") is x


def test_one_hot_refuses_what_is_between_classes():
    assert message(DataError, one_hot, np.array([0.0, 1.5]), 2, "float64", "labels") == (
        "labels holds class 1.5 in row 1, expected whole numbers from 0 to 1 for 2 outputs.\n"
        "  Give the last layer a unit for each class, or number the classes from 0."
    )


@pytest.mark.parametrize("error", [DataError, ShapeError])
def test_they_are_value_errors(error):
    assert issubclass(error, ValueError)
