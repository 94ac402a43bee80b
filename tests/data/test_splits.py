import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from unstuck.data.dataset import Dataset
from unstuck.data.splits import hold_out, split
from unstuck.errors import DataError, OptionError, ShapeError


@given(n=st.integers(2, 300), fraction=st.floats(0.01, 0.99), seed=st.integers(0, 2**63 - 1))
def test_every_row_is_in_one_part(n, fraction, seed):
    expected = int(np.floor(n * fraction + 0.5))
    assume(0 < expected < n)
    training, held = split(n, fraction, seed)
    assert len(held) == expected
    assert np.array_equal(np.sort(np.concatenate([training, held])), np.arange(n))
    assert np.all(np.diff(training) > 0)
    assert np.all(np.diff(held) > 0)


@given(
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=6), fraction=st.floats(0.05, 0.95), seed=st.integers(0, 99)
)
def test_each_class_gives_its_share_and_keeps_a_row(sizes, fraction, seed):
    strata = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(sizes)), sizes))
    n_held = int(np.floor(len(strata) * fraction + 0.5))
    try:
        training, held = split(len(strata), fraction, seed, strata)
    except DataError:
        return
    assert np.array_equal(np.sort(np.concatenate([training, held])), np.arange(len(strata)))
    kept = np.bincount(strata[training], minlength=len(sizes))
    given_away = np.bincount(strata[held], minlength=len(sizes))
    assert np.all(kept >= 1)
    assert np.all(np.abs(given_away - np.array(sizes) * n_held / len(strata)) <= 1)
    assert len(held) <= n_held


@pytest.mark.parametrize("fraction", [0.1, 0.25, 0.5])
def test_shares_are_those_of_scikit_learn(fraction):
    strata = np.repeat([0, 1, 2], [90, 37, 13])
    _, held = split(140, fraction, 5, strata)
    _, expected = train_test_split(np.arange(140), test_size=fraction, random_state=5, stratify=strata)
    assert len(held) == len(expected)
    assert np.all(np.abs(np.bincount(strata[held]) - np.bincount(strata[expected])) <= 1)


def test_shares_are_the_largest_remainders():
    """5 of 12 rows held back: quotas 2.5, 1.67 and 0.83 give 2, 2 and 1."""
    strata = np.repeat(["a", "b", "c"], [6, 4, 2])
    _, held = split(12, 5 / 12, 0, strata)
    assert [np.count_nonzero(strata[held] == name) for name in "abc"] == [2, 2, 1]


def test_a_single_row_of_a_class_is_trained_on():
    strata = np.array([0] * 9 + [1])
    for seed in range(20):
        training, _ = split(10, 0.5, seed, strata)
        assert 9 in training


def test_the_seed_decides():
    assert np.array_equal(split(50, 0.3, 1)[1], split(50, 0.3, 1)[1])
    assert not np.array_equal(split(50, 0.3, 1)[1], split(50, 0.3, 2)[1])


def test_every_row_is_held_back_by_some_seed():
    assert {int(row) for seed in range(60) for row in split(8, 0.25, seed)[1]} == set(range(8))


def test_halves_are_rounded_up():
    assert len(split(10, 0.25, 0)[1]) == 3
    assert len(split(10, 0.249, 0)[1]) == 2


def test_empty_parts(error_of):
    assert error_of(DataError, split, 3, 0.1, 0) == (
        "cannot hold back 0.1 of 3 rows: that leaves no row to hold back.\n  Use more rows or another fraction."
    )
    assert error_of(DataError, split, 3, 0.9, 0) == (
        "cannot hold back 0.9 of 3 rows: that leaves no row to train on.\n  Use more rows or another fraction."
    )
    assert error_of(DataError, split, 1, 0.2, 0) == (
        "cannot hold back 0.2 of 1 row: that leaves no row to hold back.\n  Use more rows or another fraction."
    )
    assert error_of(DataError, split, 0, 0.2, 0) == (
        "cannot hold back 0.2 of 0 rows: that leaves no row to hold back.\n  Use more rows or another fraction."
    )
    assert error_of(DataError, split, 0, 0.2, 0, []) == error_of(DataError, split, 0, 0.2, 0)


def test_classes_of_one_row_cannot_be_split(error_of):
    assert error_of(DataError, split, 4, 0.5, 0, [0, 1, 2, 3]) == (
        "cannot hold back 0.5 of 4 rows: each class keeps a row to train on, which leaves none to hold back.\n"
        "  Use more rows."
    )


@pytest.mark.parametrize("fraction", [0, 1, -0.1, "half"])
def test_a_fraction_is_between_0_and_1(fraction, error_of):
    assert error_of(OptionError, split, 10, fraction, 0) == (
        f"fraction must be between 0 and 1, both excluded. Got {fraction!r} instead."
    )


def test_other_wrong_use(error_of):
    assert error_of(OptionError, split, -1, 0.5, 0) == "n must be a whole number of at least 0. Got -1 instead."
    assert error_of(ShapeError, split, 3, 0.5, 0, [0, 1]) == (
        "strata has shape (2,), expected (3,): one class for each of the 3 rows."
    )


def test_hold_out_moves_rows_with_their_targets():
    inputs = np.arange(40.0).reshape(20, 2)
    dataset = Dataset("d", inputs, inputs[:, :1] * 10, "regression", feature_names=("a", "b"))
    divided = hold_out(dataset, 0.25, seed=3)
    training, held = split(20, 0.25, 3)
    assert np.array_equal(divided.inputs, inputs[training])
    assert np.array_equal(divided.test_inputs, inputs[held])
    assert np.array_equal(divided.targets, divided.inputs[:, :1] * 10)
    assert np.array_equal(divided.test_targets, divided.test_inputs[:, :1] * 10)
    assert divided.feature_names == ("a", "b")
    assert dataset.test_inputs is None


@pytest.mark.parametrize(("kind", "shape"), [("binary", (40, 1)), ("multiclass", (40,))])
def test_hold_out_keeps_the_proportions_of_classes(kind, shape):
    targets = np.repeat([0, 1], [30, 10]).reshape(shape)
    divided = hold_out(Dataset("d", np.zeros((40, 2)), targets, kind), 0.2, seed=0)
    assert divided.test_targets.shape == (8, *shape[1:])
    assert divided.test_targets.sum() == 2


def test_hold_out_respects_a_test_set(error_of):
    x, y = np.zeros((4, 1)), np.zeros((4, 1))
    assert error_of(OptionError, hold_out, Dataset("d", x, y, "binary", x, y), 0.5, seed=0) == (
        "data set 'd' has a test set of its own (4 rows), so none can be split off. Leave the test fraction out."
    )
