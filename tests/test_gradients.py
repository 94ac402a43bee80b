"""The gradient check against gradients known to be right, and against planted faults of every kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, make_dataclass

import numpy as np
import pytest

from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.gradients import check_gradients
from unstuck.nets import ACTIVATIONS, LOSSES, Dense, Dropout, Layer, LayerNorm, Network, dense_layers

LOSS_OUTPUTS = [
    ("mse", "identity"),
    ("mse", "softmax"),
    ("half_sum", "tanh"),
    ("mae", "identity"),
    ("huber", "softsign"),
    ("quantile", "identity"),
    ("poisson", "identity"),
    ("bce", "sigmoid"),
    ("bce", "hard_sigmoid"),
    ("bce", "softmax"),
    ("ce", "softmax"),
    ("focal", "sigmoid"),
    ("focal", "softmax"),
]
WEIGHT_OPTIONS = [{}, {"l1": 0.01}, {"l2": 0.1}, {"l1": 0.02, "l2": 0.03, "max_norm": 1.5}]


def rows(seed=0, n=6, scale=1.0):
    return scale * np.random.default_rng(seed).normal(size=(n, 3))


def targets_for(loss, output, n=6, seed=1):
    random = np.random.default_rng(seed)
    if output == "softmax" and loss in ("ce", "focal"):
        return random.integers(0, 2, n)
    if loss == "focal":
        return random.integers(0, 2, (n, 2))
    if loss == "poisson":
        return random.poisson(2.0, (n, 2))
    return random.random((n, 2))


@pytest.mark.parametrize("options", WEIGHT_OPTIONS, ids=str)
@pytest.mark.parametrize(("loss", "output"), LOSS_OUTPUTS)
@pytest.mark.parametrize("activation", ACTIVATIONS.names())
def test_every_combination_is_right_within_a_millionth(activation, loss, output, options):
    layers = [Dense(3, 4, activation), LayerNorm(4), Dense(4, 2, output)]
    network = Network(layers, loss, seed=3, **options)
    check = check_gradients(
        network, rows(), targets_for(loss, output), sample_weight=np.arange(1.0, 7.0), samples=2, seed=2
    )
    assert check.verdict == "right", str(check)
    assert check.error < 1e-6


@pytest.mark.parametrize("activation", ACTIVATIONS.names())
def test_dropout_is_right_with_its_mask_held(activation):
    network = Network([Dropout(0.1), Dense(3, 4, activation), Dropout(0.4), Dense(4, 2, "sigmoid")], "bce", seed=3)
    check = check_gradients(network, rows(), targets_for("bce", "sigmoid"), seed=5)
    assert check.verdict == "right", str(check)
    assert check.error < 1e-6


def test_layer_norm_with_activation_and_layers_without_bias():
    layers = [Dense(3, 5, bias=False), LayerNorm(5, "gelu"), Dense(5, 2, "tanh", bias=False)]
    assert check_gradients(Network(layers, "huber", seed=1), rows(), targets_for("huber", "tanh")).error < 1e-6


@pytest.mark.parametrize("scale", [1.0, 1e-4, 1e6])
@pytest.mark.parametrize("depth", [1, 3, 8, 13])
def test_right_logistic_nets_are_never_called_wrong(depth, scale):
    for seed in range(3):
        network = Network(dense_layers(3, [5] * depth, 1, activation="sigmoid", output_activation="sigmoid"), seed=seed)
        check = check_gradients(network, rows(seed, scale=scale), np.arange(6) % 2, samples=8)
        assert check.verdict != "wrong", str(check)
        if depth == 1 and scale >= 1:
            assert check.verdict == "right", str(check)


@pytest.mark.parametrize("scale", [1.0, 1e-4, 1e6])
def test_right_relu_nets_are_never_called_wrong(scale):
    """Also with a whole layer exactly on its kinks, where every weight is zero."""
    for seed in range(3):
        network = Network(dense_layers(3, [16, 16], 2, activation="relu"), "mae", seed=seed)
        assert check_gradients(network, rows(seed, scale=scale), rows(seed)[:, :2], samples=16).verdict != "wrong"
    network.parameters[:] = 0
    assert check_gradients(network, rows(), rows()[:, :2]).verdict != "wrong"


def test_float32_network_is_checked_in_float64():
    network = Network([Dense(3, 4, "tanh"), Dense(4, 2)], dtype="float32", seed=0)
    check = check_gradients(network, rows(), rows()[:, :2])
    assert check.verdict == "right"
    assert check.error < 1e-6
    assert network.parameters.dtype == np.float32


def test_many_rows_and_entries_are_sampled_the_same_way_twice():
    network = Network([Dense(3, 40, "tanh"), Dense(40, 2)], seed=0)
    x = rows(n=1000)
    first, again = (check_gradients(network, x, x[:, :2], samples=10, seed=4) for _ in range(2))
    assert first == again
    assert first["layer1.weights"].compared == 10


# ---------------------------------------------------------------------- planted faults


def wrong_activation(name):
    """The activation ``name`` with a derivative that is 1 % too large."""
    right = type(ACTIVATIONS.create(name))

    def backward(self, z, a, grad):
        return 1.01 * right.backward(self, z, a, grad)

    return make_dataclass(f"Wrong{right.__name__}", [], bases=(right,), namespace={"backward": backward}, frozen=True)()


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS.names() if name != "identity"])
def test_a_fault_in_an_activation_is_found_below_it_alone(name):
    network = Network([Dense(3, 4, wrong_activation(name)), Dense(4, 2)], "mse", seed=0)
    check = check_gradients(network, rows(), rows()[:, :2])
    assert check["layer1.weights"].verdict == check["layer1.biases"].verdict == "wrong"
    assert check["layer2.weights"].verdict == check["layer2.biases"].verdict == "right"


def test_a_fault_in_the_identity_is_found():
    network = Network([Dense(3, 4, wrong_activation("identity")), Dense(4, 2)], "mse", seed=0)
    assert check_gradients(network, rows(), rows()[:, :2])["layer1.weights"].verdict == "wrong"


@pytest.mark.parametrize(
    ("loss", "output"), [(loss, output) for loss, output in LOSS_OUTPUTS if output != "hard_sigmoid"]
)
def test_a_fault_in_a_loss_is_found_everywhere(loss, output):
    right = type(LOSSES.create(loss))

    def delta(self, z, a, targets, activation):
        return 1.01 * right.delta(self, z, a, targets, activation)

    wrong = make_dataclass(f"Wrong{right.__name__}", [], bases=(right,), namespace={"delta": delta}, frozen=True)()
    network = Network([Dense(3, 4, "tanh"), Dense(4, 2, output)], wrong, seed=0)
    check = check_gradients(network, rows(), targets_for(loss, output))
    assert {parameter.verdict for parameter in check.parameters} == {"wrong"}


@dataclass(frozen=True, init=False)
class DenseWithoutTranspose(Dense):
    def backward(self, x, memory, delta, parameters, gradients):
        super().backward(x, memory, delta, parameters, gradients)
        return delta @ parameters["weights"]


@dataclass(frozen=True, init=False)
class DenseWithMeanBias(Dense):
    def backward(self, x, memory, delta, parameters, gradients):
        grad = super().backward(x, memory, delta, parameters, gradients)
        gradients["biases"][...] = delta.mean(axis=0)
        return grad


@dataclass(frozen=True, init=False)
class NormWithoutCentring(LayerNorm):
    def backward(self, x, memory, delta, parameters, gradients):
        super().backward(x, memory, delta, parameters, gradients)
        return delta * parameters["gain"] * memory[1]


@dataclass(frozen=True)
class DropoutWithoutMask(Dropout):
    def backward(self, x, memory, delta, parameters, gradients):
        return delta


@pytest.mark.parametrize(
    ("layer", "where"),
    [
        (DenseWithoutTranspose(4, 4, "tanh"), ["layer1.biases", "layer1.weights"]),
        (DenseWithMeanBias(4, 4, "tanh"), ["layer2.biases"]),
        (NormWithoutCentring(4), ["layer1.biases", "layer1.weights"]),
        (DropoutWithoutMask(0.4), ["layer1.biases", "layer1.weights"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_fault_in_a_layer_is_found_where_it_acts(layer: Layer, where):
    network = Network([Dense(3, 4, "tanh"), layer, Dense(4, 2)], "mse", seed=0)
    check = check_gradients(network, rows(), rows()[:, :2])
    assert sorted(parameter.name for parameter in check.parameters if parameter.verdict == "wrong") == where


# ---------------------------------------------------------------------- code written by hand


def quadratic(parameters):
    return float(np.sum(parameters["w"] ** 2) / 2 + 3 * parameters["b"].sum())


@pytest.mark.parametrize("fault", [0.0, 1e-3])
def test_dictionary_of_arrays(fault):
    w, b = np.array([[1.0, -2.0], [3.0, 0.5]]), np.array([0.25])
    gradients = {"w": w.copy(), "b": np.array([3.0])}
    gradients["w"][1, 0] += fault
    check = check_gradients(quadratic, {"w": w, "b": b}, gradients)
    assert check.verdict == ("wrong" if fault else "right")
    assert check["b"].verdict == "right"
    if fault:
        assert check["w"].index == (1, 0)
        assert check["w"].given == pytest.approx(3.001)
        assert check["w"].measured == pytest.approx(3.0)
    assert w[1, 0] == 3.0


def test_list_of_arrays_and_its_text():
    parameters = [np.array([1.0, 2.0]), np.array([[3.0]])]
    check = check_gradients(
        lambda p: float(p[0] @ p[0] * p[1][0, 0]), parameters, [np.array([6.0, 12.0]), np.array([[5.5]])]
    )
    assert [parameter.verdict for parameter in check.parameters] == ["right", "wrong"]
    lines = str(check).splitlines()
    assert lines[0] == "gradients: wrong"
    assert re.fullmatch(r"  parameters\[0\]    right       relative error \d\.\de[+-]\d\d \(2 compared\)", lines[1])
    assert lines[2] == "  parameters[1]    wrong       relative error 9.1e-02 (1 compared)"
    assert lines[3].startswith("      largest difference at [0, 0]: given 5.5, measured 5 ± ")


def test_single_array():
    assert check_gradients(lambda w: float(np.sin(w).sum()), np.array([0.3, 2.0]), np.cos([0.3, 2.0])).error < 1e-9


def test_a_kink_is_left_out():
    """|w| has no slope at 0, so any gradient there is neither right nor wrong."""
    check = check_gradients(lambda w: float(np.abs(w).sum()), np.array([0.0, 2.0]), np.array([0.7, 1.0]))
    assert check.verdict == "right"
    assert (check["parameters"].compared, check["parameters"].dropped) == (1, 1)


@pytest.mark.parametrize("distance", [1e-7, 5e-7, 1e-6, 2e-6, 4e-6, 6e-6, 1e-5])
def test_near_a_kink_a_right_gradient_is_never_wrong(distance):
    check = check_gradients(lambda w: float(np.abs(w).sum()), np.array([distance, 2.0]), np.array([1.0, 1.0]))
    assert check.verdict != "wrong"


def test_noise_that_hides_the_answer_is_said():
    """At J = 1e9 a slope of 1e-6 cannot be measured."""
    check = check_gradients(lambda w: 1e9 + 1e-6 * float(w[0]), np.array([1.0]), np.array([5e-6]))
    assert check.verdict == "cannot-tell"
    assert check["parameters"].noise > 1e-3


def test_errors():
    w = np.array([1.0, 2.0])
    with pytest.raises(ShapeError) as shape:
        check_gradients(quadratic, {"w": w, "b": w}, {"w": w, "b": np.ones(3)})
    assert str(shape.value) == "the gradient of b has shape (3,), expected (2,)."
    with pytest.raises(OptionError) as name:
        check_gradients(quadratic, {"w": w, "b": w}, {"w": w, "c": w})
    assert str(name.value) == "there are parameters w, b, but gradients w, c."
    with pytest.raises(DataError) as loss:
        check_gradients(lambda w: w * 1.0, w, w)
    assert str(loss.value) == "the loss is array([1., 2.]), expected one finite number."
    with pytest.raises(DataError) as nan:
        check_gradients(lambda w: float(w @ w), w, np.array([1.0, np.nan]))
    assert str(nan.value) == "the gradient of parameters is nan at [1], expected finite numbers."
    with pytest.raises(OptionError) as samples:
        check_gradients(lambda w: float(w @ w), w, w, samples=0)
    assert str(samples.value) == "samples must be a whole number of at least 1. Got 0 instead."
