"""Which columns of a table are the inputs to predict for: by name where both sides have names, otherwise by place."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from unstuck.data.columns import listed
from unstuck.errors import DataError
from unstuck.registry import suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_MISSING_SHOWN = 5


def find_inputs(
    names: Sequence[str], n_columns: int, source: str, *, n_in: int, feature_names: Sequence[str] = ()
) -> list[int]:
    """Return the indices of the input columns, in the order of the inputs.

    Where the columns have names and the inputs have too, each input is the column of its name, whatever other columns
    there are. A wrong name is an error even if the number of columns fits: what stands at an input's place under another
    name is likely to be another quantity, and nobody would notice. Otherwise the columns are taken by place: all if there
    are ``n_in``, all but the last, the target, if there is one more.

    Args:
        names: The name of each column, empty if they have none.
        n_columns: How many columns there are.
        source: The name of the file, for messages.
        n_in: How many inputs there are.
        feature_names: The name of each input, empty if they have none. A name that several inputs share stands for as
            many columns of that name, from first to last.

    Raises:
        DataError: A name is missing or fits too many columns, or, without names, the number of columns does not fit.

    >>> find_inputs(["id", "height", "age"], 3, "d.csv", n_in=2, feature_names=["age", "height"])
    [2, 1]
    >>> find_inputs([], 3, "d.csv", n_in=2)
    [0, 1]
    """
    if names and feature_names:
        return _by_name(names, source, feature_names)
    if n_columns not in (n_in, n_in + 1):
        raise _wrong_count(names, n_columns, source, n_in, feature_names)
    return list(range(n_in))


def _by_name(names: Sequence[str], source: str, feature_names: Sequence[str]) -> list[int]:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    expected = Counter(feature_names)
    missing = [name for name in expected if name not in places]
    if missing:
        raise _missing(missing, names, source, feature_names)
    for name, count in expected.items():
        if len(places[name]) != count:
            columns = _columns(len(places[name]))
            raise DataError(
                f"{source} has {columns} called '{name}', expected {count}. Each input needs one of its own."
            )
    return [places[name].pop(0) for name in feature_names]


def _missing(missing: list[str], names: Sequence[str], source: str, feature_names: Sequence[str]) -> DataError:
    spare = [name for name in names if name not in feature_names]
    first, *more = missing[:_MOST_MISSING_SHOWN]
    lines = [f"{source} has no column '{first}'.{suggestion(first, spare)}"]
    lines += [f"No column '{name}' either.{suggestion(name, spare)}" for name in more]
    if len(missing) > _MOST_MISSING_SHOWN:
        lines.append(f"In all, {len(missing)} of the {len(feature_names)} inputs are missing.")
    lines += [f"Columns: {listed(names)}", f"Expected: {listed(feature_names)}"]
    if len(names) in (len(feature_names), len(feature_names) + 1):
        lines.append("Rename the columns, or, if the inputs come first and in the expected order, remove the header.")
    else:
        lines.append("Rename or add the columns. Their order makes no difference, and other columns are left out.")
    return DataError("\n  ".join(lines))


def _wrong_count(
    names: Sequence[str], n_columns: int, source: str, n_in: int, feature_names: Sequence[str]
) -> DataError:
    lines = [
        f"{source} has {_columns(n_columns)}, expected {n_in} (the inputs) or {n_in + 1} (the inputs, then the target)."
    ]
    if names:
        lines.append(f"Columns: {listed(names)}")
    if n_columns > n_in:
        lines.append("Remove the columns that are not inputs.")
    elif n_columns > 1:
        lines.append("Add the columns that are missing.")
    else:
        lines.append("Add the columns that are missing, or separate them by commas, semicolons or tabs.")
    if feature_names and n_columns > n_in:
        lines.append("Or add a header: with it, the inputs are found among other columns.")
    if feature_names:
        lines.append(f"Inputs: {listed(feature_names)}")
    return DataError("\n  ".join(lines))


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"
