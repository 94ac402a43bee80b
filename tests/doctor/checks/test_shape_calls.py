"""Calls of functions with shapes that do not suit them, where less is known than in the crashes."""

import pytest

from unstuck.doctor.checks.crashes import explain_crash
from unstuck.doctor.crash import Crash, Held
from unstuck.doctor.scripts.source import source_of

H = "import numpy as np\n"
X = Held("ndarray", (4, 2), "float64", "array(...)")


def explained(text, said, exception="ValueError", line=2):
    (finding,) = explain_crash(Crash(exception, said, line, variables={"x": X}), source_of(H + text))
    return finding


def test_a_join_of_something_unknown():
    said = "all the input arrays must have same number of dimensions"
    assert explained("z = np.vstack([x, f(x @ x)])", said).message == (
        "np.vstack([x, f(x @ x)]) cannot join x of shape (4, 2) and f(x @ x): "
        "their sizes may differ only along the axis along which they are joined."
    )


def test_a_join_in_a_function_of_someone_else():
    finding = explained("z = f(x)", "all the input array dimensions must match")
    assert finding.message == "Arrays cannot be joined: all the input array dimensions must match."
    assert finding.evidence["shape of x"] == "(4, 2)"


def test_a_reshape_in_a_function_of_someone_else():
    finding = explained("z = f(x)", "cannot reshape array of size 8 into shape (3,)")
    assert finding.message == "the array has 8 numbers, but for the shape (3,) 3 are needed."


def test_a_reshape_that_two_sizes_could_mend_is_not_changed(crash_of, mended):
    crash, source = crash_of(H + "z = np.ones(12).reshape(6, 4)\n")
    (finding,) = explain_crash(crash, source)
    assert mended(source, finding) is None


@pytest.mark.parametrize("text", ["z = np.reshape(x, (5, 4))", "z = x.reshape((5, 4))", "z = x.reshape(5, 4)"])
def test_the_size_that_does_not_suit_is_left_to_numpy(text):
    finding = explained(text, "cannot reshape array of size 8 into shape (5,4)")
    assert [(edit.old, edit.new) for edit in finding.remedies[0].edits] == [("5", "-1")]
    assert finding.remedies[0].summary == (
        "Write -1 instead of 5, and NumPy works out that size: the shape is then (2, 4)."
    )


def test_an_axis_in_a_function_of_someone_else():
    finding = explained("z = f(3)", "axis 2 is out of bounds for array of dimension 0", "AxisError")
    assert finding.message == "z = f(3) asks for axis 2 of an array that has no axes at all: it is a single number."


def test_the_axis_of_another_array_is_not_blamed():
    finding = explained(
        "z = np.sum(x, axis=0) + np.sum(f(x), axis=1)", "axis 1 is out of bounds for array of dimension 1", "AxisError"
    )
    assert finding.message == "np.sum is asked for axis 1 of f(x) which has a single dimension, axis 0."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = np.array([[1, 2], [3]])", "The rows of an array must have equal lengths; these have 2, 1 entries."),
        (
            "x = np.array([[1, 2], [3, 4], [5]])",
            "The rows of an array must have equal lengths; these have 2, 2, 1 entries. Look at [5] in line 2.",
        ),
        (
            "x = np.array([[1, [2, 3]], [3, 4]])",
            "np.array([[1, [2, 3]], [3, 4]]) cannot be an array: its entries have different lengths, so they form no rows and columns.",
        ),
    ],
)
def test_rows_of_different_lengths(crash_of, text, message):
    crash, source = crash_of(H + text + "\n")
    (finding,) = explain_crash(crash, source)
    assert finding.message == message
