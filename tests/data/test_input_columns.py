import pytest

from unstuck.data.input_columns import find_inputs
from unstuck.errors import DataError

FEATURES = ["age", "height"]
BY_PLACE = "Rename the columns, or, if the inputs come first and in the expected order, remove the header."
BY_NAME = "Rename or add the columns. Their order makes no difference, and other columns are left out."


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["age", "height"], [0, 1]),
        (["height", "age"], [1, 0]),
        (["y", "height", "id", "age", "y"], [3, 1]),
    ],
)
def test_by_name(names, expected):
    assert find_inputs(names, len(names), "d.csv", n_in=2, feature_names=FEATURES) == expected


def test_inputs_that_share_a_name_are_found_from_first_to_last():
    names = ["x", "y", "", "x", ""]
    assert find_inputs(names, 5, "d.csv", n_in=4, feature_names=["", "x", "x", ""]) == [2, 0, 3, 4]


@pytest.mark.parametrize(("names", "feature_names"), [([], FEATURES), ([], []), (["u", "v", "w"], [])])
@pytest.mark.parametrize("n_columns", [2, 3])
def test_by_place(names, feature_names, n_columns):
    names = names[:n_columns]
    assert find_inputs(names, n_columns, "d.csv", n_in=2, feature_names=feature_names) == [0, 1]


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (
            ["age", "hight"],
            f"d.csv has no column 'height'. Did you mean 'hight'?\n  Columns: age, hight\n  Expected: age, height\n  {BY_PLACE}",
        ),
        (
            ["Height", "Age", "y"],
            (
                "d.csv has no column 'age'. Did you mean 'Age'?\n"
                "  No column 'height' either. Did you mean 'Height'?\n"
                f"  Columns: Height, Age, y\n  Expected: age, height\n  {BY_PLACE}"
            ),
        ),
        (
            ["a", "b", "c", "d"],
            (
                "d.csv has no column 'age'.\n  No column 'height' either.\n"
                f"  Columns: a, b, c, d\n  Expected: age, height\n  {BY_NAME}"
            ),
        ),
        (["age"], f"d.csv has no column 'height'.\n  Columns: age\n  Expected: age, height\n  {BY_NAME}"),
        (
            ["age", "y", "height", "age"],
            "d.csv has 2 columns called 'age', expected 1. Each input needs one of its own.",
        ),
    ],
)
def test_names_that_do_not_fit(names, text, error_of):
    assert error_of(DataError, find_inputs, names, len(names), "d.csv", n_in=2, feature_names=FEATURES) == text


def test_a_column_that_is_an_input_is_not_suggested_for_another(error_of):
    """x1 is the closest name to x2, but it has its own input."""
    assert error_of(DataError, find_inputs, ["x1", "u"], 2, "d.csv", n_in=2, feature_names=["x1", "x2"]) == (
        f"d.csv has no column 'x2'.\n  Columns: x1, u\n  Expected: x1, x2\n  {BY_PLACE}"
    )


def test_too_few_columns_of_a_name(error_of):
    assert error_of(DataError, find_inputs, ["x", "y"], 2, "d.csv", n_in=2, feature_names=["x", "x"]) == (
        "d.csv has 1 column called 'x', expected 2. Each input needs one of its own."
    )


def test_many_names_are_not_all_listed(error_of):
    features = [f"pixel{index}" for index in range(784)]
    names = ["label", *(f"{row}x{column}" for row in range(28) for column in range(28))]
    either = "".join(f"  No column 'pixel{index}' either.\n" for index in range(1, 5))
    assert error_of(DataError, find_inputs, names, 785, "d.csv", n_in=784, feature_names=features) == (
        f"d.csv has no column 'pixel0'.\n{either}"
        f"  In all, 784 of the 784 inputs are missing.\n"
        f"  Columns: {', '.join(names[:20])}, ...\n"
        f"  Expected: {', '.join(features[:20])}, ...\n"
        f"  {BY_PLACE}"
    )


@pytest.mark.parametrize(
    ("names", "n_columns", "feature_names", "text"),
    [
        (
            [],
            5,
            [],
            (
                "d.csv has 5 columns, expected 3 (the inputs) or 4 (the inputs, then the target).\n"
                "  Remove the columns that are not inputs."
            ),
        ),
        (
            ["a", "b"],
            2,
            [],
            (
                "d.csv has 2 columns, expected 3 (the inputs) or 4 (the inputs, then the target).\n"
                "  Columns: a, b\n  Add the columns that are missing."
            ),
        ),
        (
            [],
            1,
            [],
            (
                "d.csv has 1 column, expected 3 (the inputs) or 4 (the inputs, then the target).\n"
                "  Add the columns that are missing, or separate them by commas, semicolons or tabs."
            ),
        ),
        (
            [],
            5,
            ["u", "v", "w"],
            (
                "d.csv has 5 columns, expected 3 (the inputs) or 4 (the inputs, then the target).\n"
                "  Remove the columns that are not inputs.\n"
                "  Or add a header: with it, the inputs are found among other columns.\n"
                "  Inputs: u, v, w"
            ),
        ),
        (
            [],
            2,
            ["u", "v", "w"],
            (
                "d.csv has 2 columns, expected 3 (the inputs) or 4 (the inputs, then the target).\n"
                "  Add the columns that are missing.\n"
                "  Inputs: u, v, w"
            ),
        ),
    ],
)
def test_a_number_of_columns_that_does_not_fit(names, n_columns, feature_names, text, error_of):
    assert error_of(DataError, find_inputs, names, n_columns, "d.csv", n_in=3, feature_names=feature_names) == text
