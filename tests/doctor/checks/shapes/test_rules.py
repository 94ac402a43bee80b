import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unstuck.doctor.checks.shapes import rules

SHAPES = st.lists(st.integers(1, 3), max_size=3).map(tuple)
MATRICES = st.lists(st.integers(1, 3), min_size=1, max_size=2).map(tuple)


def what_numpy_does(operate):
    try:
        return np.shape(operate())
    except ValueError:
        return None


def added_in_place(a, b):
    a += b
    return a


def stored(a, b):
    a[...] = b
    return a


@settings(max_examples=50, deadline=None)
@given(SHAPES, SHAPES)
def test_elementwise_is_what_numpy_does(a, b):
    assert rules.elementwise(a, b) == what_numpy_does(lambda: np.ones(a) + np.ones(b))


@settings(max_examples=50, deadline=None)
@given(SHAPES, SHAPES)
def test_in_place_is_what_numpy_does(a, b):
    assert rules.in_place(a, b) == what_numpy_does(lambda: added_in_place(np.ones(a), np.ones(b)))


@settings(max_examples=50, deadline=None)
@given(SHAPES, SHAPES)
def test_stored_is_what_numpy_does(a, b):
    assert rules.stored(a, b) == what_numpy_does(lambda: stored(np.ones(a), np.ones(b)))


@settings(max_examples=50, deadline=None)
@given(SHAPES, SHAPES)
def test_dot_is_what_numpy_does(a, b):
    assert rules.dot(a, b) == what_numpy_does(lambda: np.dot(np.ones(a), np.ones(b)))


@settings(max_examples=50, deadline=None)
@given(SHAPES, MATRICES | st.just(()))
def test_matmul_is_what_numpy_does(a, b):
    assert rules.matmul(a, b) == what_numpy_does(lambda: np.ones(a) @ np.ones(b))


@settings(max_examples=50, deadline=None)
@given(st.lists(MATRICES, min_size=1, max_size=3), st.integers(-2, 2))
def test_joined_is_what_numpy_does(shapes, axis):
    assert rules.joined(shapes, axis) == what_numpy_does(lambda: np.concatenate([np.ones(s) for s in shapes], axis))


@settings(max_examples=50, deadline=None)
@given(SHAPES, st.lists(st.integers(-1, 4), min_size=1, max_size=3).map(tuple))
def test_reshaped_is_what_numpy_does(shape, wanted):
    assert rules.reshaped(shape, wanted) == what_numpy_does(lambda: np.ones(shape).reshape(wanted))


@settings(max_examples=50, deadline=None)
@given(SHAPES, st.none() | st.integers(-3, 3), st.booleans())
def test_reduced_is_what_numpy_does(shape, axis, keepdims):
    expected = what_numpy_does(lambda: np.ones(shape).sum(axis=axis, keepdims=keepdims))
    assert rules.reduced(shape, axis, keepdims=keepdims) == expected


@pytest.mark.parametrize(("b", "axis"), [((3,), 0), ((3, 2), 0), ((5, 3, 2), 1)])
def test_the_dimension_of_the_second_factor_that_counts(b, axis):
    assert rules.inner_axis(b) == axis
