import csv

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.datasets import load_diabetes, load_iris

from unstuck.data.csv_table import read_csv
from unstuck.errors import DataError, OptionError


def test_xor(write):
    dataset = read_csv(write("xor.csv", "a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"))
    assert dataset.name == "xor"
    assert dataset.kind == "binary"
    assert dataset.inputs.dtype == dataset.targets.dtype == np.float64
    assert dataset.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert dataset.targets.tolist() == [[0], [1], [1], [0]]
    assert dataset.class_names == ("0", "1")
    assert dataset.feature_names == ("a", "b")
    assert dataset.test_inputs is None


@pytest.mark.parametrize("has_header", [True, False])
def test_iris_as_text(tmp_path, has_header):
    iris = load_iris()
    path = tmp_path / "iris.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        if has_header:
            writer.writerow([*iris.feature_names, "species"])
        writer.writerows([*row, iris.target_names[label]] for row, label in zip(iris.data, iris.target, strict=True))
    dataset = read_csv(path)
    assert dataset.kind == "multiclass"
    assert_array_equal(dataset.inputs, iris.data)
    assert_array_equal(dataset.targets, iris.target)
    assert dataset.class_names == tuple(iris.target_names)
    assert dataset.feature_names == (tuple(iris.feature_names) if has_header else ())


def test_diabetes_is_regression(tmp_path):
    diabetes = load_diabetes()
    path = tmp_path / "diabetes.csv"
    np.savetxt(path, np.column_stack([diabetes.data, diabetes.target]), delimiter=",", fmt="%.17g")
    dataset = read_csv(path)
    assert dataset.kind == "regression"
    assert_array_equal(dataset.inputs, diabetes.data)
    assert_array_equal(dataset.targets[:, 0], diabetes.target)
    assert dataset.class_names == ()


@pytest.mark.parametrize("target", ["species", 0, "0", -3])
def test_a_target_that_is_not_the_last(write, target):
    dataset = read_csv(write("d.csv", "species,a,b\ncat,1,2\ndog,3,4\n"), target=target)
    assert dataset.inputs.tolist() == [[1, 2], [3, 4]]
    assert dataset.targets.ravel().tolist() == [0, 1]
    assert dataset.feature_names == ("a", "b")


def test_several_targets(write):
    path = write("d.csv", "u,a,v\n1,2,1\n0,3,1\n0,5,0\n")
    dataset = read_csv(path, target=["u", "v"])
    assert dataset.kind == "multilabel"
    assert dataset.targets.tolist() == [[1, 1], [0, 1], [0, 0]]
    assert dataset.class_names == ("u", "v")
    assert dataset.inputs.tolist() == [[2], [3], [5]]
    assert read_csv(path, target=["a", "u"], kind="regression").targets.tolist() == [[2, 1], [3, 0], [5, 0]]


def test_kind(write):
    assert read_csv(write("d.csv", "a,y\n1,0\n2,1\n"), kind="regression").kind == "regression"


def test_text_is_stripped(write):
    dataset = read_csv(write("d.csv", "a, y\n 1 , no \n 2 ,yes\n3,no\n"))
    assert dataset.class_names == ("no", "yes")
    assert dataset.inputs.tolist() == [[1], [2], [3]]


def test_few_numbers_among_text_are_classes(write):
    assert read_csv(write("d.csv", "a,y\n1,3\n2,4+\n3,3\n")).class_names == ("3", "4+")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a,y\n1,2\n", "d.csv has only one row of data, expected at least two."),
        ("1,2\n", "d.csv has only one row of data, expected at least two."),
        ("a,y\n", "d.csv has a header but no rows of data, expected at least two."),
        (
            "age,y\n1,0\n\nold,1\n",
            (
                "d.csv, line 4, column 'age' holds 'old', expected a number.\n"
                "  Text can only be in the target column. Replace it by numbers, or remove the column."
            ),
        ),
        (
            "1,2,0\n1,x,1\n",
            (
                "d.csv, line 2, column 1 (counted from 0) holds 'x', expected a number.\n"
                "  Text can only be in the target column. Replace it by numbers, or remove the column."
            ),
        ),
        (
            "a,y\n1_000,0\n2,1\n",
            (
                "d.csv, line 2, column 'a' holds '1_000', expected a number.\n"
                "  Text can only be in the target column. Replace it by numbers, or remove the column."
            ),
        ),
        ("a;y\n1,5;0\n2;1\n", "d.csv, line 2, column 'a' holds '1,5', expected a number with a decimal point."),
        ("a,y\n1,0\n,1\n", "d.csv, line 3, column 'a' is empty, expected a value. Fill it in, or remove the row."),
        ("a,y\n1,0\n?,1\n", "d.csv, line 3, column 'a' holds '?', expected a value. Fill it in, or remove the row."),
        (
            "a,y\n1,0\nNaN,1\n",
            "d.csv, line 3, column 'a' holds 'nan', expected a value. Fill it in, or remove the row.",
        ),
        ("a,y\n1,0\n-inf,1\n", "d.csv, line 3, column 'a' holds '-inf', expected a finite number."),
        ("a,y\n1,0\n1e999,1\n", "d.csv, line 3, column 'a' holds 'inf', expected a finite number."),
        (
            "a,y\n1,no\n2, \n",
            "d.csv, line 3, target column 'y' is empty, expected a value. Fill it in, or remove the row.",
        ),
        (
            "a,y\n1,0.5\n2,nan\n",
            "d.csv, line 3, target column 'y' holds 'nan', expected a value. Fill it in, or remove the row.",
        ),
        ("1,0.5\n2,inf\n", "d.csv, line 2, target column 1 (counted from 0) holds 'inf', expected a finite number."),
        (
            "a,y\n" + "".join(f"1,{value / 3}\n" for value in range(25)) + "1,high\n",
            (
                "d.csv, line 27, target column 'y' holds 'high', expected a number.\n"
                "  Other rows have numbers there, and 26 different values are too many for classes."
            ),
        ),
        (
            "y\n1\n2\n",
            "d.csv has one column, which is the target: there is nothing left to learn from. Expected at least one more column.",
        ),
        (
            "a,y\n1,cat\n2,cat\n",
            (
                "d.csv: target column 'y' holds the same value in all 2 rows: cat, expected at least two classes.\n"
                "  If it is a quantity to be predicted, say so with kind='regression'."
            ),
        ),
    ],
)
def test_what_cannot_be_trained_on(write, content, text, error_of):
    assert error_of(DataError, read_csv, write("d.csv", content)) == text


def test_an_unknown_target(write, error_of):
    path = write("d.csv", "age,species\n1,cat\n2,dog\n")
    assert error_of(OptionError, read_csv, path, target="specis") == (
        "d.csv has no column 'specis'. Did you mean 'species'?\n  Columns: age, species"
    )
