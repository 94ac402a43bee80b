"""What every loss function declares."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from unstuck.errors import DataError, OptionError
from unstuck.registry import Registry

if TYPE_CHECKING:
    from unstuck.arrays import Matrix, Vector
    from unstuck.nets.activations import Activation


@dataclass(frozen=True)
class Loss(ABC):
    """The cost of each row; J is its mean over the rows (each times its sample weight, if there are any).

    A loss that has a form on the logits for some output activation overrides :meth:`cost` and :meth:`delta`.
    """

    output_activation: ClassVar[str] = "identity"
    """The output activation that belongs to the loss."""

    @abstractmethod
    def rows(self, outputs: Matrix, targets: Matrix) -> Vector:
        """Return the cost of each row, shape ``(batch,)``, for outputs and targets of shape ``(batch, n_out)``."""

    @abstractmethod
    def gradient(self, outputs: Matrix, targets: Matrix) -> Matrix:
        """Return d(cost of the row)/d(output), shape ``(batch, n_out)``. It is not divided by the number of rows."""

    def cost(self, z: Matrix, a: Matrix, targets: Matrix, activation: Activation) -> Vector:
        """Return the cost of each row of a network whose last layer computes ``a = activation(z)``."""
        return self.rows(a, targets)

    def delta(self, z: Matrix, a: Matrix, targets: Matrix, activation: Activation) -> Matrix:
        """Return d(cost of the row)/dz for the last layer's preactivation ``z``, shape ``(batch, n_out)``."""
        return activation.backward(z, a, self.gradient(a, targets))

    def floor(self, targets: Matrix) -> Vector:
        """Return the smallest cost that any outputs could reach for each row, shape ``(batch,)``."""
        return np.zeros(len(targets), targets.dtype)

    def squared_error_factor(self, n_out: int) -> float | None:
        """Return f where a row costs f / 2 times its sum of squared residuals, or None where it does not."""
        return None

    def takes_classes(self, activation: Activation) -> bool:
        """Whether targets behind this output activation are one class of several for each row."""
        return False

    def check_activation(self, activation: Activation, name: str) -> None:
        """Raise an :class:`OptionError` if outputs of ``activation``, called ``name``, mean nothing to this loss."""

    def check_targets(self, targets: Matrix, activation: Activation) -> None:
        """Raise a :class:`DataError` that names the row and column of a target without meaning for this loss and output activation."""


def refuse_targets(allowed: np.ndarray, targets: Matrix, loss: str, expected: str) -> None:
    """Raise a :class:`DataError` for the first target that is not ``allowed``, a boolean array of the targets' shape."""
    if not allowed.all():
        row, column = np.argwhere(~allowed)[0]
        raise DataError(
            f"target {targets[row, column]:g} in row {row}, column {column}: "
            f"{loss} expects {expected}.\n  Rows and columns count from 0."
        )


def refuse_shares(targets: Matrix, loss: str) -> None:
    """Raise a :class:`DataError` for the first row of class shares that do not sum to 1."""
    whole = np.isclose(targets.sum(axis=1, keepdims=True), 1, rtol=0, atol=1e-5)
    refuse_targets(
        np.broadcast_to(whole, targets.shape), targets, loss, "rows that sum to 1 (one-hot, or the class's index)"
    )


def refuse_activation(loss: str, name: str, expected: str, remedy: str) -> OptionError:
    """Build the error for an output activation that does not fit a loss."""
    return OptionError(
        f"loss {loss} needs {expected}, but the last layer's activation is {name}.\n"
        f"  Give the last layer the activation {remedy}, or choose another loss."
    )


LOSSES: Registry[Loss] = Registry("loss", Loss)
"""Every loss by name."""
