"""How good predictions are, in numbers that people use."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from unstuck.registry import Registry

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.arrays import Matrix
    from unstuck.data.dataset import Kind
    from unstuck.nets import Network

_THRESHOLD = 0.5


@dataclass(frozen=True)
class Metric(ABC):
    """A number for outputs and targets, both of shape ``(batch, n_out)``."""

    greater_is_better: ClassVar[bool] = True
    kinds: ClassVar[tuple[Kind, ...]] = ("binary", "multiclass", "multilabel")
    """For which kinds of task it means something."""

    @abstractmethod
    def score(self, outputs: Matrix, targets: Matrix, kind: Kind) -> float:
        """Return the number, over all rows."""


METRICS: Registry[Metric] = Registry("metric", Metric)
"""Every metric by name."""


def kind_of(network: Network, targets: Matrix) -> Kind:
    """Return what kind of task a network with these targets has.

    A loss over classes makes it ``multiclass``, targets other than 0 and 1 ``regression``, one output ``binary``. Several outputs are
    ``multilabel`` under a loss for labels (bce, focal); under any other loss they are ``multiclass`` where every row is one-hot.
    """
    if network.loss.takes_classes(network.output_activation):
        return "multiclass"
    if not ((targets == 0) | (targets == 1)).all():
        return "regression"
    if network.n_out == 1:
        return "binary"
    if network.loss.output_activation == "sigmoid" or (targets.sum(axis=1) != 1).any():
        return "multilabel"
    return "multiclass"


def decide(outputs: Matrix, kind: Kind) -> NDArray[np.intp]:
    """Return what the outputs say: class indices ``(batch,)``, or 0 and 1 ``(batch, n_out)`` for several labels.

    One output says 1 above 0.5; of several classes the largest output wins.
    """
    if kind == "multiclass":
        return outputs.argmax(axis=1)
    labels = (outputs > _THRESHOLD).astype(np.intp)
    return labels[:, 0] if kind == "binary" else labels


def _indicators(values: Matrix, kind: Kind) -> np.ndarray:
    """Return a boolean column for each class, or for each label."""
    if kind == "multiclass":
        return np.eye(values.shape[1], dtype=bool)[values.argmax(axis=1)]
    positive = values > _THRESHOLD
    return np.hstack([~positive, positive]) if kind == "binary" else positive


@dataclass(frozen=True)
class Accuracy(Metric):
    """The share of rows that are right; of several labels, all must be."""

    def score(self, outputs: Matrix, targets: Matrix, kind: Kind) -> float:
        """Return the share, from 0 to 1."""
        right = decide(outputs, kind) == decide(targets, kind)
        return float((right if right.ndim == 1 else right.all(axis=1)).mean())


@dataclass(frozen=True)
class BalancedAccuracy(Metric):
    """The share of rows that are right in each class, averaged over the classes that occur."""

    kinds: ClassVar[tuple[Kind, ...]] = ("binary", "multiclass")

    def score(self, outputs: Matrix, targets: Matrix, kind: Kind) -> float:
        """Return the mean recall, from 0 to 1."""
        truth, said = _indicators(targets, kind), _indicators(outputs, kind)
        present = truth.any(axis=0)
        return float(((truth & said).sum(axis=0)[present] / truth.sum(axis=0)[present]).mean())


@dataclass(frozen=True)
class F1(Metric):
    """2 TP / (2 TP + FP + FN) of the positive class, or averaged over classes or labels (macro); 0 where nothing is positive."""

    def score(self, outputs: Matrix, targets: Matrix, kind: Kind) -> float:
        """Return F1, from 0 to 1."""
        truth, said = _indicators(targets, kind), _indicators(outputs, kind)
        if kind == "binary":
            truth, said = truth[:, 1:], said[:, 1:]
        if kind == "multiclass":
            occurs = (truth | said).any(axis=0)
            truth, said = truth[:, occurs], said[:, occurs]
        hits = 2 * (truth & said).sum(axis=0)
        total = truth.sum(axis=0) + said.sum(axis=0)
        return float((hits / np.maximum(total, 1)).mean())


@dataclass(frozen=True)
class LogLoss(Metric):
    """Minus the mean logarithm of the probability given to the truth; probabilities are kept off 0 and 1 by the precision's epsilon."""

    greater_is_better: ClassVar[bool] = False

    def score(self, outputs: Matrix, targets: Matrix, kind: Kind) -> float:
        """Return the log loss, in nats a row; for several labels the mean over them."""
        epsilon = np.finfo(outputs.dtype).eps
        probabilities = np.clip(outputs, epsilon, 1 - epsilon)
        if kind == "multiclass":
            probabilities = probabilities / probabilities.sum(axis=1, keepdims=True)
            return float(-(targets * np.log(probabilities)).sum(axis=1).mean())
        return float(-(targets * np.log(probabilities) + (1 - targets) * np.log(1 - probabilities)).mean())


@dataclass(frozen=True)
class R2(Metric):
    """1 minus the squared error over that of predicting each output's mean; averaged over the outputs.

    For an output whose targets are all equal: 1 if predicted exactly, else 0.
    """

    kinds: ClassVar[tuple[Kind, ...]] = ("regression", "binary", "multiclass", "multilabel")

    def score(self, outputs: Matrix, targets: Matrix, kind: Kind) -> float:
        """Return R², at most 1."""
        error = np.square(outputs - targets).sum(axis=0)
        spread = np.square(targets - targets.mean(axis=0)).sum(axis=0)
        # Equal targets can have a spread, as their mean is rounded, and those that hardly differ can have none.
        varies = (targets != targets[0]).any(axis=0) & (spread > 0)
        scores = np.where(varies, 1 - error / np.where(varies, spread, 1), np.where(error > 0, 0, 1))
        return float(scores.mean())


@dataclass(frozen=True)
class MeanAbsoluteError(Metric):
    """The mean of the absolute residuals, in the targets' unit."""

    greater_is_better: ClassVar[bool] = False
    kinds: ClassVar[tuple[Kind, ...]] = ("regression", "binary", "multiclass", "multilabel")

    def score(self, outputs: Matrix, targets: Matrix, kind: Kind) -> float:
        """Return the mean absolute error."""
        return float(np.abs(outputs - targets).mean())


@dataclass(frozen=True)
class RootMeanSquaredError(Metric):
    """The root of the mean squared residual over all elements, in the targets' unit."""

    greater_is_better: ClassVar[bool] = False
    kinds: ClassVar[tuple[Kind, ...]] = ("regression", "binary", "multiclass", "multilabel")

    def score(self, outputs: Matrix, targets: Matrix, kind: Kind) -> float:
        """Return the root mean squared error."""
        return float(np.sqrt(np.square(outputs - targets).mean()))


METRICS.register_all(
    {
        "accuracy": Accuracy,
        "balanced_accuracy": BalancedAccuracy,
        "f1": F1,
        "log_loss": LogLoss,
        "r2": R2,
        "mae": MeanAbsoluteError,
        "rmse": RootMeanSquaredError,
    }
)
