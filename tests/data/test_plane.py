import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import make_circles, make_moons

from unstuck.data.plane import circles, moons, spirals
from unstuck.errors import OptionError


def in_order(inputs, targets):
    """The rows as a sorted array, so that only the order of the rows is disregarded."""
    rows = np.column_stack([np.ravel(targets), np.round(inputs, 12) + 0.0])
    return rows[np.lexsort(rows.T)]


@pytest.mark.parametrize("n", [2, 3, 50, 51])
def test_moons_without_noise_are_those_of_scikit_learn(n):
    dataset = moons(n, noise=0.0, seed=3)
    expected = in_order(*make_moons(n, shuffle=False))
    assert_allclose(in_order(dataset.inputs, dataset.targets), expected, atol=1e-12)
    assert_allclose(in_order(dataset.test_inputs, dataset.test_targets), expected, atol=1e-12)


@pytest.mark.parametrize("n", [2, 3, 50, 51])
def test_circles_without_noise_are_those_of_scikit_learn(n):
    dataset = circles(n, noise=0.0, factor=0.3)
    expected = in_order(*make_circles(n, shuffle=False, factor=0.3))
    assert_allclose(in_order(dataset.inputs, dataset.targets), expected, atol=1e-12)


@pytest.mark.parametrize("make", [moons, circles])
def test_shapes_and_names(make):
    dataset = make()
    assert dataset.name == make.__name__
    assert dataset.inputs.shape == dataset.test_inputs.shape == (200, 2)
    assert dataset.targets.shape == dataset.test_targets.shape == (200, 1)
    assert dataset.inputs.dtype == dataset.targets.dtype == np.float64
    assert dataset.kind == "binary"
    assert dataset.targets.sum() == dataset.test_targets.sum() == 100
    assert dataset.class_names == ("0", "1")
    assert dataset.feature_names == ("x", "y")


@pytest.mark.parametrize("make", [moons, circles])
def test_the_seed_decides(make):
    assert np.array_equal(make(seed=4).inputs, make(seed=4).inputs)
    assert not np.array_equal(make(seed=4).inputs, make(seed=5).inputs)
    assert not np.array_equal(make(seed=4).inputs, make(seed=4).test_inputs)


@pytest.mark.parametrize("make", [moons, circles])
def test_rows_are_shuffled(make):
    targets = make().targets.ravel()
    assert 60 < np.count_nonzero(np.diff(targets)) < 140


def test_noise_has_the_standard_deviation_asked_for():
    radius = np.linalg.norm(circles(20_000, noise=0.01).inputs, axis=1)
    outer = radius[radius > 0.75]
    assert len(outer) == 10_000
    assert outer.std() == pytest.approx(0.01, rel=0.03)


def test_spirals_are_those_of_the_benchmark():
    """The loop of the program that Wieland posted, point for point."""
    rows = []
    for i in range(97):
        angle = i * math.pi / 16.0
        radius = 6.5 * (104 - i) / 104.0
        x, y = radius * math.sin(angle), radius * math.cos(angle)
        rows += [(x, y, 1.0), (-x, -y, 0.0)]
    dataset = spirals()
    assert dataset.inputs.shape == (194, 2)
    assert_allclose(np.column_stack([dataset.inputs, dataset.targets]), rows, rtol=0, atol=1e-14)


def test_spirals_are_tested_halfway_between_neighbours():
    dataset = spirals()
    assert dataset.test_inputs.shape == (192, 2)
    for spiral in (0, 1):
        training, test = dataset.inputs[spiral::2], dataset.test_inputs[spiral::2]
        to_previous = np.linalg.norm(test - training[:-1], axis=1)
        to_next = np.linalg.norm(test - training[1:], axis=1)
        assert_allclose(to_previous, to_next, rtol=0.06)
        assert set(dataset.test_targets[spiral::2].ravel()) == {1.0 - spiral}
    radii = np.linalg.norm(dataset.test_inputs[::2], axis=1)
    assert_allclose(radii, 6.5 * (104 - np.arange(96) - 0.5) / 104)


@pytest.mark.parametrize("make", [moons, circles])
def test_limits(make, error_of):
    assert error_of(OptionError, make, 1) == "n must be a whole number of at least 2. Got 1 instead."
    assert error_of(OptionError, make, noise=-1) == "noise must be a number of at least 0. Got -1 instead."
    assert error_of(OptionError, make, seed=-1) == "seed must be a whole number from 0 to 2**63 - 1. Got -1 instead."


def test_the_inner_circle_is_inside(error_of):
    assert (
        error_of(OptionError, circles, factor=1.0) == "factor must be between 0 and 1, both excluded. Got 1.0 instead."
    )
