"""Data reduced to one sample in place."""

import numpy as np
import pytest

from unstuck.doctor.scripts.one_sample import tile


def test_views_and_aliases_see_it_and_the_type_stays():
    X = np.arange(6).reshape(3, 2)
    view, alias = X.T, X
    assert tile(X, 0, 2)
    assert (X.dtype.kind, alias is X) == ("i", True)
    np.testing.assert_array_equal(X, [[4, 5]] * 3)
    np.testing.assert_array_equal(view, [[4, 4, 4], [5, 5, 5]])
    assert tile(view, -1, 0)


@pytest.mark.parametrize(
    ("value", "axis", "sample", "result"),
    [
        ([1, 2, 3], 0, 1, [2, 2, 2]),
        ([1, 2, 3], -1, 1, [2, 2, 2]),
        ([[1, 2], [3, 4]], 0, 1, [[3, 4], [3, 4]]),
        ([[1, 2], [3, 4]], -1, 1, [[2, 2], [4, 4]]),
    ],
)
def test_lists(value, axis, sample, result):
    assert tile(value, axis, sample)
    assert value == result


def test_rows_of_a_list_are_no_aliases_of_each_other():
    rows = [[1, 2], [3, 4]]
    tile(rows, 0, 0)
    rows[0][0] = 9
    assert rows[1] == [1, 2]


def test_what_cannot_be_changed_in_place_is_left_alone():
    fixed = np.arange(3)
    fixed.flags.writeable = False
    assert not tile(fixed, 0, 1)
    assert not tile((1, 2), 0, 1)
    np.testing.assert_array_equal(fixed, [0, 1, 2])
