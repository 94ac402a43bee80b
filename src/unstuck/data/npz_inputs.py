"""The inputs in an NPZ archive: from an array of any numbers and shape to a matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from unstuck.errors import DataError, ShapeError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray


class NamedArray(NamedTuple):
    """An array and how messages call it."""

    name: str
    array: NDArray[Any]


def by_lower_name(arrays: Mapping[str, NDArray[Any]], path: Path) -> dict[str, NamedArray]:
    """Return the arrays of the archive ``path`` by their names in lower case."""
    return {name.lower(): NamedArray(f"{path}: array '{name}'", array) for name, array in arrays.items()}


def to_inputs(part: NamedArray, least: int) -> NDArray[Any]:
    """Return a matrix: uint8 as stored, all other numbers as float64; what has more dimensions is flattened by row.

    Raises:
        DataError: It does not hold numbers, or some are not finite, or it has fewer rows than ``least`` or no column.
        ShapeError: It has fewer than two dimensions.
    """
    name, array = part
    if array.dtype.kind not in "buif":
        raise DataError(f"{name} holds {array.dtype}, expected numbers.")
    if array.ndim < 2:  # noqa: PLR2004 (a matrix has 2 dimensions)
        reshapes = f"\n  Reshape it to ({array.size}, 1) for {array.size} rows, or (1, {array.size}) for one row."
        raise ShapeError(f"{name} has shape {array.shape}, expected (n, n_in).{reshapes if array.ndim else ''}")
    if len(array) < least or array.size == 0:
        rows = "one row" if least == 1 else f"{least} rows"
        raise DataError(f"{name} has shape {array.shape}, expected at least {rows} and one column.")
    matrix = array.reshape(len(array), -1)
    if matrix.dtype != np.uint8:
        matrix = matrix.astype(np.float64)
        refuse_non_finite(matrix, name)
    return matrix


def refuse_non_finite(array: NDArray[np.float64], name: str) -> None:
    """Raise a :class:`DataError` that names the first place where ``array``, a vector or matrix, is not finite."""
    is_finite = np.isfinite(array)
    if not is_finite.all():
        place = tuple(int(index) for index in np.argwhere(~is_finite)[0])
        column = f", column {place[1]}" if len(place) > 1 else ""
        raise DataError(
            f"{name}, row {place[0]}{column} (counted from 0) holds {array[place]}, expected a finite number."
        )
