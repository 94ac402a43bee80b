r"""How weights start.

The scales keep the size of the values that pass through a layer; which one fits depends on the activation behind the weights.
With :math:`n_{in}` and :math:`n_{out}` the numbers of inputs and units, a uniform initialiser draws from :math:`\pm\sqrt{3} s` and a
normal one with standard deviation :math:`s`.

Sources: Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS 2010;
He et al., *Delving deep into rectifiers*, ICCV 2015; LeCun et al., *Efficient BackProp*, 1998.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from unstuck.limits import check_finite, check_positive
from unstuck.registry import Registry

if TYPE_CHECKING:
    from unstuck.arrays import Matrix, Vector


@dataclass(frozen=True)
class Initializer(ABC):
    """Draws the weights of one layer."""

    @abstractmethod
    def weights(self, rng: np.random.Generator, n_in: int, n_out: int) -> Matrix:
        """Return weights of shape ``(n_in, n_out)``, float64."""

    def biases(self, rng: np.random.Generator, n_in: int, n_out: int) -> Vector:
        """Return biases of shape ``(n_out,)``: zero, unless the scheme says otherwise."""
        return np.zeros(n_out)


INITIALIZERS: Registry[Initializer] = Registry("initializer", Initializer)
"""Every initialiser by name."""


@dataclass(frozen=True)
class VarianceScaling(Initializer):
    """The common form of Glorot, He and LeCun: standard deviation sqrt(gain / fan)."""

    gain: ClassVar[float] = 1.0
    fan: ClassVar[Literal["in", "average"]] = "in"
    distribution: ClassVar[Literal["uniform", "normal"]] = "uniform"

    def weights(self, rng: np.random.Generator, n_in: int, n_out: int) -> Matrix:
        """Return weights of shape ``(n_in, n_out)`` with that standard deviation."""
        fan = n_in if self.fan == "in" else (n_in + n_out) / 2
        deviation = math.sqrt(self.gain / fan)
        if self.distribution == "normal":
            return rng.normal(0.0, deviation, (n_in, n_out))
        bound = math.sqrt(3) * deviation
        return rng.uniform(-bound, bound, (n_in, n_out))


@dataclass(frozen=True)
class GlorotUniform(VarianceScaling):
    r""":math:`s = \sqrt{2 / (n_{in} + n_{out})}`, uniform. For sigmoid, tanh, softmax and linear units."""

    fan: ClassVar[Literal["in", "average"]] = "average"


@dataclass(frozen=True)
class GlorotNormal(VarianceScaling):
    r""":math:`s = \sqrt{2 / (n_{in} + n_{out})}`, normal."""

    fan: ClassVar[Literal["in", "average"]] = "average"
    distribution: ClassVar[Literal["uniform", "normal"]] = "normal"


@dataclass(frozen=True)
class HeUniform(VarianceScaling):
    r""":math:`s = \sqrt{2 / n_{in}}`, uniform. For ReLU and its relatives."""

    gain: ClassVar[float] = 2.0


@dataclass(frozen=True)
class HeNormal(VarianceScaling):
    r""":math:`s = \sqrt{2 / n_{in}}`, normal."""

    gain: ClassVar[float] = 2.0
    distribution: ClassVar[Literal["uniform", "normal"]] = "normal"


@dataclass(frozen=True)
class LecunUniform(VarianceScaling):
    r""":math:`s = \sqrt{1 / n_{in}}`, uniform."""


@dataclass(frozen=True)
class LecunNormal(VarianceScaling):
    r""":math:`s = \sqrt{1 / n_{in}}`, normal. For selu."""

    distribution: ClassVar[Literal["uniform", "normal"]] = "normal"


@dataclass(frozen=True)
class Orthogonal(Initializer):
    r"""A random matrix whose rows or columns (the fewer of the two) are orthonormal, times ``gain`` (default 1).

    Source: Saxe, McClelland and Ganguli, *Exact solutions to the nonlinear dynamics of learning in deep linear neural networks*,
    ICLR 2014; drawn uniformly as in Mezzadri, *How to generate random matrices from the classical compact groups*, 2007.
    """

    gain: float = 1.0

    def __post_init__(self) -> None:
        check_positive("gain", self.gain)

    def weights(self, rng: np.random.Generator, n_in: int, n_out: int) -> Matrix:
        """Return weights of shape ``(n_in, n_out)``."""
        tall = rng.normal(size=(max(n_in, n_out), min(n_in, n_out)))
        q, r = np.linalg.qr(tall)
        q = q * np.sign(np.diag(r))
        return self.gain * (q if n_in >= n_out else q.T)


@dataclass(frozen=True)
class NguyenWidrow(Initializer):
    r"""Spreads the slopes of the units evenly over inputs between -1 and 1.

    Each unit's weights point in a random direction with length :math:`\beta = 0.7\, n_{out}^{1 / n_{in}}`, and its bias is drawn
    uniformly from :math:`\pm\beta`: the one initialiser here whose biases are not zero.

    Source: Nguyen and Widrow, *Improving the learning speed of 2-layer neural networks by choosing initial values of the adaptive
    weights*, IJCNN 1990.
    """

    def weights(self, rng: np.random.Generator, n_in: int, n_out: int) -> Matrix:
        """Return weights of shape ``(n_in, n_out)``, each column of length beta."""
        direction = rng.uniform(-1.0, 1.0, (n_in, n_out))
        return self._length(n_in, n_out) * direction / np.linalg.norm(direction, axis=0)

    def biases(self, rng: np.random.Generator, n_in: int, n_out: int) -> Vector:
        """Return biases of shape ``(n_out,)``, uniform between -beta and beta."""
        length = self._length(n_in, n_out)
        return rng.uniform(-length, length, n_out)

    @staticmethod
    def _length(n_in: int, n_out: int) -> float:
        return float(0.7 * n_out ** (1 / n_in))


@dataclass(frozen=True)
class Uniform(Initializer):
    """Uniform between ``-scale`` and ``scale`` (default 1)."""

    scale: float = 1.0

    def __post_init__(self) -> None:
        check_positive("scale", self.scale)

    def weights(self, rng: np.random.Generator, n_in: int, n_out: int) -> Matrix:
        """Return weights of shape ``(n_in, n_out)``."""
        return rng.uniform(-self.scale, self.scale, (n_in, n_out))


@dataclass(frozen=True)
class Normal(Initializer):
    """Normal with mean 0 and standard deviation ``scale`` (default 1)."""

    scale: float = 1.0

    def __post_init__(self) -> None:
        check_positive("scale", self.scale)

    def weights(self, rng: np.random.Generator, n_in: int, n_out: int) -> Matrix:
        """Return weights of shape ``(n_in, n_out)``."""
        return rng.normal(0.0, self.scale, (n_in, n_out))


@dataclass(frozen=True)
class Constant(Initializer):
    """Every weight is ``value`` (default 0). Equal weights stay equal: units of a hidden layer then never differ."""

    value: float = 0.0

    def __post_init__(self) -> None:
        check_finite("value", self.value)

    def weights(self, rng: np.random.Generator, n_in: int, n_out: int) -> Matrix:
        """Return weights of shape ``(n_in, n_out)``."""
        return np.full((n_in, n_out), float(self.value))


INITIALIZERS.register_all(
    {
        "glorot_uniform": GlorotUniform,
        "glorot_normal": GlorotNormal,
        "he_uniform": HeUniform,
        "he_normal": HeNormal,
        "lecun_uniform": LecunUniform,
        "lecun_normal": LecunNormal,
        "orthogonal": Orthogonal,
        "nguyen_widrow": NguyenWidrow,
        "uniform": Uniform,
        "normal": Normal,
        "constant": Constant,
    }
)
