"""The proof: the same training with and without a remedy, from three seeds."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.doctor.findings import Trial
from unstuck.doctor.networks.setup import train

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from unstuck.doctor.networks.setup import Outcome, Setup
    from unstuck.doctor.networks.suspicions import Change, Suspicion

SEEDS = 3
METRIC = "share of the error that is left"
LEARNED = 0.05


@dataclass(frozen=True)
class Written:
    """The training as it is, from its own seed and from others.

    Attributes:
        setup: The training.
        seeds: The setup's own seed first.
        outcomes: For each seed.
        seconds: How long one took.
    """

    setup: Setup
    seeds: tuple[int, ...]
    outcomes: tuple[Outcome, ...]
    seconds: float

    @property
    def lucky(self) -> int:
        """From how many of the other seeds the same training learns what it does not learn from its own."""
        own = self.outcomes[0]
        return sum(other.left <= LEARNED or other.is_much_better_than(own) for other in self.outcomes[1:])


def run_as_written(setup: Setup) -> Written:
    """Train from the setup's own seed."""
    began = time.monotonic()
    outcome = train(setup)
    return Written(setup, (setup.network.seed,), (outcome,), time.monotonic() - began)


def with_other_seeds(written: Written) -> Written:
    """Train from the next seeds as well."""
    own = written.seeds[0]
    others = tuple(own + number for number in range(1, SEEDS))
    outcomes = tuple(train(written.setup, seed) for seed in others)
    return Written(written.setup, (own, *others), (*written.outcomes, *outcomes), written.seconds)


@dataclass(frozen=True)
class Proof:
    """A remedy that has helped from every seed."""

    change: Change
    trial: Trial


def prove(suspicion: Suspicion, written: Written, deadline: float, has_signal: Callable[[], bool]) -> Proof | None:
    """Return the change of a suspicion that helps most, if it helps from every seed: at most half of the error is left each time.

    Args:
        suspicion: What may be wrong.
        written: The training as it is.
        deadline: Until when to try.
        has_signal: Whether inputs tell anything about targets; asked only where a remedy helps on the rows of the training alone.
    """
    best: Proof | None = None
    for change in suspicion.changes:
        if time.monotonic() > deadline:
            break
        proof = _try(change, suspicion, written, has_signal)
        if proof is not None and (best is None or max(proof.trial.with_remedy) < max(best.trial.with_remedy)):
            best = proof
        if best is not None and max(best.trial.with_remedy) <= LEARNED:
            break
    return best


def _try(change: Change, suspicion: Suspicion, written: Written, has_signal: Callable[[], bool]) -> Proof | None:
    """Return the proof of a change, or None if it does not help from every seed."""
    outcome = train(change.setup, written.seeds[0])
    if not outcome.is_much_better_than(written.outcomes[0], by_heart=suspicion.is_measured):
        return None
    with_remedy = [outcome, *(train(change.setup, seed) for seed in written.seeds[1:])]
    pairs = list(zip(with_remedy, written.outcomes, strict=True))
    holds = all(_helps(new, old) for new, old in pairs)
    if holds or (suspicion.is_measured and all(_helps(*pair, by_heart=True) for pair in pairs) and has_signal()):
        return Proof(change, _trial(change, written, with_remedy))
    return None


def _helps(new: Outcome, old: Outcome, *, by_heart: bool = False) -> bool:
    """Whether a remedy helps, or there was nothing to help and it does no harm."""
    return new.is_much_better_than(old, by_heart=by_heart) or (old.left <= LEARNED and new.left <= LEARNED)


def _trial(change: Change, written: Written, with_remedy: Sequence[Outcome]) -> Trial:
    return Trial(
        metric=METRIC,
        horizon=change.setup.steps,
        seeds=len(with_remedy),
        as_written=tuple(each.left for each in written.outcomes),
        with_remedy=tuple(each.left for each in with_remedy),
        controls={"other seed": tuple(each.left for each in written.outcomes[1:])},
        proved=True,
        curves={
            "as written": _finite(written.outcomes[0].curve),
            "with remedy": _finite(with_remedy[0].curve),
        },
    )


def _finite(curve: Sequence[float]) -> tuple[float, ...]:
    return tuple(value for value in curve if math.isfinite(value))
