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
_ENOUGH = 0.5


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
            elif name in updates and updates[name] != value:
                return None
            else:
                updates[name] = value
    if "gradient" in updates and "scale" in updates:
        updates = {**updates, "rates": [rate * updates["scale"] for rate in updates["rates"]]}
        del updates["scale"]
    return Change(" + ".join(change.name for change in changes), updates, text)


def _attempts(bench: Bench, suspicions: Sequence[Suspicion]) -> Iterator[tuple[Change, list[Suspicion]]]:
    """Yield combinations: everything suspected at once, at several rates, from the script's own weights and from others."""
    examination = bench.examination
    gradient = [
        suspicion for suspicion in suspicions if suspicion.change is not None and "gradient" in suspicion.change.updates
    ]
    others = [suspicion for suspicion in suspicions if suspicion.change is not None and suspicion not in gradient]
    bases: list[tuple[list[Change], list[Suspicion]]] = []
    if gradient and gradient[0].change is not None:
        bases.append(([gradient[0].change], list(gradient)))
    edits = [suspicion for suspicion in others if suspicion.change is not None and suspicion.change.text is not None]
    plain = [suspicion for suspicion in others if suspicion not in edits and not suspicion.needs_proof]
    if plain:
        extra = merged([suspicion.change for suspicion in plain if suspicion.change is not None])
        if extra is not None and not gradient:
            bases.append(([extra], plain))
    if not bases:
        bases.append(([], []))
    scales = [Change(f"update x {scale:g}", {"scale": scale}) for scale in _SCALES]
    for (base, members), scale, more in product(
        bases, [None, *scales], [None, redrawn(examination), *(suspicion for suspicion in edits)]
    ):
        parts = [*base, *([scale] if scale is not None else [])]
        included = list(members)
        if isinstance(more, Change):
            parts.append(more)
        elif more is not None and more.change is not None:
            parts.append(more.change)
            included.append(more)
        if len(parts) < 2:  # noqa: PLR2004 (one alone was tried)
            continue
        change = merged(parts)
        if change is not None:
            yield change, included


def combined(bench: Bench, suspicions: Sequence[Suspicion]) -> dict[int, Finding]:
    """Return the findings of the first combination that makes the script learn, with its trial; empty if there is none in time."""
    from unstuck.doctor.scripts.proof import SEEDS, helps_much, trial_of  # noqa: PLC0415 (a proof tries combinations)

    attempts = list(_attempts(bench, suspicions))
    best: tuple[float, Change, list[Suspicion]] | None = None
    for start in range(0, len(attempts), 4):
        if bench.left() < 5:  # noqa: PLR2004 (seconds for the proof)
            break
        batch = attempts[start : start + 4]
        bench.reports([(change, 0) for change, _ in batch])
        for change, members in batch:
            closed = bench.closed(change, [0])[0]
            if best is None or closed > best[0] + 0.05:
                best = (closed, change, members)
        if best is not None and best[0] > _ENOUGH:
            break
    if best is None or best[0] < 0.1:  # noqa: PLR2004 (a tenth of the gap)
        return {}
    _, change, members = best
    seeds = range(SEEDS)
    steps = bench.common_steps([AS_WRITTEN, change], seeds)
    proved = helps_much(bench.closed(AS_WRITTEN, seeds, steps), bench.closed(change, seeds, steps))
    bench.examination.notes["combination"] = (change, proved)
    trial = trial_of(bench, change, None, proved=proved)
    return {
        id(suspicion): replace(suspicion.finding, severity="fatal" if proved else "unproven", trial=trial)
        for suspicion in members
    }


__all__ = ["combined", "generic_changes", "merged", "rates", "redrawn"]
