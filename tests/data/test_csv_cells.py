import numpy as np
import pytest

from unstuck.data.csv_cells import missing_value, read_cells
from unstuck.data.csv_records import read_records
from unstuck.errors import DataError


def cells(path, features, others=(), least=1):
    return read_cells(path, read_records(path), features, others, least=least, advice="Do this.")


def test_columns_come_in_the_order_wanted(write):
    found = cells(write("d.csv", "a,b,c,d\n1, x ,2,?\n\n3,,4,?\n"), [2, 0], [1])
    assert found.inputs.dtype == np.float64
    assert found.inputs.tolist() == [[2, 1], [4, 3]]
    assert found.texts == [["x", ""]]
    assert found.lines == [2, 4]


@pytest.mark.parametrize(
    ("content", "least", "text"),
    [
        ("a,b\n", 1, "d.csv has a header but no rows of data, expected at least one."),
        ("a,b\n", 2, "d.csv has a header but no rows of data, expected at least two."),
        ("a,b\n1,2\n", 2, "d.csv has only one row of data, expected at least two."),
        ("a,b\n1,x\n", 1, "d.csv, line 2, column 'b' holds 'x', expected a number.\n  Do this."),
    ],
)
def test_what_cannot_be_read(write, content, least, text, error_of):
    assert error_of(DataError, cells, write("d.csv", content), [0, 1], least=least) == text


def test_missing_value():
    assert str(missing_value("here", "NA")) == "here holds 'NA', expected a value. Fill it in, or remove the row."
    assert str(missing_value("here", " ")) == "here is empty, expected a value. Fill it in, or remove the row."
