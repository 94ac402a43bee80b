"""The proof of a remedy: the script as it is written, with the remedy, and the controls, from the same seeds over the same steps."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from unstuck.doctor.findings import Trial
from unstuck.doctor.scripts.combinations import combined, generic_changes
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.findings import Finding, Severity
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.suspicion import Suspicion
    from unstuck.doctor.scripts.trials import TrialReport

SEEDS = 3
_STAGES = (0.8, 3.0, 8.0)
_MUCH = 0.1
_BETTER = 0.3
AS_WRITTEN = Change("as written")


@dataclass
class Bench:
    """Runs trials once each and remembers them.

    Attributes:
        examination: The script.
        deadline: When it must be over, in the time of ``time.monotonic``.
        horizon: How many steps each run has.
    """

    examination: Examination
    deadline: float
    horizon: int = 0
    _known: dict[tuple[str, int, int], TrialReport] = field(default_factory=dict)

    def reports(self, changes: Sequence[tuple[Change, int]]) -> list[TrialReport]:
        """Return the runs of changes, each with its seed."""
        new: list[tuple[Change, int]] = []
        for change, seed in changes:
            if self._key(change, seed) not in self._known and not any(self._key(*entry) == self._key(change, seed) for entry in new):
                new.append((change, seed))
        seconds = max(0.5, min(20.0, self.left() / max(1, math.ceil(len(new) / 2))))
        for (change, seed), report in zip(new, self.examination.trials.many(new, self.horizon, seconds), strict=True):
            self._known[self._key(change, seed)] = report
        return [self._known[self._key(change, seed)] for change, seed in changes]

    def closed(self, change: Change, seeds: Sequence[int]) -> list[float]:
        """Return the share of the gap that a change closes, for each seed."""
        learning = self.examination.learning
        return [learning.closed(report) for report in self.reports([(change, seed) for seed in seeds])]

    def last(self, change: Change, seeds: Sequence[int]) -> tuple[float, ...]:
        """Return the loss at the end, for each seed."""
        return tuple(report.last(self.examination.learning.window) for report in self.reports([(change, seed) for seed in seeds]))

    def left(self) -> float:
        """Return how many seconds are left."""
        return self.deadline - time.monotonic()

    def _key(self, change: Change, seed: int) -> tuple[str, int, int]:
        return change.name, seed, self.horizon


def prove(examination: Examination, suspicions: Sequence[Suspicion], seconds: float) -> list[Finding]:
    """Return the findings with their severities: what was suspected, as far as the trials bear it out.

    Args:
        examination: The script.
        suspicions: What the checks suspect.
        seconds: How long it may take.
    """
    bench = Bench(examination, time.monotonic() + seconds)
    tryable = [suspicion for suspicion in suspicions if suspicion.change is not None]
    learned = examination.learning.has_learned(examination.written)
    if not tryable and learned:
        return [suspicion.finding for suspicion in suspicions if not suspicion.needs_proof]
    found: dict[int, Finding] = {}
    for stage, stage_seconds in enumerate(_STAGES):
        bench.horizon = _horizon(examination, stage_seconds)
        if bench.left() < 2 * stage_seconds + 1:
            break
        found = _at_horizon(bench, tryable, learned=learned)
        if learned or any(finding.trial is not None and finding.trial.proved for finding in found.values()):
            break
        if stage == len(_STAGES) - 1 or examination.written.reason == "ended" and bench.horizon < examination.written.steps:
            break
    return [
        found.get(id(suspicion), suspicion.finding)
        for suspicion in suspicions
        if not suspicion.needs_proof or (id(suspicion) in found and found[id(suspicion)].severity in ("fatal", "harmful"))
    ]


def _horizon(examination: Examination, seconds: float) -> int:
    """Return how many steps fit into some seconds, a round number; of a script that learns at most its own."""
    written = examination.written
    speed = written.steps / max(written.seconds, 1e-3)
    if written.reason == "ended" and (examination.learning.has_learned(written) or written.steps >= speed * seconds):
        return max(1, written.steps)
    steps = max(10, int(speed * seconds))
    power = 10 ** (len(str(steps)) - 1)
    return max(written.steps if written.reason == "ended" else 0, next(factor * power for factor in (5, 2, 1) if factor * power <= steps))


def _at_horizon(bench: Bench, suspicions: Sequence[Suspicion], *, learned: bool) -> dict[int, Finding]:
    """Try every suspicion at one horizon, and their combinations where none alone is enough."""
    changes = [suspicion.change for suspicion in suspicions if suspicion.change is not None]
    generic = [] if learned else generic_changes(bench.examination)
    bench.reports([(AS_WRITTEN, 0), *((change, 0) for change in changes), *((change, 0) for change in generic)])
    promising = [change for change in changes if _helps(bench, change, [0], learned=learned)]
    for change in promising:
        bench.reports([(entry, seed) for seed in range(1, SEEDS) for entry in (AS_WRITTEN, change)])
    runner_up = _runner_up(bench, [*changes, *generic])
    found: dict[int, Finding] = {}
    for suspicion in suspicions:
        if suspicion.change in promising:
            found[id(suspicion)] = _with_trial(bench, suspicion, suspicion.change, runner_up, learned=learned)
        elif learned and not suspicion.needs_proof:
            found[id(suspicion)] = _harmless(bench, suspicion)
    if not learned and not any(finding.trial and finding.trial.proved for finding in found.values()):
        found |= combined(bench, suspicions)
    return found


def _helps(bench: Bench, change: Change, seeds: Sequence[int], *, learned: bool) -> bool:
    """Whether a remedy closes at least twice as much of the gap as the run as written, or in a script that learns clearly lowers the loss."""
    written, mended = bench.closed(AS_WRITTEN, seeds), bench.closed(change, seeds)
    if learned:
        lower = zip(bench.last(AS_WRITTEN, seeds), bench.last(change, seeds), strict=True)
        return all(math.isfinite(after) and after < (1 - _BETTER) * before and closed > as_written + 0.02 for (before, after), closed, as_written in zip(lower, mended, written, strict=True))  # noqa: PLR2004 (two per cent of the gap)
    return all(after >= 2 * before and after > before + _MUCH for before, after in zip(written, mended, strict=True))


def _runner_up(bench: Bench, changes: Sequence[Change]) -> list[Change]:
    """Return the changes in the order of what they achieve."""
    return sorted(changes, key=lambda change: -bench.closed(change, [0])[0])


def _with_trial(bench: Bench, suspicion: Suspicion, change: Change, ranked: Sequence[Change], *, learned: bool) -> Finding:
    seeds = range(SEEDS)
    helps = _helps(bench, change, seeds, learned=learned)
    trial = trial_of(bench, change, next((other for other in ranked if other is not change), None), proved=helps)
    severity: Severity = ("harmful" if learned else "fatal") if helps else ("harmless" if learned else "unproven")
    return replace(suspicion.finding, severity=severity, trial=trial)


def trial_of(bench: Bench, change: Change, runner_up: Change | None, *, proved: bool) -> Trial:
    """Return the record of a trial."""
    seeds = range(SEEDS)
    learning = bench.examination.learning
    controls = {"other seed": _finite(bench.last(AS_WRITTEN, [SEEDS]))}
    if runner_up is not None:
        controls[f"instead: {runner_up.name}"] = _finite(bench.last(runner_up, [0]))
    written, mended = bench.reports([(AS_WRITTEN, 0), (change, 0)])
    return Trial(
        learning.metric, bench.horizon, SEEDS, _finite(bench.last(AS_WRITTEN, seeds)), _finite(bench.last(change, seeds)), controls, proved,
        {"as written": _finite(written.curve(learning.window)), "with remedy": _finite(mended.curve(learning.window))},
    )  # fmt: skip


def _finite(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _harmless(bench: Bench, suspicion: Suspicion) -> Finding:
    """The script learns, and with the remedy it learns no better."""
    if suspicion.change is None:
        return suspicion.finding
    return replace(suspicion.finding, severity="harmless", trial=None)
