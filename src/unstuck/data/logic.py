"""Tasks of a few rows of zeros and ones: xor, and, or, parity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.data.dataset import Dataset
from unstuck.errors import OptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_BITS = 4
FEWEST_BITS = 2
MOST_BITS = 16


def xor() -> Dataset:
    """Is exactly one of two bits 1? Four rows, no test set.

    No network without a hidden layer can learn it (Minsky and Papert, *Perceptrons*, 1969).

    >>> xor().inputs.astype(int).tolist(), xor().targets.ravel().astype(int).tolist()
    ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    """
    bits = _all_bits(2)
    return _of_bits("xor", bits, bits[:, 0] != bits[:, 1])


def logical_and() -> Dataset:
    """Are both of two bits 1? Four rows, no test set; the task ``"and"``."""
    bits = _all_bits(2)
    return _of_bits("and", bits, bits[:, 0] & bits[:, 1])


def logical_or() -> Dataset:
    """Is at least one of two bits 1? Four rows, no test set; the task ``"or"``."""
    bits = _all_bits(2)
    return _of_bits("or", bits, bits[:, 0] | bits[:, 1])


def parity(n_bits: int = DEFAULT_BITS) -> Dataset:
    """Is the number of ones odd? All ``2**n_bits`` rows in counting order, no test set.

    The task ``"parity"`` has 4 bits, ``"parity:N"`` has N. With 2 bits it is xor.

    Raises:
        OptionError: ``n_bits`` is not a whole number from 2 to 16.
    """
    if isinstance(n_bits, bool) or not isinstance(n_bits, int) or not FEWEST_BITS <= n_bits <= MOST_BITS:
        raise OptionError(f"n_bits must be a whole number from {FEWEST_BITS} to {MOST_BITS}. Got {n_bits!r} instead.")
    bits = _all_bits(n_bits)
    name = "parity" if n_bits == DEFAULT_BITS else f"parity:{n_bits}"
    return _of_bits(name, bits, bits.sum(axis=1) % 2 == 1)


def _all_bits(n_bits: int) -> NDArray[Any]:
    """Every row of ``n_bits`` bits, counting up, the first bit the most significant: shape ``(2**n_bits, n_bits)``."""
    numbers = np.arange(2**n_bits)[:, np.newaxis]
    places = np.arange(n_bits)[::-1]
    return (numbers >> places) & 1


def _of_bits(name: str, bits: NDArray[Any], answers: NDArray[Any]) -> Dataset:
    return Dataset(
        name=name,
        inputs=bits.astype(np.float64),
        targets=answers.astype(np.float64)[:, np.newaxis],
        kind="binary",
        class_names=("0", "1"),
        feature_names=tuple(f"x{place}" for place in range(1, bits.shape[1] + 1)),
    )
