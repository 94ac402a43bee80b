"""CSV files as data: a matrix of inputs, and target columns of numbers or text."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.data.columns import describe, find_targets
from unstuck.data.csv_records import Records, read_records
from unstuck.data.dataset import Dataset, Kind
from unstuck.data.fields import has_decimal_comma, is_missing, parse_number
from unstuck.data.targets import MOST_NUMERIC_CLASSES, TargetColumns, to_targets
from unstuck.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from unstuck.data.columns import ColumnName


def read_csv(
    path: Path, *, target: ColumnName | Sequence[ColumnName] | None = None, kind: Kind | None = None
) -> Dataset:
    """Read a CSV file; see :func:`unstuck.data.tables.read_table`."""
    records = read_records(path)
    targets = find_targets(target, records.names, records.n_columns, str(path))
    features = [index for index in range(records.n_columns) if index not in targets]
    cells = _read_cells(path, records, features, targets)
    columns = [
        _target_column(fields, cells, f"target {describe(index, records.names)}")
        for index, fields in zip(targets, cells.targets, strict=True)
    ]
    target_names = tuple(records.names[index] for index in targets) if records.names else ()
    encoded = to_targets(TargetColumns(columns, target_names, str(path)), kind=kind)
    return Dataset(
        name=path.stem,
        inputs=cells.inputs,
        targets=encoded.values,
        kind=encoded.kind,
        class_names=encoded.class_names,
        feature_names=tuple(records.names[index] for index in features) if records.names else (),
    )


@dataclass(frozen=True, eq=False)
class _Cells:
    """What a CSV file holds: numbers to learn from, the fields of each target column, the line where each row begins."""

    path: Path
    inputs: NDArray[np.float64]
    targets: list[list[str]]
    lines: list[int]


def _read_cells(path: Path, records: Records, features: list[int], targets: list[int]) -> _Cells:
    # Numbers are stored as they come: as text, a large table would need many times its memory.
    numbers = array("d")
    lines: list[int] = []
    target_fields: list[list[str]] = [[] for _ in targets]
    for line, fields in records.rows:
        try:
            numbers.extend(_row_of_numbers([fields[index] for index in features]))
        except ValueError:
            bad = next(index for index in features if parse_number(fields[index]) is None)
            raise _bad_feature(path, line, describe(bad, records.names), fields[bad]) from None
        lines.append(line)
        for column, index in zip(target_fields, targets, strict=True):
            column.append(fields[index].strip())
    if len(lines) < 2:  # noqa: PLR2004 (fewer leave nothing to compare)
        found = "only one row of data" if lines else "a header but no rows of data"
        raise DataError(f"{path} has {found}, expected at least two.")
    inputs = np.frombuffer(numbers, dtype=np.float64).reshape(len(lines), len(features))
    is_finite = np.isfinite(inputs)
    if not is_finite.all():
        row, place = (int(index) for index in np.argwhere(~is_finite)[0])
        raise _bad_feature(path, lines[row], describe(features[place], records.names), str(inputs[row, place]))
    return _Cells(path, inputs, target_fields, lines)


def _row_of_numbers(fields: list[str]) -> list[float]:
    if "_" in "".join(fields):
        raise ValueError
    return [float(field) for field in fields]


def _bad_feature(path: Path, line: int, column: str, field: str) -> DataError:
    place = f"{path}, line {line}, {column}"
    if is_missing(field):
        return _missing_value(place, field)
    if parse_number(field) is not None:
        return DataError(f"{place} holds {field!r}, expected a finite number.")
    if has_decimal_comma(field):
        return DataError(f"{place} holds {field!r}, expected a number with a decimal point.")
    return DataError(
        f"{place} holds {field!r}, expected a number.\n"
        f"  Text can only be in the target column. Replace it by numbers, or remove the column."
    )


def _missing_value(place: str, field: str) -> DataError:
    found = f"holds {field!r}" if field.strip() else "is empty"
    return DataError(f"{place} {found}, expected a value. Fill it in, or remove the row.")


def _target_column(fields: list[str], cells: _Cells, column: str) -> NDArray[Any]:
    """Return numbers if all fields are numbers, else text."""
    values = [parse_number(field) for field in fields]
    texts = [row for row, value in enumerate(values) if value is None]
    for row, (field, value) in enumerate(zip(fields, values, strict=True)):
        place = f"{cells.path}, line {cells.lines[row]}, {column}"
        if not field or (value is not None and np.isnan(value)):
            raise _missing_value(place, field)
        if value is not None and np.isinf(value):
            raise DataError(f"{place} holds {field!r}, expected a finite number.")
    if not texts:
        return np.array(values, dtype=np.float64)
    if len(texts) < len(fields) and len(set(fields)) > MOST_NUMERIC_CLASSES:
        row = texts[0]
        raise DataError(
            f"{cells.path}, line {cells.lines[row]}, {column} holds {fields[row]!r}, expected a number.\n"
            f"  Other rows have numbers there, and {len(set(fields))} different values are too many for classes."
        )
    return np.array(fields)
