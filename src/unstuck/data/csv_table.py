"""CSV files as data: a matrix of inputs, and target columns of numbers or text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.data.columns import describe, find_targets
from unstuck.data.csv_cells import Cells, missing_value, read_cells
from unstuck.data.csv_records import read_records
from unstuck.data.dataset import Dataset, Kind
from unstuck.data.fields import parse_number
from unstuck.data.targets import MOST_NUMERIC_CLASSES, TargetColumns, to_targets
from unstuck.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from unstuck.data.columns import ColumnName

_TEXT_ADVICE = "Text can only be in the target column. Replace it by numbers, or remove the column."


def read_csv(
    path: Path, *, target: ColumnName | Sequence[ColumnName] | None = None, kind: Kind | None = None
) -> Dataset:
    """Read a CSV file; see :func:`unstuck.data.tables.read_table`."""
    records = read_records(path)
    targets = find_targets(target, records.names, records.n_columns, str(path))
    features = [index for index in range(records.n_columns) if index not in targets]
    cells = read_cells(path, records, features, targets, least=2, advice=_TEXT_ADVICE)
    columns = [
        _target_column(fields, cells, f"target {describe(index, records.names)}")
        for index, fields in zip(targets, cells.texts, strict=True)
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


def _target_column(fields: list[str], cells: Cells, column: str) -> NDArray[Any]:
    """Return numbers if all fields are numbers, else text."""
    values = [parse_number(field) for field in fields]
    texts = [row for row, value in enumerate(values) if value is None]
    for row, (field, value) in enumerate(zip(fields, values, strict=True)):
        place = f"{cells.path}, line {cells.lines[row]}, {column}"
        if not field or (value is not None and np.isnan(value)):
            raise missing_value(place, field)
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
