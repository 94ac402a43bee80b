"""Which rows make up a step: every row once an epoch, in an order that depends on seed and epoch alone."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from unstuck.data.batches import ArrayBatches, check_batch_size
from unstuck.errors import OptionError


def numbered(n_rows, *, weighted=True, **settings):
    """Rows that hold their own number: once, twice and three times."""
    rows = np.arange(n_rows, dtype=float)
    return ArrayBatches(rows[:, None], 2 * rows[:, None], 3 * rows if weighted else None, **settings)


def order(batches, epoch, start=0):
    """The numbers of an epoch's rows, one list for each batch."""
    return [batch.inputs[:, 0].astype(int).tolist() for batch in batches.epoch(epoch, start)]


def flat(rows):
    return list(chain.from_iterable(rows))


sizes = st.integers(1, 40)


@settings(max_examples=60, deadline=None)
@given(n_rows=sizes, batch_size=sizes, seed=st.integers(0, 5), epoch=st.integers(0, 3), shuffle=st.booleans())
def test_every_row_once_an_epoch(n_rows, batch_size, seed, epoch, shuffle):
    batches = numbered(n_rows, batch_size=batch_size, seed=seed, shuffle=shuffle)
    rows = order(batches, epoch)
    assert sorted(flat(rows)) == list(range(n_rows))
    size = min(batch_size, n_rows)
    left = n_rows % size
    assert [len(batch) for batch in rows] == [size] * (n_rows // size) + ([left] if left else [])
    if not shuffle:
        assert flat(rows) == list(range(n_rows))


@settings(max_examples=60, deadline=None)
@given(n_rows=sizes, batch_size=sizes, epoch=st.integers(0, 3), start=st.integers(0, 40))
def test_an_epoch_goes_on_where_it_was_left(n_rows, batch_size, epoch, start):
    batches = numbered(n_rows, batch_size=batch_size, seed=1)
    assert order(batches, epoch, start) == order(batches, epoch)[start:]


def test_inputs_targets_and_weights_stay_together():
    for batch in numbered(23, batch_size=4).epoch(2):
        assert_array_equal(batch.targets, 2 * batch.inputs)
        assert_array_equal(batch.row_weights, 3 * batch.inputs[:, 0])


def test_without_weights_there_are_none():
    assert all(batch.row_weights is None for batch in numbered(9, weighted=False, batch_size=4).epoch(0))


def test_the_order_depends_on_seed_and_epoch_alone():
    first = numbered(50, batch_size=7, seed=3)
    for _ in range(2):  # whatever was asked for before
        assert order(first, 4) == order(numbered(50, batch_size=7, seed=3), 4)
    assert order(first, 4) != order(first, 5)
    assert order(first, 4) != order(numbered(50, batch_size=7, seed=4), 4)


def test_the_order_of_rows_does_not_depend_on_the_batch_size():
    assert flat(order(numbered(50, batch_size=7), 1)) == flat(order(numbered(50, batch_size=16), 1))


@pytest.mark.parametrize("batch_size", ["full", 12, 100])
def test_a_full_batch_is_neither_shuffled_nor_copied(batch_size):
    batches = numbered(12, batch_size=batch_size)
    (batch,) = batches.epoch(3)
    assert batch.inputs is batches.inputs
    assert batch.targets is batches.targets
    assert batch.row_weights is batches.row_weights
    assert batches.is_full
    assert batches.batch_size == batches.n_rows == 12


def test_rows_in_their_own_order_are_not_copied():
    batches = numbered(12, batch_size=5, shuffle=False)
    assert all(np.shares_memory(batch.inputs, batches.inputs) for batch in batches.epoch(0))


def test_one_sample_at_a_time():
    batches = numbered(5, batch_size=1)
    assert [len(rows) for rows in order(batches, 0)] == [1] * 5
    assert not batches.is_full


def test_a_single_row_is_a_full_batch():
    assert numbered(1, batch_size=1).is_full


@pytest.mark.parametrize("batch_size", ["full", 1, 32, np.int64(8)])
def test_batch_sizes(batch_size):
    check_batch_size(batch_size)


@pytest.mark.parametrize(
    ("batch_size", "message"),
    [
        ("ful", "unknown batch size 'ful'. Did you mean 'full'?\n  Known: 1, 128, 32, full"),
        (0, "batch_size must be a whole number of at least 1. Got 0 instead."),
        (-1, "batch_size must be a whole number of at least 1. Got -1 instead."),
        (2.0, "batch_size must be a whole number of at least 1. Got 2.0 instead."),
        (True, "batch_size must be a whole number of at least 1. Got True instead."),
        (None, "batch_size must be a whole number of at least 1. Got None instead."),
    ],
)
def test_what_is_no_batch_size(error_of, batch_size, message):
    assert error_of(OptionError, check_batch_size, batch_size) == message
    assert error_of(OptionError, numbered, 9, batch_size=batch_size) == message
