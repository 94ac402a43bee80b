"""How much each row counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.limits import check_not_negative
from unstuck.nets.checking import as_numbers
from unstuck.registry import unknown_option
from unstuck.training.metrics import decide

if TYPE_CHECKING:
    from unstuck.arrays import Matrix, Precision, Vector
    from unstuck.data.dataset import Kind

ClassWeight: TypeAlias = "dict[int, float] | Literal['balanced'] | None"
"""A factor for each class index, or ``"balanced"``: rows / (classes x rows of the class), as scikit-learn has it."""


def row_weights(
    sample_weight: Any, class_weight: ClassWeight, targets: Matrix, kind: Kind, dtype: Precision
) -> Vector | None:
    """Return a weight for each row with mean 1, or None where all rows count the same.

    With mean 1 over the *whole* training set, an integer weight k counts as k copies of the row, whatever the batch size.

    Args:
        sample_weight: One number of at least 0 for each row, or None.
        class_weight: See :data:`ClassWeight`.
        targets: Shape ``(batch, n_out)``.
        kind: What kind of task it is; class weights need one class a row.
        dtype: The network's precision.

    Raises:
        ShapeError: Not one weight a row.
        DataError: A weight below 0, or all weights 0.
        OptionError: Class weights where there are no classes, for an unknown class, or below 0.
    """
    if sample_weight is None and class_weight is None:
        return None
    weights: Vector = np.ones(len(targets))
    if sample_weight is not None:
        weights = as_numbers(sample_weight, "sample_weight", "float64").copy()
        if weights.shape != (len(targets),):
            raise ShapeError(
                f"sample_weight has shape {weights.shape}, expected ({len(targets)},): one number for each row of X."
            )
        if (weights < 0).any():
            row = int(np.argmax(weights < 0))
            raise DataError(f"sample_weight holds {weights[row]:g} in row {row}, expected numbers of at least 0.")
    if class_weight is not None:
        weights *= _by_class(class_weight, targets, kind)
    return with_mean_one(weights).astype(dtype)


def with_mean_one(weights: Vector) -> Vector:
    """Return ``weights`` over their mean.

    Raises:
        DataError: All are 0.
    """
    mean = weights.mean()
    if mean == 0:
        raise DataError("the weights of all rows are 0, so there is nothing to learn from.")
    return np.asarray(weights / mean)


def _by_class(class_weight: ClassWeight, targets: Matrix, kind: Kind) -> Vector:
    if kind not in ("binary", "multiclass"):
        raise OptionError(
            f"class_weight needs one class for each row, but this is a {kind} task.\n  Use sample_weight instead."
        )
    classes = decide(targets, kind)
    n_classes = max(2, targets.shape[1])
    if isinstance(class_weight, str):
        if class_weight != "balanced":
            raise unknown_option("class_weight", class_weight, ["balanced"])
        counts = np.bincount(classes, minlength=n_classes)
        factors = len(classes) / ((counts > 0).sum() * np.maximum(counts, 1))
        return np.asarray(factors[classes])
    if not isinstance(class_weight, dict):
        raise OptionError(
            f"class_weight must be 'balanced' or a factor for each class index, such as {{0: 1.0, 1: 5.0}}. Got {class_weight!r} instead."
        )
    factors = np.ones(n_classes)
    for label, factor in class_weight.items():
        if label not in range(n_classes):
            raise OptionError(f"class_weight names class {label!r}, but the classes are 0 to {n_classes - 1}.")
        check_not_negative(f"class_weight of class {label}", factor)
        factors[int(label)] = factor
    return factors[classes]
