"""Which loop of a script is its training loop, and what is what in a step of it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.identify import identify
from unstuck.doctor.scripts.identify_mended import identify_mended
from unstuck.doctor.scripts.repetition import STEP_VARIABLE
from unstuck.doctor.scripts.script_step import ScriptStep

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.instrument import Program
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.session import Session

_REPLAY_SECONDS = 20.0
_LONGEST_WAY = 120.0
_LEAST = 5.0
_ITERATIONS = 4
_QUICK = 1.0
_SAMPLE = 10


@dataclass(frozen=True)
class Scouted:
    """What the first run of a script has shown.

    Attributes:
        reason: How it came to its end: ``watched long enough``, ``ended``, ``failed``.
        error: What the script raised, if it failed.
        seconds: How long it ran.
        counts: How often each loop ran.
        lengths: How many iterations each loop was to have when it began last, 0 where that is unknown.
        parents: For each loop those it runs in, outermost first, also of other functions.
        changed: For each loop the variables that changed between its iterations.
        new_shapes: For each loop the variables whose shape changed with the first iteration.
        histories: For each site whose value is one number, its values.
        times: For each of these, how many iterations of any loop had begun.
        inside: For each site the loops it runs in, outermost first.
        non_finite: The sites whose value was not finite when they were passed first, or outside of all loops, in the order of the run.
        integer_items: Whether something within a loop is written into an array of integers.
        removed_names: Names that the installed NumPy does not have, each with the line that asked for it first.
    """

    reason: str
    error: dict[str, Any] | None
    seconds: float
    counts: dict[int, int]
    parents: dict[int, list[int]]
    changed: dict[int, list[str]]
    new_shapes: dict[int, dict[str, list[list[int]]]]
    histories: dict[int, NDArray[np.float64]]
    times: dict[int, NDArray[np.int64]]
    inside: dict[int, list[int]]
    removed_names: tuple[tuple[str, int], ...] = ()
    non_finite: tuple[int, ...] = ()
    integer_items: bool = False
    lengths: Mapping[int, int] = field(default_factory=dict)

    def sites_in(self, loop: int) -> list[int]:
        """Return the sites that run within a loop."""
        return [site for site, loops in self.inside.items() if loop in loops]


def to_scouted(message: dict[str, Any]) -> Scouted:
    """Return what a scout's report says."""
    loops = message["loops"]
    return Scouted(
        message["reason"], message["error"], message["seconds"],
        {entry["loop"]: entry["count"] for entry in loops},
        {entry["loop"]: entry["parents"] for entry in loops},
        {entry["loop"]: entry["changed"] for entry in loops},
        {int(loop): shapes for loop, shapes in message["shapes"].items()},
        {int(site): numbers for site, numbers in message["numbers"].items()},
        {int(site): times for site, times in message["times"].items()},
        {int(site): inside for site, inside in message["inside"].items()},
        tuple((entry["name"], entry["line"]) for entry in message.get("removed_names", ())),
        tuple(int(site) for site in message.get("non_finite", ())),
        bool(message.get("integer_items")),
        {entry["loop"]: entry.get("length", 0) for entry in loops},
    )  # fmt: skip


def find_step(
    program: Program,
    scouted: Scouted,
    start: Callable[[list[tuple[int, int]]], Session],
    deadline: float = math.inf,
) -> tuple[Session, Identified] | None:
    """Return the training step with the session it lives in, the innermost loop that trains something; None if there is none.

    If there is none, but numbers that are not finite or that are cut off may hide it, the loops are looked at again with these put right.
    A loop that may only run a recurrent network, or only check gradients, is taken if no other is found.

    Args:
        program: The instrumented script.
        scouted: What its first run has shown.
        start: Starts a session that stops at one of the (loop, iteration) given.
        deadline: When to look at no further loop, by ``time.monotonic``.
    """
    appended = _appended(program)
    may_mend = not appended and (scouted.non_finite or scouted.integer_items)
    loops = [loop for loop in _by_depth(program, scouted) if not appended or loop in appended]
    second_best: tuple[Session, Identified] | None = None
    for mend, loop in ((mend, loop) for mend in ((False, True) if may_mend else (False,)) for loop in loops):
        if time.monotonic() > deadline or (mend and second_best is not None):
            break
        found = _in_loop(program, scouted, loop, start, deadline, mend=mend)
        if found is None:
            continue
        if found[1].is_certain:
            if second_best is not None:
                second_best[0].close()
            return found
        if second_best is None:
            second_best = found
        else:
            found[0].close()
    return second_best


def _appended(program: Program) -> set[int]:
    """Return the loop put around a step that is written out once: the others were looked at before it was."""
    return {site.loops[-1] for site in program.sites if site.kind == "loop-target" and site.name == STEP_VARIABLE}


def _by_depth(program: Program, scouted: Scouted) -> Iterator[int]:
    """Yield the loops in which something that may be a step happens, innermost first.

    Something has to be updated, and there has to be a subtraction where outputs may meet targets, or a single number that may be
    a loss.
    """
    for loop in sorted(scouted.counts, key=lambda loop: (-len(scouted.parents[loop]), -loop)):
        inside = [program.sites[site] for site, loops in scouted.inside.items() if loop in loops]
        updates = any(
            site.kind == "updated"
            or (site.kind in ("assigned", "unpacked", "item") and site.reads_itself)
            or site.kind == "item"
            for site in inside
        )
        enough = sum(site.kind != "loop-target" for site in inside) >= 3  # noqa: PLR2004 (outputs, gradient, update)
        meets = any(site.kind == "difference" or site.number in scouted.histories for site in inside)
        if updates and enough and meets:
            yield loop


def _in_loop(
    program: Program,
    scouted: Scouted,
    loop: int,
    start: Callable[[list[tuple[int, int]]], Session],
    deadline: float,
    *,
    mend: bool = False,
) -> tuple[Session, Identified] | None:
    """Identify the step at the first iterations, which may hide a parameter behind an input of zero; keep the one that shows most."""
    best: Identified | None = None
    before: dict[str, NDArray[np.float64] | None] = {}
    session = start([(loop, 1)])
    try:
        for iteration in range(1, _ITERATIONS + 1):
            ready = session.receive(_left(deadline, _LONGEST_WAY))
            if not ready.get("ready"):
                break
            step = ScriptStep(session, ready, _left(deadline, _REPLAY_SECONDS))
            began = time.monotonic()
            found = _identify(program, scouted, step, mend=mend)
            is_quick = time.monotonic() - began < _QUICK
            if found is not None and (best is None or _shows(found) > _shows(best)):
                best = found
            changed = scouted.changed.get(loop, [])
            hides = found is not None and (_may_hide_more(found) or _has_whole_number(found, changed))
            waits = is_quick and _stands_still(step, before, changed)
            if (found is not None and not hides and not (is_quick and _leaves_some(found))) or (
                found is None and iteration > 1 and not waits  # whoever shows no step in two shows none in three
            ):
                break
            before = {variable.name: variable.start for variable in step.variables}
            if iteration < _ITERATIONS:
                session.tell({"advance": [[loop, iteration + 1]]})
    except (EOFError, TimeoutError):
        ready = {}
    except BaseException:
        session.close()
        raise
    if best is not None and best.step.iteration == iteration and ready.get("ready"):
        return session, best
    session.close()
    return None if best is None else _back_at(program, scouted, best, start, deadline)


def _identify(program: Program, scouted: Scouted, step: ScriptStep, *, mend: bool) -> Identified | None:
    changed, inside = scouted.changed.get(step.loop, []), scouted.sites_in(step.loop)
    given = (step, program.sites, program.loops, changed, inside, scouted.histories)
    return identify_mended(*given) if mend else identify(*given, is_finite=not scouted.non_finite)


def _has_whole_number(found: Identified, changed: Collection[str]) -> bool:
    """Whether a number that the script begins with as ``b = 0`` becomes a fraction: it cannot be told from a counter before."""
    return any(
        variable.is_integer and variable.shape == () and variable.name in changed for variable in found.step.variables
    )


def _stands_still(step: ScriptStep, before: dict[str, NDArray[np.float64] | None], changed: Collection[str]) -> bool:
    """Whether an array that changes sooner or later did not in the last iteration: gradients may be gathered first."""
    return any(
        variable.name in changed
        and variable.shape != ()
        and variable.start is not None
        and (start := before.get(variable.name)) is not None
        and np.array_equal(variable.start, start)
        for variable in step.variables
    )


def _may_hide_more(found: Identified) -> bool:
    """Whether an array carries over that drives nothing: an input of zero may hide that it is a parameter, unless there are many rows."""
    updates = set(found.updates.values())
    return (found.pair is None or _is_sample(found)) and any(
        variable.shape != () and not found.dependents.get(variable.index, set()) & updates for variable in found.state
    )


def _shows(found: Identified) -> tuple[int, int]:
    """Return how many parameters an iteration shows, and how many of their numbers it moves."""
    return len(found.parameters), sum(_moved(found, variable) for variable in found.parameters)


def _leaves_some(found: Identified) -> bool:
    """Whether a single sample leaves some numbers of a parameter where they are and moves others: its inputs may be zero."""
    return _is_sample(found) and any(0 < _moved(found, variable) < variable.size for variable in found.parameters)


def _is_sample(found: Identified) -> bool:
    """Whether outputs and targets meet as only a few numbers."""
    return found.pair is not None and all(
        np.size(side) <= _SAMPLE for side in found.base.pairs.get(found.pair.key, ((), ()))
    )


def _moved(found: Identified, variable: StepVariable) -> int:
    end, start = found.own.ends.get(variable.index), variable.start
    return int(np.sum(end != start)) if end is not None and start is not None and end.shape == start.shape else 0


def _back_at(
    program: Program,
    scouted: Scouted,
    best: Identified,
    start: Callable[[list[tuple[int, int]]], Session],
    deadline: float,
) -> tuple[Session, Identified] | None:
    """Identify the step at an iteration that the first session has left behind."""
    session = start([(best.step.loop, best.step.iteration)])
    found = None
    try:
        ready = session.receive(_left(deadline, _LONGEST_WAY))
        if ready.get("ready"):
            step = ScriptStep(session, ready, _left(deadline, _REPLAY_SECONDS))
            found = _identify(program, scouted, step, mend=best.mended is not None)
    except (EOFError, TimeoutError):
        found = None
    if found is None:
        session.close()
        return None
    return session, found


def _left(deadline: float, most: float) -> float:
    """Return how many seconds to wait for something: as long as there is time, but long enough for a slow machine."""
    return max(_LEAST, min(most, deadline - time.monotonic()))
