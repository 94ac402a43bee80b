import numpy as np
import pytest

from unstuck.data.columns import describe, find_targets
from unstuck.errors import DataError, OptionError

NAMES = ["age", "height", "weight"]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (None, [2]),
        ("age", [0]),
        (1, [1]),
        (-3, [0]),
        (np.int64(1), [1]),
        ("2", [2]),
        ("-2", [1]),
        (["weight", 0], [2, 0]),
        (("age", "height"), [0, 1]),
    ],
)
def test_targets_by_name_and_index(target, expected):
    assert find_targets(target, NAMES, 3, "d.csv") == expected


def test_a_name_goes_before_an_index():
    assert find_targets("2", ["2", "1", "0"], 3, "d.csv") == [0]


def test_indices_need_no_names():
    assert find_targets("1", [], 3, "d.csv") == [1]


def test_describe():
    assert describe(1, NAMES) == "column 'height'"
    assert describe(1, []) == describe(1, ["a", ""]) == "column 1 (counted from 0)"


@pytest.mark.parametrize(
    ("target", "names", "text"),
    [
        ("hight", NAMES, "d.csv has no column 'hight'. Did you mean 'height'?\n  Columns: age, height, weight"),
        ("zzz", NAMES, "d.csv has no column 'zzz'.\n  Columns: age, height, weight"),
        (3, NAMES, "d.csv has columns 0 to 2. Got the target column 3 instead."),
        ("-4", NAMES, "d.csv has columns 0 to 2. Got the target column -4 instead."),
        (1.5, NAMES, "a target column is a name or a whole number. Got 1.5 instead."),
        (True, NAMES, "a target column is a name or a whole number. Got True instead."),
        (
            "age",
            [],
            (
                "d.csv has no header, so its columns have no names. "
                "Give the target column as a number from 0 to 2. Got 'age' instead."
            ),
        ),
        (
            "x",
            ["x", "y", "x"],
            "d.csv has 2 columns called 'x'. Give the target column as a number: 0 or 2 (counted from 0).",
        ),
        (["age", 0], NAMES, "column 'age' of d.csv is given as target twice. Name each only once."),
        ([], NAMES, "no target column given for d.csv. Name at least one, or leave the choice out: the last."),
    ],
)
def test_wrong_targets(target, names, text, error_of):
    assert error_of(OptionError, find_targets, target, names, 3, "d.csv") == text


def test_many_columns_are_not_all_listed(error_of):
    names = [f"pixel{index}" for index in range(784)]
    shown = ", ".join(names[:20])
    assert error_of(OptionError, find_targets, "label", names, 784, "d.csv") == (
        f"d.csv has no column 'label'.\n  Columns: {shown}, ..."
    )


def test_something_must_be_left_to_learn_from(error_of):
    assert error_of(DataError, find_targets, None, ["y"], 1, "d.csv") == (
        "d.csv has one column, which is the target: there is nothing left to learn from. Expected at least one more column."
    )
    assert error_of(DataError, find_targets, [0, 1], [], 2, "d.csv") == (
        "d.csv has 2 columns, all of them targets: there is nothing left to learn from. Expected at least one more column."
    )
