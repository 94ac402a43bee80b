"""What every activation function declares."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from unstuck.registry import Registry

if TYPE_CHECKING:
    from unstuck.arrays import Matrix


@dataclass(frozen=True)
class Activation(ABC):
    """A function a = f(z) of a layer's preactivation, with the rule that carries a gradient back through it."""

    output_range: ClassVar[tuple[float, float]] = (-math.inf, math.inf)
    """Between which values the outputs lie."""

    kinks: ClassVar[tuple[float, ...]] = ()
    """Preactivations at which the derivative jumps."""

    is_distribution: ClassVar[bool] = False
    """Whether the outputs of a row are positive and sum to 1."""

    initializer: ClassVar[str] = "glorot_uniform"
    """The initialiser that fits the weights in front of it."""

    @abstractmethod
    def forward(self, z: Matrix) -> Matrix:
        """Return a = f(z), in the dtype of ``z``.

        Args:
            z: Preactivations, shape ``(batch, n)``.
        """

    @abstractmethod
    def backward(self, z: Matrix, a: Matrix, grad: Matrix) -> Matrix:
        """Return dJ/dz, given dJ/da.

        Args:
            z: Preactivations, shape ``(batch, n)``.
            a: ``forward(z)``, shape ``(batch, n)``.
            grad: dJ/da, shape ``(batch, n)``.
        """


ACTIVATIONS: Registry[Activation] = Registry("activation", Activation)
"""Every activation by name."""
