import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.preprocessing import LabelEncoder

from unstuck.data.targets import TargetColumns, to_targets
from unstuck.errors import DataError, OptionError


def given(*columns, names=()):
    return TargetColumns([np.array(column) for column in columns], names, "d.csv")


def numbers(*columns, names=()):
    return given(*[np.array(column, dtype=np.float64) for column in columns], names=names)


def test_two_texts_are_binary():
    targets = to_targets(given(["no", "yes", "no"]))
    assert targets.kind == "binary"
    assert targets.class_names == ("no", "yes")
    assert targets.values.dtype == np.float64
    assert targets.values.tolist() == [[0.0], [1.0], [0.0]]


def test_more_texts_are_multiclass():
    column = ["red", "blue", "green", "red"]
    targets = to_targets(given(column))
    oracle = LabelEncoder()
    assert targets.kind == "multiclass"
    assert targets.values.dtype == np.int64
    assert_array_equal(targets.values, oracle.fit_transform(column))
    assert targets.class_names == tuple(oracle.classes_)


@pytest.mark.parametrize("column", [[0, 1], [0, 1, 1, 0], [1, 0, 0]])
def test_zeros_and_ones_are_binary_in_however_few_rows(column):
    targets = to_targets(numbers(column))
    assert targets.kind == "binary"
    assert targets.class_names == ("0", "1")
    assert targets.values.ravel().tolist() == column


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ([3, 5] * 2 + [3], "binary"),
        ([3, 5] * 2, "regression"),
        ([1, 2, 3] * 2 + [1], "multiclass"),
        ([1, 2, 3] * 2, "regression"),
        ([*range(20)] * 3, "multiclass"),
        ([*range(21)] * 3, "regression"),
        ([0.5, 1.0] * 10, "regression"),
        ([-1.0, 1.0] * 10, "binary"),
        ([1.5] * 10, "regression"),
    ],
)
def test_when_numbers_are_classes(column, kind):
    assert to_targets(numbers(column)).kind == kind


def test_numeric_classes_keep_their_names_in_the_order_of_their_size():
    targets = to_targets(numbers([10, 9, -1, 10, 9, -1, 10]))
    assert targets.class_names == ("-1", "9", "10")
    assert targets.values.tolist() == [2, 1, 0, 2, 1, 0, 2]


def test_regression_has_a_column_for_each_output():
    one = to_targets(numbers([0.5, 1.5, 2.5]))
    assert one.values.tolist() == [[0.5], [1.5], [2.5]]
    assert one.class_names == ()
    two = to_targets(numbers([0.5, 1.5], [2, 3], names=("a", "b")))
    assert two.kind == "regression"
    assert two.values.tolist() == [[0.5, 2.0], [1.5, 3.0]]
    assert two.class_names == ()


def test_columns_of_zeros_and_ones_are_labels():
    targets = to_targets(numbers([1, 0, 0], [1, 1, 0], names=("cat", "dog")))
    assert targets.kind == "multilabel"
    assert targets.values.tolist() == [[1, 1], [0, 1], [0, 0]]
    assert targets.class_names == ("cat", "dog")


@pytest.mark.parametrize(("names", "expected"), [((), ("0", "1", "2")), (("a", "b", "c"), ("a", "b", "c"))])
def test_one_hot_columns_are_classes(names, expected):
    targets = to_targets(numbers([1, 0, 0, 0], [0, 0, 1, 1], [0, 1, 0, 0], names=names))
    assert targets.kind == "multiclass"
    assert targets.values.dtype == np.int64
    assert targets.values.tolist() == [0, 2, 1, 1]
    assert targets.class_names == expected


def test_a_kind_that_is_given_goes_before_the_rule():
    assert to_targets(numbers([0, 1, 1]), kind="regression").values.tolist() == [[0], [1], [1]]
    assert to_targets(numbers([0, 1, 1]), kind="multiclass").values.tolist() == [0, 1, 1]
    assert to_targets(numbers([0, 1, 1]), kind="multilabel").values.tolist() == [[0], [1], [1]]
    assert to_targets(numbers([1, 0], [0, 1]), kind="multilabel").values.tolist() == [[1, 0], [0, 1]]
    assert to_targets(numbers([0.5, 2, 7]), kind="multiclass").class_names == ("0.5", "2", "7")
    assert to_targets(numbers([3, 3, 3]), kind="regression").values.tolist() == [[3], [3], [3]]


def test_a_test_set_gets_the_classes_of_the_training_set():
    targets = to_targets(given(["a", "b", "c"]), given(["c", "a"]))
    assert targets.test_values.tolist() == [2, 0]
    targets = to_targets(numbers([4, 7] * 5), numbers([7, 7]))
    assert targets.test_values.tolist() == [[1], [1]]
    targets = to_targets(given(["1", "2", "x"]), numbers([2, 1]))
    assert targets.test_values.tolist() == [1, 0]


def test_a_test_set_of_each_kind():
    assert to_targets(numbers([0.5, 1.5]), numbers([2])).test_values.tolist() == [[2]]
    assert to_targets(numbers([1, 1], [1, 0]), numbers([0], [1])).test_values.tolist() == [[0, 1]]
    assert to_targets(numbers([1, 0], [0, 1]), numbers([0], [1])).test_values.tolist() == [1]
    assert to_targets(numbers([0, 1])).test_values is None


@pytest.mark.parametrize(
    ("columns", "kind", "text"),
    [
        (
            numbers([3] * 5),
            None,
            (
                "d.csv: the target column holds the same value in all 5 rows: 3, expected at least two classes.\n"
                "  If it is a quantity to be predicted, say so with kind='regression'."
            ),
        ),
        (
            given(["a", "a"], names=("y",)),
            "multiclass",
            "d.csv: target column 'y' holds the same value in all 2 rows: a, expected at least two classes.",
        ),
        (
            given(["a", "b", "c"], names=("y",)),
            "binary",
            "d.csv: target column 'y' has 3 classes (a, b, c), expected two.\n  Use kind='multiclass'.",
        ),
        (
            numbers(range(12)),
            "binary",
            (
                "d.csv: the target column has 12 classes (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...), expected two.\n"
                "  Use kind='multiclass'."
            ),
        ),
        (
            given(["1", "x"], names=("y",)),
            "regression",
            (
                "d.csv: target column 'y' holds text such as 'x', expected numbers.\n"
                "  Text can only be the classes of a single target column."
            ),
        ),
        (
            given([1.0, 2.0], ["x", "y"]),
            None,
            (
                "d.csv: target column 1 (counted from 0) holds text such as 'x', expected numbers.\n"
                "  Text can only be the classes of a single target column."
            ),
        ),
        (
            numbers([1, 0], [0, 2], names=("a", "b")),
            "multilabel",
            "d.csv: target column 'b' holds 2 in row 1 (counted from 0), expected 0 or 1.",
        ),
        (
            numbers([1, 0], [0, 0]),
            "multiclass",
            (
                "d.csv: the target columns of row 1 (counted from 0) hold 0 ones, "
                "expected exactly one in each row for kind 'multiclass'.\n  Use kind='multilabel'."
            ),
        ),
    ],
)
def test_columns_that_cannot_be_targets(columns, kind, text, error_of):
    assert error_of(DataError, to_targets, columns, kind=kind) == text


def test_a_class_that_is_only_in_the_test_set(error_of):
    assert error_of(DataError, to_targets, given(["a", "b"]), given(["a", "c"])) == (
        "d.csv: the test targets hold c, which is not among the classes of the training targets: a, b."
    )


def test_kinds_that_do_not_apply(error_of):
    assert error_of(OptionError, to_targets, numbers([1, 0], [0, 1]), kind="binary") == (
        "kind 'binary' needs one target column. d.csv was given 2."
    )
    assert error_of(OptionError, to_targets, numbers([0, 1]), kind="regresion") == (
        "unknown kind of targets 'regresion'. Did you mean 'regression'?\n"
        "  Known: binary, multiclass, multilabel, regression"
    )
