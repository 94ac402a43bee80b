"""The compiled kernels by themselves: their functions against NumPy's, their orders against NumPy's, and where BLAS is."""

import ctypes
import os

import numpy as np
import pytest

from unstuck.kernels import find_gemm, kernels
from unstuck.seeding import Stream, generator

needs_kernels = pytest.mark.skipif(kernels() is None, reason="the compiled kernels are not part of this installation")
SETS = [] if kernels() is None else [isa for isa in ("baseline", "avx2", "avx512") if kernels().has(isa)]


def logistic(x):
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, decay) / (1 + decay)


def everywhere(smallest, largest):
    """Numbers of every size between two limits, the limits, and what lies close to 0."""
    rng = np.random.default_rng(0)
    tiny = np.concatenate([10.0 ** rng.uniform(-300, 0, 2000), [0.0, 5e-324, 1e-310]])
    spread = rng.uniform(smallest, largest, 20_000)
    both = np.concatenate([spread, tiny, -tiny, [smallest, largest]])
    return both[(both >= smallest) & (both <= largest)]


FUNCTIONS = {
    "exp": (0, np.exp, -745, 709.7),
    "exp_of_minus": (1, lambda x: np.exp(-x), 0, 707),
    "expm1_below_zero": (2, np.expm1, -800, 0),
    "log": (3, np.log, 5e-324, 1e308),
    "log1p_of_share": (4, np.log1p, 0, 1),
    "tanh": (5, np.tanh, -400, 400),
    "logistic": (6, logistic, -700, 700),
    "softplus": (7, lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), -700, 700),
}


def test_the_kernels_are_there_where_they_are_expected():
    assert kernels() is not None or "UNSTUCK_EXPECTS_KERNELS" not in os.environ


@pytest.mark.parametrize("isa", SETS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_those_of_numpy(name, isa):
    number, expected, smallest, largest = FUNCTIONS[name]
    x = everywhere(smallest, largest)
    found = np.empty_like(x)
    kernels().evaluate(number, x, found, isa)
    with np.errstate(under="ignore"):
        oracle = expected(x)
    np.testing.assert_allclose(found, oracle, rtol=6e-16, atol=5e-324)


@pytest.mark.parametrize("isa", SETS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_in_single_precision(name, isa):
    number, expected, smallest, largest = FUNCTIONS[name]
    x = everywhere(max(smallest, -86), min(largest, 86)).astype(np.float32)
    x = x[(x != 0) & (np.abs(x) > 1e-37)] if name == "log" else x
    found = np.empty_like(x)
    kernels().evaluate(number, x, found, isa)
    with np.errstate(under="ignore"):
        oracle = expected(x.astype(np.float64))
    np.testing.assert_allclose(found, oracle, rtol=4e-7, atol=1e-37)


@needs_kernels
def test_what_is_not_a_number_stays_so():
    for number in (0, 1, 2, 5, 6, 7):
        found = np.zeros(9)
        kernels().evaluate(number, np.full(9, np.nan), found)
        assert np.isnan(found).all()


@needs_kernels
def test_overflow_and_underflow():
    found = np.empty(4)
    kernels().evaluate(0, np.array([-1e9, -np.inf, 1e9, np.inf]), found)
    assert found.tolist() == [0.0, 0.0, np.inf, np.inf]


@needs_kernels
@pytest.mark.parametrize("rows", [1, 2, 3, 17, 1000])
@pytest.mark.parametrize("seed", [0, 7, 2**63 - 1])
def test_orders_are_those_of_numpy(rows, seed):
    found = np.empty(rows, np.int64)
    for epoch in (0, 1, 12345):
        kernels().permute(found, seed, int(Stream.SHUFFLE), epoch)
        assert found.tolist() == generator(seed, Stream.SHUFFLE, epoch).permutation(rows).tolist()


@needs_kernels
def test_an_instruction_set_that_is_not_there():
    with pytest.raises(ValueError, match="no kernels called 'mmx'"):
        kernels().instruction_set("mmx")
    assert kernels().instruction_set() in SETS


def test_the_product_that_numpy_brings():
    gemm = find_gemm("d")
    assert gemm is not None
    size = ctypes.c_int64 if gemm.is_wide else ctypes.c_int32
    pointer = ctypes.POINTER(ctypes.c_double)
    sizes, number = [size] * 3, ctypes.c_double
    call = ctypes.CFUNCTYPE(
        None, *[ctypes.c_int] * 3, *sizes, number, pointer, size, pointer, size, number, pointer, size
    )(gemm.address)
    a, b, c = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4), np.zeros((2, 4))
    at = [array.ctypes.data_as(pointer) for array in (a, b, c)]
    call(101, 111, 111, 2, 4, 3, 1.0, at[0], 3, at[1], 4, 0.0, at[2], 4)
    np.testing.assert_array_equal(c, a @ b)
