"""Every activation beside torch: value and gradient, on a thousand inputs in each precision."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from unstuck.nets.activations import ACTIVATIONS, Elu, LeakyRelu

EXTREMES = [0.0, -0.0, 1e4, -1e4, 1e-37, -1e-37, 1e-300, -1e-300, 3.0, -3.0, 20.0, -20.0, 40.0, -40.0, 90.0, -90.0]
THOUSAND = settings(max_examples=20, deadline=None, database=None, derandomize=True)  # 20 arrays of 50 inputs

ENTRIES = [ACTIVATIONS.create(name) for name in ACTIVATIONS.names()]
ENTRIES += [LeakyRelu(slope=0.3), LeakyRelu(slope=0.0), Elu(alpha=0.5)]

# Where two numbers close to 1 are subtracted, as in 1 - a^2 or the 1 + tanh u of gelu, neither side knows more than the rounding of 1.
TOLERANCE = {"float64": {"rtol": 1e-12, "atol": 1e-14}, "float32": {"rtol": 2e-6, "atol": 1e-5}}


@pytest.mark.parametrize("activation", ENTRIES, ids=ACTIVATIONS.describe)
@THOUSAND
@given(raw=st.binary(min_size=200, max_size=200))
def test_value_and_gradient_equal_torch(oracle, numbers, activation, raw):
    preactivations = numbers(raw, -1e4, 1e4, EXTREMES)
    for dtype, tolerance in TOLERANCE.items():
        z = preactivations.astype(dtype)
        grad = np.linspace(-2, 2, z.size).reshape(z.shape).astype(dtype)
        a = activation.forward(z)
        backward = activation.backward(z, a, grad)
        value, gradient = oracle.activation(activation, z, grad)
        assert_allclose(a, value, **tolerance)
        assert_allclose(backward, gradient, **tolerance)
        assert np.isfinite(a).all()
        assert np.isfinite(backward).all()
        assert a.dtype == backward.dtype == dtype


def test_every_activation_is_compared():
    assert {ACTIVATIONS.name_of(entry) for entry in ENTRIES} == set(ACTIVATIONS.names())
