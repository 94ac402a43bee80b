"""What a mutant does, found by running it: the truth that a diagnosis is measured against."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from faultbench.originals import with_seed
from faultbench.running.oracle import loss_at_end, losses_alike, update_factors
from faultbench.running.runs import Run, run

if TYPE_CHECKING:
    from faultbench.operators import Operator
    from faultbench.originals import Original

Label: TypeAlias = Literal["crash", "diverges", "stuck", "slow", "silent", "equivalent"]
Effect: TypeAlias = Literal["update", "rate", "loss", "start", "none"]

_SEEDS = (0, 1, 2)
_DIVERGED = 10.0
_STUCK = 0.5
_SLOW = 1 / 3
_PATIENCE = 4.0
_LEAST_PATIENCE = 5.0
_SAME_STEP = 1e-5


@dataclass(frozen=True)
class Truth:
    """What is known about a mutant.

    Attributes:
        label: ``crash``; ``diverges``; ``stuck``: under half of the original's fall of the loss on each of 3 seeds; ``slow``: what it
            comes to, the original has come to in a third of its steps; ``silent``: none of these; ``equivalent``: nothing has changed.
        effect: What the mistake has changed: the updates, only how long those of single parameters are, only the loss that is told, only
            what the training starts from, or nothing.
        seconds: How long the script runs.
    """

    label: Label
    effect: Effect
    seconds: float


def label(original: Original, text: str, operator: Operator) -> Truth:
    """Run a mutant from three seeds beside its original."""
    patience = max(_LEAST_PATIENCE, _PATIENCE * _seconds(original))
    runs: list[Run] = []
    for seed in _SEEDS:
        runs.append(run(with_seed(text, seed), original, patience))
        if runs[-1].error and runs[-1].error != "timeout":
            return Truth("crash", "update", runs[-1].seconds)
    effect = _effect(original, text, operator)
    seconds = float(np.median([each.seconds for each in runs]))
    if effect == "loss":  # it trains as the original does, whatever it says of it
        return Truth("silent", effect, seconds)
    if sum(_diverges(each, _as_written(original, seed)) for each, seed in zip(runs, _SEEDS, strict=True)) > 1:
        return Truth("diverges", effect, seconds)
    learned = [_learned(original, text, each, seed) for each, seed in zip(runs, _SEEDS, strict=True)]
    if all(share < _STUCK for share in learned):
        return Truth("stuck", effect, seconds)
    if all(_is_slow(_as_written(original, seed), share) for share, seed in zip(learned, _SEEDS, strict=True)):
        return Truth("slow", effect, seconds)
    changes_nothing = effect in ("none", "start")
    return Truth("equivalent" if changes_nothing else "silent", effect, seconds)


@cache
def _as_written(original: Original, seed: int) -> Run:
    return run(with_seed(original.text, seed), original, patience=60.0)


def _seconds(original: Original) -> float:
    return _as_written(original, 0).seconds


def _effect(original: Original, text: str, operator: Operator) -> Effect:
    if operator.family == "start":
        return "start"
    factors = update_factors(original, text)
    if not factors:
        return "update"
    if np.ptp(factors) > _SAME_STEP * max(factors):
        return "rate"
    factor = factors[0]
    # with steps of another size a loss that is computed after a step is another one
    return "none" if abs(factor - 1) > _SAME_STEP or losses_alike(original, text) else "loss"


def _diverges(seen: Run, original: Run) -> bool:
    if seen.error == "timeout":
        return False
    return not math.isfinite(seen.last) or seen.last > _DIVERGED * max(abs(seen.first), abs(original.first))


def _learned(original: Original, text: str, seen: Run, seed: int) -> float:
    """Return the share of the original's fall of the loss that a mutant makes.

    Told by its own loss, or, since a mistake may be in that loss, by the original's loss of the parameters that it comes to.
    """
    expected = _as_written(original, seed)
    fall = expected.first - expected.last
    shares = [(expected.first - seen.last) / fall]
    at_end = loss_at_end(original, with_seed(text, seed), seen.end)
    shares.append((expected.first - at_end) / fall)
    return max((share for share in shares if math.isfinite(share)), default=0.0)


def _is_slow(original: Run, share: float) -> bool:
    """Whether the original has come as far in a third of its steps, and goes on to come clearly further."""
    early = original.losses[int(len(original.losses) * _SLOW)]
    fall = original.first - original.last
    early_share = (original.first - early) / fall
    return share < early_share - 1e-3 and share < 0.98  # noqa: PLR2004 (what is left must be worth the steps)
