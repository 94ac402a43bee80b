"""Activations that pass positive values on: ReLU and its smooth or leaky relatives."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from unstuck.limits import check_not_negative, check_positive
from unstuck.nets.activations.base import Activation
from unstuck.nets.activations.saturating import sigmoid

if TYPE_CHECKING:
    from unstuck.arrays import Matrix

_SELU_ALPHA = 1.6732632423543772848170429916717
_SELU_SCALE = 1.0507009873554804934193349852946
_GELU_SLOPE = math.sqrt(2 / math.pi)
_GELU_CUBE = 0.044715


@dataclass(frozen=True)
class Relu(Activation):
    r""":math:`a = \max(z, 0)`, with :math:`da/dz = 1` for :math:`z > 0`, else 0."""

    output_range: ClassVar[tuple[float, float]] = (0.0, math.inf)
    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    initializer: ClassVar[str] = "he_uniform"

    def forward(self, z: Matrix) -> Matrix:
        """Return the positive part of ``z``."""
        return np.maximum(z, 0)

    def backward(self, z: Matrix, a: Matrix, grad: Matrix) -> Matrix:
        """Return ``grad`` where ``z > 0``, else 0."""
        return np.where(z > 0, grad, 0)


@dataclass(frozen=True)
class LeakyRelu(Activation):
    r""":math:`a = z` for :math:`z > 0`, else :math:`s z`, with slope :math:`s` = 0.01.

    Source: Maas, Hannun and Ng, *Rectifier nonlinearities improve neural network acoustic models*, ICML 2013.
    """

    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    initializer: ClassVar[str] = "he_uniform"

    slope: float = 0.01

    def __post_init__(self) -> None:
        check_not_negative("slope", self.slope)

    def forward(self, z: Matrix) -> Matrix:
        """Return ``z`` where positive, ``slope * z`` elsewhere."""
        return np.where(z > 0, z, self.slope * z)

    def backward(self, z: Matrix, a: Matrix, grad: Matrix) -> Matrix:
        """Return ``grad`` where ``z > 0``, ``slope * grad`` elsewhere."""
        return np.where(z > 0, grad, self.slope * grad)


@dataclass(frozen=True)
class Elu(Activation):
    r""":math:`a = z` for :math:`z > 0`, else :math:`\alpha (e^z - 1)`, with :math:`\alpha` = 1.

    Source: Clevert, Unterthiner and Hochreiter, *Fast and accurate deep network learning by exponential linear units*, ICLR 2016.
    """

    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    initializer: ClassVar[str] = "he_uniform"

    alpha: float = 1.0

    def __post_init__(self) -> None:
        check_positive("alpha", self.alpha)

    def forward(self, z: Matrix) -> Matrix:
        """Return ``z`` where positive, ``alpha * (exp(z) - 1)`` elsewhere."""
        return np.where(z > 0, z, self.alpha * np.expm1(np.minimum(z, 0)))

    def backward(self, z: Matrix, a: Matrix, grad: Matrix) -> Matrix:
        """Return ``grad`` where ``z > 0``, ``grad * alpha * exp(z)`` elsewhere."""
        return grad * np.where(z > 0, 1, self.alpha * np.exp(np.minimum(z, 0)))


@dataclass(frozen=True)
class Selu(Activation):
    r""":math:`a = \lambda z` for :math:`z > 0`, else :math:`\lambda \alpha (e^z - 1)`.

    With :math:`\lambda` = 1.0507 and :math:`\alpha` = 1.6733 values keep mean 0 and variance 1 from layer to layer.

    Source: Klambauer et al., *Self-normalizing neural networks*, NeurIPS 2017.
    """

    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    initializer: ClassVar[str] = "lecun_normal"

    def forward(self, z: Matrix) -> Matrix:
        """Return the scaled exponential linear unit of ``z``."""
        return _SELU_SCALE * np.where(z > 0, z, _SELU_ALPHA * np.expm1(np.minimum(z, 0)))

    def backward(self, z: Matrix, a: Matrix, grad: Matrix) -> Matrix:
        """Return ``grad`` times the slope on either side of 0."""
        return grad * (_SELU_SCALE * np.where(z > 0, 1, _SELU_ALPHA * np.exp(np.minimum(z, 0))))


@dataclass(frozen=True)
class Gelu(Activation):
    r""":math:`a = \frac{z}{2} (1 + \tanh u)` with :math:`u = \sqrt{2/\pi}\,(z + 0.044715 z^3)`.

    The derivative is :math:`\frac{1}{2} (1 + \tanh u) + \frac{z}{2} (1 - \tanh^2 u) \sqrt{2/\pi}\,(1 + 3 \cdot 0.044715 z^2)`.

    Source: Hendrycks and Gimpel, *Gaussian error linear units*, 2016, in its tanh form.
    """

    initializer: ClassVar[str] = "he_uniform"

    def forward(self, z: Matrix) -> Matrix:
        """Return the Gaussian error linear unit of ``z``, in its tanh form."""
        return 0.5 * z * (1 + _gelu_tanh(z))

    def backward(self, z: Matrix, a: Matrix, grad: Matrix) -> Matrix:
        """Return ``grad`` times the derivative above."""
        tanh = _gelu_tanh(z)
        slope = _GELU_SLOPE * (1 + 3 * _GELU_CUBE * z * z)
        return grad * (0.5 * (1 + tanh) + 0.5 * z * (1 - tanh * tanh) * slope)


def _gelu_tanh(z: Matrix) -> Matrix:
    return np.tanh(_GELU_SLOPE * (z + _GELU_CUBE * z * z * z))


@dataclass(frozen=True)
class Silu(Activation):
    r""":math:`a = z\,\sigma(z)`, with :math:`da/dz = \sigma(z) (1 + z (1 - \sigma(z)))`.

    Source: Elfwing, Uchibe and Doya, *Sigmoid-weighted linear units for neural network function approximation in reinforcement
    learning*, Neural Networks 107 (2018), 3-11. Also called swish.
    """

    initializer: ClassVar[str] = "he_uniform"

    def forward(self, z: Matrix) -> Matrix:
        """Return ``z * sigmoid(z)``."""
        return z * sigmoid(z)

    def backward(self, z: Matrix, a: Matrix, grad: Matrix) -> Matrix:
        """Return ``grad`` times the derivative above."""
        gate = sigmoid(z)
        return grad * gate * (1 + z * (1 - gate))


@dataclass(frozen=True)
class Softplus(Activation):
    r""":math:`a = \ln(1 + e^z)`, with :math:`da/dz = \sigma(z)`."""

    output_range: ClassVar[tuple[float, float]] = (0.0, math.inf)
    initializer: ClassVar[str] = "he_uniform"

    def forward(self, z: Matrix) -> Matrix:
        """Return ``log(1 + exp(z))`` without overflow."""
        return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))

    def backward(self, z: Matrix, a: Matrix, grad: Matrix) -> Matrix:
        """Return ``grad * sigmoid(z)``."""
        return grad * sigmoid(z)
