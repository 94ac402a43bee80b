"""Remedies together, where none of them is enough alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.trials import AS_WRITTEN, Change
from unstuck.doctor.scripts.true_descent import rates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.doctor.findings import Finding
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.proof import Bench
    from unstuck.doctor.scripts.suspicion import Suspicion

_SCALES = (10.0, 100.0, 1000.0, 0.1, 0.01, 0.001)
_TRUE_RATES = (10.0, 1.0, 0.1)
_ENOUGH = 0.75
_LEAST = 0.1
_AT_ONCE = 4
_FINALISTS = 4
_SHORT_RUN = 1.0
_LONGER_RUN = 4.0
_FOR_THE_PROOF = 10.0


def generic_changes(examination: Examination) -> list[Change]:
    """Return remedies that need no suspicion, as controls and for lack of a better one."""
    if examination.written.steps < 5:  # noqa: PLR2004 (too few to see a difference)
        return []
    return [Change(f"update x {scale:g}", {"scale": scale}) for scale in (10.0, 0.1)]


def redrawn(examination: Examination, factor: float = 1.0) -> Change:
    """Return the change that draws the weights anew with a standard deviation of ``factor`` over the root of the fan-in."""
    redraw = {
        str(number): factor / float(np.sqrt(max(2, min(variable.shape)))) if len(variable.shape) == 2 else 0.0  # noqa: PLR2004 (a matrix)
        for number, variable in enumerate(examination.found.parameters)
    }
    return Change(f"weights drawn anew, {factor:g} / sqrt(fan-in)", {"redraw": redraw})


def merged(changes: Sequence[Change]) -> Change | None:
    """Return one change that does what several do; None if they contradict each other."""
    updates: dict[str, Any] = {}
    text = None
    for change in changes:
        if change.text is not None:
            if text is not None or "biases" in updates:
                return None
            text = change.text
        for name, value in change.updates.items():
            if name == "scale" and "scale" in updates:
                updates["scale"] *= value
            elif name in updates and updates[name] != value and name != "rates":
                return None
            else:
                updates[name] = value
    if "rates" in updates and "scale" in updates:
        updates = {**updates, "rates": [rate * updates["scale"] for rate in updates["rates"]]}
        del updates["scale"]
    parts = tuple(part for change in changes for part in change.changes)
    return Change(" + ".join(parts), updates, text, parts=parts if len(parts) > 1 else ())


def _attempts(bench: Bench, suspicions: Sequence[Suspicion]) -> Iterator[tuple[Change, list[Suspicion]]]:
    """Yield combinations: everything suspected at once, at several rates, from the script's own weights and from others."""
    tried = [(suspicion, suspicion.change) for suspicion in suspicions if suspicion.change is not None]
    gradient = [entry for entry in tried if "gradient" in entry[1].updates and "biases" not in entry[1].updates]
    others = [entry for entry in tried if entry not in gradient]
    edits = [entry for entry in others if entry[1].text is not None or "biases" in entry[1].updates]
    plain = [entry for entry in others if entry not in edits and not entry[0].needs_proof]
    base: list[Change] = []
    members: list[Suspicion] = []
    if gradient:
        base, members = [gradient[0][1]], [suspicion for suspicion, _ in gradient]
        edits = [(suspicion, _only_biases(change)) for suspicion, change in edits]
    elif plain and (extra := merged([change for _, change in plain])) is not None:
        base, members = [extra], [suspicion for suspicion, _ in plain]
    anew = redrawn(bench.examination)
    mores: list[tuple[Suspicion | None, list[Change]]] = [(None, []), (None, [anew])]
    for suspicion, change in edits:
        mores += [(suspicion, [change]), (suspicion, [change, anew])]
    for rate, (added, more) in product(_rates(base), mores):
        parts = [*base, *([rate] if rate is not None else []), *more]
        together = merged(parts) if len(parts) > 1 else None  # one alone was tried
        if together is not None:
            yield together, [*members, *([added] if added is not None else [])]


def _only_biases(change: Change) -> Change:
    """Return the biases of a change that descends a gradient, to be added to another that does."""
    return Change(change.name, {"biases": change.updates["biases"]}) if "biases" in change.updates else change


def _rates(base: Sequence[Change]) -> list[Change | None]:
    """Return the script's own rate (None) and multiples of it; for a true gradient first some that do not depend on it."""
    own = [None, *(Change(f"update x {scale:g}", {"scale": scale}) for scale in _SCALES)]
    if not base or "rates" not in base[0].updates:
        return own
    count = len(base[0].updates["rates"])
    return [*(Change(f"rate {rate:g}", {"rates": [rate] * count}) for rate in _TRUE_RATES), *own[:2]]


def combined(bench: Bench, suspicions: Sequence[Suspicion]) -> dict[int, Finding]:
    """Return the findings of the first combination that makes the script learn, with its trial; empty if there is none in time."""
    from unstuck.doctor.scripts.proof import SEEDS, helps_much, trial_of  # noqa: PLC0415 (a proof tries combinations)

    best = _best(bench, list(_attempts(bench, suspicions)))
    if best is None:
        return {}
    change, members = best
    seeds = range(SEEDS)
    bench.reports([(each, seed) for each in (AS_WRITTEN, change) for seed in seeds])
    steps = bench.common_steps([AS_WRITTEN, change], seeds)
    proved = helps_much(bench.closed(AS_WRITTEN, seeds, steps), bench.closed(change, seeds, steps))
    bench.examination.notes["combination"] = (change, proved)
    trial = trial_of(bench, change, None, proved=proved)
    return {
        id(suspicion): replace(suspicion.finding, severity="fatal" if proved else "unproven", trial=trial)
        for suspicion in members
    }


def _best(bench: Bench, attempts: Sequence[tuple[Change, list[Suspicion]]]) -> tuple[Change, list[Suspicion]] | None:
    """Return the attempt that closes most of the gap: all of them have a short run, the best of these a longer one."""
    among = _run(bench, attempts, _SHORT_RUN)[:_FINALISTS]
    for change, _ in among:
        bench.forget(change)
    best = _run(bench, among, _LONGER_RUN)[:1]
    if not best or bench.closed(best[0][0], [0])[0] < _LEAST:
        return None
    bench.forget(best[0][0])  # the proof gives it all the time there is
    return best[0]


def _run(
    bench: Bench, attempts: Sequence[tuple[Change, list[Suspicion]]], seconds: float
) -> list[tuple[Change, list[Suspicion]]]:
    """Run attempts as long as there is time, until one closes nearly all of the gap; return them, the best first."""
    closed: dict[str, float] = {}
    for start in range(0, len(attempts), _AT_ONCE):
        if bench.left() < _FOR_THE_PROOF:
            break
        batch = attempts[start : start + _AT_ONCE]
        bench.reports([(change, 0) for change, _ in batch], seconds)
        closed |= {change.name: bench.closed(change, [0])[0] for change, _ in batch}
        if max(closed.values()) > _ENOUGH:
            break
    tried = [attempt for attempt in attempts if attempt[0].name in closed]
    return sorted(tried, key=lambda attempt: -closed[attempt[0].name])


__all__ = ["combined", "generic_changes", "merged", "rates", "redrawn"]
