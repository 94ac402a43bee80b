"""Rows to predict for from files: CSV and NPZ, with or without targets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from unstuck.data.csv_cells import read_cells
from unstuck.data.csv_records import read_records
from unstuck.data.input_columns import find_inputs
from unstuck.data.npz_arrays import read_arrays
from unstuck.data.npz_inputs import NamedArray, by_lower_name, to_inputs
from unstuck.data.tables import table_suffix
from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.limits import check_count

if TYPE_CHECKING:
    from collections.abc import Sequence

Inputs: TypeAlias = NDArray[np.float64] | NDArray[np.uint8]
"""Rows to predict for, shape ``(n, n_in)``; uint8 where an archive holds them so (pixels)."""


def read_inputs(path: str | Path, *, n_in: int, feature_names: Sequence[str] = ()) -> Inputs:
    """Read the rows to predict for from a CSV file or an NPZ archive. Targets may be there too; they are left out.

    **CSV**: as :func:`~unstuck.data.tables.read_table` reads it, and a first row that holds all of ``feature_names`` is a
    header even if they look like numbers. With a header and ``feature_names``, each input is the column of its name, in
    any order; other columns may hold anything. If one of the two is missing, ``n_in`` columns are the inputs; of
    ``n_in + 1`` columns the last is taken to be the target.

    **NPZ**: the array ``X``; or else ``x_test``; or a single array, whatever its name, and if it is a matrix of
    ``n_in + 1`` columns, the last is taken to be the target. Capital letters make no difference. Inputs of more than two
    dimensions, such as images, are flattened row by row. Arrays have no column names, so ``feature_names`` is not used.

    Args:
        path: The file.
        n_in: How many inputs a row has.
        feature_names: The name of each input, ``()`` if they have none.

    Returns:
        At least one row, shape ``(n, n_in)``, all finite: uint8 if an archive holds it, otherwise float64.

    Raises:
        FileError: The file is missing or cannot be read, or is neither CSV nor NPZ.
        DataError: Inputs are missing or cannot be told from other columns or arrays, or a field is no finite number.
        OptionError: ``n_in`` is no whole number of at least 1, or there are not ``n_in`` names.
        ShapeError: An array has the wrong shape.
    """
    check_count("n_in", n_in)
    if feature_names and len(feature_names) != n_in:
        raise OptionError(
            f"feature_names must have a name for each of the {n_in} inputs. Got {len(feature_names)} instead."
        )
    file = Path(path)
    return _read_csv(file, n_in, feature_names) if table_suffix(file) == ".csv" else _read_npz(file, n_in)


def _read_csv(path: Path, n_in: int, feature_names: Sequence[str]) -> Inputs:
    records = read_records(path, feature_names)
    columns = find_inputs(records.names, records.n_columns, str(path), n_in=n_in, feature_names=feature_names)
    is_by_name = bool(records.names and feature_names)
    advice = "Replace it by a number, or remove the row."
    if records.n_columns > n_in and not is_by_name:
        advice = (
            f"Of {records.n_columns} columns, the last is taken to be the target, the others to be the inputs.\n"
            f"  Replace the text by a number, or remove the column if it is no input."
        )
    return read_cells(path, records, columns, least=1, advice=advice).inputs


def _read_npz(path: Path, n_in: int) -> Inputs:
    arrays = read_arrays(path)
    found = by_lower_name(arrays, path)
    if len(arrays) == 1:
        return _from_only(next(iter(found.values())), n_in)
    for name in ("x", "x_test"):
        if name in found:
            return _from_inputs(found[name], n_in, expected=f"(n, {n_in})")
    raise DataError(
        f"{path} holds the arrays {', '.join(arrays) or '(none)'}, expected X, or x_test, or a single array.\n"
        f"  Save the rows to predict for as X: numpy.savez(file, X=rows)."
    )


def _from_only(part: NamedArray, n_in: int) -> Inputs:
    """The inputs in an array that may hold the targets too, as its last column."""
    name, array = part
    if _is_matrix(array) and array.shape[1] == n_in + 1 and array.size:
        part = NamedArray(name, array[:, :n_in])
    return _from_inputs(part, n_in, expected=f"(n, {n_in}), or (n, {n_in + 1}) with the target last")


def _from_inputs(part: NamedArray, n_in: int, expected: str) -> Inputs:
    matrix = to_inputs(part, least=1)
    if matrix.shape[1] == n_in:
        return matrix
    shape = part.array.shape
    found = f"{shape}" if _is_matrix(part.array) else f"{shape}, which is {matrix.shape[1]} columns when flattened"
    message = f"{part.name} has shape {found}, expected {expected}."
    if _is_matrix(part.array) and shape[0] == n_in:
        message += f"\n  It looks as if samples are columns. Save it turned: its .T has shape {shape[::-1]}."
    raise ShapeError(message)


def _is_matrix(array: NDArray[Any]) -> bool:
    return array.ndim == 2  # noqa: PLR2004 (a matrix has 2 dimensions)
