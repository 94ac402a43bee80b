import numpy as np
import pytest
from sklearn.datasets import load_digits

from unstuck.data.digits import digits


@pytest.fixture(scope="module")
def oracle():
    return load_digits()


def test_all_rows_are_there_once(oracle):
    dataset = digits(seed=2)
    assert dataset.inputs.shape == (1438, 64)
    assert dataset.test_inputs.shape == (359, 64)
    found = np.concatenate([dataset.inputs, dataset.test_inputs])
    labels = np.concatenate([dataset.targets, dataset.test_targets])
    rows = np.column_stack([labels, found])
    expected = np.column_stack([oracle.target, oracle.data])
    assert np.array_equal(rows[np.lexsort(rows.T)], expected[np.lexsort(expected.T)])


def test_pixels_stay_as_they_are():
    dataset = digits()
    assert dataset.inputs.dtype == np.float64
    assert dataset.inputs.min() == 0
    assert dataset.inputs.max() == 16


def test_each_digit_gives_a_fifth(oracle):
    counts = np.bincount(digits().test_targets)
    assert np.all(np.abs(counts - 0.2 * np.bincount(oracle.target)) < 1)


def test_names():
    dataset = digits()
    assert dataset.name == "digits"
    assert dataset.kind == "multiclass"
    assert dataset.targets.dtype == np.int64
    assert dataset.class_names == tuple("0123456789")
    assert dataset.feature_names[:2] == ("pixel_0_0", "pixel_0_1")
    assert len(dataset.feature_names) == 64


def test_the_seed_decides_the_split():
    assert np.array_equal(digits(seed=1).test_inputs, digits(seed=1).test_inputs)
    assert not np.array_equal(digits(seed=1).test_inputs, digits(seed=2).test_inputs)
