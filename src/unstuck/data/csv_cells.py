"""The fields of a CSV file: columns of numbers, and columns of text kept as they are."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.data.columns import describe
from unstuck.data.fields import has_decimal_comma, is_missing, parse_number
from unstuck.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from unstuck.data.csv_records import Records


@dataclass(frozen=True, eq=False)
class Cells:
    """What was read from a CSV file.

    Args:
        path: The file.
        inputs: The columns of numbers, all finite, shape ``(n, n_in)``.
        texts: The fields of each other column that was asked for, without spaces around them.
        lines: The line in the file where each row begins, counted from 1.
    """

    path: Path
    inputs: NDArray[np.float64]
    texts: list[list[str]]
    lines: list[int]


def read_cells(
    path: Path, records: Records, features: Sequence[int], others: Sequence[int] = (), *, least: int, advice: str
) -> Cells:
    """Read columns of numbers, and others as text. The fields of any further columns are not looked at.

    Args:
        path: The file, for messages.
        records: Its rows; they are read to the end.
        features: The columns that must hold numbers, in the order wanted.
        others: The columns to keep as text, in the order wanted.
        least: How many rows there must be, 1 or 2.
        advice: What to do about text among ``features``, for the message.

    Raises:
        DataError: Too few rows, or a field among ``features`` that is empty, no number, or not finite.
    """
    # Numbers are stored as they come: as text, a large table would need many times its memory.
    numbers = array("d")
    lines: list[int] = []
    texts: list[list[str]] = [[] for _ in others]
    for line, fields in records.rows:
        try:
            numbers.extend(_row_of_numbers([fields[index] for index in features]))
        except ValueError:
            bad = next(index for index in features if parse_number(fields[index]) is None)
            raise _bad_field(f"{path}, line {line}, {describe(bad, records.names)}", fields[bad], advice) from None
        lines.append(line)
        for column, index in zip(texts, others, strict=True):
            column.append(fields[index].strip())
    if len(lines) < least:
        found = "only one row of data" if lines else "a header but no rows of data"
        raise DataError(f"{path} has {found}, expected at least {'one' if least == 1 else 'two'}.")
    inputs = np.frombuffer(numbers, dtype=np.float64).reshape(len(lines), len(features))
    is_finite = np.isfinite(inputs)
    if not is_finite.all():
        row, place = (int(index) for index in np.argwhere(~is_finite)[0])
        column_name = describe(features[place], records.names)
        raise _bad_field(f"{path}, line {lines[row]}, {column_name}", str(inputs[row, place]), advice)
    return Cells(path, inputs, texts, lines)


def missing_value(place: str, field: str) -> DataError:
    """Build the error for a field that is empty or says that a value is missing."""
    found = f"holds {field!r}" if field.strip() else "is empty"
    return DataError(f"{place} {found}, expected a value. Fill it in, or remove the row.")


def _row_of_numbers(fields: list[str]) -> list[float]:
    if "_" in "".join(fields):
        raise ValueError
    return [float(field) for field in fields]


def _bad_field(place: str, field: str, advice: str) -> DataError:
    if is_missing(field):
        return missing_value(place, field)
    if parse_number(field) is not None:
        return DataError(f"{place} holds {field!r}, expected a finite number.")
    if has_decimal_comma(field):
        return DataError(f"{place} holds {field!r}, expected a number with a decimal point.")
    return DataError(f"{place} holds {field!r}, expected a number.\n  {advice}")
