"""The proof of a remedy: the script as it is written, with the remedy, and the controls, from the same seeds over the same steps."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from unstuck.doctor.findings import CONSEQUENCES, Trial
from unstuck.doctor.scripts.combinations import combined, generic_changes
from unstuck.doctor.scripts.trials import AS_WRITTEN, LONGEST_RUN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.findings import Finding, Severity
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.suspicion import Suspicion
    from unstuck.doctor.scripts.trials import Change, TrialReport

SEEDS = 3
_STAGES = (0.8, 3.0, 8.0)
_FINALISTS = 3
_FEW_STEPS = 50
_FOR_COMBINATIONS = 8.0
_MUCH = 0.1
_BETTER = 0.3
_NOTICEABLE = 0.02
_LEAST = 0.2
_CLEARLY = 0.5
_FASTER = 3
_LONG_RUN = 12.0
_OTHER_NETWORKS = (
    "no-hidden-layer",
    "missing-bias",
)  # they may well learn faster; a script that learns is not wrong for it
_LONGEST_TRIAL = 20.0
_SLOWER = 4


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
    _known: dict[tuple[str, int, int, int], TrialReport] = field(default_factory=dict)

    def reports(self, changes: Sequence[tuple[Change, int]], longest: float = _LONGEST_TRIAL) -> list[TrialReport]:
        """Return the runs of changes, each with its seed, and none of them longer than ``longest`` seconds."""
        new: list[tuple[Change, int]] = []
        for change, seed in changes:
            if self._key(change, seed) not in self._known and not any(
                self._key(*entry) == self._key(change, seed) for entry in new
            ):
                new.append((change, seed))
        at_once = self.examination.trials.workers
        seconds = max(0.5, min(longest, self.left() / max(1, math.ceil(len(new) / at_once))))
        for (change, seed), report in zip(new, self.examination.trials.many(new, self.horizon, seconds), strict=True):
            self._known[self._key(change, seed)] = report
        return [self._known[self._key(change, seed)] for change, seed in changes]

    def forget(self, change: Change) -> None:
        """Forget the runs of a change, so that they are made again."""
        self._known = {key: report for key, report in self._known.items() if key[0] != change.name}

    def common_steps(self, changes: Sequence[Change], seeds: Sequence[int]) -> int:
        """Return how many steps all of these runs have had: on a busy machine some end early.

        A run that came to its own end, since it had reached what the script waits for, would stay there.
        """
        return min(
            self.horizon if report.reason == "ended" or not math.isfinite(report.last(1)) else report.steps
            for report in self.reports([(change, seed) for change in changes for seed in seeds])
        )

    def compared_at(self, change: Change, seeds: Sequence[int]) -> tuple[int, int | None]:
        """Return after how many steps the script as written is compared with a change, and after how many that (None: at its end).

        Where more steps are the change, the script has its own. Where a change gets few steps done in the time, since each takes long,
        the script has all of its own: a remedy that is ahead of more steps is ahead.
        """
        if change.horizon_factor != 1.0:
            return self.examination.written.steps, None
        steps = self.common_steps([change.without, change], seeds)
        if steps < _LEAST * self.horizon:
            return self.common_steps([change.without], seeds), None
        return steps, steps

    def closed(self, change: Change, seeds: Sequence[int], steps: int | None = None) -> list[float]:
        """Return the share of the gap that a change has closed after ``steps``, for each seed."""
        learning = self.examination.learning
        return [learning.closed(report, steps) for report in self.reports([(change, seed) for seed in seeds])]

    def last(self, change: Change, seeds: Sequence[int], steps: int | None = None) -> tuple[float, ...]:
        """Return the loss after ``steps``, for each seed."""
        return tuple(
            report.last(self.examination.learning.window, steps)
            for report in self.reports([(change, seed) for seed in seeds])
        )

    def left(self) -> float:
        """Return how many seconds are left."""
        return self.deadline - time.monotonic()

    def _key(self, change: Change, seed: int) -> tuple[str, int, int, int]:
        return change.name, change.rest, seed, self.horizon


def prove(examination: Examination, suspicions: Sequence[Suspicion], seconds: float) -> list[Finding]:
    """Return the findings with their severities: what was suspected, as far as the trials bear it out.

    Args:
        examination: The script.
        suspicions: What the checks suspect.
        seconds: How long it may take.
    """
    bench = Bench(examination, time.monotonic() + seconds)
    tryable = [suspicion for suspicion in suspicions if suspicion.change is not None]
    if _learns_clearly(examination):
        found = _in_a_script_that_learns(bench, tryable)
    elif _learns_later(bench):
        found = _in_a_script_that_learns_late(bench, tryable)
    else:
        found = _in_a_script_that_is_stuck(bench, tryable)
    return without_consequences([
        found.get(id(suspicion), suspicion.finding)
        for suspicion in suspicions
        if not suspicion.needs_proof or (id(suspicion) in found and found[id(suspicion)].severity in ("fatal", "harmful"))
    ])  # fmt: skip


def without_consequences(findings: list[Finding]) -> list[Finding]:
    """Leave out what only follows from a cause that was proved: a loss that overflows since an update is wrong, units that die of it.

    Of two remedies for the same fault that are both proved the first stays.
    """
    proved = [
        finding
        for finding in findings
        if finding.trial is not None and finding.trial.proved and finding.fault not in CONSEQUENCES
    ]
    kept: list[Finding] = []
    for finding in findings:
        is_consequence = bool(proved) and finding.fault in CONSEQUENCES and finding not in proved
        is_double = (
            any(
                other.fault == finding.fault
                and other.parameter == finding.parameter
                and other.trial is not None
                and other.trial.proved
                for other in kept
            )
            and finding.fault != "wrong-gradient"
        )
        if not is_consequence and not is_double:
            kept.append(finding)
    return kept


def _learns_clearly(examination: Examination) -> bool:
    """Whether the script has learned; one that was cut off may be on its way down or up, unless it has come far."""
    written, learning = examination.written, examination.learning
    return learning.has_learned(written) and (written.reason != "time" or learning.closed(written) > _CLEARLY)


def _learns_later(bench: Bench) -> bool:
    """Let a script that was cut off run on, and see whether it learns after all; if it does, that is the run as written."""
    examination = bench.examination
    if examination.written.reason != "time" or examination.written.seconds < 1:
        return False
    learning = examination.learning
    start = learning.constant if learning.constant is not None else examination.written.first(learning.window)
    run = examination.trials.one(
        AS_WRITTEN,
        0,
        LONGEST_RUN,
        min(_LONG_RUN, bench.left() / 3),
        go_on=False,
        enough=(1 - _CLEARLY) * start if math.isfinite(start) else None,
        window=learning.window,
    )
    if run.steps > examination.written.steps:
        examination.written = run
    return learning.has_learned(run)


def _in_a_script_that_learns(bench: Bench, suspicions: Sequence[Suspicion]) -> dict[int, Finding]:
    """Say of each mistake whether the script would learn clearly better without it."""
    bench.horizon = bench.examination.written.steps
    return _at_horizon(bench, suspicions, learned=True) if suspicions else {}


def _in_a_script_that_learns_late(bench: Bench, suspicions: Sequence[Suspicion]) -> dict[int, Finding]:
    """Say of each mistake whether the script would learn in a third of the steps without it."""
    examination = bench.examination
    learning, written = examination.learning, examination.written
    found = {}
    for suspicion in suspicions:
        if suspicion.change is None or bench.left() < written.seconds / 2:
            continue
        if suspicion.finding.fault in _OTHER_NETWORKS:
            continue
        enough = written.last(learning.window)
        run = examination.trials.one(
            suspicion.change,
            0,
            written.steps,
            min(bench.left(), 2 * written.seconds),
            enough=enough,
            window=learning.window,
        )
        is_faster = run.reason == "enough" and run.steps < written.steps / _FASTER
        found[id(suspicion)] = replace(suspicion.finding, severity="harmful" if is_faster else "harmless")
    return found


def _in_a_script_that_is_stuck(bench: Bench, suspicions: Sequence[Suspicion]) -> dict[int, Finding]:
    """Look for what makes the script learn, over longer and longer runs; the longest are for those that did best.

    Where something is wrong for certain, it may take more than its remedy: then combinations come before longer runs.
    """
    found: dict[int, Finding] = {}
    is_wrong = any(not suspicion.needs_proof for suspicion in suspicions)
    was_combined = False
    among = list(suspicions)
    for number, seconds in enumerate(_STAGES):
        horizon = _horizon(bench.examination, seconds)
        if horizon < _FEW_STEPS and number < len(_STAGES) - 1:
            continue  # of a slow script a longer run shows more than several short ones
        if horizon == bench.horizon or bench.left() < 4 * seconds + _FOR_COMBINATIONS:
            continue
        if number == len(_STAGES) - 1:
            among = _finalists(bench, among)
        bench.horizon = horizon
        found = _at_horizon(bench, among, learned=False, longest=_SLOWER * seconds) or found
        if is_wrong and not was_combined and not _has_proof(found):
            found |= combined(bench, suspicions)
            was_combined = True
        if _has_proof(found):
            return found
    if bench.horizon and not was_combined:
        bench.horizon = _horizon(bench.examination, _STAGES[0])
        found |= combined(bench, suspicions)
    return found


def _has_proof(found: dict[int, Finding]) -> bool:
    return any(finding.trial is not None and finding.trial.proved for finding in found.values())


def _finalists(bench: Bench, suspicions: Sequence[Suspicion]) -> list[Suspicion]:
    """Return those whose remedies have brought the loss lowest so far."""
    if not bench.horizon:
        return list(suspicions)

    def reached(suspicion: Suspicion) -> float:
        last = math.inf if suspicion.change is None else bench.last(suspicion.change, [0])[0]
        return last if math.isfinite(last) else math.inf

    return sorted(suspicions, key=reached)[:_FINALISTS]


def _horizon(examination: Examination, seconds: float) -> int:
    """Return how many steps fit into some seconds, a round number, but at least as many as the script has."""
    written = examination.written
    speed = written.steps / max(written.seconds, 1e-3)
    steps = max(10, int(speed * seconds))
    power = 10 ** (len(str(steps)) - 1)
    rounded = next(factor * power for factor in (5, 2, 1) if factor * power <= steps)
    return max(rounded, written.steps) if written.reason == "ended" else rounded


def _at_horizon(
    bench: Bench, suspicions: Sequence[Suspicion], *, learned: bool, longest: float = _LONGEST_TRIAL
) -> dict[int, Finding]:
    """Try every suspicion at one horizon; a trial that takes longer is cut short."""
    changes = [suspicion.change for suspicion in suspicions if suspicion.change is not None]
    generic = [] if learned else generic_changes(bench.examination)
    bench.reports(
        [(AS_WRITTEN, 0), *((each, 0) for change in [*changes, *generic] for each in (change.without, change))], longest
    )
    promising = [change for change in changes if _helps(bench, change, [0], learned=learned)]
    for change in promising:
        # one seed more for the control, and as written first: the time that this leaves is for the remedy
        bench.reports([(change.without, seed) for seed in range(1, SEEDS + 1)], longest)
        bench.reports([(change, seed) for seed in range(1, SEEDS)], longest)
    runner_up = _runner_up(bench, [*changes, *generic])
    found: dict[int, Finding] = {}
    for suspicion in suspicions:
        if suspicion.change in promising:
            found[id(suspicion)] = _with_trial(bench, suspicion, suspicion.change, runner_up, learned=learned)
        elif learned and not suspicion.needs_proof and _was_tried(bench, suspicion.change):
            found[id(suspicion)] = _harmless(suspicion)
    return found


def _was_tried(bench: Bench, change: Change | None) -> bool:
    """Whether a remedy had steps enough to say that the script learns no better with it; where it learns well, some will do."""
    learns_well = bench.examination.learning.closed(bench.examination.written) > _CLEARLY
    return change is None or learns_well or bench.common_steps([change.without, change], [0]) >= _LEAST * bench.horizon


def _helps(bench: Bench, change: Change, seeds: Sequence[int], *, learned: bool) -> bool:
    """Whether a remedy closes twice as much of the gap as the run as written, or in a script that learns clearly lowers the loss."""
    own, steps = bench.compared_at(change, seeds)
    if steps is None and change.horizon_factor == 1.0 and not _is_ahead_at_once(bench, change, seeds):
        return False
    written, mended = bench.closed(change.without, seeds, own), bench.closed(change, seeds, steps)
    if learned:
        lower = zip(bench.last(change.without, seeds, own), bench.last(change, seeds, steps), strict=True)
        return all(
            math.isfinite(after) and after < (1 - _BETTER) * before and closed > as_written + _NOTICEABLE
            for (before, after), closed, as_written in zip(lower, mended, written, strict=True)
        )
    return helps_much(written, mended)


def _is_ahead_at_once(bench: Bench, change: Change, seeds: Sequence[int]) -> bool:
    """Whether a change that gets few steps done is ahead after those: later the script may get worse by itself."""
    steps = bench.common_steps([change.without, change], seeds)
    return helps_much(bench.closed(change.without, seeds, steps), bench.closed(change, seeds, steps))


def helps_much(written: Sequence[float], mended: Sequence[float]) -> bool:
    """Whether on every seed at least twice as much of the gap is closed, and a tenth of it more."""
    return all(after >= 2 * before and after > before + _MUCH for before, after in zip(written, mended, strict=True))


def _runner_up(bench: Bench, changes: Sequence[Change]) -> list[Change]:
    """Return the changes in the order of what they achieve."""
    return sorted(changes, key=lambda change: -bench.closed(change, [0])[0])


def _with_trial(
    bench: Bench, suspicion: Suspicion, change: Change, ranked: Sequence[Change], *, learned: bool
) -> Finding:
    seeds = range(SEEDS)
    helps = _helps(bench, change, seeds, learned=learned)
    trial = trial_of(bench, change, next((other for other in ranked if other is not change), None), proved=helps)
    severity: Severity = ("harmful" if learned else "fatal") if helps else "unproven"  # it has helped from one seed
    return replace(suspicion.finding, severity=severity, trial=trial)


def trial_of(bench: Bench, change: Change, runner_up: Change | None, *, proved: bool) -> Trial:
    """Return the record of a trial."""
    seeds = range(SEEDS)
    learning = bench.examination.learning
    own, steps = bench.compared_at(change, seeds)
    controls = {"other seed": _finite(bench.last(change.without, [SEEDS], own))}
    if runner_up is not None:
        controls[f"instead: {runner_up.name}"] = _finite(bench.last(runner_up, [0], steps))
    written, mended = bench.reports([(change.without, 0), (change, 0)])
    metric = f"{learning.metric}, over all samples at the end" if change.rest else learning.metric
    curves = {
        "as written": _finite(written.curve(learning.window)),
        "with remedy": _finite(mended.curve(learning.window)),
    }
    return Trial(
        metric=metric, horizon=mended.steps if steps is None else steps, seeds=SEEDS,
        as_written=_finite(bench.last(change.without, seeds, own)), with_remedy=_finite(bench.last(change, seeds, steps)),
        controls=controls, proved=proved,
        curves={} if change.rest else curves,
        changes=change.changes,
    )  # fmt: skip


def _finite(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _harmless(suspicion: Suspicion) -> Finding:
    """The script learns, and with the remedy it learns no better."""
    if suspicion.change is None:
        return suspicion.finding
    return replace(suspicion.finding, severity="harmless", trial=None)
