"""Focal loss: cross-entropy that gives little weight to what is already right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from unstuck.errors import OptionError
from unstuck.limits import check_between, check_not_negative
from unstuck.nets.activations import Sigmoid, Softmax, sigmoid
from unstuck.nets.losses.base import Loss, refuse_activation, refuse_shares, refuse_targets
from unstuck.nets.losses.classification import clipped_log, log_softmax

if TYPE_CHECKING:
    from unstuck.arrays import Matrix, Vector
    from unstuck.nets.activations import Activation


@dataclass(frozen=True)
class Focal(Loss):
    r"""Cross-entropy times :math:`(1 - p_t)^\gamma`, where :math:`p_t` is the probability given to the truth and :math:`\gamma` = 2.

    For sigmoid outputs a row costs the mean over its outputs of :math:`-\alpha_t (1 - p_t)^\gamma \ln p_t`, where :math:`\alpha_t` is
    ``alpha`` for targets 1 and ``1 - alpha`` for targets 0 (1 for both where ``alpha`` is None, the default).
    For softmax outputs it costs :math:`-(1 - p_t)^\gamma \ln p_t` of the true class.
    With :math:`m = \pm z` (plus for targets 1) and :math:`q = 1 - p_t = \sigma(-m)`,
    :math:`d/dm = -\alpha_t q^\gamma (\gamma (1 - q) (-\ln p_t) + q)`.

    Source: Lin et al., *Focal loss for dense object detection*, ICCV 2017.
    """

    output_activation: ClassVar[str] = "sigmoid"

    gamma: float = 2.0
    alpha: float | None = None

    def __post_init__(self) -> None:
        check_not_negative("gamma", self.gamma)
        if self.alpha is not None:
            check_between("alpha", self.alpha, 0, 1)

    def rows(self, outputs: Matrix, targets: Matrix) -> Vector:
        """Return the mean focal cost of each row of probabilities, each output a label of its own."""
        truth = np.where(targets > 0, outputs, 1 - outputs)
        cost = -self._balance(targets) * (1 - truth) ** self.gamma * clipped_log(truth)
        return cost.mean(axis=1)

    def gradient(self, outputs: Matrix, targets: Matrix) -> Matrix:
        """Return d(cost)/d(output) for probabilities, each output a label of its own, over the number of outputs."""
        truth = np.where(targets > 0, outputs, 1 - outputs)
        missing = 1 - truth
        slope = self._power_slope(missing) * clipped_log(truth) - missing**self.gamma / np.maximum(truth, 1e-12)
        return np.where(targets > 0, slope, -slope) * self._balance(targets) / outputs.shape[1]

    def cost(self, z: Matrix, a: Matrix, targets: Matrix, activation: Activation) -> Vector:
        """Return the focal cost of each row from the logits."""
        if type(activation) is Softmax:
            log_truth = (targets * log_softmax(z)).sum(axis=1)
            return -((-np.expm1(log_truth)) ** self.gamma) * log_truth
        margin = np.where(targets > 0, z, -z)
        entropy = np.maximum(-margin, 0) + np.log1p(np.exp(-np.abs(margin)))
        return (self._balance(targets) * sigmoid(-margin) ** self.gamma * entropy).mean(axis=1)

    def delta(self, z: Matrix, a: Matrix, targets: Matrix, activation: Activation) -> Matrix:
        """Return d(cost)/dz from the logits."""
        if type(activation) is Softmax:
            log_truth = (targets * log_softmax(z)).sum(axis=1, keepdims=True)
            missing = -np.expm1(log_truth)
            slope = self._power_slope(missing) * np.exp(log_truth) * log_truth - missing**self.gamma
            return slope * (targets - a)
        margin = np.where(targets > 0, z, -z)
        entropy = np.maximum(-margin, 0) + np.log1p(np.exp(-np.abs(margin)))
        missing = sigmoid(-margin)
        slope = -(missing**self.gamma) * (self.gamma * (1 - missing) * entropy + missing)
        return np.where(targets > 0, slope, -slope) * self._balance(targets) / a.shape[1]

    def takes_classes(self, activation: Activation) -> bool:
        """Whether the outputs come from a softmax."""
        return type(activation) is Softmax

    def check_activation(self, activation: Activation, name: str) -> None:
        """Refuse outputs other than those of a sigmoid or a softmax, and ``alpha`` with a softmax."""
        if type(activation) not in (Sigmoid, Softmax):
            raise refuse_activation("focal", name, "logits", "sigmoid or softmax")
        if type(activation) is Softmax and self.alpha is not None:
            raise OptionError(
                f"focal with alpha={self.alpha:g} balances two sides, but a softmax has several classes.\n"
                "  Leave alpha out and use class_weight instead."
            )

    def check_targets(self, targets: Matrix, activation: Activation) -> None:
        """Refuse targets other than 0 and 1, and for a softmax rows that are not one-hot."""
        refuse_targets((targets == 0) | (targets == 1), targets, "focal", "targets 0 or 1")
        if self.takes_classes(activation):
            refuse_shares(targets, "focal")

    def _balance(self, targets: Matrix) -> Matrix | float:
        if self.alpha is None:
            return 1.0
        return np.where(targets > 0, self.alpha, 1 - self.alpha).astype(targets.dtype)

    def _power_slope(self, missing: Matrix) -> Matrix:
        """Return gamma * q**(gamma - 1), and 0 at q = 0, where the factor beside it vanishes faster."""
        safe = np.where(missing > 0, missing, 1)
        return np.where(missing > 0, self.gamma * safe ** (self.gamma - 1), 0)
