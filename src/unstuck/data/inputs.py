"""Rows to predict for from files: CSV and NPZ, with or without targets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

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

_TEXT_ADVICE = "Replace it by a number, or remove the row."


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
    return read_cells(path, records, columns, least=1, advice=_TEXT_ADVICE).inputs


def _read_npz(path: Path, n_in: int) -> Inputs:
    part = _find_array(path, n_in)
    matrix = to_inputs(part, least=1)
    if matrix.shape[1] != n_in:
        raise _wrong_width(part, matrix.shape[1], n_in)
    return matrix


def _find_array(path: Path, n_in: int) -> NamedArray:
    arrays = read_arrays(path)
    found = by_lower_name(arrays, path)
    if len(arrays) == 1:
        name, array = next(iter(found.values()))
        has_target = array.ndim == 2 and array.shape[1] == n_in + 1  # noqa: PLR2004 (a matrix has 2 dimensions)
        return NamedArray(name, array[:, :n_in] if has_target else array)
    for wanted in ("x", "x_test"):
        if wanted in found:
            return found[wanted]
    raise DataError(
        f"{path} holds the arrays {', '.join(arrays) or '(none)'}, expected X, or x_test, or a single array.\n"
        f"  Save the rows to predict for as X: numpy.savez(file, X=rows)."
    )


def _wrong_width(part: NamedArray, width: int, n_in: int) -> ShapeError:
    shape = part.array.shape
    found = f"{shape}" if len(shape) == 2 else f"{shape}, which makes {width} columns"  # noqa: PLR2004 (a matrix)
    message = f"{part.name} has shape {found}, expected (n, {n_in})."
    if shape[0] == n_in and len(shape) == 2:  # noqa: PLR2004 (a matrix has 2 dimensions)
        message += (
            f"\n  It looks as if samples are columns. Turn it before it is saved: its .T has shape {shape[::-1]}."
        )
    return ShapeError(message)
