"""Losses for targets that are numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.limits import check_between, check_positive
from unstuck.nets.losses.base import Loss, refuse_activation, refuse_targets

if TYPE_CHECKING:
    from unstuck.arrays import Matrix, Vector
    from unstuck.nets.activations import Activation

_SMALLEST_RATE = 1e-8
_LARGEST_LOG_RATE = 70.0


@dataclass(frozen=True)
class SquaredError(Loss):
    r"""Mean squared error, over all elements: a row costs :math:`\frac{1}{n} \sum_k (a_k - y_k)^2`.

    The gradient is :math:`\frac{2}{n} (a_k - y_k)`. As ``torch.nn.MSELoss``.
    """

    def rows(self, outputs: Matrix, targets: Matrix) -> Vector:
        """Return the mean of the squared residuals of each row."""
        return np.square(outputs - targets).mean(axis=1)

    def gradient(self, outputs: Matrix, targets: Matrix) -> Matrix:
        """Return twice the residual over the number of outputs."""
        return (outputs - targets) * (2 / outputs.shape[1])

    def squared_error_factor(self, n_out: int) -> float:
        """Return 2 / n_out."""
        return 2 / n_out


@dataclass(frozen=True)
class HalfSum(Loss):
    r"""Half the sum of the squares: a row costs :math:`\frac{1}{2} \sum_k (a_k - y_k)^2`.

    The gradient is :math:`a_k - y_k`.
    """

    def rows(self, outputs: Matrix, targets: Matrix) -> Vector:
        """Return half the sum of the squared residuals of each row."""
        return np.square(outputs - targets).sum(axis=1) / 2

    def gradient(self, outputs: Matrix, targets: Matrix) -> Matrix:
        """Return the residual."""
        return outputs - targets

    def squared_error_factor(self, n_out: int) -> float:
        """Return 1."""
        return 1.0


@dataclass(frozen=True)
class AbsoluteError(Loss):
    r"""Mean absolute error, over all elements: a row costs :math:`\frac{1}{n} \sum_k |a_k - y_k|`.

    The gradient is :math:`\frac{1}{n} \operatorname{sign}(a_k - y_k)`. As ``torch.nn.L1Loss``.
    """

    def rows(self, outputs: Matrix, targets: Matrix) -> Vector:
        """Return the mean of the absolute residuals of each row."""
        return np.abs(outputs - targets).mean(axis=1)

    def gradient(self, outputs: Matrix, targets: Matrix) -> Matrix:
        """Return the residual's sign over the number of outputs."""
        return np.sign(outputs - targets) / outputs.shape[1]


@dataclass(frozen=True)
class Huber(Loss):
    r"""Squared for residuals up to :math:`\delta`, linear beyond.

    A row costs the mean over its outputs of :math:`\frac{1}{2} r^2` where :math:`|r| \le \delta`,
    else :math:`\delta (|r| - \delta / 2)`, with :math:`r = a - y` and :math:`\delta` = 1. The gradient is :math:`r`, cut off
    at :math:`\pm\delta`, over the number of outputs. As ``torch.nn.HuberLoss``.

    Source: Huber, *Robust estimation of a location parameter*, Annals of Mathematical Statistics 35 (1964), 73-101.
    """

    threshold: float = 1.0

    def __post_init__(self) -> None:
        check_positive("threshold", self.threshold)

    def rows(self, outputs: Matrix, targets: Matrix) -> Vector:
        """Return the mean Huber cost of each row."""
        size = np.abs(outputs - targets)
        inner = np.minimum(size, self.threshold)
        return (inner * (size - inner / 2)).mean(axis=1)

    def gradient(self, outputs: Matrix, targets: Matrix) -> Matrix:
        """Return the residual, cut off at delta, over the number of outputs."""
        return np.clip(outputs - targets, -self.threshold, self.threshold) / outputs.shape[1]


@dataclass(frozen=True)
class Quantile(Loss):
    r"""Pinball loss: the best constant prediction is the quantile :math:`q` of the targets (default 0.5, the median).

    A row costs the mean over its outputs of :math:`\max(q\,(y - a), (q - 1)(y - a))`. The gradient is :math:`-q` where the output is
    too low, :math:`1 - q` where it is too high, 0 where it is exact, over the number of outputs.

    Source: Koenker and Bassett, *Regression quantiles*, Econometrica 46 (1978), 33-50.
    """

    q: float = 0.5

    def __post_init__(self) -> None:
        check_between("q", self.q, 0, 1)

    def rows(self, outputs: Matrix, targets: Matrix) -> Vector:
        """Return the mean pinball cost of each row."""
        short = targets - outputs
        return np.maximum(self.q * short, (self.q - 1) * short).mean(axis=1)

    def gradient(self, outputs: Matrix, targets: Matrix) -> Matrix:
        """Return the slope of the pinball cost over the number of outputs."""
        side = np.sign(outputs - targets)
        return (side / 2 + (0.5 - self.q) * np.abs(side)) / outputs.shape[1]


@dataclass(frozen=True)
class Poisson(Loss):
    r"""Negative log-likelihood of counts :math:`y`, without the term that does not depend on the outputs.

    With ``log_input`` (the default) the outputs are the *logarithms* of the rates and a row costs the mean over its outputs of
    :math:`e^a - y a`, with gradient :math:`e^a - y`. Without it they are the rates themselves, and the cost is
    :math:`a - y \ln(a + 10^{-8})`. As ``torch.nn.PoissonNLLLoss``, but from :math:`a` = 70 on :math:`e^a` goes on as a straight
    line, so that it does not overflow (no count comes near :math:`e^{70} = 2.5 \cdot 10^{30}`).
    """

    log_input: bool = True

    def rows(self, outputs: Matrix, targets: Matrix) -> Vector:
        """Return the mean negative log-likelihood of each row."""
        if self.log_input:
            beyond = np.maximum(outputs - _LARGEST_LOG_RATE, 0)
            return (_rate(outputs) * (1 + beyond) - targets * outputs).mean(axis=1)
        return (outputs - targets * np.log(outputs + _SMALLEST_RATE)).mean(axis=1)

    def gradient(self, outputs: Matrix, targets: Matrix) -> Matrix:
        """Return the slope of the negative log-likelihood over the number of outputs."""
        if self.log_input:
            return (_rate(outputs) - targets) / outputs.shape[1]
        return (1 - targets / (outputs + _SMALLEST_RATE)) / outputs.shape[1]

    def floor(self, targets: Matrix) -> Vector:
        """Return the cost of the rates that equal the counts: the mean of y - y ln y."""
        if not self.log_input:
            return self.rows(np.maximum(targets - _SMALLEST_RATE, 0), targets)
        logarithm = np.log(np.where(targets > 0, targets, 1))
        return (targets - targets * logarithm).mean(axis=1)

    def check_activation(self, activation: Activation, name: str) -> None:
        """Refuse outputs below 0 as rates."""
        if not self.log_input and activation.output_range[0] < 0:
            raise refuse_activation("poisson with log_input=False", name, "rates of at least 0", "softplus")

    def check_targets(self, targets: Matrix, activation: Activation) -> None:
        """Refuse counts below 0."""
        refuse_targets(targets >= 0, targets, "poisson", "counts of at least 0")


def _rate(logarithm: Matrix) -> Matrix:
    """Return the rate, cut off where its exponential would overflow."""
    return np.exp(np.minimum(logarithm, _LARGEST_LOG_RATE))
