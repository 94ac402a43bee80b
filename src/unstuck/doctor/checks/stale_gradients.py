"""Are gradients of earlier steps still in the sum?"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.findings import Edit, Finding, Remedy
from unstuck.doctor.patch import apply_edits
from unstuck.doctor.scripts.idle_state import is_called
from unstuck.doctor.scripts.standing_still import standing_still
from unstuck.doctor.scripts.statements import block_of, statement_at
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change
from unstuck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.findings import Location
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import Changes, StepVariable
    from unstuck.doctor.scripts.trace import Trace

_EXACT = 1e-6
_LINEAR = 1e-4
_MOST = 14
_ALONG = 0.999
_STILL_THERE = 0.5
_STEPS = 12
_SECONDS = 6.0
_NUDGE = 1e-3


@dataclass(frozen=True)
class _Sum:
    """A sum of gradients.

    Attributes:
        state: The variable that holds it.
        parameter: The parameter that it moves.
        factor: What the parameter is changed by for each unit in the sum.
    """

    state: StepVariable
    parameter: StepVariable
    factor: float


def check(examination: Examination) -> Iterator[Suspicion]:
    """Put something into a variable that is carried over, and see whether it is still there in full many steps later.

    If it also moves a parameter in each of them, it is a sum that nobody empties.
    Momentum fades, averages of squares do not enter linearly, and what is collected over a few batches on purpose is emptied.
    """
    sums = list(_sums(examination))
    steps = next((steps for entry in sums if (steps := _still_there(examination, entry.state))), 0)
    if steps:
        yield _suspicion(examination, sums, steps)
    elif examination.found.state:
        examination.checked.append("No gradient of an earlier step stays in a sum for ever.")


def _sums(examination: Examination) -> Iterator[_Sum]:
    """Yield what is carried over in full and enters the update of a parameter of the same size as it is."""
    found = examination.found
    sizes = {parameter.size for parameter in found.parameters}
    states = [
        state
        for state in found.state
        if not _holds_whole_numbers(state) and state.start is not None and state.size in sizes
    ][:_MOST]
    indices = [variable.index for variable in (*states, *found.parameters)]
    rng = np.random.default_rng(81)
    probe, holds = examination.probes[0].state, examination.prober.all_holds()
    base = found.step.replay(state=probe, ends=indices, record=False, hold=holds) if states else None
    for state in states:
        shift = _NUDGE * rng.normal(size=state.shape)
        once = found.step.replay(state=probe, ends=indices, record=False, hold=holds, shift={state.index: shift})
        if base is None or state.start is None or state.index not in once.ends or state.index not in base.ends:
            continue
        is_kept = _equal(once.ends[state.index] - base.ends[state.index], shift, _EXACT)
        if not is_kept or np.array_equal(base.ends[state.index], state.start):
            continue
        twice = found.step.replay(state=probe, ends=indices, record=False, hold=holds, shift={state.index: 2 * shift})
        grown = (base.ends[state.index] - state.start).ravel()
        for parameter in found.parameters:
            factor = _factor(parameter, shift.ravel(), base, once, twice)
            if factor and _goes_downhill(examination, parameter, grown * np.sign(factor)):
                yield _Sum(state, parameter, factor)
                break


def _holds_whole_numbers(state: StepVariable) -> bool:
    """Whether a variable counts, or is an array that can hold nothing else; a list of zeros may hold fractions later."""
    return state.is_integer and (state.is_array or state.shape == ())


def _factor(parameter: StepVariable, shift: NDArray[np.float64], base: Trace, once: Trace, twice: Trace) -> float:
    """Return what a parameter is changed by for each unit of a sum, 0 if it is not a multiple of it."""
    if parameter.size != shift.size or any(parameter.index not in trace.ends for trace in (base, once, twice)):
        return 0.0
    change = (once.ends[parameter.index] - base.ends[parameter.index]).ravel()
    more = (twice.ends[parameter.index] - base.ends[parameter.index]).ravel()
    if not np.any(change) or not _equal(more, 2 * change, _LINEAR):
        return 0.0
    cosine = float(change @ shift) / float(np.linalg.norm(change) * np.linalg.norm(shift))
    return float(change @ shift) / float(shift @ shift) if abs(cosine) > _ALONG else 0.0


def _goes_downhill(examination: Examination, parameter: StepVariable, direction: NDArray[np.float64]) -> bool:
    """Whether what the step adds to the sum moves the parameter against its gradient, as far as that is known."""
    gradient = examination.probes[0].gradients.get(examination.descended, {}).get(parameter.index)
    if gradient is None or examination.verdicts.of.get(parameter.index) is None:
        return True
    known = np.isfinite(gradient.ravel())
    slope = float(gradient.ravel()[known] @ direction[known])
    return slope <= 0 or examination.verdicts.of[parameter.index].update != "right"


def _still_there(examination: Examination, state: StepVariable) -> int:
    """Return after how many steps, enough to see every batch twice, a disturbance is still there; 0 if it is not, or time is short."""
    step = examination.found.step
    steps = max(_STEPS, 2 * examination.learning.window + 1)
    pace = max(1e-4, examination.pace)
    if steps * pace > _SECONDS:
        steps = max(int(_SECONDS / pace), 3)
        if steps < examination.learning.window + 1:
            return 0
    shift = 1e-3 * _NUDGE * np.random.default_rng(82).normal(size=state.shape)
    # parameters that moved would answer to the disturbance, and take it back
    probe, still = examination.probes[0], standing_still(examination, examination.probes[0], steps)
    common: Changes = {"ends": [state.index], "record": False, "steps": steps}
    if still is not None:
        common |= {"state": probe.state, "replace": still}
    base, moved = step.replay_all([common, {**common, "shift": {state.index: shift}}])
    if state.index not in base.ends or state.index not in moved.ends or base.ends[state.index].shape != shift.shape:
        return 0
    left = float(np.vdot(moved.ends[state.index] - base.ends[state.index], shift)) / float(np.vdot(shift, shift))
    return steps if left > _STILL_THERE else 0


def _equal(first: NDArray[np.float64], second: NDArray[np.float64], tolerance: float) -> bool:
    return first.shape == second.shape and float(np.abs(first - second).max()) <= tolerance * float(
        np.abs(second).max()
    )


# ---------------------------------------------------------------------- what to say


def _suspicion(examination: Examination, sums: list[_Sum], steps: int) -> Suspicion:
    names = ", ".join(entry.state.name for entry in sums)
    places = [place for entry in sums for place in _growing(examination, entry.state)]
    edits = _emptied(examination, sums)
    finding = Finding(
        fault="stale-gradients",
        message=(
            f"{names} {'is' if len(sums) == 1 else 'are'} never set back to zero: each update of {sums[0].parameter.name} "
            "uses the sum of all gradients since the beginning, not that of its own step."
        ),
        location=min(places, key=lambda place: place.line, default=None),
        evidence={
            "steps after which what was in the sum at first is still there": steps,
            "share that is carried over by one step": 1.0,
            f"change of {sums[0].parameter.name} for each unit left in {sums[0].state.name}": sums[0].factor,
        },
        parameter=sums[0].parameter.name,
        lines=tuple(sorted({place.line for place in places})),
        remedies=(
            Remedy(f"Set {names} to zero at the beginning of every step, before the gradients are added up.", edits),
        ),
    )
    change = None
    if edits and all(edit.location.cell is None for edit in edits):
        try:
            change = Change("sums of gradients emptied", text=apply_edits(examination.source.text, edits))
        except UsageError:
            change = None
    return Suspicion(finding, change)


def _growing(examination: Examination, state: StepVariable) -> list[Location]:
    """Return the places that add to a sum."""
    return [
        examination.location_of_site(site)
        for site in examination.found.sites
        if (site.kind in ("updated", "item") or (site.kind == "assigned" and site.reads_itself))
        and is_called(site, state)
        and examination.found.step.loop in examination.scouted.inside.get(site.number, [])
    ]


def _emptied(examination: Examination, sums: list[_Sum]) -> tuple[Edit, ...]:
    """Return the edits that empty every sum; none unless that can be said for all of them."""
    edits: list[Edit] = []
    for entry in sums:
        found = _made_again(examination, entry.state) or _zeroed_after_use(examination, entry)
        if found is None:
            return ()
        edits.append(found)
    return tuple(dict.fromkeys(edits))


def _made_again(examination: Examination, state: StepVariable) -> Edit | None:
    """Return the edit that writes the line that makes a sum again at the top of the training loop."""
    loop = examination.found.loop
    site = None if state.steps else examination.first_assignment(state.root)
    head = statement_at(examination.tree, loop.line)
    statement = None if site is None else statement_at(examination.tree, site.span.line)
    if (
        site is None
        or site.module
        or loop.module
        or examination.repeated
        or site.function != loop.function
        or not isinstance(statement, ast.Assign)
        or not isinstance(head, ast.For | ast.While)
    ):
        return None
    body = head.body[0]
    lines = examination.source.text.splitlines()
    if body.lineno == head.lineno or len(statement.targets) != 1 or not isinstance(statement.targets[0], ast.Name):
        return None
    indent = " " * (body.col_offset - statement.col_offset)
    text = "".join(f"{indent}{line}\n" for line in lines[statement.lineno - 1 : statement.end_lineno])
    return Edit(examination.location(body.lineno, 0, body.lineno, 0), "", text)


def _holds(node: ast.AST, state: StepVariable) -> bool:
    """Whether an expression is called like what holds a sum: its name or attribute, or an entry of a list or dictionary of that name."""
    steps = list(state.steps)
    while steps and steps[-1][0] == "item":
        steps.pop()
    if len(steps) < len(state.steps):
        if not isinstance(node, ast.Subscript):
            return False
        node = node.value
    name = str(steps[-1][1]) if steps else state.root
    return (isinstance(node, ast.Attribute) and node.attr == name) or (isinstance(node, ast.Name) and node.id == name)


def _zeroed_after_use(examination: Examination, entry: _Sum) -> Edit | None:
    """Return the edit that sets an array to zero in the line behind the update that uses it."""
    site = examination.update_site(entry.parameter)
    place = None if site is None or site.module else block_of(examination.tree, site.span.line)
    if place is None or not entry.state.is_array:
        return None
    statement = place[0][place[1]]
    used = next((node for node in ast.walk(statement) if _holds(node, entry.state)), None)
    lines = examination.source.text.splitlines()
    end = statement.end_lineno or statement.lineno
    if used is None or end >= len(lines) or not isinstance(statement, ast.Assign | ast.AugAssign):
        return None
    text = ast.unparse(used)
    module = next(
        (
            alias.asname or alias.name
            for node in ast.walk(examination.tree)
            if isinstance(node, ast.Import)
            for alias in node.names
            if alias.name == "numpy"
        ),
        None,
    )
    new = (
        f"{' ' * statement.col_offset}{text} = {module}.zeros_like({text})\n"
        if module
        else f"{' ' * statement.col_offset}{text} = 0 * {text}\n"
    )
    return Edit(examination.location(end + 1, 0, end + 1, 0), "", new)
