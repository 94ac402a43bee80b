import csv
import io

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.datasets import load_iris

from unstuck.data.inputs import read_inputs
from unstuck.data.tables import read_table
from unstuck.errors import DataError, FileError, OptionError, ShapeError

X = np.array([[0.0, 0.5], [1, 2], [3, 4]])
Y = np.array([0, 1, 1])


@pytest.fixture
def save(write):
    def save_arrays(**arrays):
        buffer = io.BytesIO()
        np.savez(buffer, **arrays)
        return write("d.npz", buffer.getvalue())

    return save_arrays


# ---------------------------------------------------------------------- CSV


@pytest.mark.parametrize("convert", [str, lambda path: path])
@pytest.mark.parametrize("name", ["d.csv", "d.CSV"])
def test_csv(write, name, convert):
    inputs = read_inputs(convert(write(name, "a,b\n0,0.5\n1,2\n3,4\n")), n_in=2)
    assert inputs.dtype == np.float64
    assert_array_equal(inputs, X)


@pytest.mark.parametrize(
    "content", ["a,b\n1,2\n", "1,2\n", "1,2,0\n", "1,2,cat\n", "1,2,\n", "a;b\n1;2\n", "y,b,a\n?,2,1\n"]
)
def test_one_row_is_enough(write, content):
    assert read_inputs(write("d.csv", content), n_in=2, feature_names=("a", "b")).tolist() == [[1, 2]]


def test_what_training_reads_is_what_prediction_reads(tmp_path):
    iris = load_iris()
    path = tmp_path / "iris.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*iris.feature_names, "species"])
        writer.writerows([*row, iris.target_names[label]] for row, label in zip(iris.data, iris.target, strict=True))
    trained = read_table(path)
    assert_array_equal(read_inputs(path, n_in=4, feature_names=trained.feature_names), trained.inputs)
    assert_array_equal(read_inputs(path, n_in=4), iris.data)


@pytest.mark.parametrize("seed", range(5))
def test_columns_are_found_by_name_in_any_order(tmp_path, seed):
    random = np.random.Generator(np.random.Philox(seed))
    names = ["age", "height", "weight", "name", "remark", ""]
    values = random.normal(size=(6, 3))
    rows = [[*map(repr, row.tolist()), "Ann, or Bob", "nan", ""] for row in values]
    order = random.permutation(len(names))
    path = tmp_path / "d.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([row[place] for place in order] for row in [names, *rows])
    assert_array_equal(read_inputs(path, n_in=3, feature_names=names[:3]), values)


@pytest.mark.parametrize("feature_names", [(), ("a", "b")])
@pytest.mark.parametrize("rows", ["0,0.5\n1,2\n3,4\n", "0,0.5,cat\n1,2,\n3,4,nan\n"])
def test_without_header_columns_are_taken_by_place(write, rows, feature_names):
    assert_array_equal(read_inputs(write("d.csv", rows), n_in=2, feature_names=feature_names), X)


def test_without_feature_names_columns_are_taken_by_place(write):
    assert_array_equal(read_inputs(write("d.csv", "u,v\n0,0.5\n1,2\n3,4\n"), n_in=2), X)
    assert_array_equal(read_inputs(write("d.csv", "u,v,y\n0,0.5,cat\n1,2,?\n3,4,5\n"), n_in=2), X)


def test_names_that_are_numbers(write):
    """As pandas and spreadsheets number columns: in training, the name of the target shows that this is a header."""
    names = read_table(write("train.csv", "0,1,label\n5,6,0\n7,8,1\n")).feature_names
    assert names == ("0", "1")
    assert read_inputs(write("d.csv", "1,0\n5,6\n"), n_in=2, feature_names=names).tolist() == [[6, 5]]
    assert read_inputs(write("d.csv", "5,6\n1,0\n"), n_in=2, feature_names=names).tolist() == [[5, 6], [1, 0]]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("", "d.csv is empty."),
        ("a,b\n", "d.csv has a header but no rows of data, expected at least one."),
        ("a,b\n1,2\n3\n", "d.csv, line 3 has 1 field, expected 2 as in line 1."),
        (
            "a,b\n1,2\n\nold,3\n",
            "d.csv, line 4, column 'a' holds 'old', expected a number.\n  Replace it by a number, or remove the row.",
        ),
        (
            "y,b,a\ncat,1,old\n",
            "d.csv, line 2, column 'a' holds 'old', expected a number.\n  Replace it by a number, or remove the row.",
        ),
        (
            "1,2\n3,x\n",
            (
                "d.csv, line 2, column 1 (counted from 0) holds 'x', expected a number.\n"
                "  Replace it by a number, or remove the row."
            ),
        ),
        (
            "cat,1,2\ndog,3,4\n",
            (
                "d.csv, line 1, column 0 (counted from 0) holds 'cat', expected a number.\n"
                "  Of 3 columns, the last is taken to be the target, the others to be the inputs.\n"
                "  Replace the text by a number, or remove the column if it is no input."
            ),
        ),
        ("a,b\n1,2\n,3\n", "d.csv, line 3, column 'a' is empty, expected a value. Fill it in, or remove the row."),
        (
            "b,a\n1,2\n3,NaN\n",
            "d.csv, line 3, column 'a' holds 'nan', expected a value. Fill it in, or remove the row.",
        ),
        ("a,b\n1,2\n3,?\n", "d.csv, line 3, column 'b' holds '?', expected a value. Fill it in, or remove the row."),
        ("y,b,a\n0,1,2\n0,-inf,3\n", "d.csv, line 3, column 'b' holds '-inf', expected a finite number."),
        ("a;b\n1,5;2\n", "d.csv, line 2, column 'a' holds '1,5', expected a number with a decimal point."),
        (
            "a,c\n1,2\n",
            (
                "d.csv has no column 'b'.\n  Columns: a, c\n  Expected: a, b\n"
                "  Rename the columns, or, if the inputs come first and in the expected order, remove the header."
            ),
        ),
        (
            "1,2,3,4\n",
            (
                "d.csv has 4 columns, expected 2 (the inputs) or 3 (the inputs, then the target).\n"
                "  Remove the columns that are not inputs.\n"
                "  Or add a header: with it, the inputs are found among other columns.\n"
                "  Inputs: a, b"
            ),
        ),
    ],
)
def test_what_cannot_be_predicted_for(write, content, text, error_of):
    assert error_of(DataError, read_inputs, write("d.csv", content), n_in=2, feature_names=("a", "b")) == text


def test_text_where_a_header_says_nothing_about_the_target(write, error_of):
    assert error_of(DataError, read_inputs, write("d.csv", "y,a,b\ncat,1,2\n"), n_in=2) == (
        "d.csv, line 2, column 'y' holds 'cat', expected a number.\n"
        "  Of 3 columns, the last is taken to be the target, the others to be the inputs.\n"
        "  Replace the text by a number, or remove the column if it is no input."
    )


# ---------------------------------------------------------------------- NPZ


@pytest.mark.parametrize(
    "arrays",
    [
        {"X": X},
        {"x": X, "Y": Y},
        {"X": X, "y": np.array(["a", "b", "a"])},
        {"y": Y, "X": X, "x_test": X + 1},
        {"x_train": X + 1, "y_train": Y, "x_test": X, "y_test": Y},
        {"X_test": X, "ids": Y},
        {"table": X},
        {"X": np.column_stack([X, Y])},
        {"table": np.column_stack([X, [0, np.nan, np.inf]])},
    ],
)
def test_npz(save, arrays):
    inputs = read_inputs(save(**arrays), n_in=2, feature_names=("a", "b"))
    assert inputs.dtype == np.float64
    assert_array_equal(inputs, X)


@pytest.mark.parametrize("name", ["X", "x_test", "images"])
def test_images_are_flattened_and_stay_bytes(save, name):
    images = np.arange(12, dtype=np.uint8).reshape(3, 2, 2)
    inputs = read_inputs(save(**{name: images}), n_in=4)
    assert inputs.dtype == np.uint8
    assert_array_equal(inputs, images.reshape(3, 4))


@pytest.mark.parametrize("dtype", ["bool", "int8", "int64", "float32", "float64"])
def test_other_numbers_become_doubles(save, dtype):
    inputs = read_inputs(save(X=X.astype(dtype)), n_in=2)
    assert inputs.dtype == np.float64
    assert_array_equal(inputs, X.astype(dtype))


def test_one_row_of_an_archive_is_enough(save):
    assert read_inputs(save(X=X[:1]), n_in=2).tolist() == [[0, 0.5]]


@pytest.mark.parametrize(
    ("arrays", "text"),
    [
        (
            {"x_train": X, "y_train": Y},
            (
                "d.npz holds the arrays x_train, y_train, expected X, or x_test, or a single array.\n"
                "  Save the rows to predict for as X: numpy.savez(file, X=rows)."
            ),
        ),
        (
            {},
            (
                "d.npz holds the arrays (none), expected X, or x_test, or a single array.\n"
                "  Save the rows to predict for as X: numpy.savez(file, X=rows)."
            ),
        ),
        ({"X": X.astype(str)}, "d.npz: array 'X' holds <U32, expected numbers."),
        ({"X": X[:0]}, "d.npz: array 'X' has shape (0, 2), expected at least one row and one column."),
        ({"a": np.zeros((0, 3))}, "d.npz: array 'a' has shape (0, 3), expected at least one row and one column."),
        (
            {"X": np.where(X == 2, np.nan, X), "y": Y},
            "d.npz: array 'X', row 1, column 1 (counted from 0) holds nan, expected a finite number.",
        ),
        (
            {"table": np.where(X == 3, -np.inf, X)},
            "d.npz: array 'table', row 2, column 0 (counted from 0) holds -inf, expected a finite number.",
        ),
    ],
)
def test_archives_that_cannot_be_predicted_for(save, arrays, text, error_of):
    assert error_of(DataError, read_inputs, save(**arrays), n_in=2) == text


@pytest.mark.parametrize(
    ("arrays", "n_in", "text"),
    [
        (
            {"X": X[:, 0], "y": Y},
            1,
            (
                "d.npz: array 'X' has shape (3,), expected (n, n_in).\n"
                "  Reshape it to (3, 1) for 3 rows, or (1, 3) for one row."
            ),
        ),
        ({"X": np.ones((5, 3)), "y": Y}, 2, "d.npz: array 'X' has shape (5, 3), expected (n, 2)."),
        (
            {"a": np.ones((5, 4))},
            2,
            "d.npz: array 'a' has shape (5, 4), expected (n, 2), or (n, 3) with the target last.",
        ),
        (
            {"X": X.T, "y": Y},
            2,
            (
                "d.npz: array 'X' has shape (2, 3), expected (n, 2).\n"
                "  It looks as if samples are columns. Save it turned: its .T has shape (3, 2)."
            ),
        ),
        (
            {"X": np.ones((2, 3, 1)), "y": Y},
            2,
            "d.npz: array 'X' has shape (2, 3, 1), which is 3 columns when flattened, expected (n, 2).",
        ),
        (
            {"images": np.ones((7, 3, 3))},
            8,
            (
                "d.npz: array 'images' has shape (7, 3, 3), which is 9 columns when flattened, "
                "expected (n, 8), or (n, 9) with the target last."
            ),
        ),
    ],
)
def test_wrong_shapes(save, arrays, n_in, text, error_of):
    assert error_of(ShapeError, read_inputs, save(**arrays), n_in=n_in) == text


# ---------------------------------------------------------------------- any file


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("d.txt", "1,2\n", "d.txt is neither a .csv nor an .npz file. These are the formats that can be read."),
        ("d.npz", "1,2\n", "d.npz is no .npz archive, as numpy.savez writes them."),
        ("d.csv", 'a,b\n1,"2\n', "d.csv, line 2: broken CSV (unexpected end of data). Check the quotes."),
    ],
)
def test_files_that_cannot_be_read(write, name, content, text, error_of):
    assert error_of(FileError, read_inputs, write(name, content), n_in=2) == text


@pytest.mark.parametrize("name", ["d.csv", "d.npz", "d.txt"])
def test_a_missing_file(name, tmp_path, error_of):
    path = tmp_path / name
    assert error_of(FileError, read_inputs, path, n_in=2) == f"{path} does not exist."


def test_settings_are_checked_before_the_file_is_read(error_of):
    assert error_of(OptionError, read_inputs, "nowhere.csv", n_in=0) == (
        "n_in must be a whole number of at least 1. Got 0 instead."
    )
    assert error_of(OptionError, read_inputs, "nowhere.csv", n_in=3, feature_names=("a", "b")) == (
        "feature_names must have a name for each of the 3 inputs. Got 2 instead."
    )
