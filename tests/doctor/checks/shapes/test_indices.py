import numpy as np
import pytest

from unstuck.doctor.checks.shapes.indices import NEW_AXIS, indexed


@pytest.mark.parametrize(
    "index",
    [0, -1, slice(1, None), slice(None, None, 2), ..., (slice(None), 1), (0, 1), (..., 0), (slice(1, 3), slice(None))],
)
def test_it_is_what_numpy_does(index):
    assert indexed((4, 3), index) == np.ones((4, 3))[index].shape


def test_a_new_axis():
    assert indexed((4, 3), (slice(None), NEW_AXIS)) == (4, 1, 3)
    assert indexed((4,), NEW_AXIS) == (1, 4)


@pytest.mark.parametrize("index", [4, (0, 3), (0, 0, 0)])
def test_what_is_out_of_bounds_is_not_known(index):
    assert indexed((4, 3), index) is None


def test_a_large_array_takes_no_memory():
    assert indexed((10**6, 10**6), slice(0, 10**5)) == (10**5, 10**6)
