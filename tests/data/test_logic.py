from itertools import product

import numpy as np
import pytest

from unstuck.data.logic import logical_and, logical_or, parity, xor
from unstuck.errors import OptionError


@pytest.mark.parametrize(
    ("make", "name", "answer"),
    [
        (xor, "xor", lambda a, b: a != b),
        (logical_and, "and", lambda a, b: a and b),
        (logical_or, "or", lambda a, b: a or b),
    ],
)
def test_two_bits(make, name, answer):
    dataset = make()
    assert dataset.name == name
    assert dataset.kind == "binary"
    assert dataset.class_names == ("0", "1")
    assert dataset.feature_names == ("x1", "x2")
    assert dataset.test_inputs is None
    assert dataset.inputs.dtype == dataset.targets.dtype == np.float64
    assert dataset.inputs.tolist() == [list(bits) for bits in product([0, 1], repeat=2)]
    assert dataset.targets.tolist() == [[float(answer(a, b))] for a, b in product([0, 1], repeat=2)]


@pytest.mark.parametrize("n_bits", [2, 3, 5, 16])
def test_parity_lists_every_row_once(n_bits):
    dataset = parity(n_bits)
    rows = np.array(list(product([0.0, 1.0], repeat=n_bits)))
    assert dataset.name == f"parity:{n_bits}"
    assert np.array_equal(dataset.inputs, rows)
    assert np.array_equal(dataset.targets[:, 0], np.bitwise_xor.reduce(rows.astype(int), axis=1))
    assert dataset.feature_names[-1] == f"x{n_bits}"


def test_parity_has_four_bits_by_default():
    assert parity().name == "parity"
    assert parity().inputs.shape == (16, 4)
    assert parity().targets.shape == (16, 1)


def test_parity_of_two_bits_is_xor():
    assert np.array_equal(parity(2).targets, xor().targets)


@pytest.mark.parametrize("n_bits", [1, 17, 2.0, True, "4"])
def test_parity_has_limits(n_bits, error_of):
    assert (
        error_of(OptionError, parity, n_bits) == f"n_bits must be a whole number from 2 to 16. Got {n_bits!r} instead."
    )
