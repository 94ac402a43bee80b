"""The gradient of every ufunc against finite differences."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from scipy.special import expit

from unstuck.doctor.scripts.tape import gradients, leaf
from unstuck.doctor.scripts.tape_ufuncs import _UFUNCS, of_ufunc

RNG = np.random.default_rng(7)


UNARY = {
    "negative": np.negative, "positive": np.positive, "exp": np.exp, "expm1": np.expm1, "log": np.log, "log2": np.log2,
    "log10": np.log10, "log1p": np.log1p, "tanh": np.tanh, "sinh": np.sinh, "cosh": np.cosh, "sin": np.sin, "cos": np.cos,
    "arctan": np.arctan, "sqrt": np.sqrt, "square": np.square, "reciprocal": np.reciprocal, "absolute": np.absolute,
    "fabs": np.fabs, "expit": expit,
}  # fmt: skip
BINARY = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "power": np.power,
    "maximum": np.maximum, "minimum": np.minimum, "fmax": np.fmax, "logaddexp": np.logaddexp,
}  # fmt: skip
POSITIVE = {"log", "log2", "log10", "log1p", "sqrt", "power", "divide", "reciprocal"}


def test_every_rule_is_tested():
    others = {"true_divide", "matmul", "vecdot", "clip"}
    assert set(_UFUNCS) == set(UNARY) | set(BINARY) | others


@pytest.mark.parametrize("name", UNARY)
def test_functions_of_one_operand(check, name):
    numbers = RNG.uniform(0.3, 2.0, (3, 4))
    check(UNARY[name], numbers if name in POSITIVE else numbers * RNG.choice([-1.0, 1.0], (3, 4)))


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize(
    "shapes", [((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (1, 4)), ((), (2, 3)), ((2, 1, 3), (4, 1))]
)
def test_functions_of_two_operands(check, name, shapes):
    check(BINARY[name], *(RNG.uniform(0.5, 2.0, shape) for shape in shapes))


@settings(max_examples=40, deadline=None)
@given(
    shapes=mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3),
    name=st.sampled_from(["add", "multiply", "divide"]),
)
def test_whatever_is_broadcast_is_summed(shapes, name):
    first, second = (RNG.uniform(0.5, 2.0, shape) for shape in shapes.input_shapes)
    leaves = [leaf(first), leaf(second)]
    result = BINARY[name](*leaves)
    tensors = [torch.tensor(np.array(part), requires_grad=True) for part in (first, second)]
    getattr(torch, {"multiply": "mul", "divide": "div", "add": "add"}[name])(*tensors).sum().backward()
    found = gradients([(result.node, np.ones(result.shape))])
    for tracked, tensor in zip(leaves, tensors, strict=True):
        np.testing.assert_allclose(found[tracked.node], tensor.grad.numpy())


@pytest.mark.parametrize(
    ("left", "right"),
    [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)),
     ((5, 2, 3), (5, 3, 4)), ((1, 2, 3), (5, 3, 4)), ((3,), (5, 3, 4)), ((5, 2, 3), (3,))],
)  # fmt: skip
def test_matrix_products(check, left, right):
    check(np.matmul, RNG.normal(size=left), RNG.normal(size=right))


@pytest.mark.parametrize(("left", "right"), [((3,), (3,)), ((2, 3), (3,)), ((2, 3), (2, 3)), ((4, 1, 3), (2, 3))])
def test_products_of_vectors(check, left, right):
    if hasattr(np, "vecdot"):
        check(np.vecdot, RNG.normal(size=left), RNG.normal(size=right))


@pytest.mark.parametrize(
    "settings", [{}, {"axis": 1}, {"axis": None}, {"axis": (0, 1)}, {"axis": -1, "keepdims": True}]
)
@pytest.mark.parametrize("ufunc", [np.add, np.maximum, np.minimum])
def test_reductions(check, ufunc, settings):
    check(lambda a: ufunc.reduce(a, **settings), RNG.normal(size=(3, 4, 2)))


def test_equal_extremes_share_their_gradient():
    tracked = leaf(np.array([2.0, 1.0, 2.0]))
    assert gradients([(np.maximum.reduce(tracked).node, np.array(1.0))])[tracked.node].tolist() == [0.5, 0.0, 0.5]


def test_outer_products(check):
    check(np.multiply.outer, RNG.normal(size=3), RNG.normal(size=4))
    check(np.multiply.outer, RNG.normal(size=(2, 3)), RNG.normal(size=4))


def test_the_clipping_of_the_ufunc(check):
    check(lambda a: np._core.umath.clip(a, -0.5, 0.5), [[-1.0, 0.2], [0.4, 2.0]])


@pytest.mark.parametrize(
    ("ufunc", "method"), [(np.sign, "__call__"), (np.multiply, "reduce"), (np.add, "accumulate"), (np.add, "outer")]
)
def test_what_has_no_rule(ufunc, method):
    assert of_ufunc(ufunc, method) is None


def test_a_power_of_nothing_to_an_exponent_on_the_tape():
    tracked = leaf(np.array([2.0]))
    found = gradients([((np.zeros(1) ** tracked).node, np.ones(1))])[tracked.node]
    assert found.tolist() == [0.0]
