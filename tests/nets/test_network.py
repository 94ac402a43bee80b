"""A network's parameters: one vector and its views, drawing them, copying them, keeping them short; and what it refuses."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from unstuck.errors import OptionError
from unstuck.nets import Dense, Dropout, LayerNorm, Network
from unstuck.nets.losses import Huber


def small(**settings):
    return Network([Dense(3, 4, "tanh"), LayerNorm(4), Dense(4, 2)], **settings)


def test_named_parameters_are_views_of_the_vector():
    net = small()
    arrays = net.named_parameters()
    assert {name: array.shape for name, array in arrays.items()} == {
        "layer1.weights": (3, 4),
        "layer1.biases": (4,),
        "layer2.gain": (4,),
        "layer2.shift": (4,),
        "layer3.weights": (4, 2),
        "layer3.biases": (2,),
    }
    net.parameters[:] = np.arange(net.n_parameters)
    assert_array_equal(np.concatenate([array.ravel() for array in arrays.values()]), np.arange(34))
    arrays["layer3.biases"][1] = -7
    assert net.parameters[-1] == -7
    assert net.n_parameters == 34


def test_views_of_another_vector_laid_out_the_same():
    net, vector = small(), np.arange(34.0)
    arrays = net.named_parameters(vector)
    assert list(arrays) == list(net.named_parameters())
    assert all(np.shares_memory(array, vector) for array in arrays.values())
    assert arrays["layer1.biases"].tolist() == [12, 13, 14, 15]


def test_weight_matrices_are_the_weights_alone():
    net, vector = small(), np.arange(34.0)
    assert [array.shape for array in net.weight_matrices()] == [(3, 4), (4, 2)]
    assert all(np.shares_memory(array, net.parameters) for array in net.weight_matrices())
    assert all(np.shares_memory(array, vector) for array in net.weight_matrices(vector))


def test_at_uses_the_vector_itself():
    net, vector = small(seed=1), np.zeros(34)
    twin = net.at(vector)
    assert twin.parameters is vector
    vector[-2:] = 5
    assert twin.predict(np.ones((1, 3))).tolist() == [[5, 5]]
    assert net.parameters.any()
    assert net.at(vector.astype("float32")).dtype == "float32"
    assert (twin.layers, twin.loss, twin.seed) == (net.layers, net.loss, net.seed)


@pytest.mark.parametrize(("dtype", "expected"), [(None, "float64"), ("float64", "float64"), ("float32", "float32")])
def test_copy_is_independent(dtype, expected):
    net = small()
    twin = net.copy(dtype)
    assert twin.dtype == twin.parameters.dtype == expected
    assert_array_equal(twin.parameters, net.parameters.astype(expected))
    twin.parameters[:] = 0
    twin.reset(5)
    assert not np.shares_memory(twin.parameters, net.parameters)
    assert_array_equal(net.parameters, small().parameters)
    assert net.seed == 0


def test_reset_draws_the_first_weights_again():
    net = small(seed=3)
    first, vector = net.parameters.copy(), net.parameters
    vector[:] = 7
    assert net.reset() is net
    assert net.parameters is vector
    assert_array_equal(vector, first)
    net.reset(4)
    assert net.seed == 4
    assert_array_equal(vector, small(seed=4).parameters)
    net.parameters[:] = 0
    assert_array_equal(net.reset().parameters, small(seed=4).parameters)


@pytest.mark.parametrize("max_norm", [1e-3, 0.8, 50.0, 1e30])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_max_norm_equals_torch(max_norm, dtype):
    net = small(max_norm=max_norm, dtype=dtype)
    net.parameters[:] = np.random.default_rng(0).normal(size=34)
    net.named_parameters()["layer1.weights"][:, 1] = 0  # a unit without weights is not divided by
    before = net.copy().named_parameters()
    net.keep_max_norm()
    for name, array in net.named_parameters().items():
        expected = before[name]
        if "weights" in name:
            expected = torch.renorm(torch.tensor(expected), p=2, dim=1, maxnorm=max_norm).numpy()
        assert_allclose(array, expected, rtol=1e-6)


def test_max_norm_holds_from_the_start():
    lengths = [np.linalg.norm(weights, axis=0) for weights in small(max_norm=0.1).weight_matrices()]
    assert_allclose(np.concatenate(lengths), 0.1, rtol=1e-12)


@pytest.mark.parametrize(
    ("activation", "n_out", "loss"),
    [
        ("sigmoid", 1, "bce"),
        ("softmax", 2, "ce"),
        ("identity", 1, "mse"),
        ("relu", 2, "mse"),
        ("hard_sigmoid", 1, "mse"),
    ],
)
def test_default_loss_belongs_to_the_output_activation(activation, n_out, loss):
    net = Network([Dense(2, n_out, activation)])
    assert f"loss={loss}," in repr(net)


def test_forward_gives_every_value():
    net = Network([Dense(2, 3, "relu"), Dense(3, 1, "sigmoid")])
    x = np.array([[0.5, -1.0]])
    first, last = net.forward(x)
    assert first.input is x
    assert_array_equal(first.preactivation, x @ net.named_parameters()["layer1.weights"])
    assert_array_equal(first.activation, np.maximum(first.preactivation, 0))
    assert last.input is first.activation
    assert_array_equal(net.predict(x), last.activation)
    assert last.activation.shape == (1, 1)


def test_predict_takes_anything_array_like():
    net = Network([Dense(2, 1)])
    expected = net.predict(np.array([[1.0, 2.0]]))
    assert_array_equal(net.predict([[1, 2]]), expected)
    assert_array_equal(net.predict(np.array([[1, 2]], "int8")), expected)
    assert_array_equal(net.predict(np.asfortranarray([[1.0, 2.0]])), expected)
    assert net.copy("float32").predict([[1, 2]]).dtype == "float32"


def test_repr():
    net = Network(
        [Dense(2, 5, "relu"), Dropout(0.2), LayerNorm(5), Dense(5, 1)], loss=Huber(threshold=2), dtype="float32"
    )
    assert repr(net) == (
        "Network([Dense 2 -> 5 relu, Dropout 0.2, LayerNorm 5 identity, Dense 5 -> 1 identity], "
        "loss=huber(threshold=2), 31 parameters, float32)"
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"l1": -1}, "l1 must be a number of at least 0. Got -1 instead."),
        ({"l2": float("nan")}, "l2 must be a number of at least 0. Got nan instead."),
        ({"max_norm": 0}, "max_norm must be a number above 0. Got 0 instead."),
        ({"dtype": "float16"}, "dtype must be 'float32' or 'float64'. Got 'float16' instead."),
        ({"dtype": np.float32}, "dtype must be 'float32' or 'float64'. Got <class 'numpy.float32'> instead."),
        ({"seed": -1}, "seed must be a whole number from 0 to 2**63 - 1. Got -1 instead."),
        (
            {"loss": "msee"},
            "unknown loss 'msee'. Did you mean 'mse'?\n  Known: bce, ce, focal, half_sum, huber, mae, mse, poisson, quantile",
        ),
    ],
)
def test_settings_outside_their_limits(settings, message):
    with pytest.raises(OptionError) as caught:
        small(**settings)
    assert str(caught.value) == message


def test_reset_refuses_a_seed():
    with pytest.raises(OptionError) as caught:
        small().reset("lucky")
    assert str(caught.value) == "seed must be a whole number from 0 to 2**63 - 1. Got 'lucky' instead."


def test_settings_are_plain_numbers_and_names():
    """Whatever they came as, so that they can be written as JSON."""
    net = small(l1=np.float32(0.5), max_norm=np.float32(2), dtype=np.dtype("float32"), seed=np.int64(3))
    assert [(type(value), value) for value in (net.l1, net.max_norm, net.dtype, net.seed)] == [
        (float, 0.5),
        (float, 2.0),
        (str, "float32"),
        (int, 3),
    ]
