"""NPZ archives as data: which arrays are the inputs, which the targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from unstuck.data.columns import find_targets
from unstuck.data.dataset import Dataset, Kind
from unstuck.data.fields import parse_number
from unstuck.data.npz_arrays import read_arrays
from unstuck.data.npz_inputs import NamedArray, by_lower_name, refuse_non_finite, to_inputs
from unstuck.data.targets import TargetColumns, to_targets
from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.registry import suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from unstuck.data.columns import ColumnName

    Arrays = dict[str, NDArray[Any]]


class _Parts(NamedTuple):
    """The arrays of an archive in their roles."""

    inputs: NamedArray
    targets: NamedArray
    test_inputs: NamedArray | None = None
    test_targets: NamedArray | None = None


def read_npz(
    path: Path, *, target: ColumnName | Sequence[ColumnName] | None = None, kind: Kind | None = None
) -> Dataset:
    """Read an NPZ archive; see :func:`unstuck.data.tables.read_table`."""
    parts = _parts(read_arrays(path), target, path)
    test = _target_columns(parts.test_targets, path) if parts.test_targets else None
    targets = to_targets(_target_columns(parts.targets, path), test, kind)
    return Dataset(
        name=path.stem,
        inputs=to_inputs(parts.inputs, least=2),
        targets=targets.values,
        kind=targets.kind,
        test_inputs=to_inputs(parts.test_inputs, least=1) if parts.test_inputs else None,
        test_targets=targets.test_values,
        class_names=targets.class_names,
    )


def _parts(arrays: Arrays, target: ColumnName | Sequence[ColumnName] | None, path: Path) -> _Parts:
    found = by_lower_name(arrays, path)
    if isinstance(target, str) and target in arrays:
        return _Parts(_inputs_beside(target, arrays, path), NamedArray(f"{path}: array '{target}'", arrays[target]))
    if target is None and "x_train" in found and "y_train" in found:
        return _Parts(found["x_train"], found["y_train"], found.get("x_test"), found.get("y_test"))
    if target is None and "x" in found and "y" in found:
        return _Parts(found["x"], found["y"])
    if len(arrays) == 1:
        return _columns_of(next(iter(found.values())), target, path)
    if target is None:
        raise DataError(
            f"{path} holds the arrays {', '.join(arrays) or '(none)'}, expected X and y, or x_train and y_train "
            f"(and x_test and y_test), or a single matrix.\n  Or name the array of targets with target."
        )
    if not isinstance(target, str):
        raise OptionError(
            f"{path} holds {len(arrays)} arrays: {', '.join(arrays) or '(none)'}. Targets by column number need an archive "
            f"of a single matrix. Got {target!r}, expected the name of an array."
        )
    raise OptionError(f"{path} has no array {target!r}.{suggestion(target, arrays)}\n  Arrays: {', '.join(arrays)}")


def _inputs_beside(target: str, arrays: Arrays, path: Path) -> NamedArray:
    """The inputs that go with the targets called ``target``: the array X, or the only other one."""
    others = [name for name in arrays if name != target]
    inputs = [name for name in others if name.lower() == "x"] or others
    if len(inputs) != 1:
        raise DataError(
            f"{path} holds {', '.join(others) if others else 'no other array'} beside the targets '{target}', "
            f"expected inputs called X, or a single other array."
        )
    return NamedArray(f"{path}: array '{inputs[0]}'", arrays[inputs[0]])


def _columns_of(table: NamedArray, target: ColumnName | Sequence[ColumnName] | None, path: Path) -> _Parts:
    """Divide a single matrix, such as a table that was saved whole."""
    name, matrix = table
    if matrix.ndim != 2:  # noqa: PLR2004 (a matrix has 2 dimensions)
        raise ShapeError(
            f"{name} has shape {matrix.shape}, expected a matrix (n, n_columns) that holds inputs and targets, "
            f"because the archive holds no other array."
        )
    targets = find_targets(target, (), matrix.shape[1], str(path))
    return _Parts(NamedArray(name, np.delete(matrix, targets, axis=1)), NamedArray(name, matrix[:, targets]))


def _target_columns(part: NamedArray, path: Path) -> TargetColumns:
    name, array = part
    if array.dtype.kind not in "buifU":
        raise DataError(f"{name} holds {array.dtype}, expected numbers or text.")
    if array.ndim not in (1, 2) or array.size == 0:
        raise ShapeError(f"{name} has shape {array.shape}, expected (n,) or (n, n_out).")
    matrix = array.reshape(len(array), -1)
    return TargetColumns([_column(matrix[:, index], name) for index in range(matrix.shape[1])], (), str(path))


def _column(values: NDArray[Any], name: str) -> NDArray[Any]:
    """Return numbers as float64, text that is numbers too, other text as it is."""
    if values.dtype.kind == "U":
        numbers = [parse_number(text) for text in values.tolist()]
        if None in numbers:
            return values
        values = np.array(numbers)
    column = values.astype(np.float64)
    refuse_non_finite(column, name)
    return column
