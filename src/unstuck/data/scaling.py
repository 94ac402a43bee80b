"""Shifting and stretching each input column, so that a network sees numbers around 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np

from unstuck.errors import DataError, ShapeError
from unstuck.limits import check_count, check_positive
from unstuck.registry import unknown_option

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

ScalingName: TypeAlias = Literal["none", "standard", "minmax"]
"""The scalings that are fitted to data."""

SCALING_NAMES: tuple[ScalingName, ...] = get_args(ScalingName)


@dataclass(frozen=True, eq=False)
class Scaling:
    """``x' = (x - shift) * factor`` for each column.

    Args:
        shift: What is subtracted from each column, shape ``(n_features,)``, float64.
        factor: What each column is then multiplied with, shape ``(n_features,)``, float64.

    Raises:
        ShapeError: The two are not vectors of the same length.
        DataError: A shift or factor is infinite or NaN, or a factor is 0.

    >>> scaling = Scaling.standard(np.array([[1.0, 5.0], [3.0, 5.0]]))
    >>> scaling.apply(np.array([[2.0, 5.0], [4.0, 6.0]])).tolist()
    [[0.0, 0.0], [2.0, 1.0]]
    """

    shift: NDArray[np.float64]
    factor: NDArray[np.float64]

    def __post_init__(self) -> None:
        object.__setattr__(self, "shift", np.array(self.shift, dtype=np.float64))
        object.__setattr__(self, "factor", np.array(self.factor, dtype=np.float64))
        if self.shift.ndim != 1 or self.shift.shape != self.factor.shape:
            raise ShapeError(
                f"shift has shape {self.shift.shape} and factor has shape {self.factor.shape}, "
                f"expected (n_features,) for both."
            )
        usable = np.isfinite(self.shift) & np.isfinite(self.factor) & (self.factor != 0)
        if not usable.all():
            column = int(np.argmin(usable))
            raise DataError(
                f"column {column} (counted from 0) would be scaled with shift {self.shift[column]:g} and factor "
                f"{self.factor[column]:g}, expected finite numbers and a factor other than 0.\n"
                f"  Check the column for NaN, infinite or very large values."
            )

    @classmethod
    def standard(cls, x: NDArray[Any]) -> Scaling:
        """Give each column of ``x`` mean 0 and standard deviation 1 (over all rows, not n - 1).

        A constant column is only shifted: its factor is 1.

        Args:
            x: Any numbers, shape ``(n, n_features)``.
        """
        _check_matrix(x)
        with np.errstate(over="ignore", invalid="ignore"):  # the constructor reports what is not finite
            mean = x.mean(axis=0, dtype=np.float64)
            deviation = x.std(axis=0, dtype=np.float64)
        return cls(mean, _factor(1.0, deviation, is_constant=x.min(axis=0) == x.max(axis=0)))

    @classmethod
    def minmax(cls, x: NDArray[Any]) -> Scaling:
        """Bring each column of ``x`` to the range from -1 to 1.

        A constant column becomes 0: its factor is 1. (scikit-learn's ``MinMaxScaler((-1, 1))`` makes it -1.)

        Args:
            x: Any numbers, shape ``(n, n_features)``.
        """
        _check_matrix(x)
        low = x.min(axis=0).astype(np.float64)
        high = x.max(axis=0).astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):  # the constructor reports what is not finite
            span = high - low
            middle = low + span / 2
        return cls(middle, _factor(2.0, span, is_constant=low == high))

    @classmethod
    def divide(cls, n_features: int, by: float) -> Scaling:
        """Divide ``n_features`` columns by the same number, such as 255 for pixels.

        Raises:
            OptionError: ``by`` is not above 0.
        """
        check_count("n_features", n_features)
        check_positive("by", by)
        return cls(np.zeros(n_features), np.full(n_features, 1.0 / by))

    @classmethod
    def none(cls, n_features: int) -> Scaling:
        """Leave ``n_features`` columns as they are."""
        return cls.divide(n_features, 1.0)

    def apply(self, x: NDArray[Any], dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Scale ``x``, shape ``(n, n_features)``, any numbers; computed in float64, returned as ``dtype``.

        Raises:
            ShapeError: ``x`` does not have ``n_features`` columns.
        """
        self._check_columns(x)
        scaled = np.subtract(x, self.shift, dtype=np.float64)
        scaled *= self.factor
        return scaled.astype(dtype, copy=False)

    def undo(self, x: NDArray[Any]) -> NDArray[np.float64]:
        """Return what :meth:`apply` was given: ``x / factor + shift``, shape ``(n, n_features)``.

        Raises:
            ShapeError: ``x`` does not have ``n_features`` columns.
        """
        self._check_columns(x)
        original: NDArray[np.float64] = np.divide(x, self.factor, dtype=np.float64)
        original += self.shift
        return original

    def _check_columns(self, x: NDArray[Any]) -> None:
        n_features = len(self.shift)
        if x.ndim != 2 or x.shape[1] != n_features:  # noqa: PLR2004 (a matrix has 2 dimensions)
            raise ShapeError(
                f"x has shape {x.shape}, expected (n, {n_features}): the scaling is for {n_features} columns."
            )


def scale_by(name: str, x: NDArray[Any]) -> Scaling:
    """Fit the scaling called ``name`` to ``x``, shape ``(n, n_features)``.

    Args:
        name: ``"none"``, ``"standard"`` (mean 0, standard deviation 1) or ``"minmax"`` (from -1 to 1).
        x: Any numbers.

    Raises:
        OptionError: No scaling has this name.
        ShapeError: ``x`` is not a matrix, or has no rows.
    """
    if name == "standard":
        return Scaling.standard(x)
    if name == "minmax":
        return Scaling.minmax(x)
    if name == "none":
        _check_matrix(x)
        return Scaling.none(x.shape[1])
    raise unknown_option("scaling", name, SCALING_NAMES)


def _check_matrix(x: NDArray[Any]) -> None:
    if x.ndim != 2 or 0 in x.shape:  # noqa: PLR2004 (a matrix has 2 dimensions)
        raise ShapeError(f"x has shape {x.shape}, expected (n, n_features) with at least one row and one column.")


def _factor(width: float, spread: NDArray[Any], *, is_constant: NDArray[Any]) -> NDArray[np.float64]:
    """Return ``width / spread``, and 1 where the column is constant or its spread is too small to divide by."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        factor = np.asarray(width / spread, dtype=np.float64)
    # A constant column can have a spread other than 0, because its mean is rounded.
    return np.where(is_constant | np.isposinf(factor), 1.0, factor)
