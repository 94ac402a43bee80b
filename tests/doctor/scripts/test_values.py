"""Values told apart cheaply, and changed without changing their type."""

import math

import numpy as np
import pytest

from unstuck.doctor.scripts import values
from unstuck.doctor.scripts.values import digest, is_finite, is_integer, like, number, put, shifted, sums


def test_digests_of_numbers_and_arrays():
    assert digest(0.5) == ((), 0.5, 0.5)
    assert digest(3) == ((), 3.0, 3.0)
    assert digest(np.array([[2.0]])) == ((1, 1), 2.0, 2.0)
    shape, total, wave = digest([[1.0, 2.0], [3.0, 4.0]])
    assert (shape, total) == ((2, 2), 10.0)
    assert wave == pytest.approx(sum(value * math.cos(0.7 * i) for i, value in enumerate((1, 2, 3, 4))))
    assert digest("words") is None
    assert digest(np.array(["words"])) is None
    assert digest(None) is None


def test_an_exchange_of_entries_changes_a_digest():
    assert digest(np.array([1.0, 2.0, 3.0])) != digest(np.array([2.0, 1.0, 3.0]))
    assert digest(np.array([np.inf, 1.0]))[1] == np.inf


def test_a_long_array_is_sampled():
    long = np.zeros((1 << 20) + 5)
    assert digest(long) == (long.shape, 0.0, 0.0)
    long[2] = 1.0
    assert digest(long)[1] == 1.0
    assert digest(long.astype(complex)) is None
    assert digest(long.astype(np.int8))[1] == 1.0


def test_the_waves_are_not_kept_for_ever():
    for size in range(2, 80):
        sums(np.ones(size))
    assert len(values._WAVES) <= 65
    assert sums(np.array([2.0])) == (2.0, 2.0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, True),
        (True, True),
        (np.int64(1), True),
        (np.arange(2), True),
        (np.ones(2, bool), True),
        (1.0, False),
        (np.ones(2), False),
        ([1], False),
    ],
)
def test_integers(value, expected):
    assert is_integer(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.5, 1.5), (2, 2.0), (np.float32(0.5), 0.5), (np.array([[3]]), 3.0), (np.array(2.0), 2.0)],
)
def test_single_numbers(value, expected):
    single = number(value)
    assert single == expected
    assert type(single) is float


@pytest.mark.parametrize(
    "value", [True, None, "1", [1.0], np.ones(2), np.array(True), np.array(["a"]), 1j, np.complex128(1)]
)
def test_what_is_not_a_single_number(value):
    assert number(value) is None


def test_shifts_keep_the_type():
    assert shifted(1.0, np.array(0.5)) == 1.5
    assert shifted(1, np.array([0.5])) == 1.5
    assert shifted([1, 2.0], np.array([0.5, 0.5])) == [1.5, 2.5]
    assert shifted(((1, 2), (3, 4)), np.ones((2, 2))) == ((2.0, 3.0), (4.0, 5.0))
    array = np.ones(2, np.float32)
    moved = shifted(array, np.ones(2))
    assert moved.tolist() == [2.0, 2.0]
    assert moved is not array
    assert shifted("words", np.ones(1)) == "words"


def test_numbers_in_the_type_of_another_value():
    class Own(np.ndarray):
        pass

    assert type(like(np.zeros((1, 2)).view(Own), np.ones(2))) is Own
    assert like(np.zeros((1, 2)), np.ones(2)).shape == (1, 2)
    assert type(like(np.float32(1), np.array(2.0))) is np.float64
    made = like([np.zeros(2), [1, 2]], np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert made[0].tolist() == [1.0, 2.0]
    assert made[1] == [3.0, 4.0]

    class Row(list):
        pass

    assert type(like(Row([1.0]), np.array([2.0]))) is list


def test_numbers_are_put_in_place():
    array, rows = np.zeros((2, 2)), [[1, 2.0], np.zeros(2)]
    assert put(array, np.arange(4.0))
    assert array.tolist() == [[0, 1], [2, 3]]
    inner = rows[1]
    assert put(rows, np.arange(4.0).reshape(2, 2))
    assert rows[0] == [0.0, 1.0]
    assert rows[1] is inner
    assert inner.tolist() == [2.0, 3.0]
    frozen = np.zeros(1)
    frozen.flags.writeable = False
    for value in (frozen, np.zeros(1, int), 1.0, (1.0,)):
        assert not put(value, np.ones(1))


def test_finite():
    assert is_finite(np.ones(3))
    assert is_finite(np.array(1.0))
    assert not is_finite(np.array([np.nan]))
    assert not is_finite(np.array([1.0, np.inf]))
