"""What activations declare about themselves, that they stay finite, and what they say when settings are wrong."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from unstuck.errors import OptionError
from unstuck.nets.activations import ACTIVATIONS, Elu, LeakyRelu, sigmoid
from unstuck.nets.initializers import INITIALIZERS

ENTRIES = [ACTIVATIONS.create(name) for name in ACTIVATIONS.names()]
every_activation = pytest.mark.parametrize("activation", [*ENTRIES, Elu(alpha=2.0)], ids=ACTIVATIONS.describe)


def wide_range(dtype):
    """Both signs of everything from the smallest number up to 10,000, and 0."""
    sizes = np.concatenate([np.geomspace(np.finfo(dtype).smallest_subnormal, 1e4, 500), np.linspace(0, 1e4, 500)])
    return np.concatenate([-sizes, sizes]).astype(dtype).reshape(-1, 4)


def slope(activation, z):
    z = np.full((1, 1), z)
    return activation.backward(z, activation.forward(z), np.ones((1, 1))).item()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@every_activation
def test_everything_up_to_ten_thousand_is_finite(activation, dtype):
    """And without a warning, which pytest would make an error."""
    z = wide_range(dtype)
    a = activation.forward(z)
    backward = activation.backward(z, a, np.ones_like(z))
    assert np.isfinite(a).all()
    assert np.isfinite(backward).all()
    assert a.dtype == backward.dtype == dtype


@every_activation
def test_outputs_lie_within_the_declared_range(activation):
    a = activation.forward(wide_range("float64"))
    low, high = activation.output_range
    assert low <= a.min()
    assert a.max() <= high
    if np.isfinite(high):
        assert_allclose([a.min(), a.max()], [low, high], atol=1e-3)


@every_activation
def test_only_a_distribution_sums_to_1(activation):
    a = activation.forward(np.random.default_rng(0).normal(size=(50, 4)))
    assert np.allclose(a.sum(axis=1), 1) == activation.is_distribution


@every_activation
def test_derivative_jumps_at_the_kinks_only(activation):
    jumps = [
        at for at in np.arange(-8, 8.5, 0.5) if abs(slope(activation, at + 1e-9) - slope(activation, at - 1e-9)) > 1e-6
    ]
    expected = [] if activation == Elu(alpha=1.0) else list(activation.kinks)  # its two slopes at 0 happen to be equal
    assert jumps == expected


@every_activation
def test_preactivations_and_gradients_are_left_as_they_are(activation):
    z = np.random.default_rng(1).normal(size=(3, 4))
    grad = np.ones_like(z)
    z.flags.writeable = grad.flags.writeable = False
    activation.backward(z, activation.forward(z), grad)


@every_activation
def test_initializer_is_a_known_one(activation):
    assert activation.initializer in INITIALIZERS.names()


@pytest.mark.parametrize(
    ("name", "initializer"),
    [("relu", "he_uniform"), ("gelu", "he_uniform"), ("selu", "lecun_normal"), ("tanh", "glorot_uniform")],
)
def test_initializer_fits(name, initializer):
    assert ACTIVATIONS.create(name).initializer == initializer


def test_sigmoid_keeps_its_digits_on_both_sides():
    """1 / (1 + exp(-z)) overflows on the way to the left, exp(z) / (1 + exp(z)) to the right."""
    assert sigmoid(np.array([-700.0, -50.0, 0.0, 50.0, 700.0])).tolist() == [np.exp(-700), np.exp(-50), 0.5, 1.0, 1.0]


def test_softmax_does_not_depend_on_the_level_of_a_row():
    softmax = ACTIVATIONS.create("softmax")
    z = np.array([[0.5, 1.0, -2.0]])
    assert_allclose(softmax.forward(z + 5000), softmax.forward(z), rtol=1e-12)


@pytest.mark.parametrize("slope", [-0.1, float("nan"), float("inf"), "steep", None, True])
def test_leaky_relu_refuses_a_slope(slope):
    with pytest.raises(OptionError) as caught:
        LeakyRelu(slope=slope)
    assert str(caught.value) == f"slope must be a number of at least 0. Got {slope!r} instead."


@pytest.mark.parametrize("alpha", [0, -1.0, float("nan")])
def test_elu_refuses_an_alpha(alpha):
    with pytest.raises(OptionError) as caught:
        Elu(alpha=alpha)
    assert str(caught.value) == f"alpha must be a number above 0. Got {alpha!r} instead."


def test_unknown_activation():
    with pytest.raises(OptionError) as caught:
        ACTIVATIONS.create("Rellu")
    assert str(caught.value) == (
        "unknown activation 'Rellu'. Did you mean 'relu'?\n  Known: elu, gelu, hard_sigmoid, identity, leaky_relu, relu, "
        "selu, sigmoid, silu, softmax, softplus, softsign, tanh"
    )


def test_unknown_setting():
    with pytest.raises(OptionError) as caught:
        ACTIVATIONS.create("leaky_relu", slop=0.1)
    assert (
        str(caught.value) == "unknown setting of activation 'leaky_relu' 'slop'. Did you mean 'slope'?\n  Known: slope"
    )
