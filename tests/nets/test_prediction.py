"""Outputs by the compiled kernels are those of the forward pass."""

import copy
import itertools
import pickle
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unstuck.errors import DataError, ShapeError
from unstuck.kernels import kernels
from unstuck.nets import ACTIVATIONS, Dense, Dropout, Network
from unstuck.nets.checking import as_inputs
from unstuck.nets.kernel_layers import kernel_layers

needs_kernels = pytest.mark.skipif(kernels() is None, reason="the compiled kernels are not part of this installation")


def network(*widths, hidden="tanh", outputs="sigmoid", dtype="float64"):
    layers = [Dense(n_in, n_out, hidden) for n_in, n_out in itertools.pairwise(widths[:-1])]
    net = Network([*layers, Dense(widths[-2], widths[-1], outputs)], loss="mse", dtype=dtype, seed=1)
    net.parameters[:] += np.random.default_rng(5).normal(0, 0.3, net.n_parameters)
    return net


def forward(net, x):
    return net.forward(as_inputs(x, net.n_in, net.dtype))[-1].activation


def inputs(rows, n_in, dtype="float64", seed=0):
    return np.random.default_rng(seed).normal(size=(rows, n_in)).astype(dtype)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", ACTIVATIONS.names())
@pytest.mark.parametrize("rows", [1, 3, 4, 37])
def test_every_activation(dtype, name, rows):
    for widths in ((5, 7, 3), (70, 67, 3)):
        net = network(*widths, hidden=name, outputs=name, dtype=dtype)
        x = inputs(rows, widths[0], dtype)
        tolerance = 1e-13 if dtype == "float64" else 2e-5
        for _ in range(2):  # the second time by what the first has made ready
            np.testing.assert_allclose(net.predict(x), forward(net, x), rtol=tolerance, atol=tolerance)
        assert net.predict(x).dtype == dtype


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(1, 90), min_size=2, max_size=4),
    st.integers(1, 300),
    st.sampled_from(["float64", "float32"]),
    st.integers(0, 99),
)
def test_every_shape(widths, rows, dtype, seed):
    net = network(*widths, dtype=dtype)
    x = inputs(rows, widths[0], dtype, seed)
    tolerance = 1e-12 if dtype == "float64" else 1e-4
    np.testing.assert_allclose(net.predict(x), forward(net, x), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(net.predict(x), forward(net, x), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("widths", [(6, 8, 2), (100, 90, 4)])
def test_many_rows_on_several_threads(widths):
    net = network(*widths)
    x = inputs(40_000, widths[0])
    net.predict(x[:1])
    np.testing.assert_allclose(net.predict(x), forward(net, x), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "given",
    [
        [[1, 2, 3], [4, 5, 6]],
        np.array([[1, 2, 3], [4, 5, 6]]),
        np.array([[1, 2, 3], [4, 5, 6]], np.float32),
        np.asfortranarray([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
        np.arange(12.0).reshape(2, 6)[:, ::2],
        np.array([[True, False, True]]),
    ],
    ids=["list", "integers", "other precision", "columns first", "every other column", "booleans"],
)
def test_whatever_can_be_made_into_inputs(given):
    net = network(3, 4, 1)
    net.predict(np.ones((1, 3)))
    np.testing.assert_allclose(net.predict(given), forward(net, given), rtol=1e-13)


@pytest.mark.parametrize("rows", [1, 50])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("column", [0, 20, 68, 69])
def test_what_is_not_finite_is_refused_at_its_place(error_of, rows, value, column):
    net = network(70, 4, 1)
    x = inputs(rows, 70)
    net.predict(x)
    x[rows - 1, column] = value
    message = error_of(DataError, net.predict, x)
    assert f"X holds {value} in row {rows - 1}, column {column}" in message


def test_what_has_another_shape_is_refused(error_of):
    net = network(3, 4, 1)
    net.predict(np.ones((2, 3)))
    assert "expected (batch, 3)" in error_of(ShapeError, net.predict, np.ones(3))
    assert "expected (batch, 3)" in error_of(ShapeError, net.predict, np.ones((2, 4)))
    assert "empty" in error_of(DataError, net.predict, np.ones((0, 3)))
    assert "expected numbers" in error_of(DataError, net.predict, np.array([["a", "b", "c"]]))
    error_of(DataError, net.predict, None)


def test_the_parameters_of_the_moment_count():
    net = network(3, 4, 1)
    x = inputs(5, 3)
    before = net.predict(x)
    net.parameters += 0.5
    assert np.abs(net.predict(x) - before).max() > 1e-3
    np.testing.assert_allclose(net.predict(x), forward(net, x), rtol=1e-13)


def test_copies_predict_with_parameters_of_their_own():
    net = network(3, 4, 1)
    x = inputs(5, 3)
    expected = net.predict(x)
    shallow, twins = copy.copy(net), [net.copy(), copy.deepcopy(net), pickle.loads(pickle.dumps(net))]  # noqa: S301 (our own)
    net.parameters *= 0.0
    for twin in twins:
        np.testing.assert_array_equal(twin.predict(x), expected)
    np.testing.assert_array_equal(shallow.predict(x), net.predict(x))


@needs_kernels
def test_several_threads_at_once_get_the_same():
    net = network(50, 60, 4)
    x = inputs(2000, 50)
    expected, found = net.predict(x), []
    threads = [threading.Thread(target=lambda: found.extend(net.predict(x) for _ in range(20))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 80
    assert all(np.array_equal(each, expected) for each in found)


def test_layers_that_the_kernels_do_not_know_are_computed_all_the_same():
    net = Network([Dense(3, 4, "tanh"), Dropout(0.5), Dense(4, 1)])
    x = inputs(5, 3)
    np.testing.assert_array_equal(net.predict(x), forward(net, x))


@needs_kernels
def test_every_instruction_set_gives_the_same_bits_without_blas():
    net = network(70, 33, 5, hidden="gelu", dtype="float32")
    module = kernels()
    x = inputs(50, 70, "float32")
    outputs = [
        module.Float32Predictor(kernel_layers(net.layers), net.parameters, isa=isa).predict(x).tobytes()
        for isa in ("baseline", "avx2", "avx512")
        if module.has(isa)
    ]
    assert len(set(outputs)) == 1
