"""Whole networks beside torch: J and its gradient by every parameter."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from unstuck.nets import ACTIVATIONS, LOSSES, Dense, LayerNorm, Network, dense_layers
from unstuck.nets.losses import Focal, Poisson

HIDDEN = [name for name in ACTIVATIONS.names() if name != "identity"]


def randomised(net, seed):
    """The network with every parameter moved, biases, gains and shifts too."""
    net.parameters += np.random.default_rng(seed).normal(scale=0.3, size=net.n_parameters)
    return net


def data(oracle, net, seed, rows=9):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, net.n_in))
    y = oracle.targets(net.loss, net.output_activation, (rows, net.n_out), rng)
    return net.check(x, y)


def assert_equals_torch(oracle, net, x, y, row_weights=None):
    loss, gradient = net.loss_and_gradient(x, y, row_weights)
    expected, expected_gradient = oracle.network(net, x, y, row_weights)
    assert_allclose(loss, expected, rtol=1e-12)
    assert_allclose(gradient, expected_gradient, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("hidden", [(), (5,), (6, 4), (4, 3, 5, 4)], ids=str)
@pytest.mark.parametrize("output", ["identity", "sigmoid", "softmax"])
@pytest.mark.parametrize("activation", HIDDEN)
def test_depths_and_activations(oracle, activation, output, hidden):
    net = randomised(Network(dense_layers(3, hidden, 2, activation=activation, output_activation=output)), 1)
    assert_equals_torch(oracle, net, *data(oracle, net, 2))


@pytest.mark.parametrize("penalty", [{}, {"l1": 0.05}, {"l2": 0.2}, {"l1": 0.03, "l2": 0.1}], ids=str)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("loss", "output"),
    [
        *((name, "identity") for name in ("mse", "half_sum", "mae", "huber", "quantile", "poisson")),
        (Poisson(log_input=False), "softplus"),
        ("mse", "softmax"),
        ("bce", "sigmoid"),
        ("bce", "hard_sigmoid"),
        ("ce", "softmax"),
        (Focal(gamma=1.5, alpha=0.3), "sigmoid"),
        ("focal", "softmax"),
    ],
    ids=lambda value: value if isinstance(value, str) else LOSSES.describe(value),
)
def test_losses_penalties_and_row_weights(oracle, loss, output, weighted, penalty):
    layers = [Dense(4, 6, "tanh"), LayerNorm(6, "silu"), Dense(6, 3, output, bias=False)]
    net = randomised(Network(layers, loss=loss, **penalty), 3)
    x, y = data(oracle, net, 4)
    row_weights = np.random.default_rng(5).uniform(0, 2, len(x)) if weighted else None
    assert_equals_torch(oracle, net, x, y, row_weights)


def test_float32_follows_at_its_own_precision(oracle):
    net = randomised(
        Network(dense_layers(3, (8, 8), 2, output_activation="softmax"), l1=0.01, l2=0.1, dtype="float32"), 6
    )
    x, y = data(oracle, net, 7)
    loss, gradient = net.loss_and_gradient(x, y, np.ones(len(x), "float32"))
    wide = net.copy("float64")
    expected, expected_gradient = wide.loss_and_gradient(*wide.check(x, y))
    assert gradient.dtype == x.dtype == y.dtype == np.float32
    assert_allclose(loss, expected, rtol=1e-6)
    assert_allclose(gradient, expected_gradient, rtol=1e-4, atol=1e-6)


def test_objective_is_what_the_docstring_says(oracle):
    """J does not depend on how often the rows are repeated, and biases are not penalised."""
    net = randomised(Network([Dense(3, 4, "tanh"), Dense(4, 2)], l1=0.1, l2=0.3), 8)
    x, y = data(oracle, net, 9)
    weights = np.concatenate([array.ravel() for name, array in net.named_parameters().items() if "weights" in name])
    errors = np.square(net.predict(x) - y).mean()
    assert_allclose(
        net.evaluate(x, y), errors + 0.1 * np.abs(weights).sum() + 0.15 * np.square(weights).sum(), rtol=1e-12
    )
    assert_allclose(net.evaluate(np.tile(x, (3, 1)), np.tile(y, (3, 1))), net.evaluate(x, y), rtol=1e-12)


def test_a_whole_row_weight_counts_as_copies(oracle):
    net = randomised(Network([Dense(3, 4, "tanh"), Dense(4, 2)], l2=0.1), 10)
    x, y = data(oracle, net, 11, rows=3)
    counts = np.array([1, 2, 3])
    loss, gradient = net.loss_and_gradient(x, y, counts / counts.mean())
    copied, copied_gradient = net.loss_and_gradient(x.repeat(counts, axis=0), y.repeat(counts, axis=0))
    assert_allclose(loss, copied, rtol=1e-12)
    assert_allclose(gradient, copied_gradient, rtol=1e-12)
    assert_allclose(net.evaluate(x, y, counts / counts.mean()), loss, rtol=1e-12)


def test_gradient_is_written_where_it_is_asked_for(oracle):
    net = Network([Dense(3, 4, "tanh"), LayerNorm(4), Dense(4, 2)])
    x, y = data(oracle, net, 12)
    buffer = np.full(net.n_parameters, np.nan)
    _, gradient = net.loss_and_gradient(x, y, gradient=buffer)
    assert gradient is buffer
    assert_array_equal(buffer, net.loss_and_gradient(x, y)[1])


def test_backward_returns_the_delta_of_every_layer(oracle):
    """Each delta is dJ/dz: the central difference of J when one layer's biases, which add to its z, move for one row only."""
    net = randomised(Network([Dense(3, 4, "tanh"), Dense(4, 5, "softplus"), Dense(5, 2, "sigmoid")]), 13)
    x, y = data(oracle, net, 14, rows=1)
    values = net.forward(x)
    deltas = net.backward(values, net.output_delta(values[-1], y), np.empty(net.n_parameters))
    for number, delta in enumerate(deltas, 1):
        for unit in range(delta.shape[1]):
            costs = []
            for step in (1e-6, -1e-6):
                moved = net.copy()
                moved.named_parameters()[f"layer{number}.biases"][unit] += step
                costs.append(moved.evaluate(x, y))
            assert_allclose(delta[0, unit], (costs[0] - costs[1]) / 2e-6, rtol=1e-6, atol=1e-9)
