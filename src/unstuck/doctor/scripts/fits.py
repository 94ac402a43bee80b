"""How much of the targets a straight line explains, and how much a curved one: fitted directly, without gradient descent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Fit = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]

_TINY = 1e-9
_RIDGE = 1e-3
_NEWTON_STEPS = 25
_LARGEST_LOGIT = 30.0
_CURVES = 200
_TABLE = 32
_FOLDS = 5


def unexplained(rows: NDArray[np.float64], targets: NDArray[np.float64]) -> tuple[float, float]:
    """Return the share of the targets' variance that the best straight line leaves, and the share that a curved one leaves.

    Behind the line stands a sigmoid if all targets are 0 or 1. The curved one is a ridge regression on 200 random tanh units. Both are
    judged on rows that were not fitted, by five-fold cross-validation; up to 32 different rows, such as a truth table, are fitted as a
    whole, since they are all there is.

    Args:
        rows: The inputs, samples as rows.
        targets: The targets, samples as rows.
    """
    scaled = (rows - rows.mean(0)) / (rows.std(0) + _TINY)
    rng = np.random.default_rng(103)
    hidden = np.tanh(scaled @ rng.normal(0, 1.5, (rows.shape[1], _CURVES)) + rng.normal(0, 1.5, _CURVES))
    ones = np.ones((len(rows), 1))
    is_table = len({row.tobytes() for row in rows}) <= _TABLE
    is_binary = bool(np.isin(targets, (0.0, 1.0)).all())
    order = rng.permutation(len(rows))
    tests = [order] if is_table else [order[fold::_FOLDS] for fold in range(_FOLDS)]
    straight = np.hstack([scaled, ones])
    curved = np.hstack([hidden, scaled, ones])
    return (
        _left(straight, targets, tests, _logistic if is_binary else _ridge),
        _left(curved, targets, tests, _ridge_within if is_binary else _ridge),
    )


def _left(
    features: NDArray[np.float64], targets: NDArray[np.float64], tests: list[NDArray[np.int64]], fit: Fit
) -> float:
    """Return the share of the variance that a fit leaves on rows held back; on all rows if nothing is held back."""
    total = float(((targets - targets.mean(0)) ** 2).sum())
    if total == 0:
        return 0.0
    error = 0.0
    for test in tests:
        train = test if len(test) == len(targets) else np.setdiff1d(np.arange(len(targets)), test)
        weights = fit(features[train], targets[train])
        predicted = features[test] @ weights
        if fit is _logistic:
            predicted = _sigmoid(predicted)
        elif fit is _ridge_within:
            predicted = np.clip(predicted, 0, 1)
        error += float(((predicted - targets[test]) ** 2).sum())
    return min(1.0, error / total)


def _ridge(features: NDArray[np.float64], targets: NDArray[np.float64]) -> NDArray[np.float64]:
    penalty = (_RIDGE if len(features) > _TABLE else 1e-6) * len(features) * np.eye(features.shape[1])
    weights = np.linalg.solve(features.T @ features + penalty, features.T @ targets)
    return np.asarray(weights, np.float64)


def _ridge_within(features: NDArray[np.float64], targets: NDArray[np.float64]) -> NDArray[np.float64]:
    return _ridge(features, targets)


def _logistic(features: NDArray[np.float64], targets: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights of a logistic regression for each output, by Newton's method."""
    weights = np.zeros((features.shape[1], targets.shape[1]))
    for output in range(targets.shape[1]):
        for _ in range(_NEWTON_STEPS):
            predicted = _sigmoid(features @ weights[:, output])
            gradient = features.T @ (predicted - targets[:, output]) + _RIDGE * weights[:, output]
            curvature = (features * (predicted * (1 - predicted))[:, None]).T @ features + _RIDGE * np.eye(len(weights))
            weights[:, output] -= np.linalg.solve(curvature, gradient)
    return np.asarray(weights, np.float64)


def _sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(logits, -_LARGEST_LOGIT, _LARGEST_LOGIT)))
