"""A network as plain data and back, by way of JSON."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from unstuck.errors import OptionError, UsageError
from unstuck.nets import ACTIVATIONS, LAYERS, LOSSES, Dense, Dropout, LayerNorm, Network
from unstuck.nets.activations import Activation, Elu, LeakyRelu
from unstuck.nets.config import network_from_config, network_to_config
from unstuck.nets.initializers import Constant, Orthogonal
from unstuck.nets.losses import Focal, Huber, Poisson, Quantile


def there_and_back(network):
    return network_from_config(json.loads(json.dumps(network_to_config(network))))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Network([Dense(2, 5, "sigmoid"), Dense(5, 1, "sigmoid")]),
        lambda: Network(
            [
                Dense(3, 8, LeakyRelu(slope=0.2), initializer=Orthogonal(gain=2.0), bias=False),
                LayerNorm(8, Elu(alpha=0.5), epsilon=0.01),
                Dropout(0.25),
                Dense(8, 4, "softmax", initializer=Constant(value=0.1)),
            ],
            loss=Focal(gamma=1.0),
            l1=0.1,
            l2=0.2,
            max_norm=3,
            dtype="float32",
            seed=7,
        ),
        lambda: Network([Dense(1, 1)], loss=Huber(threshold=2.5)),
        lambda: Network([Dense(1, 1)], loss=Quantile(q=0.9)),
        lambda: Network([Dense(1, 1, "relu")], loss=Poisson(log_input=False)),
        lambda: Network([Dense(1, 1, "sigmoid")], loss=Focal(alpha=0.25)),
        lambda: Network(
            [Dense(np.int64(2), np.int32(1))], l1=np.float32(0.5), max_norm=np.float32(1), seed=np.int64(1)
        ),
    ],
)
def test_round_trip(make):
    network = make()
    again = there_and_back(network)
    assert again.layers == network.layers
    assert again.loss == network.loss
    assert network_to_config(again) == network_to_config(network)
    assert_array_equal(again.parameters, network.parameters)
    assert repr(again) == repr(network)


def test_what_it_looks_like():
    assert network_to_config(Network([Dense(2, 1, LeakyRelu(slope=0.5))], loss=Huber())) == {
        "layers": [
            {
                "name": "dense",
                "activation": {"name": "leaky_relu", "slope": 0.5},
                "n_in": 2,
                "n_out": 1,
                "bias": True,
                "initializer": {"name": "he_uniform"},
            }
        ],
        "loss": {"name": "huber", "threshold": 1.0},
        "l1": 0.0,
        "l2": 0.0,
        "max_norm": None,
        "dtype": "float64",
        "seed": 0,
    }


def changed(path, value):
    """The description of a small network with one entry changed, or taken out if ``value`` is None."""
    config = network_to_config(Network([Dense(2, 1, "tanh")]))
    place = config
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return config


KNOWN = {table.what: ", ".join(table.names()) for table in (ACTIVATIONS, LAYERS, LOSSES)}


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (changed(["layers", 0, "name"], "conv"), f"unknown layer 'conv'.\n  Known: {KNOWN['layer']}"),
        (
            changed(["layers", 0, "activation", "name"], "tan"),
            f"unknown activation 'tan'. Did you mean 'tanh'?\n  Known: {KNOWN['activation']}",
        ),
        (
            changed(["layers", 0, "activation"], {"name": "tanh", "slope": 1}),
            "unknown setting of activation 'tanh' 'slope'.\n  Known: ",
        ),
        (
            changed(["layers", 0, "initializer", "name"], "kaiming"),
            (
                "unknown initializer 'kaiming'.\n  Known: constant, glorot_normal, glorot_uniform, he_normal, he_uniform, "
                "lecun_normal, lecun_uniform, nguyen_widrow, normal, orthogonal, uniform"
            ),
        ),
        (changed(["loss", "name"], "hinge"), f"unknown loss 'hinge'.\n  Known: {KNOWN['loss']}"),
        (
            changed(["layers", 0, "units"], 3),
            "unknown setting of layer 'dense' 'units'.\n  Known: activation, bias, initializer, n_in, n_out",
        ),
        (changed(["dtype"], "float16"), "dtype must be 'float32' or 'float64'. Got 'float16' instead."),
        (
            changed(["layers", 0, "n_in"], "two"),
            "n_in of Dense must be a whole number of at least 1. Got 'two' instead.",
        ),
        (changed(["layers"], []), "a network needs at least one layer, such as us.Dense(2, 1, 'sigmoid')."),
        (changed(["layers"], None), "this is no description of a network: it has no 'layers'."),
        (changed(["loss"], None), "this is no description of a network: it has no 'loss'."),
        (changed(["layers", 0, "name"], None), "this is no description of a network: it has no 'name'."),
        ([], "this is no description of a network: it has no 'layers'."),
        (
            changed(["momentum"], 0.9),
            "this is no description of a network: Network.__init__() got an unexpected keyword argument 'momentum'.",
        ),
        (
            changed(["layers", 0, "n_out"], None),
            "this is no description of a network: Dense.__init__() missing 1 required positional argument: 'n_out'.",
        ),
        (None, "this is no description of a network: 'NoneType' object is not iterable."),
        (
            changed(["layers"], ["dense"]),
            "this is no description of a network: dictionary update sequence element #0 has length 1; 2 is required.",
        ),
    ],
)
def test_what_is_no_description(config, message):
    with pytest.raises(UsageError) as caught:
        network_from_config(config)
    assert str(caught.value) == message


@dataclass(frozen=True)
class Nameless(Activation):
    def forward(self, z):
        return z

    def backward(self, z, a, grad):
        return grad


def test_what_is_not_registered_cannot_be_saved():
    with pytest.raises(OptionError) as caught:
        network_to_config(Network([Dense(2, 1, Nameless())]))
    assert str(caught.value) == (
        "activation Nameless is not registered, so it cannot be saved by name.\n"
        "  Call us.register('activation', 'its-name', Nameless) first."
    )
