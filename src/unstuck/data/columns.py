"""Which columns of a table are the targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from unstuck.errors import DataError, OptionError
from unstuck.registry import suggestion

ColumnName: TypeAlias = "str | int"
"""A column by its name, or by its index: counted from 0, negative from the end."""

_MOST_NAMES_SHOWN = 20


def find_targets(
    target: ColumnName | Sequence[ColumnName] | None, names: Sequence[str], n_columns: int, source: str
) -> list[int]:
    """Return the indices of the target columns.

    Args:
        target: A column or several; None for the last one. Text that is no column's name but a whole number is an index.
        names: The name of each column, empty if they have none.
        n_columns: How many columns there are.
        source: The name of the file, for messages.

    Raises:
        OptionError: There is no such column, a name fits several, or a column is named twice.
        DataError: No column would be left to learn from.
    """
    wanted: Sequence[ColumnName]
    if target is None:
        wanted = [-1]
    elif isinstance(target, Sequence) and not isinstance(target, str):
        wanted = target
    else:
        wanted = [target]
    found = [_find(column, names, n_columns, source) for column in wanted]
    if not found:
        raise OptionError(f"no target column given for {source}. Name at least one, or leave the choice out: the last.")
    for place, column in enumerate(found):
        if column in found[:place]:
            raise OptionError(f"{describe(column, names)} of {source} is given as target twice. Name each only once.")
    if len(found) == n_columns:
        count = "one column, which is the target" if n_columns == 1 else f"{n_columns} columns, all of them targets"
        raise DataError(
            f"{source} has {count}: there is nothing left to learn from. Expected at least one more column."
        )
    return found


def describe(column: int, names: Sequence[str]) -> str:
    """How messages call a column.

    >>> describe(1, ["age", "height"]), describe(1, [])
    ("column 'height'", 'column 1 (counted from 0)')
    """
    return f"column '{names[column]}'" if names and names[column] else f"column {column} (counted from 0)"


def listed(names: Sequence[str]) -> str:
    """How messages list columns: the first 20.

    >>> listed(["age", "height"])
    'age, height'
    """
    return ", ".join(names[:_MOST_NAMES_SHOWN]) + (", ..." if len(names) > _MOST_NAMES_SHOWN else "")


def _find(column: ColumnName, names: Sequence[str], n_columns: int, source: str) -> int:
    if isinstance(column, str):
        if column in names:
            return _only(column, names, source)
        if not _is_whole(column):
            raise _unknown(column, names, n_columns, source)
    elif isinstance(column, bool) or not hasattr(column, "__index__"):
        raise OptionError(f"a target column is a name or a whole number. Got {column!r} instead.")
    number = int(column)
    if not -n_columns <= number < n_columns:
        raise OptionError(f"{source} has columns 0 to {n_columns - 1}. Got the target column {number} instead.")
    return number % n_columns


def _only(column: str, names: Sequence[str], source: str) -> int:
    places = [place for place, name in enumerate(names) if name == column]
    if len(places) > 1:
        raise OptionError(
            f"{source} has {len(places)} columns called '{column}'. "
            f"Give the target column as a number: {' or '.join(map(str, places))} (counted from 0)."
        )
    return places[0]


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _unknown(column: str, names: Sequence[str], n_columns: int, source: str) -> OptionError:
    if not names:
        return OptionError(
            f"{source} has no header, so its columns have no names. "
            f"Give the target column as a number from 0 to {n_columns - 1}. Got {column!r} instead."
        )
    return OptionError(f"{source} has no column {column!r}.{suggestion(column, names)}\n  Columns: {listed(names)}")
