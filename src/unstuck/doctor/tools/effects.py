"""What an edit does: the runs with it against the runs without, seed by seed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.scripts.trials import TrialReport
    from unstuck.doctor.tools.variant_runs import Metric

Effect: TypeAlias = Literal[
    "makes the difference", "helps", "no difference", "depends on the seed", "hurts", "breaks", "not tried"
]
"""With it the script learns as it did not before; it ends lower on every seed; the same; lower on some and not on others; higher;
it no longer learns or no longer runs; nobody tried."""

_LEARNED = 0.1
_TWICE = 2.0
_CLEAR = 0.02
_LOWER = 0.97
_TINY = 1e-12


@dataclass(frozen=True)
class Reading:
    """How a run went.

    Attributes:
        last: Its loss at the end; NaN if it has none.
        closed: How much of the gap between the best constant prediction and a perfect one it has closed; below 0 if it is worse
            than the former.
        runs: Whether it ran as far as it should have.
    """

    last: float
    closed: float
    runs: bool

    @property
    def learned(self) -> bool:
        """Whether it ended clearly better than the best constant prediction."""
        return self.runs and self.closed > _LEARNED


def read(run: TrialReport | None, other: TrialReport | None, metric: Metric) -> Reading:
    """Return how a run went, as far as the run it is compared with went too if time was short.

    Args:
        run: The run; None if there is none.
        other: The run it is compared with.
        metric: What both followed.
    """
    if run is None:
        return Reading(math.nan, 0.0, runs=False)
    cut = min((one.steps for one in (run, other) if one is not None and one.reason == "time"), default=None)
    last = run.last(metric.window, cut) if run.reason != "not finite" else math.nan
    start = metric.constant if metric.constant is not None else run.first(metric.window)
    if other is not None and metric.constant is None and other.values.size:
        start = other.first(metric.window)
    closed = (start - last) / abs(start) if math.isfinite(last) and math.isfinite(start) and abs(start) > _TINY else 0.0
    return Reading(last, closed, runs=_runs(run, other))


def _runs(run: TrialReport, other: TrialReport | None) -> bool:
    """Whether a run trained to its end; what fails when the training is over, such as a plot, does not count."""
    if run.reason not in ("failed", "died"):
        return True
    return run.steps > 1 if other is None else run.steps >= other.steps > 0


def effect_of(before: Sequence[Reading], after: Sequence[Reading], goal: Sequence[Reading] = ()) -> Effect:
    """Return what an edit does.

    It makes the difference if on every seed the script learns with it and closes at least twice as much of the gap as without, and
    at least half as much as the second version, where that learns.

    Args:
        before: The readings without it, one for each seed.
        after: Those with it.
        goal: Those of the second version; none if unknown.
    """
    pairs = list(zip(before, after, strict=False))
    if not pairs:
        return "not tried"
    if _stops_running(pairs):
        return "breaks"
    goes_far = all(new.closed >= end.closed / _TWICE for new, end in zip(after, goal, strict=False) if end.learned)
    if goes_far and all(_is_decisive(old, new) for old, new in pairs):
        return "makes the difference"
    if all(old.learned and new.closed <= old.closed / _TWICE for old, new in pairs):
        return "breaks"
    return _by_degrees(pairs)


def _stops_running(pairs: list[tuple[Reading, Reading]]) -> bool:
    """Whether a script fails, or its loss is no longer finite, as it did not before."""
    if all(not new.runs for _, new in pairs) or any(old.runs and not new.runs for old, new in pairs):
        return True
    return any(not math.isfinite(new.last) and math.isfinite(old.last) for old, new in pairs)


def _by_degrees(pairs: list[tuple[Reading, Reading]]) -> Effect:
    """Return what an edit does that neither makes a script learn nor keeps it from learning."""
    lower, higher = [_is_lower(new, old) for old, new in pairs], [_is_lower(old, new) for old, new in pairs]
    if all(lower):
        return "helps"
    if all(higher):
        return "hurts"
    return "depends on the seed" if any(lower) or any(higher) else "no difference"


def _is_decisive(old: Reading, new: Reading) -> bool:
    return new.learned and new.closed >= _TWICE * _gap(old) and new.closed - _gap(old) > _LEARNED


def _gap(reading: Reading) -> float:
    return max(0.0, reading.closed) if reading.runs else 0.0


def _is_lower(one: Reading, other: Reading) -> bool:
    """Whether one run ended clearly lower than another."""
    if not math.isfinite(other.last):
        return math.isfinite(one.last)
    return one.closed - other.closed > _CLEAR and one.last < _LOWER * other.last
