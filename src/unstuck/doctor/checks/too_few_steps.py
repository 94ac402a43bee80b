"""Does the script end while it still learns?"""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import changed, replace
from unstuck.doctor.checks.rate_place import rate_place
from unstuck.doctor.checks.step_count import count_of_steps
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.places import location_of
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.checks.line_search import Line
    from unstuck.doctor.findings import Location
    from unstuck.doctor.scripts.examination import Examination

_LEARNED = 0.9
_STILL = 0.01
_TIMES = 10.0


def check(examination: Examination) -> Iterator[Suspicion]:
    """The script comes to its own end, and its loss has been falling until then; whether more steps help is a matter of trying."""
    learning, written = examination.learning, examination.written
    if (
        written.reason != "ended"
        or examination.repeated
        or learning.closed(written) > _LEARNED
        or not written.values.size
    ):
        return
    half, end = _halfway(examination), written.last(learning.window)
    if not (math.isfinite(half) and math.isfinite(end)) or half - end <= _STILL * abs(half):
        examination.checked.append("The loss has come to rest where the script ends.")
        return
    parents = examination.scouted.parents.get(examination.found.step.loop, [])
    head = examination.found.loops[parents[0]] if parents else examination.found.loop
    leaving = next(iter(_leavings(examination)), None)
    loop = None if head.module else examination.location(head.line if leaving is None else leaving.lineno)
    count = None if head.module or leaving is not None else count_of_steps(examination, head.line)
    place = loop if count is None else location_of(examination.source, count)
    larger = _larger_steps(examination)
    finding = Finding(
        fault="too-few-steps",
        message=f"The script ends after {written.steps} steps while it still learns: "
        f"{learning.metric} is {half:.4g} halfway and {end:.4g} at the end.",
        location=place,
        evidence={
            "steps": written.steps,
            "loss at the start": written.first(learning.window),
            "loss halfway": half,
            "loss at the end": end,
            "share of the gap closed": learning.closed(written),
        },
        lines=tuple(dict.fromkeys([each.line for each in (place, loop, larger) if each is not None])),
        remedies=(
            Remedy(f"Let it run for more steps, such as {_TIMES:g} times as many."),
            *([] if larger is None else [Remedy("Or take larger steps: the loss falls as far as its slope promises.")]),
        ),
    )
    change = Change("more steps", text=_without_breaks(examination), horizon_factor=_TIMES)
    yield Suspicion(finding, change, needs_proof=True)


def _larger_steps(examination: Examination) -> Location | None:
    """Return where the learning rate stands if the loss falls along the updates as its slope promises."""
    lines: list[Line] = examination.notes.get("lines", [])
    rate = rate_place(examination)
    straight = bool(lines) and all(line.keeps_promise(1.0) for line in lines)
    return rate.location if rate is not None and straight else None


def _without_breaks(examination: Examination) -> str | None:
    """Return the script with a training loop that is not left early; None if it never is."""
    breaks = [replace(leaving, "pass") for leaving in _leavings(examination)]
    return changed(examination.source.text, breaks) if breaks else None


def _leavings(examination: Examination) -> list[ast.Break]:
    """Return where the training loop is left early."""
    line = examination.found.loop.line
    loops = [
        node for node in ast.walk(examination.tree) if isinstance(node, ast.For | ast.While) and node.lineno == line
    ]
    return [leaving for loop in loops for leaving in _breaks_of(loop.body)]


def _breaks_of(statements: list[ast.stmt]) -> Iterator[ast.Break]:
    for statement in statements:
        if isinstance(statement, ast.Break):
            yield statement
        elif not isinstance(statement, ast.For | ast.While | ast.FunctionDef | ast.ClassDef):
            for block in ("body", "orelse", "finalbody"):
                yield from _breaks_of(getattr(statement, block, []))


def _halfway(examination: Examination) -> float:
    written, window = examination.written, examination.learning.window
    start = written.steps // 2
    chosen = written.values[(written.at >= start - max(window, written.steps // 10)) & (written.at < start)]
    return float(chosen.mean()) if chosen.size else math.nan
