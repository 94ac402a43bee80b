"""Activations that level off at both ends, the identity, and softmax."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from unstuck.nets.activations.base import Activation

if TYPE_CHECKING:
    from unstuck.arrays import Matrix


def sigmoid(z: Matrix) -> Matrix:
    r"""Return :math:`1 / (1 + e^{-z})` without overflow, to full relative precision on both sides.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    decay = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, decay) / (1 + decay)


@dataclass(frozen=True)
class Identity(Activation):
    r""":math:`a = z`, with :math:`da/dz = 1`."""

    def forward(self, z: Matrix) -> Matrix:
        """Return ``z`` itself."""
        return z

    def backward(self, z: Matrix, a: Matrix, grad: Matrix) -> Matrix:
        """Return ``grad`` itself."""
        return grad


@dataclass(frozen=True)
class Sigmoid(Activation):
    r""":math:`a = 1 / (1 + e^{-z})`, with :math:`da/dz = a (1 - a)`."""

    output_range: ClassVar[tuple[float, float]] = (0.0, 1.0)

    def forward(self, z: Matrix) -> Matrix:
        """Return the logistic function of ``z``."""
        return sigmoid(z)

    def backward(self, z: Matrix, a: Matrix, grad: Matrix) -> Matrix:
        """Return ``grad * a * (1 - a)``."""
        return grad * a * (1 - a)


@dataclass(frozen=True)
class Tanh(Activation):
    r""":math:`a = \tanh z`, with :math:`da/dz = 1 - a^2`."""

    output_range: ClassVar[tuple[float, float]] = (-1.0, 1.0)

    def forward(self, z: Matrix) -> Matrix:
        """Return the hyperbolic tangent of ``z``."""
        return np.tanh(z)

    def backward(self, z: Matrix, a: Matrix, grad: Matrix) -> Matrix:
        """Return ``grad * (1 - a**2)``."""
        return grad * (1 - a * a)


@dataclass(frozen=True)
class Softsign(Activation):
    r""":math:`a = z / (1 + |z|)`, with :math:`da/dz = 1 / (1 + |z|)^2`."""

    output_range: ClassVar[tuple[float, float]] = (-1.0, 1.0)

    def forward(self, z: Matrix) -> Matrix:
        """Return the softsign of ``z``."""
        return z / (1 + np.abs(z))

    def backward(self, z: Matrix, a: Matrix, grad: Matrix) -> Matrix:
        """Return ``grad / (1 + |z|)**2``."""
        return grad / np.square(1 + np.abs(z))


@dataclass(frozen=True)
class HardSigmoid(Activation):
    r""":math:`a = \min(\max(z + 3, 0), 6) / 6`, with :math:`da/dz = 1/6` for :math:`-3 < z < 3` and 0 elsewhere.

    Source: Howard et al., *Searching for MobileNetV3*, ICCV 2019; as ``torch.nn.Hardsigmoid``.
    """

    output_range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    kinks: ClassVar[tuple[float, ...]] = (-3.0, 3.0)

    def forward(self, z: Matrix) -> Matrix:
        """Return the piecewise linear sigmoid of ``z``."""
        return np.clip(z + 3, 0, 6) / 6

    def backward(self, z: Matrix, a: Matrix, grad: Matrix) -> Matrix:
        """Return ``grad / 6`` inside the slope, 0 outside."""
        return np.where(np.abs(z) < 3, grad / 6, 0)  # noqa: PLR2004 (the slope ends at -3 and 3)


@dataclass(frozen=True)
class Softmax(Activation):
    r""":math:`a_i = e^{z_i} / \sum_j e^{z_j}` over each row, with :math:`dJ/dz_i = a_i (g_i - \sum_j g_j a_j)`, :math:`g = dJ/da`."""

    output_range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    is_distribution: ClassVar[bool] = True

    def forward(self, z: Matrix) -> Matrix:
        """Return the softmax of each row; subtracting its maximum first changes nothing but prevents overflow."""
        powers = np.exp(z - z.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def backward(self, z: Matrix, a: Matrix, grad: Matrix) -> Matrix:
        """Return ``a * (grad - sum(grad * a))``, the sum over each row."""
        return a * (grad - (grad * a).sum(axis=1, keepdims=True))
