import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from unstuck.data.scaling import Scaling, scale_by
from unstuck.errors import DataError, OptionError, ShapeError

matrices = arrays(
    np.float64,
    st.tuples(st.integers(1, 12), st.integers(1, 4)),
    elements=st.floats(-1e6, 1e6, allow_subnormal=False),
)


@pytest.fixture
def x():
    return np.random.default_rng(0).normal([3, -200, 0.001], [1, 50, 1e-4], size=(40, 3))


@given(matrices, st.sampled_from(["none", "standard", "minmax"]))
def test_undo_returns_what_was_scaled(x, name):
    scaling = scale_by(name, x)
    assert_allclose(scaling.undo(scaling.apply(x)), x, rtol=1e-9, atol=1e-9)


@given(matrices)
def test_minmax_ends_at_one(x):
    scaled = Scaling.minmax(x).apply(x)
    varies = x.min(axis=0) < x.max(axis=0)
    assert_allclose(scaled.max(axis=0), np.where(varies, 1, 0), atol=1e-9)
    assert_allclose(scaled.min(axis=0), np.where(varies, -1, 0), atol=1e-9)


def test_standard_equals_scikit_learn(x):
    assert_allclose(Scaling.standard(x).apply(x), StandardScaler().fit_transform(x), rtol=1e-10, atol=1e-12)


def test_minmax_equals_scikit_learn(x):
    assert_allclose(
        Scaling.minmax(x).apply(x), MinMaxScaler(feature_range=(-1, 1)).fit_transform(x), rtol=1e-10, atol=1e-11
    )


@pytest.mark.parametrize("name", ["standard", "minmax"])
def test_bytes_do_not_overflow(name):
    pixels = np.array([[0, 255, 7], [255, 250, 7], [100, 0, 7]], dtype=np.uint8)
    assert_allclose(
        scale_by(name, pixels).apply(pixels), scale_by(name, pixels.astype(float)).apply(pixels.astype(float))
    )
    assert scale_by(name, pixels).apply(pixels).min() < 0


@pytest.mark.parametrize("name", ["standard", "minmax"])
@pytest.mark.parametrize("value", [0.1, 1e-300, 123456.789])
def test_a_constant_column_becomes_zero(name, value):
    x = np.full((7, 1), value)
    scaling = scale_by(name, x)
    assert scaling.factor.tolist() == [1.0]
    assert_allclose(scaling.apply(x), 0, atol=1e-9)


@pytest.mark.parametrize("name", ["standard", "minmax"])
def test_a_spread_too_small_to_divide_by_counts_as_constant(name):
    assert scale_by(name, np.array([[0.0], [5e-324]])).factor.tolist() == [1.0]


def test_divide():
    scaling = Scaling.divide(2, 255)
    assert scaling.apply(np.array([[0, 255]], dtype=np.uint8)).tolist() == [[0.0, 1.0]]
    assert scaling.shift.tolist() == [0.0, 0.0]


def test_none_changes_nothing(x):
    assert np.array_equal(Scaling.none(3).apply(x), x)
    assert np.array_equal(scale_by("none", x).apply(x), x)


def test_the_result_has_the_dtype_asked_for(x):
    scaling = Scaling.standard(x)
    assert scaling.apply(x).dtype == np.float64
    assert scaling.apply(x, "float32").dtype == np.float32
    assert scaling.undo(scaling.apply(x, np.float32)).dtype == np.float64
    assert_allclose(scaling.apply(x, "float32"), scaling.apply(x).astype(np.float32), rtol=0)


def test_float32_is_scaled_in_double_precision():
    """Around 16 million neighbouring float32 are 1 apart: a float32 mean would be off."""
    x = np.float32(2**24 - 3) + np.arange(3, dtype=np.float32)[:, np.newaxis]
    assert_allclose(Scaling.standard(x).apply(x, "float32").ravel(), [-np.sqrt(1.5), 0, np.sqrt(1.5)], rtol=1e-6)


def test_scaling_leaves_its_input_alone(x):
    before = x.copy()
    scaling = Scaling.none(3)
    scaling.apply(x)[:] = 0
    scaling.undo(x)[:] = 0
    assert np.array_equal(x, before)


def test_lists_become_vectors_of_doubles():
    scaling = Scaling([1, 2], [3, 4])
    assert scaling.shift.dtype == scaling.factor.dtype == np.float64


def test_vectors_must_match(error_of):
    assert error_of(ShapeError, Scaling, np.zeros(2), np.ones(3)) == (
        "shift has shape (2,) and factor has shape (3,), expected (n_features,) for both."
    )
    assert error_of(ShapeError, Scaling, np.zeros((1, 2)), np.ones((1, 2))) == (
        "shift has shape (1, 2) and factor has shape (1, 2), expected (n_features,) for both."
    )


@pytest.mark.parametrize(
    ("shift", "factor", "found"),
    [(0, 0, "shift 0 and factor 0"), (np.inf, 1, "shift inf and factor 1"), (2.5, np.nan, "shift 2.5 and factor nan")],
)
def test_values_must_be_usable(shift, factor, found, error_of):
    assert error_of(DataError, Scaling, np.array([0, shift]), np.array([1, factor])) == (
        f"column 1 (counted from 0) would be scaled with {found}, expected finite numbers and a factor other than 0.\n"
        f"  Check the column for NaN, infinite or very large values."
    )


@pytest.mark.parametrize("name", ["standard", "minmax"])
@pytest.mark.parametrize("value", [np.nan, np.inf, 1.7e308])
def test_columns_that_cannot_be_scaled(name, value):
    with pytest.raises(DataError, match=r"^column 0 \(counted from 0\) would be scaled with shift"):
        scale_by(name, np.array([[value], [-1.7e308], [1.0]]))


@pytest.mark.parametrize("method", ["apply", "undo"])
@pytest.mark.parametrize("shape", [(4,), (4, 2), (1, 4, 3)])
def test_columns_must_fit(method, shape, error_of):
    assert error_of(ShapeError, getattr(Scaling.none(3), method), np.zeros(shape)) == (
        f"x has shape {shape}, expected (n, 3): the scaling is for 3 columns."
    )


@pytest.mark.parametrize("name", ["none", "standard", "minmax"])
@pytest.mark.parametrize("shape", [(3,), (0, 2), (2, 0)])
def test_only_a_matrix_can_be_fitted(name, shape, error_of):
    assert error_of(ShapeError, scale_by, name, np.zeros(shape)) == (
        f"x has shape {shape}, expected (n, n_features) with at least one row and one column."
    )


def test_wrong_settings(error_of):
    assert error_of(OptionError, scale_by, "standart", np.zeros((2, 2))) == (
        "unknown scaling 'standart'. Did you mean 'standard'?\n  Known: minmax, none, standard"
    )
    assert error_of(OptionError, Scaling.divide, 2, 0) == "by must be a number above 0. Got 0 instead."
    assert (
        error_of(OptionError, Scaling.divide, 0, 2) == "n_features must be a whole number of at least 1. Got 0 instead."
    )
