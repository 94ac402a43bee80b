"""From target columns to targets: which kind they are, class names and class indices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.data.dataset import KINDS, Kind
from unstuck.data.fields import parse_number
from unstuck.errors import DataError, OptionError
from unstuck.registry import unknown_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MOST_NUMERIC_CLASSES = 20


@dataclass(frozen=True, eq=False)
class TargetColumns:
    """The target columns of a table as they were read.

    Args:
        columns: Each of shape ``(n,)``; float64 without NaN and infinite values where all are numbers, else text of which
            at least one is no number.
        names: The name of each column, ``()`` where they have none.
        source: Where they come from, for messages: the name of the file.
    """

    columns: Sequence[NDArray[Any]]
    names: tuple[str, ...]
    source: str


@dataclass(frozen=True, eq=False)
class Targets:
    """Targets as a :class:`~unstuck.data.dataset.Dataset` holds them, with those of a test set where there is one."""

    kind: Kind
    values: NDArray[Any]
    test_values: NDArray[Any] | None
    class_names: tuple[str, ...]


def check_kind(kind: str | None) -> None:
    """Raise an :class:`OptionError` unless ``kind`` is None or a kind of targets."""
    if kind is not None and kind not in KINDS:
        raise unknown_option("kind of targets", kind, KINDS)


def to_targets(given: TargetColumns, test: TargetColumns | None = None, kind: Kind | None = None) -> Targets:
    """Turn target columns into targets of the given kind, or of the kind that fits.

    One column of text is classes. One column of numbers is classes if they are all 0 or 1 (and both occur), or if they
    are whole, with at most 20 distinct values, and fewer of these than half of the rows; otherwise regression. Two
    classes are ``"binary"``, more are ``"multiclass"``; classes are sorted. Several columns are one-hot
    ``"multiclass"`` if each row has a single 1 and else 0, ``"multilabel"`` if all is 0 or 1, otherwise regression.

    Raises:
        DataError: The columns cannot be targets of this kind.
        OptionError: The kind is unknown, or needs one column where there are several.
    """
    check_kind(kind)
    chosen = kind or _fitting_kind(given)
    if chosen == "regression":
        return Targets(chosen, _numbers(given), _numbers(test) if test else None, ())
    if chosen == "multilabel":
        return Targets(chosen, _labels(given), _labels(test) if test else None, given.names)
    if len(given.columns) > 1:
        return _one_hot(given, test, chosen)
    return _classes(given, test, chosen, is_given=kind is not None)


def _fitting_kind(given: TargetColumns) -> Kind:
    if len(given.columns) > 1:
        matrix = _numbers(given)
        if not _is_zero_or_one(matrix):
            return "regression"
        return "multiclass" if (matrix.sum(axis=1) == 1).all() else "multilabel"
    column = given.columns[0]
    distinct = np.unique(column)
    if _is_text(column) or _looks_like_classes(distinct, len(column)):
        return "binary" if len(distinct) == 2 else "multiclass"  # noqa: PLR2004 (binary means 2)
    return "regression"


def _looks_like_classes(distinct: NDArray[Any], n: int) -> bool:
    if distinct.tolist() == [0, 1]:
        return True
    is_whole = bool((distinct == np.floor(distinct)).all())
    return is_whole and len(distinct) <= MOST_NUMERIC_CLASSES and 2 * len(distinct) < n


def _classes(given: TargetColumns, test: TargetColumns | None, kind: Kind, *, is_given: bool) -> Targets:
    column = given.columns[0]
    classes = np.unique(column)
    names = tuple(_class_name(value) for value in classes)
    if len(classes) == 1:
        hint = "" if is_given else "\n  If it is a quantity to be predicted, say so with kind='regression'."
        raise DataError(
            f"{_column(given, 0)} holds the same value in all {len(column)} rows: {names[0]}, "
            f"expected at least two classes.{hint}"
        )
    if kind == "binary" and len(classes) != 2:  # noqa: PLR2004 (binary means 2)
        raise DataError(
            f"{_column(given, 0)} has {len(classes)} classes ({_shortened(names)}), expected two.\n"
            f"  Use kind='multiclass'."
        )
    test_values = _indices(test.columns[0], names, kind, given.source) if test else None
    return Targets(kind, _indices(column, names, kind, given.source), test_values, names)


def _indices(column: NDArray[Any], names: tuple[str, ...], kind: Kind, source: str) -> NDArray[Any]:
    """The index of each row's class, as float64 of shape ``(n, 1)`` where there are two."""
    index_of = {name: index for index, name in enumerate(names)}
    distinct, which = np.unique(column, return_inverse=True)
    for value in distinct:
        if _class_name(value) not in index_of:
            raise DataError(
                f"{source}: the test targets hold {_class_name(value)}, "
                f"which is not among the classes of the training targets: {_shortened(names)}."
            )
    indices = np.array([index_of[_class_name(value)] for value in distinct], dtype=np.int64)[which]
    return indices.astype(np.float64)[:, np.newaxis] if kind == "binary" else indices


def _one_hot(given: TargetColumns, test: TargetColumns | None, kind: Kind) -> Targets:
    if kind == "binary":
        raise OptionError(f"kind 'binary' needs one target column. {given.source} was given {len(given.columns)}.")
    names = given.names or tuple(str(index) for index in range(len(given.columns)))
    return Targets(kind, _hot(given), _hot(test) if test else None, names)


def _hot(given: TargetColumns) -> NDArray[np.int64]:
    """The class index of each one-hot row."""
    matrix = _labels(given)
    is_one_hot = matrix.sum(axis=1) == 1
    if not is_one_hot.all():
        row = int(np.argmin(is_one_hot))
        raise DataError(
            f"{given.source}: the target columns of row {row} (counted from 0) hold {int(matrix[row].sum())} ones, "
            f"expected exactly one in each row for kind 'multiclass'.\n  Use kind='multilabel'."
        )
    return matrix.argmax(axis=1).astype(np.int64)


def _labels(given: TargetColumns) -> NDArray[np.float64]:
    matrix = _numbers(given)
    if not _is_zero_or_one(matrix):
        is_label = (matrix == 0) | (matrix == 1)
        row, column = (int(place) for place in np.argwhere(~is_label)[0])
        raise DataError(
            f"{_column(given, column)} holds {_class_name(matrix[row, column])} in row {row} (counted from 0), "
            f"expected 0 or 1."
        )
    return matrix


def _numbers(given: TargetColumns) -> NDArray[np.float64]:
    for index, column in enumerate(given.columns):
        if _is_text(column):
            example = next(value for value in column if parse_number(value) is None)
            raise DataError(
                f"{_column(given, index)} holds text such as {str(example)!r}, expected numbers.\n"
                f"  Text can only be the classes of a single target column."
            )
    return np.column_stack(given.columns).astype(np.float64)


def _is_zero_or_one(matrix: NDArray[Any]) -> bool:
    return bool(((matrix == 0) | (matrix == 1)).all())


def _is_text(column: NDArray[Any]) -> bool:
    return column.dtype.kind == "U"


def _class_name(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number)


def _column(given: TargetColumns, index: int) -> str:
    """How messages call a target column."""
    if given.names:
        return f"{given.source}: target column '{given.names[index]}'"
    if len(given.columns) > 1:
        return f"{given.source}: target column {index} (counted from 0)"
    return f"{given.source}: the target column"


def _shortened(names: Sequence[str], most: int = 10) -> str:
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")
