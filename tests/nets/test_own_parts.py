"""An activation, an initialiser, a loss and a layer of a person's own, all the way through."""

import json
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from unstuck.nets import ACTIVATIONS, INITIALIZERS, LAYERS, LOSSES, Dense, Network
from unstuck.nets.activations import Activation, Tanh
from unstuck.nets.config import network_from_config, network_to_config
from unstuck.nets.initializers import Initializer, Orthogonal
from unstuck.nets.jacobian import jacobian
from unstuck.nets.layers import Layer
from unstuck.nets.losses import Loss

pytestmark = pytest.mark.usefixtures("own_tables")


@dataclass(frozen=True)
class Sine(Activation):
    """a = sin(f z)."""

    output_range: ClassVar[tuple[float, float]] = (-1.0, 1.0)
    initializer: ClassVar[str] = "ones"

    frequency: float = 1.0

    def forward(self, z):
        return np.sin(self.frequency * z)

    def backward(self, z, a, grad):
        return grad * self.frequency * np.cos(self.frequency * z)


@dataclass(frozen=True)
class Ones(Initializer):
    """Every weight 1."""

    def weights(self, rng, n_in, n_out):
        return np.ones((n_in, n_out))


@dataclass(frozen=True)
class FourthPower(Loss):
    """A row costs the sum of (a - y)^4."""

    def rows(self, outputs, targets):
        return ((outputs - targets) ** 4).sum(axis=1)

    def gradient(self, outputs, targets):
        return 4 * (outputs - targets) ** 3


@dataclass(frozen=True)
class Gated(Layer):
    """z = scale * x * gate(x * open): a parameter for each feature, one for all, and two further parts."""

    n: int = 1
    gate: Activation = field(default=Tanh())
    start: Initializer = field(default=Orthogonal())

    def sizes(self):
        return self.n, self.n

    def parameter_shapes(self):
        return {"open": (self.n,), "scale": ()}

    def initialize(self, parameters, rng):
        parameters["open"][...] = self.start.weights(rng, self.n, 1).ravel()
        parameters["scale"][...] = 1.5

    def transform(self, x, parameters, rng):
        gates = self.gate.forward(x * parameters["open"])
        return parameters["scale"] * x * gates, gates

    def backward(self, x, memory, delta, parameters, gradients):
        opened = x * parameters["open"]
        inner = self.gate.backward(opened, memory, delta * parameters["scale"] * x)
        np.sum(inner * x, axis=0, out=gradients["open"])
        np.sum(delta * x * memory, out=gradients["scale"])
        return delta * parameters["scale"] * memory + inner * parameters["open"]


@pytest.fixture
def network():
    ACTIVATIONS.register("sine", Sine)
    INITIALIZERS.register("ones", Ones)
    LOSSES.register("fourth_power", FourthPower)
    LAYERS.register("gated", Gated)
    layers = [
        Dense(3, 4, Sine(frequency=2.0)),
        Gated(n=4, gate=Sine(frequency=0.5), activation="sine"),
        Dense(4, 2, "tanh"),
    ]
    return Network(layers, loss="fourth_power", l2=0.1, seed=2)


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    return rng.normal(size=(6, 3)), rng.normal(size=(6, 2))


def test_gradient_is_the_slope_of_the_objective(network, data):
    network.parameters += np.random.default_rng(1).normal(scale=0.2, size=network.n_parameters)
    x, y = network.check(*data)
    loss, gradient = network.loss_and_gradient(x, y)
    assert_allclose(loss, network.evaluate(x, y), rtol=1e-14)
    for index in range(network.n_parameters):
        step = np.zeros(network.n_parameters)
        step[index] = 1e-6
        up, down = (network.at(network.parameters + sign * step).evaluate(x, y) for sign in (1, -1))
        assert_allclose(gradient[index], (up - down) / 2e-6, rtol=1e-5, atol=1e-8)


def test_the_layer_has_a_jacobian_without_a_rule_of_its_own(network, data):
    x, y = network.check(*data)
    outputs, whole = jacobian(network, x)
    delta = 4 * (outputs - y) ** 3 / len(x)
    _, gradient = network.loss_and_gradient(x, y)
    penalty = np.zeros(network.n_parameters)
    for weights, own in zip(network.weight_matrices(penalty), network.weight_matrices(), strict=True):
        weights[...] = 0.1 * own
    assert_allclose(np.einsum("bo,bop->p", delta, whole) + penalty, gradient, rtol=1e-10, atol=1e-14)


def test_the_initialisers_were_asked(network):
    arrays = network.named_parameters()
    assert_array_equal(arrays["layer1.weights"], np.ones((3, 4)))
    assert arrays["layer2.scale"] == 1.5
    assert_allclose(np.linalg.norm(arrays["layer2.open"]), 1)


def test_by_name_with_settings():
    LAYERS.register("gated", Gated)
    ACTIVATIONS.register("sine", Sine)
    assert LAYERS.create("gated", n=3, activation="sine") == Gated(n=3, activation=Sine())
    assert LAYERS.names() == ["dense", "dropout", "gated", "layer_norm"]


def test_config_and_back(network):
    again = network_from_config(json.loads(json.dumps(network_to_config(network))))
    assert again.layers == network.layers
    assert again.loss == network.loss
    assert_array_equal(again.parameters, network.parameters)


def test_summary_and_repr(network):
    lines = network.summary().splitlines()
    assert [line.split()[1:3] for line in lines[1:-1]] == [["Dense", "3"], ["Gated", "sine"], ["Dense", "4"]]
    assert "open (4,)  scale ()" in lines[2]
    assert lines[2].endswith(" 5")
    assert repr(network) == (
        "Network([Dense 3 -> 4 sine(frequency=2.0), Gated sine, Dense 4 -> 2 tanh], loss=fourth_power, 31 parameters, float64)"
    )


@dataclass(frozen=True)
class Halving(Layer):
    """A layer that declares nothing but its two rules."""

    def transform(self, x, parameters, rng):
        return x / 2, None

    def backward(self, x, memory, delta, parameters, gradients):
        return delta / 2


def test_the_least_a_layer_needs(data):
    net = Network([Dense(3, 2, "tanh"), Halving()])
    assert_allclose(net.predict(data[0]) * 2, Network([Dense(3, 2, "tanh")]).predict(data[0]))
    assert net.layers[1].describe() == "Halving identity"
