"""Layers that do not fit each other, and the layers of a plain network."""

from dataclasses import dataclass

import numpy as np
import pytest

from unstuck.errors import OptionError, ShapeError
from unstuck.nets import Dense, Dropout, LayerNorm, Network, dense_layers
from unstuck.nets.layers import Layer


@dataclass(frozen=True)
class Halves(Layer):
    """Takes four values, gives two: a layer of a person's own making that says its sizes."""

    def sizes(self):
        return 4, 2

    def transform(self, x, parameters, rng):
        return x[:, ::2] + x[:, 1::2], None

    def backward(self, x, memory, delta, parameters, gradients):
        return np.repeat(delta, 2, axis=1)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        (
            [Dense(2, 7, "relu"), Dense(8, 3)],
            (
                "layer 2 (Dense 8 -> 3 identity) gets an input of shape (batch, 7), expected (batch, 8).\n"
                "  Layer 1 has 7 units. Make layer 2 Dense(7, 3), or layer 1 Dense(…, 8)."
            ),
        ),
        (
            [Dense(2, 7), Dropout(), LayerNorm(8)],
            (
                "layer 3 (LayerNorm 8 identity) gets an input of shape (batch, 7), expected (batch, 8).\n"
                "  Layer 1 has 7 units. Make layer 3 LayerNorm(7), or layer 1 Dense(…, 8)."
            ),
        ),
        (
            [Dense(2, 5), Dense(5, 7), Dropout(), Dense(8, 3)],
            (
                "layer 4 (Dense 8 -> 3 identity) gets an input of shape (batch, 7), expected (batch, 8).\n"
                "  Layer 2 has 7 units. Make layer 4 Dense(7, 3), or layer 2 Dense(…, 8)."
            ),
        ),
        (
            [LayerNorm(4), Dense(3, 2)],
            (
                "layer 2 (Dense 3 -> 2 identity) gets an input of shape (batch, 4), expected (batch, 3).\n"
                "  Layer 1 has 4 units. Make layer 2 Dense(4, 2)."
            ),
        ),
        (
            [LayerNorm(3), Halves()],
            "layer 2 (Halves identity) gets an input of shape (batch, 3), expected (batch, 4).\n  Layer 1 has 3 units.",
        ),
        (
            [Halves(), Dense(3, 1)],
            (
                "layer 2 (Dense 3 -> 1 identity) gets an input of shape (batch, 2), expected (batch, 3).\n"
                "  Layer 1 has 2 units. Make layer 2 Dense(2, 1)."
            ),
        ),
    ],
)
def test_layers_that_do_not_fit(layers, message):
    with pytest.raises(ShapeError) as caught:
        Network(layers)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([], "a network needs at least one layer, such as us.Dense(2, 1, 'sigmoid')."),
        (
            [Dense(2, 1), "sigmoid"],
            "layer 2 is 'sigmoid', expected a layer such as us.Dense(2, 1, 'sigmoid').",
        ),
        ([Dropout(0.5)], "no layer says how many inputs it takes. Add a us.Dense(n_in, n_out)."),
    ],
)
def test_what_is_no_network(layers, message):
    with pytest.raises(OptionError) as caught:
        Network(layers)
    assert str(caught.value) == message


def test_layers_without_a_size_take_what_there_is():
    net = Network([Dropout(), LayerNorm(4), Halves(), Dropout(), Dense(2, 3), Dropout()])
    assert (net.n_in, net.n_out) == (4, 3)


def test_dense_layers():
    layers = dense_layers(
        3, (8, 4), 2, activation="tanh", output_activation="softmax", initializer="normal", dropout=0.1
    )
    assert [layer.describe() for layer in layers] == [
        "Dense 3 -> 8 tanh",
        "Dropout 0.1",
        "Dense 8 -> 4 tanh",
        "Dropout 0.1",
        "Dense 4 -> 2 softmax",
    ]
    assert {type(layer.initializer).__name__ for layer in layers[::2]} == {"Normal"}


def test_dense_layers_without_hidden_ones_and_by_default():
    assert dense_layers(3, (), 2) == [Dense(3, 2)]
    assert dense_layers(3, [4], 2) == [Dense(3, 4, "relu"), Dense(4, 2)]
