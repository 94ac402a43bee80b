"""d(output)/d(parameter) beside torch, which is asked for one row and one output at a time."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from unstuck.errors import OptionError
from unstuck.nets import Dense, Dropout, LayerNorm, Network
from unstuck.nets.jacobian import jacobian

X = np.random.default_rng(0).normal(size=(5, 3))


@pytest.mark.parametrize(
    "layers",
    [
        [Dense(3, 2)],
        [Dense(3, 4, "tanh"), Dense(4, 1, "sigmoid", bias=False)],
        [Dense(3, 4, "relu"), LayerNorm(4, "silu"), Dense(4, 5, "tanh"), Dense(5, 2, "softmax")],
    ],
    ids=str,
)
def test_jacobian_equals_torch(oracle, layers):
    """The cost half_sum has the slope a - y, so with y = a - e_k its gradient is the Jacobian's row of output k."""
    net = Network(layers, loss="half_sum")
    net.parameters += np.random.default_rng(1).normal(scale=0.3, size=net.n_parameters)
    outputs, whole = jacobian(net, X)
    assert_allclose(outputs, net.predict(X), rtol=1e-14)
    assert whole.shape == (5, net.n_out, net.n_parameters)
    for row in range(5):
        for output in range(net.n_out):
            y = outputs[row : row + 1] - np.eye(net.n_out)[output]
            _, expected = oracle.network(net, X[row : row + 1], y)
            assert_allclose(whole[row, output], expected, rtol=1e-10, atol=1e-14)


def test_float32_stays_float32():
    net = Network([Dense(3, 4, "tanh"), Dense(4, 1)], dtype="float32")
    outputs, whole = jacobian(net, X.astype("float32"))
    assert outputs.dtype == whole.dtype == "float32"


def test_random_layers_have_none():
    with pytest.raises(OptionError) as caught:
        jacobian(Network([Dense(3, 4), Dropout(0.5), Dense(4, 1)]), X)
    assert str(caught.value) == (
        "layer 2 (Dropout 0.5) draws random numbers, so there is no Jacobian.\n"
        "  Take the layer out, or choose an optimizer other than lm."
    )
