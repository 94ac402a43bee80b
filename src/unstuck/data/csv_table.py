"""CSV files as data: a matrix of inputs, and target columns of numbers or text."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.data.columns import ColumnName, describe, find_targets
from unstuck.data.csv_records import read_records
from unstuck.data.dataset import Dataset, Kind
from unstuck.data.fields import has_decimal_comma, is_missing, parse_number
from unstuck.data.targets import MOST_NUMERIC_CLASSES, TargetColumns, to_targets
from unstuck.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


def read_csv(
    path: Path, *, target: ColumnName | Sequence[ColumnName] | None = None, kind: Kind | None = None
) -> Dataset:
    """Read a CSV file; see :func:`unstuck.data.tables.read_table`."""
    records = read_records(path)
    target_indices = find_targets(target, records.names, records.n_columns, str(path))
    feature_indices = [index for index in range(records.n_columns) if index not in target_indices]

    lines: list[int] = []
    numbers = array("d")
    target_fields: list[list[str]] = [[] for _ in target_indices]
    for line, fields in records.rows:
        lines.append(line)
        for column, index in zip(target_fields, target_indices, strict=True):
            column.append(fields[index].strip())
        try:
            row = [fields[index] for index in feature_indices]
            numbers.extend(map(float, row))
        except ValueError:
            row = []
        if not row or "_" in "".join(row):
            raise _bad_feature(path, line, fields, feature_indices, records.names)

    if len(lines) < 2:  # noqa: PLR2004 (the least there is something to compare in)
        found = "one row of data" if lines else "a header but no rows of data"
        raise DataError(f"{path} has {found}, expected at least two.")
    inputs = np.frombuffer(numbers, dtype=np.float64).reshape(len(lines), len(feature_indices)).copy()
    _check_finite(path, inputs, lines, [describe(index, records.names) for index in feature_indices])
    columns = [
        _target_column(f"{path}, line {{}}, target {describe(index, records.names)}", fields, lines)
        for index, fields in zip(target_indices, target_fields, strict=True)
    ]
    names = tuple(records.names[index] for index in target_indices) if records.names else ()
    targets = to_targets(TargetColumns(columns, names, str(path)), kind=kind)
    return Dataset(
        name=path.stem,
        inputs=inputs,
        targets=targets.values,
        kind=targets.kind,
        class_names=targets.class_names,
        feature_names=tuple(records.names[index] for index in feature_indices) if records.names else (),
    )
