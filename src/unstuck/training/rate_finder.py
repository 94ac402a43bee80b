"""Which learning rate? Raise it from tiny to far too large during one short run, and look where the loss falls fastest."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.data.batches import ArrayBatches, BatchSize
from unstuck.errors import OptionError
from unstuck.limits import check_count, check_positive
from unstuck.seeding import Draw
from unstuck.training.optimizers import OPTIMIZERS, Optimizer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.data.batches import Batch
    from unstuck.nets import Network

_SMOOTHING = 0.9
_BLOWN_UP = 4.0
_FEWEST_POINTS = 3
_UNSETTLED = 10


@dataclass(frozen=True)
class RateSearch:
    """What the search saw.

    Attributes:
        rates: The learning rate of each step, rising by a constant factor.
        losses: The loss of each step's batch, before its update.
        smoothed: The same as a moving mean with its start corrected, which the suggestion rests on.
        suggestion: The rate at which the smoothed loss falls fastest per factor of the rate, between the first 10 steps (or the
            first half), in which the mean settles, and its minimum; NaN where it never falls.
    """

    rates: list[float]
    losses: list[float]
    smoothed: list[float]
    suggestion: float


def find_learning_rate(
    network: Network,
    inputs: Any,
    targets: Any,
    *,
    optimizer: str | Optimizer = "adam",
    lowest: float = 1e-6,
    highest: float = 10.0,
    steps: int = 100,
    batch_size: BatchSize = 32,
    seed: int = 0,
) -> RateSearch:
    """Run ``steps`` steps on a copy of ``network`` while the rate rises from ``lowest`` to ``highest``, and suggest one.

    It stops where the smoothed loss has risen above its minimum by 3 times that minimum's size, or is no longer finite.

    Args:
        network: Stays as it is.
        inputs: Shape ``(rows, n_in)``.
        targets: Shape ``(rows, n_out)``.
        optimizer: Name or instance of a rule with a learning rate (default ``"adam"``).
        lowest: The first rate (default 1e-6).
        highest: The last rate (default 10).
        steps: How many steps (default 100).
        batch_size: Rows a step (default 32).
        seed: From which the order of the rows is drawn.

    Raises:
        OptionError: A rule without a learning rate, or limits the wrong way round.

    Source: Smith, *Cyclical learning rates for training neural networks*, WACV 2017, section 3.3.
    """
    check_positive("lowest", lowest)
    check_positive("highest", highest)
    check_count("steps", steps, least=_FEWEST_POINTS)
    if lowest >= highest:
        raise OptionError(f"lowest must be below highest. Got {lowest:g} and {highest:g} instead.")
    rule = OPTIMIZERS.create(optimizer)
    if not isinstance(rule, Optimizer) or not hasattr(rule, "learning_rate"):
        raise OptionError(f"{OPTIMIZERS.describe(rule)} has no learning rate to look for. Choose gd, rmsprop or adam.")
    twin = network.copy()
    x, y = twin.check(inputs, targets)
    batches = ArrayBatches(x, y, batch_size=batch_size, seed=seed)
    rates = [float(rate) for rate in np.geomspace(lowest, highest, steps)]
    losses, smoothed = _sweep(twin, rule, batches, rates, seed)
    rates = rates[: len(losses)]
    return RateSearch(rates, losses, smoothed, _steepest(rates, smoothed))


def _sweep(
    network: Network, rule: Optimizer, batches: ArrayBatches, rates: list[float], seed: int
) -> tuple[list[float], list[float]]:
    slots = rule.start(network.n_parameters, network.dtype)
    losses: list[float] = []
    smoothed: list[float] = []
    average = 0.0
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for step, (rate, batch) in enumerate(zip(rates, _endless(batches), strict=False), 1):
            loss, gradient = network.loss_and_gradient(*batch, draw=Draw(seed, 0, step))
            if not math.isfinite(loss):
                break
            average = _SMOOTHING * average + (1 - _SMOOTHING) * loss
            losses.append(loss)
            smoothed.append(average / (1 - _SMOOTHING**step))
            low = min(smoothed)
            if smoothed[-1] - low > (_BLOWN_UP - 1) * abs(low):  # a loss such as poisson may be below 0
                break
            at_rate = replace(rule, learning_rate=rate)  # type: ignore[call-arg]  # checked by the caller
            at_rate.update(network.parameters, gradient, slots, loss, step)
            network.keep_max_norm()
    return losses, smoothed


def _endless(batches: ArrayBatches) -> Iterator[Batch]:
    epoch = 0
    while True:
        yield from batches.epoch(epoch)
        epoch += 1


def _steepest(rates: list[float], smoothed: list[float]) -> float:
    """Return the rate of the steepest fall on the way down to the minimum, once the moving mean has settled."""
    lowest = int(np.argmin(smoothed)) if smoothed else 0
    if lowest + 1 < _FEWEST_POINTS:
        return math.nan
    falling = slice(min(_UNSETTLED, lowest // 2), lowest + 1)
    slope = np.gradient(np.array(smoothed), np.log(rates))[falling]
    best = int(np.argmin(slope))
    return rates[falling][best] if slope[best] < 0 else math.nan
