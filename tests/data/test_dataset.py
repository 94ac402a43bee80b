import numpy as np

from unstuck.data.dataset import KINDS, Dataset
from unstuck.errors import ShapeError


def test_kinds_are_those_of_the_type():
    assert KINDS == ("binary", "multiclass", "multilabel", "regression")


def test_optional_parts_are_absent_unless_given():
    dataset = Dataset("d", np.zeros((3, 2)), np.zeros((3, 1)), "binary")
    assert dataset.test_inputs is None
    assert dataset.test_targets is None
    assert dataset.class_names == dataset.feature_names == ()


def test_rows_must_agree(error_of):
    assert error_of(ShapeError, Dataset, "d", np.zeros((3, 2)), np.zeros((4, 1)), "binary") == (
        "data set 'd' has 3 rows of inputs but 4 rows of targets, expected as many of one as of the other."
    )


def test_test_rows_must_agree(error_of):
    inputs, targets = np.zeros((3, 2)), np.zeros((3, 1))
    assert error_of(ShapeError, Dataset, "d", inputs, targets, "binary", inputs[:1], targets[:2]) == (
        "data set 'd' has 1 rows of test inputs but 2 rows of test targets, expected as many of one as of the other."
    )


def test_half_a_test_set_is_none(error_of):
    inputs, targets = np.zeros((3, 2)), np.zeros((3, 1))
    assert error_of(ShapeError, Dataset, "d", inputs, targets, "binary", test_inputs=inputs) == (
        "data set 'd' has test inputs but no test targets. Give both or neither."
    )
    assert error_of(ShapeError, Dataset, "d", inputs, targets, "binary", test_targets=targets) == (
        "data set 'd' has test targets but no test inputs. Give both or neither."
    )
