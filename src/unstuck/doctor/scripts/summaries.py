"""What a value looks like, in few words that a person can read: small ones in full, large ones by their range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.variables import as_floats

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHOWN_IN_FULL = 20
"""So many numbers are shown one by one; of more the smallest, the mean and the largest."""

_NEAR_END = 0.0067  # a sigmoid is as near to 0 or 1 where its argument is beyond 5, a tanh to -1 or 1 beyond 3.2
_ONE = 1e-6
_MOST = 0.5


def looks(
    value: Any, axis: int | None = None, length: int = 0, sample: int | None = None, *, is_activation: bool = False
) -> dict[str, Any]:
    """Return what a value looks like, ready to be sent.

    Args:
        value: Any value of the script.
        axis: The axis along which samples lie, None if they lie along none.
        length: How many samples there are.
        sample: The sample to take out of a value whose ``axis`` is that long, None for the whole value.
        is_activation: Whether to look for saturation.
    """
    numbers = as_floats(value)
    if numbers is None:
        return {
            "shape": None,
            "kind": type(value).__name__,
            "entries": len(value) if isinstance(value, list | tuple | dict | set) else None,
        }
    kind = np.asarray(value).dtype.kind
    shape, saturated = list(numbers.shape), _saturated(numbers) if is_activation and kind == "f" else None
    is_of_sample = sample is not None and axis is not None and numbers.ndim > 0 and numbers.shape[axis] == length
    if is_of_sample and sample is not None and axis is not None:
        numbers = np.take(numbers, sample, axis)
    finite = numbers[np.isfinite(numbers)]
    return {
        "shape": shape,
        "of_sample": is_of_sample,
        "values": np.array(numbers, np.float64) if numbers.size <= SHOWN_IN_FULL else None,
        "range": [float(finite.min()), float(finite.mean()), float(finite.max())] if finite.size else None,
        "not_finite": int(numbers.size - finite.size),
        "size": int(numbers.size),
        "saturated": saturated,
        "is_integer": kind in "iub",
    }


def _saturated(numbers: NDArray[np.float64]) -> float | None:
    """Return the share of the numbers that lie at the ends of a sigmoid or a tanh; None where it can be neither.

    Zeros alone may come from a ReLU: they count only where most of the other numbers lie at the ends too.
    """
    if not np.isfinite(numbers).all() or _sums_to_one(numbers):
        return None
    low, high = float(numbers.min()), float(numbers.max())
    if low < -1 or high > 1 or low == high == 0:
        return None
    if low < 0:
        return float(np.mean(np.abs(numbers) > 1 - _NEAR_END))
    at_end = (numbers < _NEAR_END) | (numbers > 1 - _NEAR_END)
    others = float(np.mean(at_end[numbers > 0]))
    return float(np.mean(at_end)) if others > _MOST else others


def _sums_to_one(numbers: NDArray[np.float64]) -> bool:
    """Whether it is a softmax along some axis: sure of itself, not saturated."""
    return any(
        length > 1 and bool(np.all(np.abs(numbers.sum(axis) - 1) < _ONE)) for axis, length in enumerate(numbers.shape)
    )
