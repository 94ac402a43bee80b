"""Values as the doctor handles them: told apart cheaply, and changed without changing their type."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.variables import as_floats

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LARGEST_DIGESTED = 1 << 20
_WAVES: dict[int, NDArray[np.float64]] = {}


def digest(value: Any) -> tuple[tuple[int, ...], float, float] | None:
    """Return the shape of a numeric value and two sums that change when it does; None if it is not numeric.

    Of an array of more than a million numbers every so manieth is taken.
    """
    if type(value) is float:
        return (), value, value
    if isinstance(value, np.ndarray) and value.size > _LARGEST_DIGESTED:
        if value.dtype.kind not in "fiub":
            return None
        numbers = value.reshape(-1)[:: value.size // _LARGEST_DIGESTED + 1].astype(np.float64)
        return value.shape, *sums(numbers)
    floats = as_floats(value)
    if floats is None:
        return None
    if floats.size == 1:
        number = floats.item()
        return floats.shape, number, number
    return floats.shape, *sums(floats.ravel())


def sums(numbers: NDArray[np.float64]) -> tuple[float, float]:
    """Return two sums of a vector that together tell it apart from others."""
    if numbers.size == 1:
        return float(numbers[0]), float(numbers[0])
    wave = _WAVES.get(numbers.size)
    if wave is None:
        if len(_WAVES) > 64:  # noqa: PLR2004 (enough for the shapes of one step)
            _WAVES.clear()
        wave = _WAVES[numbers.size] = np.cos(np.arange(numbers.size) * 0.7)
    with np.errstate(all="ignore"):
        return float(np.add.reduce(numbers)), float(np.add.reduce(numbers * wave))


def is_integer(value: Any) -> bool:
    """Whether a value cannot hold fractions: an integer, or an array of them."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind != "f"
    return isinstance(value, int | np.integer)


def number(value: Any) -> float | None:
    """Return a value of one number as a float, None for everything else."""
    if type(value) is float:
        return value
    try:
        if isinstance(value, np.ndarray):
            return float(value.reshape(-1)[0]) if value.size == 1 and value.dtype.kind in "fiu" else None
        if isinstance(value, int | float | np.number) and not isinstance(value, bool | np.complexfloating):
            return float(value)
    except Exception:  # noqa: BLE001 (too large for a float, or an object of the script's own that does as it likes)
        return None
    return None


def shifted(value: Any, shift: NDArray[np.float64]) -> Any:
    """Return ``value + shift`` in the type of ``value``, as a new object; integers become floats."""
    floats = as_floats(value)
    return value if floats is None else like(value, floats + shift.reshape(floats.shape))


def like(value: Any, numbers: NDArray[np.float64]) -> Any:
    """Return ``numbers`` in the type of ``value`` (``np.matrix``, list, tuple, float …), as a new object; in float64."""
    if isinstance(value, np.ndarray):
        new = np.array(numbers, np.float64).reshape(value.shape)
        return new.view(type(value)) if type(value) is not np.ndarray else new
    if isinstance(value, np.generic):
        return np.float64(numbers.item())
    if isinstance(value, list | tuple):
        return _listed(value, numbers)
    return numbers.item()


def _listed(values: list[Any] | tuple[Any, ...], numbers: NDArray[np.float64]) -> Any:
    entries = [
        like(value, numbers[index]) if not isinstance(value, int) else float(numbers[index])
        for index, value in enumerate(values)
    ]
    return type(values)(entries) if type(values) in (list, tuple) else entries


def put(value: Any, numbers: NDArray[np.float64]) -> bool:
    """Put numbers into an array or nested lists in place; say whether it could be done."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.flags.writeable:
        value[...] = numbers.reshape(value.shape)
        return True
    if isinstance(value, list):
        for index, entry in enumerate(value):
            if not put(entry, numbers[index]):
                value[index] = like(entry, numbers[index]) if not isinstance(entry, int) else float(numbers[index])
        return True
    return False


def filled(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers with 0 where they are not finite; where none is, with noise, which is always the same."""
    finite = np.isfinite(numbers)
    instead = 0.0 if finite.any() else np.random.default_rng(5).normal(size=numbers.shape)
    return np.where(finite, numbers, instead)


def is_finite(numbers: NDArray[np.float64]) -> bool:
    """Whether all numbers are finite."""
    return bool(np.isfinite(numbers).all()) if numbers.size != 1 else math.isfinite(numbers.item())
