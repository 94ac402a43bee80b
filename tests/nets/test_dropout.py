"""Dropout: the same mask from the same draw, the mean kept, and nothing at all outside of training."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from unstuck.nets import Dense, Dropout, Network
from unstuck.seeding import Draw, Stream, generator


def net(rate=0.5, dtype="float64", **settings):
    layers = [Dense(3, 50, "tanh"), Dropout(rate), Dense(50, 40, "tanh"), Dropout(rate), Dense(40, 2)]
    return Network(layers, dtype=dtype, **settings)


def masks(network, x, draw):
    return {index: values.memory for index, values in enumerate(network.forward(x, draw)) if values.memory is not None}


X = np.random.default_rng(0).normal(size=(8, 3))
Y = np.random.default_rng(1).normal(size=(8, 2))


def test_mask_depends_on_seed_epoch_batch_and_layer():
    draws = [Draw(5, 0, 0), Draw(6, 0, 0), Draw(5, 1, 0), Draw(5, 0, 1)]
    drawn = [masks(net(), X, draw) for draw in draws]
    for first, second in ((a, b) for a in range(4) for b in range(a)):
        assert not np.array_equal(drawn[first][1], drawn[second][1])
    assert not np.array_equal(drawn[0][1][:, :40], drawn[0][3])


def test_mask_comes_from_the_draw_alone():
    """And from no earlier call, so that a resumed run draws what an uninterrupted one would have drawn."""
    network = net()
    first = masks(network, X, Draw(5, 2, 3))
    masks(network, X, Draw(5, 2, 4))
    again = masks(net(seed=9), 2 * X, Draw(5, 2, 3))
    expected = generator(5, Stream.DROPOUT, epoch=2, batch=3, layer=1).random((8, 50), dtype=np.float32) >= 0.5
    assert_array_equal(first[1], again[1])
    assert_array_equal(first[3], again[3])
    assert_array_equal(first[1], expected * 2.0)


def test_same_places_are_dropped_in_both_precisions():
    wide, narrow = masks(net(), X, Draw(0, 0, 0)), masks(net(dtype="float32"), X.astype("float32"), Draw(0, 0, 0))
    assert_array_equal(wide[1], narrow[1])
    assert narrow[1].dtype == "float32"


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_values_are_those_of_torch_and_keep_the_mean(rate):
    x = np.ones((400, 250))
    z, _ = Dropout(rate).transform(x, {}, generator(0, Stream.DROPOUT))
    theirs = torch.nn.Dropout(rate)(torch.ones(400, 250, dtype=torch.float64))
    assert_allclose(np.unique(z), torch.unique(theirs).numpy(), rtol=1e-12)
    assert abs((z == 0).mean() - rate) < 5 * np.sqrt(rate * (1 - rate) / x.size)
    assert abs(z.mean() - 1) < 5 * np.sqrt(rate / (1 - rate) / x.size)


def test_off_outside_of_training():
    network = net()
    layers = [layer for layer in network.layers if not layer.is_random]
    plain = Network(layers).at(network.parameters)
    assert_array_equal(network.predict(X), plain.forward(X)[-1].activation)
    assert network.evaluate(X, Y) == plain.evaluate(X, Y)
    assert network.loss_and_gradient(X, Y)[0] == network.evaluate(X, Y)


def test_rate_0_changes_nothing():
    assert masks(net(rate=0.0), X, Draw(0, 0, 0)) == {}


def test_gradient_during_training_equals_torch(oracle):
    network, draw = net(l2=0.1), Draw(3, 1, 4)
    loss, gradient = network.loss_and_gradient(X, Y, draw=draw)
    expected, expected_gradient = oracle.network(network, X, Y, masks=masks(network, X, draw))
    assert_allclose(loss, expected, rtol=1e-12)
    assert_allclose(gradient, expected_gradient, rtol=1e-10, atol=1e-15)
