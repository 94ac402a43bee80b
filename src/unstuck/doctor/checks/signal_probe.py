"""Do inputs tell anything about targets? Simple models answer on rows they have not seen, and again for targets in random orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.neighbour_ranks import neighbour_surprise

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_FOLDS = 5
_ORDERS = 40
_NEIGHBOURS = 5
_FEATURES = 60
_PENALTY = 1e-2
_MOST_ROWS = 600
_CLEAR = 4.0
_NOT_SURPRISING = 2.3


@dataclass(frozen=True)
class Signal:
    """What the models found.

    Attributes:
        rows: How many rows were looked at.
        explained: For each model the share of the targets' variance it explains on rows it has not seen;
            below 0 it is worse than their mean.
        by_chance: For each model the largest share for targets in a random order.
        surprise: For each model how many standard deviations the share is from that of random orders, to either side.
        neighbours: Likewise for the likeness of near rows, see :func:`neighbour_surprise`.
    """

    rows: int
    explained: dict[str, float]
    by_chance: dict[str, float]
    surprise: dict[str, float]
    neighbours: float = 0.0

    @property
    def is_none(self) -> bool:
        """Whether every model does as well, or as badly, as for a random order."""
        return self.neighbours < _CLEAR and all(abs(surprise) < _NOT_SURPRISING for surprise in self.surprise.values())

    @property
    def is_clear(self) -> bool:
        """Whether a model is far from what random orders give."""
        return self.neighbours > _CLEAR or any(abs(surprise) > _CLEAR for surprise in self.surprise.values())


def signal_of(inputs: NDArray[np.float64], targets: NDArray[np.float64]) -> Signal:
    """Return what three models find: the mean of the nearest rows, a linear one, and a linear one of random features.

    Args:
        inputs: Shape ``(rows, numbers)``.
        targets: Shape ``(rows, numbers)``.
    """
    rng = np.random.default_rng(5)
    if len(inputs) > _MOST_ROWS:
        chosen = np.sort(rng.choice(len(inputs), _MOST_ROWS, replace=False))
        inputs, targets = inputs[chosen], targets[chosen]
    spread = inputs.std(0)
    inputs = (inputs - inputs.mean(0)) / np.where(spread > 0, spread, 1.0)
    folds = np.array_split(rng.permutation(len(inputs)), _FOLDS)
    weights, shift = (
        rng.normal(size=(inputs.shape[1], _FEATURES)) * 1.5 / np.sqrt(inputs.shape[1]),
        rng.normal(size=_FEATURES),
    )
    models = {
        "nearest rows": _nearest(inputs, folds),
        "linear": _ridge(inputs, folds),
        "random features": _ridge(np.hstack([inputs, np.tanh(inputs @ weights + shift)]), folds),
    }
    orders = [rng.permutation(len(inputs)) for _ in range(_ORDERS)]
    explained, by_chance, surprise = {}, {}, {}
    for name, predict in models.items():
        chance = np.array([_share(predict, targets[order], folds) for order in orders])
        explained[name] = _share(predict, targets, folds)
        by_chance[name] = float(chance.max())
        surprise[name] = float((explained[name] - chance.mean()) / max(float(chance.std()), 1e-12))
    return Signal(len(inputs), explained, by_chance, surprise, neighbour_surprise(inputs, targets))


def _share(
    predict: Callable[[NDArray[np.float64]], list[NDArray[np.float64]]],
    targets: NDArray[np.float64],
    folds: list[NDArray[np.int64]],
) -> float:
    predictions = predict(targets)
    wrong = sum(float(((targets[fold] - guess) ** 2).sum()) for fold, guess in zip(folds, predictions, strict=True))
    return 1.0 - wrong / max(float(((targets - targets.mean(0)) ** 2).sum()), 1e-300)


def _nearest(
    inputs: NDArray[np.float64], folds: list[NDArray[np.int64]]
) -> Callable[[NDArray[np.float64]], list[NDArray[np.float64]]]:
    squares = (inputs**2).sum(1)
    near = []
    for fold in folds:
        rest = np.setdiff1d(np.arange(len(inputs)), fold)
        distances = squares[fold][:, None] + squares[rest] - 2 * inputs[fold] @ inputs[rest].T
        near.append(rest[np.argsort(distances, axis=1, kind="stable")[:, :_NEIGHBOURS]])
    return lambda targets: [targets[chosen].mean(1) for chosen in near]


def _ridge(
    features: NDArray[np.float64], folds: list[NDArray[np.int64]]
) -> Callable[[NDArray[np.float64]], list[NDArray[np.float64]]]:
    solvers = []
    for fold in folds:
        rest = np.setdiff1d(np.arange(len(features)), fold)
        known = features[rest]
        gram = known.T @ known + _PENALTY * len(rest) * np.eye(known.shape[1])
        solvers.append((rest, features[fold] @ np.linalg.solve(gram, known.T)))
    return lambda targets: [
        targets[rest].mean(0) + hat @ (targets[rest] - targets[rest].mean(0)) for rest, hat in solvers
    ]
