"""Each layer beside its torch module: outputs, and the gradients of parameters and inputs."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from unstuck.errors import OptionError
from unstuck.nets import INITIALIZERS, LAYERS, Dense, Dropout, LayerNorm, Network
from unstuck.nets.activations import LeakyRelu
from unstuck.nets.initializers import Normal
from unstuck.nets.layers import Layer

RTOL = {"float64": 1e-12, "float32": 1e-5}


def parameters_of(layer, dtype="float64", seed=0):
    rng = np.random.default_rng(seed)
    return {name: rng.normal(size=shape).astype(dtype) for name, shape in layer.parameter_shapes().items()}


def both_ways(layer, x, delta, parameters):
    """Return z, dJ/dx and dJ/dparameters."""
    gradients = {name: np.full_like(array, np.nan) for name, array in parameters.items()}
    z, memory = layer.transform(x, parameters, None)
    return z, layer.backward(x, memory, delta, parameters, gradients), gradients


def both_ways_in_torch(module, x, delta):
    x = torch.tensor(x, requires_grad=True)
    z = module(x)
    z.backward(torch.tensor(delta))
    return z.detach().numpy(), x.grad.numpy()


def data(rows, n_in, n_out, dtype):
    rng = np.random.default_rng(1)
    return rng.normal(size=(rows, n_in)).astype(dtype), rng.normal(size=(rows, n_out)).astype(dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("rows", "n_in", "n_out"), [(1, 1, 1), (7, 4, 3), (2, 3, 5)])
def test_dense_equals_torch(rows, n_in, n_out, bias, dtype):
    layer = Dense(n_in, n_out, bias=bias)
    x, delta = data(rows, n_in, n_out, dtype)
    parameters = parameters_of(layer, dtype)
    module = torch.nn.Linear(n_in, n_out, bias=bias, dtype=getattr(torch, dtype))
    module.weight.data = torch.tensor(parameters["weights"].T)
    if bias:
        module.bias.data = torch.tensor(parameters["biases"])
    z, grad, gradients = both_ways(layer, x, delta, parameters)
    their_z, their_grad = both_ways_in_torch(module, x, delta)
    close = {"rtol": RTOL[dtype], "atol": RTOL[dtype]}
    assert_allclose(z, their_z, **close)
    assert_allclose(grad, their_grad, **close)
    assert_allclose(gradients["weights"], module.weight.grad.numpy().T, **close)
    if bias:
        assert_allclose(gradients["biases"], module.bias.grad.numpy(), **close)
    assert {array.dtype for array in (z, grad, *gradients.values())} == {np.dtype(dtype)}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("rows", "n", "epsilon", "level"), [(1, 1, 1e-5, 0), (6, 4, 1e-5, 0), (3, 8, 0.1, 100)])
def test_layer_norm_equals_torch(rows, n, epsilon, level, dtype):
    layer = LayerNorm(n, epsilon=epsilon)
    x, delta = data(rows, n, n, dtype)
    x += level
    parameters = parameters_of(layer, dtype)
    module = torch.nn.LayerNorm(n, eps=epsilon, dtype=getattr(torch, dtype))
    module.weight.data, module.bias.data = torch.tensor(parameters["gain"]), torch.tensor(parameters["shift"])
    z, grad, gradients = both_ways(layer, x, delta, parameters)
    their_z, their_grad = both_ways_in_torch(module, x, delta)
    close = {"rtol": 10 * RTOL[dtype], "atol": (10 + level) * RTOL[dtype]}
    assert_allclose(z, their_z, **close)
    assert_allclose(grad, their_grad, **close)
    assert_allclose(gradients["gain"], module.weight.grad.numpy(), **close)
    assert_allclose(gradients["shift"], module.bias.grad.numpy(), **close)
    assert {array.dtype for array in (z, grad, *gradients.values())} == {np.dtype(dtype)}


def test_layer_norm_of_equal_features_is_its_shift():
    net = Network([LayerNorm(3), Dense(3, 3)])
    z, _ = net.layers[0].transform(np.full((2, 3), 7.0), {"gain": np.ones(3), "shift": np.array([1.0, 2.0, 3.0])}, None)
    assert z.tolist() == [[1, 2, 3], [1, 2, 3]]


@pytest.mark.parametrize("layer", [Dense(4, 3), Dense(4, 3, bias=False), LayerNorm(4)], ids=Layer.describe)
def test_row_gradients_are_the_terms_of_the_gradient(layer):
    """The fast way of a layer equals the one of the base class, and the rows sum to what backward gives."""
    x, delta = data(6, 4, layer.sizes()[1], "float64")
    parameters = parameters_of(layer)
    _, _, gradients = both_ways(layer, x, delta, parameters)
    _, memory = layer.transform(x, parameters, None)
    own = layer.row_gradients(x, memory, delta, parameters)
    generic = Layer.row_gradients(layer, x, memory, delta, parameters)
    assert list(own) == list(generic) == list(layer.parameter_shapes())
    for name, array in own.items():
        assert_allclose(array, generic[name], rtol=1e-12, atol=1e-15)
        assert_allclose(array.sum(axis=0), gradients[name], rtol=1e-12, atol=1e-14)


def test_a_layer_without_parameters_has_no_row_gradients():
    x, delta = data(6, 4, 4, "float64")
    assert Dropout(0.5).row_gradients(x, None, delta, {}) == {}


@pytest.mark.parametrize("layer", [Dense(4, 3), LayerNorm(4)], ids=Layer.describe)
def test_inputs_and_deltas_are_left_as_they_are(layer):
    x, delta = data(6, 4, layer.sizes()[1], "float64")
    parameters = parameters_of(layer)
    for array in (x, delta, *parameters.values()):
        array.flags.writeable = False
    both_ways(layer, x, delta, parameters)


def test_first_parameters():
    net = Network([Dense(3, 4, "relu"), LayerNorm(4), Dense(4, 2, initializer=Normal(scale=0.1))])
    arrays = net.named_parameters()
    assert list(arrays) == [
        "layer1.weights",
        "layer1.biases",
        "layer2.gain",
        "layer2.shift",
        "layer3.weights",
        "layer3.biases",
    ]
    assert not arrays["layer1.biases"].any()
    assert_array_equal(arrays["layer2.gain"], np.ones(4))
    assert_array_equal(arrays["layer2.shift"], np.zeros(4))


@pytest.mark.parametrize(
    ("activation", "initializer"),
    [("relu", "he_uniform"), ("selu", "lecun_normal"), ("sigmoid", "glorot_uniform"), ("identity", "glorot_uniform")],
)
def test_default_initializer_fits_the_activation(activation, initializer):
    assert INITIALIZERS.name_of(Dense(2, 1, activation).initializer) == initializer


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (Dense(2, 5, "sigmoid"), "Dense 2 -> 5 sigmoid"),
        (Dense(2, 5, LeakyRelu(slope=0.2), bias=False), "Dense 2 -> 5 leaky_relu(slope=0.2)"),
        (Dropout(0.25), "Dropout 0.25"),
        (LayerNorm(16, "relu"), "LayerNorm 16 relu"),
    ],
)
def test_describe(layer, text):
    assert layer.describe() == text


def test_layers_of_equal_settings_are_equal():
    assert Dense(2, 3, "relu") == Dense(2, 3, "relu") != Dense(2, 3, "tanh")
    assert {LayerNorm(3), LayerNorm(3), Dropout(0.5), Dropout()} == {LayerNorm(3), Dropout(0.5)}
    assert Dropout(0.5, activation="tanh").activation == Dense(1, 1, "tanh").activation


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dense(0, 1), "n_in of Dense must be a whole number of at least 1. Got 0 instead."),
        (lambda: Dense(2.0, 1), "n_in of Dense must be a whole number of at least 1. Got 2.0 instead."),
        (lambda: Dense(2, "1"), "n_out of Dense must be a whole number of at least 1. Got '1' instead."),
        (lambda: Dense(2, True), "n_out of Dense must be a whole number of at least 1. Got True instead."),
        (lambda: LayerNorm(-3), "n of LayerNorm must be a whole number of at least 1. Got -3 instead."),
        (lambda: LayerNorm(3, epsilon=0), "epsilon of LayerNorm must be a number above 0. Got 0 instead."),
        (lambda: Dropout(1.0), "rate of Dropout must be at least 0 and below 1. Got 1.0 instead."),
        (lambda: Dropout(-0.1), "rate of Dropout must be at least 0 and below 1. Got -0.1 instead."),
        (
            lambda: LAYERS.create("dens"),
            "unknown layer 'dens'. Did you mean 'dense'?\n  Known: dense, dropout, layer_norm",
        ),
    ],
)
def test_settings_outside_their_limits(make, message):
    with pytest.raises(OptionError) as caught:
        make()
    assert str(caught.value) == message


@pytest.mark.parametrize("make", [lambda name: Dense(2, 1, name), lambda name: LayerNorm(2, name)])
@pytest.mark.parametrize("given", ["tanhh", LeakyRelu, 3])
def test_unknown_activation(make, given):
    with pytest.raises(OptionError) as caught:
        make(given)
    meant = " Did you mean 'tanh'?" if given == "tanhh" else ""
    assert str(caught.value) == (
        f"unknown activation {given!r}.{meant}\n  Known: elu, gelu, hard_sigmoid, identity, leaky_relu, relu, "
        "selu, sigmoid, silu, softmax, softplus, softsign, tanh"
    )
