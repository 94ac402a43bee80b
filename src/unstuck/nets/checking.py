"""What a person hands over is checked here, before any work starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.errors import DataError, ShapeError

if TYPE_CHECKING:
    from unstuck.arrays import Floats, Matrix, Precision
    from unstuck.nets.activations import Activation
    from unstuck.nets.losses import Loss

_MATRIX = 2


def as_numbers(values: Any, what: str, dtype: Precision) -> Floats:
    """Return ``values`` as an array of ``dtype``, called ``what`` in messages.

    Raises:
        DataError: Not numbers, rows of different lengths, no rows, or NaN or infinite values.
    """
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise DataError(
            f"{what} cannot be made into an array.\n  Make sure that all rows have the same length."
        ) from error
    if array.dtype.kind not in "biuf":
        raise DataError(
            f"{what} has dtype {array.dtype}, expected numbers.\n"
            "  Turn text into numbers first, and make sure that all rows have the same length."
        )
    if array.size == 0:
        raise DataError(f"{what} is empty: its shape is {array.shape}. Expected at least one row and one column.")
    with np.errstate(over="ignore"):  # what is too large for float32 is refused below, with its place
        numbers = array.astype(dtype, copy=False)
    finite = np.isfinite(numbers)
    if not finite.all():
        _refuse_non_finite(numbers, finite, what, array)
    return numbers


def _refuse_non_finite(numbers: Floats, finite: np.ndarray, what: str, given: np.ndarray) -> None:
    """Raise the error that names the first value that is not finite."""
    place = tuple(np.argwhere(~finite)[0])
    position = ", ".join(f"{axis} {index}" for axis, index in zip(("row", "column"), place, strict=False))
    where = f" in {position}" if position else ""
    more = int((~finite).sum()) - 1
    others = f" and {more} more place{'s' if more > 1 else ''}" if more else ""
    value = given[place]
    if np.isfinite(value):
        raise DataError(f"{what} holds {value:g}{where}{others}, too large for {numbers.dtype}. Use float64.")
    raise DataError(
        f"{what} holds {value}{where}{others}, expected finite numbers.\n"
        "  Rows and columns count from 0. Remove such rows, or fill them in."
    )


def as_inputs(values: Any, n_in: int, dtype: Precision, what: str = "X") -> Matrix:
    """Return inputs as an array of shape ``(batch, n_in)``.

    Raises:
        ShapeError: Another shape; the message says how to turn it.
        DataError: As :func:`as_numbers`.
    """
    array = as_numbers(values, what, dtype)
    if array.ndim < _MATRIX:
        raise ShapeError(
            f"{what} has shape {array.shape}, expected (batch, {n_in}).\n"
            f"  For one row of {array.size} inputs use {what}.reshape(1, -1); "
            f"for {array.size} rows of one input use {what}.reshape(-1, 1)."
        )
    if array.ndim != _MATRIX:
        raise ShapeError(
            f"{what} has shape {array.shape}, expected (batch, {n_in}).\n"
            f"  Flatten each row: {what}.reshape(len({what}), -1)."
        )
    if array.shape[1] != n_in:
        hint = f"The network takes {n_in} inputs. Change its first layer to {array.shape[1]}, or the columns of {what}."
        if array.shape[0] == n_in:
            hint = f"It looks as if samples are columns. Turn it: {what}.T has shape {array.shape[::-1]}."
        raise ShapeError(f"{what} has shape {array.shape}, expected (batch, {n_in}).\n  {hint}")
    return array


def as_targets(
    values: Any,
    n_rows: int,
    n_out: int,
    loss: Loss,
    activation: Activation,
    dtype: Precision,
    what: str = "y",
) -> Matrix:
    """Return targets as an array of shape ``(batch, n_out)``.

    ``(batch,)`` becomes ``(batch, 1)`` for one output, and one-hot rows where the loss takes classes.

    Raises:
        ShapeError: Another shape, or another number of rows than the inputs.
        DataError: As :func:`as_numbers`, or targets that mean nothing to the loss.
    """
    array = as_numbers(values, what, dtype)
    by_class = loss.takes_classes(activation)
    if by_class and (array.ndim == 1 or array.shape[1:] == (1,)) and n_out > 1:
        _check_rows(array, n_rows, what)
        return one_hot(array.reshape(-1), n_out, dtype, what)
    if array.ndim == 1 and n_out == 1:
        array = array.reshape(-1, 1)
    if array.ndim != _MATRIX or array.shape[1] != n_out:
        raise ShapeError(_target_shape_message(array.shape, n_rows, n_out, what, by_class=by_class))
    _check_rows(array, n_rows, what)
    loss.check_targets(array, activation)
    return array


def _check_rows(array: Floats, n_rows: int, what: str) -> None:
    if len(array) != n_rows:
        raise ShapeError(f"{what} has {len(array)} rows, but X has {n_rows}. Each row of X needs one target.")


def _target_shape_message(shape: tuple[int, ...], n_rows: int, n_out: int, what: str, *, by_class: bool) -> str:
    expected = f"({n_rows}, {n_out})" + (f" or class indices ({n_rows},)" if by_class else "")
    message = f"{what} has shape {shape}, expected {expected}.\n  "
    if shape == (n_out, n_rows):
        return message + f"It looks as if samples are columns. Turn it: {what}.T has shape {shape[::-1]}."
    if len(shape) == 1:
        return message + (
            f"The network has {n_out} outputs, so each row needs {n_out} targets. "
            "For classes use the loss 'ce' with a softmax, or one-hot rows."
        )
    return message + f"The network has {n_out} outputs: give the last layer as many units as {what} has columns."


def one_hot(indices: Floats, n_classes: int, dtype: Precision, what: str = "y") -> Matrix:
    """Return rows with a 1 in the column of each class index.

    Raises:
        DataError: An index that is no whole number from 0 to ``n_classes - 1``.

    >>> one_hot(np.array([1.0, 0.0]), 2, "float64").tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    valid = (indices >= 0) & (indices < n_classes) & (indices == np.floor(indices))
    if not valid.all():
        row = int(np.argmin(valid))
        raise DataError(
            f"{what} holds class {indices[row]:g} in row {row}, expected whole numbers from 0 to {n_classes - 1} "
            f"for {n_classes} outputs.\n  Give the last layer a unit for each class, or number the classes from 0."
        )
    rows = np.zeros((len(indices), n_classes), dtype)
    rows[np.arange(len(indices)), indices.astype(np.intp)] = 1
    return rows
