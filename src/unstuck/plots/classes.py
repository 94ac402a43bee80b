"""Class indices, as pictures of classes want them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.nets.checking import as_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_MATRIX = 2
_FEWEST = 2


def class_indices(values: Any, what: str, n_classes: int | None = None) -> NDArray[np.intp]:
    """Return class indices of shape ``(n,)`` or ``(n, 1)`` as whole numbers of shape ``(n,)``.

    Args:
        values: The indices, from 0; 0 and 1 as booleans or floats too.
        what: What messages call them.
        n_classes: How many classes there are, if that is known.

    Raises:
        ShapeError: Another shape.
        DataError: No rows, not numbers, or a number that is no class index.
    """
    array = as_numbers(values, what, "float64")
    if array.ndim == _MATRIX and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        hint = f"\n  For outputs or one-hot rows use {what}.argmax(axis=1)." if array.ndim == _MATRIX else ""
        raise ShapeError(f"{what} has shape {array.shape}, expected class indices of shape (n,).{hint}")
    valid = (array >= 0) & (array == np.floor(array)) & (array < (np.inf if n_classes is None else n_classes))
    if not valid.all():
        row = int(np.argmin(valid))
        limit = "" if n_classes is None else f" to {n_classes - 1} for {n_classes} classes"
        raise DataError(
            f"{what} holds {array[row]:g} in row {row}, expected class indices: whole numbers from 0{limit}.\n"
            "  Rows count from 0."
        )
    return array.astype(np.intp)


def classes_of_targets(targets: Any, n_rows: int, n_out: int) -> NDArray[np.intp]:
    """Return the class index of each row, shape ``(n_rows,)``.

    Args:
        targets: Class indices ``(n,)`` or ``(n, 1)``, or one-hot rows ``(n, n_out)``.
        n_rows: How many rows of inputs there are.
        n_out: How many outputs the network has; one output means two classes.

    Raises:
        ShapeError: Another shape, or another number of rows than the inputs.
        DataError: Targets that are no classes.
    """
    array = as_numbers(targets, "targets", "float64")
    if n_out > 1 and array.ndim == _MATRIX and array.shape[1] == n_out:
        is_one_hot = ((array == 0) | (array == 1)).all(axis=1) & (array.sum(axis=1) == 1)
        if not is_one_hot.all():
            row = int(np.argmin(is_one_hot))
            raise DataError(
                f"targets holds {array[row].tolist()} in row {row}, expected a single 1 and else 0: one class for each row.\n"
                "  Rows count from 0."
            )
        array = array.argmax(axis=1).astype(np.float64)
    indices = class_indices(array, "targets", max(n_out, _FEWEST))
    if len(indices) != n_rows:
        raise ShapeError(
            f"targets has {len(indices)} rows, but inputs has {n_rows}. Each row of inputs needs one target."
        )
    return indices


def names_of_classes(class_names: Sequence[str], n_classes: int) -> list[str]:
    """Return a name for each class: the given ones, or their indices where none are given.

    Raises:
        OptionError: Fewer or more names than classes.

    >>> names_of_classes((), 3)
    ['0', '1', '2']
    """
    if isinstance(class_names, str):
        raise OptionError(
            f"class_names must be a name for each class, such as ('no', 'yes'). Got {class_names!r} instead."
        )
    if class_names and len(class_names) != n_classes:
        raise OptionError(
            f"class_names holds {len(class_names)} names for {n_classes} classes. Give each class a name, or leave them out."
        )
    return [str(name) for name in class_names] or [str(index) for index in range(n_classes)]
