"""What a value looks like."""

import numpy as np
import pytest

from unstuck.doctor.scripts.summaries import looks


def test_few_numbers_are_shown_one_by_one():
    found = looks([[1, 2], [3, 4]])
    assert (found["shape"], found["range"], found["size"], found["is_integer"]) == ([2, 2], [1.0, 2.5, 4.0], 4, True)
    np.testing.assert_array_equal(found["values"], [[1, 2], [3, 4]])
    assert looks(np.zeros(21))["values"] is None


def test_a_sample_is_taken_where_the_axis_has_as_many():
    X = np.arange(12.0).reshape(3, 4)
    found = looks(X, axis=-1, length=4, sample=1)
    assert (found["shape"], found["of_sample"]) == ([3, 4], True)
    np.testing.assert_array_equal(found["values"], [1, 5, 9])
    assert not looks(X, axis=0, length=4, sample=1)["of_sample"]
    assert not looks(3.0, axis=0, length=4, sample=1)["of_sample"]


def test_what_is_not_finite_is_counted_and_left_out_of_the_range():
    found = looks(np.array([1.0, np.nan, 3.0, np.inf]))
    assert (found["not_finite"], found["range"]) == (2, [1.0, 2.0, 3.0])
    assert looks(np.array([np.nan]))["range"] is None


@pytest.mark.parametrize(
    ("value", "kind", "entries"),
    [("text", "str", None), ([np.zeros(2), np.zeros(3)], "list", 2), ({"a": 1}, "dict", 1), (None, "NoneType", None)],
)
def test_what_is_no_number(value, kind, entries):
    assert looks(value) == {"shape": None, "kind": kind, "entries": entries}


@pytest.mark.parametrize(
    ("numbers", "share"),
    [
        ([1e-5, 0.9999, 0.5, 0.999], 0.75),
        ([-0.99999, 0.999, 0.2, 0.1], 0.5),
        ([0.0, 0.0, 1.0, 1.0], 1.0),
        ([0.0, 0.0, 0.3, 0.6], 0.0),
        ([0.0, 0.0], None),
        ([0.1, 1.5], None),
        ([0.0001, 0.9999], None),
        ([np.nan, 0.5], None),
    ],
)
def test_saturation_is_told_from_sparsity_and_from_certainty(numbers, share):
    assert looks(np.array(numbers), is_activation=True)["saturated"] == share


def test_whole_numbers_are_not_saturated():
    assert looks(np.array([True, False, True]), is_activation=True)["saturated"] is None
    assert looks(np.array([0.999, 0.999]))["saturated"] is None
