"""First weights: bounds, variances, directions, and the same values from the same seed."""

import math

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from unstuck.errors import OptionError
from unstuck.nets import Dense, Network
from unstuck.nets.initializers import INITIALIZERS, Constant, Normal, Orthogonal, Uniform

N_IN, N_OUT = 300, 200

# name: (standard deviation, uniform or normal)
SCALES = {
    "glorot_uniform": (math.sqrt(2 / (N_IN + N_OUT)), "uniform"),
    "glorot_normal": (math.sqrt(2 / (N_IN + N_OUT)), "normal"),
    "he_uniform": (math.sqrt(2 / N_IN), "uniform"),
    "he_normal": (math.sqrt(2 / N_IN), "normal"),
    "lecun_uniform": (math.sqrt(1 / N_IN), "uniform"),
    "lecun_normal": (math.sqrt(1 / N_IN), "normal"),
    "uniform": (1 / math.sqrt(3), "uniform"),
    "normal": (1.0, "normal"),
}


def draw(initializer, n_in=N_IN, n_out=N_OUT, seed=0):
    return INITIALIZERS.create(initializer).weights(np.random.default_rng(seed), n_in, n_out)


@pytest.mark.parametrize("name", SCALES)
def test_distribution(name):
    """Kolmogorov-Smirnov against the distribution SciPy has, and the variance within a chi-square interval."""
    deviation, shape = SCALES[name]
    weights = draw(name).ravel()
    bound = math.sqrt(3) * deviation
    expected = stats.uniform(-bound, 2 * bound) if shape == "uniform" else stats.norm(0, deviation)
    assert stats.kstest(weights, expected.cdf).pvalue > 0.01
    low, high = stats.chi2.interval(0.999, weights.size - 1) / np.float64(weights.size - 1)
    assert low < weights.var(ddof=1) / deviation**2 < high
    if shape == "uniform":
        assert np.abs(weights).max() <= bound
        assert np.abs(weights).max() > 0.999 * bound


@pytest.mark.parametrize(
    ("name", "torch_initializer", "gain"),
    [
        ("glorot_uniform", torch.nn.init.xavier_uniform_, {}),
        ("he_uniform", torch.nn.init.kaiming_uniform_, {"nonlinearity": "relu"}),
    ],
)
def test_bounds_are_those_of_torch(name, torch_initializer, gain):
    """Torch keeps weights the other way round, ``(n_out, n_in)``."""
    theirs = torch_initializer(torch.empty(N_OUT, N_IN), generator=torch.Generator().manual_seed(0), **gain)
    assert_allclose(np.abs(draw(name)).max(), theirs.abs().max().item(), rtol=1e-3)


@pytest.mark.parametrize(("n_in", "n_out"), [(5, 3), (3, 5), (4, 4), (1, 6), (6, 1)])
@pytest.mark.parametrize("gain", [1.0, 1.5])
def test_orthogonal(n_in, n_out, gain):
    weights = draw(Orthogonal(gain=gain), n_in, n_out)
    fewer = weights.T @ weights if n_in >= n_out else weights @ weights.T
    assert weights.shape == (n_in, n_out)
    assert_allclose(fewer, gain**2 * np.eye(min(n_in, n_out)), atol=1e-12)


def test_orthogonal_prefers_no_direction():
    """Without the signs of R's diagonal the first entry would have a preferred sign."""
    first = np.array([draw("orthogonal", 3, 3, seed)[0, 0] for seed in range(400)])
    assert stats.binomtest(int((first > 0).sum()), 400).pvalue > 0.01
    assert stats.kstest(first, stats.uniform(-1, 2).cdf).pvalue > 0.01  # Archimedes: a sphere's coordinate is uniform


@pytest.mark.parametrize(("n_in", "n_out"), [(2, 10), (5, 3), (1, 8)])
def test_nguyen_widrow(n_in, n_out):
    rng = np.random.default_rng(1)
    initializer = INITIALIZERS.create("nguyen_widrow")
    length = 0.7 * n_out ** (1 / n_in)
    assert_allclose(np.linalg.norm(initializer.weights(rng, n_in, n_out), axis=0), np.full(n_out, length), rtol=1e-12)
    biases = np.concatenate([initializer.biases(rng, n_in, n_out) for _ in range(200)])
    assert stats.kstest(biases, stats.uniform(-length, 2 * length).cdf).pvalue > 0.01


def test_scale_and_value():
    assert_allclose(draw(Uniform(scale=0.5)), draw(Uniform()) * 0.5, rtol=1e-10)
    assert_allclose(draw(Normal(scale=0.1)), draw(Normal()) * 0.1, rtol=1e-10)
    assert draw(Constant(value=0.5), 2, 3).tolist() == [[0.5] * 3] * 2
    assert draw("constant", 1, 2).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("name", INITIALIZERS.names())
def test_shape_dtype_and_biases(name):
    initializer = INITIALIZERS.create(name)
    weights, biases = draw(name, 4, 3), initializer.biases(np.random.default_rng(0), 4, 3)
    assert (weights.shape, weights.dtype) == ((4, 3), np.float64)
    assert (biases.shape, biases.dtype) == ((3,), np.float64)
    assert biases.any() == (name == "nguyen_widrow")


@pytest.mark.parametrize("name", INITIALIZERS.names())
def test_same_seed_same_values_in_both_precisions(name):
    def net(seed, dtype="float64"):
        return Network([Dense(4, 6, "tanh", initializer=name), Dense(6, 2, initializer=name)], dtype=dtype, seed=seed)

    values = net(3).parameters
    assert_array_equal(net(3).parameters, values)
    assert_array_equal(net(3, "float32").parameters, values.astype("float32"))
    if name != "constant":
        assert not np.array_equal(net(4).parameters, values)


def test_layers_draw_from_places_of_their_own():
    """A layer's weights do not depend on the layers before it."""
    shallow = Network([Dense(3, 3), Dense(3, 3)]).named_parameters()
    wide = Network([Dense(7, 3), Dense(3, 3)]).named_parameters()
    assert_array_equal(shallow["layer2.weights"], wide["layer2.weights"])
    assert not np.array_equal(shallow["layer1.weights"], shallow["layer2.weights"])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Orthogonal(gain=0), "gain must be a number above 0. Got 0 instead."),
        (lambda: Uniform(scale=-1), "scale must be a number above 0. Got -1 instead."),
        (lambda: Normal(scale="wide"), "scale must be a number above 0. Got 'wide' instead."),
        (lambda: Constant(value=math.inf), "value must be a finite number. Got inf instead."),
        (
            lambda: Dense(2, 1, initializer="he"),
            (
                "unknown initializer 'he'.\n  Known: constant, glorot_normal, glorot_uniform, he_normal, he_uniform, "
                "lecun_normal, lecun_uniform, nguyen_widrow, normal, orthogonal, uniform"
            ),
        ),
        (lambda: INITIALIZERS.create("he_unifrom"), None),
    ],
)
def test_refusals(make, message):
    with pytest.raises(OptionError) as caught:
        make()
    text = str(caught.value)
    assert (
        text == message
        if message
        else text.startswith("unknown initializer 'he_unifrom'. Did you mean 'he_uniform'?\n")
    )
