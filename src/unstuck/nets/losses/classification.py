"""Cross-entropies: for targets between 0 and 1, and for one class of several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from unstuck.nets.activations import Sigmoid, Softmax
from unstuck.nets.losses.base import Loss, refuse_activation, refuse_shares, refuse_targets

if TYPE_CHECKING:
    from unstuck.arrays import Matrix, Vector
    from unstuck.nets.activations import Activation

_LOWEST_LOGARITHM = -100.0
_SMALLEST_VARIANCE = 1e-12


def log_softmax(z: Matrix) -> Matrix:
    r"""Return :math:`z_i - \ln \sum_j e^{z_j}` for each row, without overflow."""
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def clipped_log(a: Matrix) -> Matrix:
    """Return ln a, but never below -100, as ``torch.nn.BCELoss`` does, so that an output of exactly 0 costs a finite amount."""
    positive = a > 0
    return np.where(positive, np.maximum(np.log(np.where(positive, a, 1)), _LOWEST_LOGARITHM), _LOWEST_LOGARITHM)


def plogp(p: Matrix) -> Matrix:
    """Return p ln p, which is 0 at p = 0."""
    return p * np.log(np.where(p > 0, p, 1))


@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    r"""A row costs the mean over its outputs of :math:`-y \ln a - (1 - y) \ln(1 - a)`; several outputs are several labels.

    On the logits of a sigmoid it is :math:`\max(z, 0) - y z + \ln(1 + e^{-|z|})`, with :math:`d/dz = a - y` (over the number of outputs),
    which neither overflows nor loses digits. For other outputs between 0 and 1 the logarithms are cut off at -100.
    As ``torch.nn.BCEWithLogitsLoss`` and ``torch.nn.BCELoss``.
    """

    output_activation: ClassVar[str] = "sigmoid"

    def rows(self, outputs: Matrix, targets: Matrix) -> Vector:
        """Return the mean cross-entropy of each row."""
        cost = -targets * clipped_log(outputs) - (1 - targets) * clipped_log(1 - outputs)
        return cost.mean(axis=1)

    def gradient(self, outputs: Matrix, targets: Matrix) -> Matrix:
        """Return ``(a - y) / (a (1 - a))`` over the number of outputs."""
        variance = np.maximum(outputs * (1 - outputs), _SMALLEST_VARIANCE)
        return (outputs - targets) / variance / outputs.shape[1]

    def cost(self, z: Matrix, a: Matrix, targets: Matrix, activation: Activation) -> Vector:
        """Return the mean cross-entropy of each row, from the logits where the outputs come from a sigmoid."""
        if type(activation) is Sigmoid:
            # max(z, 0) - y z in one product: the difference of two large ones would lose digits for y close to 1.
            return (((z > 0) - targets) * z + np.log1p(np.exp(-np.abs(z)))).mean(axis=1)
        return self.rows(a, targets)

    def delta(self, z: Matrix, a: Matrix, targets: Matrix, activation: Activation) -> Matrix:
        """Return ``(a - y) / n_out`` for a sigmoid, else the chain rule."""
        if type(activation) is Sigmoid:
            return (a - targets) / a.shape[1]
        return super().delta(z, a, targets, activation)

    def floor(self, targets: Matrix) -> Vector:
        """Return the entropy of the targets, which is 0 for targets 0 and 1."""
        return -(plogp(targets) + plogp(1 - targets)).mean(axis=1)

    def check_activation(self, activation: Activation, name: str) -> None:
        """Refuse outputs outside 0 to 1."""
        low, high = activation.output_range
        if low < 0 or high > 1:
            raise refuse_activation("bce", name, "outputs between 0 and 1", "sigmoid")

    def check_targets(self, targets: Matrix, activation: Activation) -> None:
        """Refuse targets outside 0 to 1."""
        refuse_targets((targets >= 0) & (targets <= 1), targets, "bce", "targets from 0 to 1")


@dataclass(frozen=True)
class CategoricalCrossEntropy(Loss):
    r"""A row costs :math:`-\sum_k y_k \ln a_k`: for a one-hot row, minus the logarithm of the true class's probability.

    On the logits of a softmax, with :math:`\sum_k y_k = 1`, it is :math:`-\sum_k y_k (z_k - \ln \sum_j e^{z_j})`,
    with :math:`d/dz_k = a_k - y_k`. As ``torch.nn.CrossEntropyLoss``.
    """

    output_activation: ClassVar[str] = "softmax"

    def rows(self, outputs: Matrix, targets: Matrix) -> Vector:
        """Return the cross-entropy of each row."""
        return -(targets * clipped_log(outputs)).sum(axis=1)

    def gradient(self, outputs: Matrix, targets: Matrix) -> Matrix:
        """Return ``-y / a``."""
        return -targets / np.maximum(outputs, _SMALLEST_VARIANCE)

    def cost(self, z: Matrix, a: Matrix, targets: Matrix, activation: Activation) -> Vector:
        """Return the cross-entropy of each row, from the logits where the outputs come from a softmax."""
        if type(activation) is Softmax:
            return -(targets * log_softmax(z)).sum(axis=1)
        return self.rows(a, targets)

    def delta(self, z: Matrix, a: Matrix, targets: Matrix, activation: Activation) -> Matrix:
        """Return ``a - y`` for a softmax, else the chain rule."""
        if type(activation) is Softmax:
            return a - targets
        return super().delta(z, a, targets, activation)

    def floor(self, targets: Matrix) -> Vector:
        """Return the entropy of the targets, which is 0 for one-hot rows."""
        return -plogp(targets).sum(axis=1)

    def takes_classes(self, activation: Activation) -> bool:
        """Whatever the activation: a target is a class."""
        return True

    def check_activation(self, activation: Activation, name: str) -> None:
        """Refuse outputs that are no distribution over the classes."""
        if not activation.is_distribution:
            raise refuse_activation("ce", name, "class probabilities that sum to 1", "softmax")

    def check_targets(self, targets: Matrix, activation: Activation) -> None:
        """Refuse rows that are no distribution over the classes."""
        refuse_targets((targets >= 0) & (targets <= 1), targets, "ce", "class shares from 0 to 1")
        refuse_shares(targets, "ce")
