"""Is there a parameter that the outputs depend on and that no step ever moves?"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.findings import Edit, Finding, Remedy
from unstuck.doctor.patch import apply_edits
from unstuck.doctor.scripts.constants import constants_of, is_like_data
from unstuck.doctor.scripts.creation import creation_of, draws_in
from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.statements import statement_at
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change
from unstuck.doctor.scripts.true_descent import rates
from unstuck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.findings import Location
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Key

_SAME = 1e-4
_MEASURED = 16
_WAIT = 12
_FEW = 3
_FIRST, _LATER = 4, 2


@dataclass(frozen=True)
class _Frozen:
    """What is known about a parameter that does not move.

    Attributes:
        variable: The parameter.
        slope: The mean size of its gradient over the probes.
        gradient_at: Where the script computes that gradient.
        lost_at: Where the script computes the value that it should get.
        maker: What it is drawn with, if parameters that are updated are drawn in the same way.
    """

    variable: StepVariable
    slope: float
    gradient_at: Key | None
    lost_at: Key | None
    maker: str | None


def check(examination: Examination) -> Iterator[Suspicion]:
    """Look for what acts like a weight and stays as it is, although its gradient is computed or it was made like those that move."""
    frozen = [*_known(examination), *_never_updated(examination)]
    if not frozen:
        if examination.found.parameters and all(
            verdict.update != "frozen" for verdict in examination.verdicts.of.values()
        ):
            examination.checked.append("Every parameter that the outputs depend on is updated.")
        return
    findings = [(_finding(examination, place), place[0]) for place in _by_place(frozen)]
    names = [entry.variable for entry in frozen]
    change = _as_edited(examination, names, [finding for finding, _ in findings]) or _change(examination, names)
    for finding, first in findings:
        yield Suspicion(finding, change, needs_proof=first.gradient_at is None and first.lost_at is None)


# ---------------------------------------------------------------------- which


def _known(examination: Examination) -> Iterator[_Frozen]:
    """Yield parameters that the step assigns to without ever changing them."""
    found = examination.found
    idle = [
        variable
        for variable in found.parameters
        if variable.index in examination.verdicts.of
        and examination.verdicts.of[variable.index].update == "frozen"
        and not variable.is_integer
        and variable.name not in examination.scouted.changed.get(found.step.loop, [])
    ]
    if not idle:
        return
    later = found.step.replay(
        state=examination.probes[0].state, record=False, ends=[variable.index for variable in idle], steps=_WAIT
    ).ends
    for variable in idle:
        start, end = examination.probes[0].values[variable.index], later.get(variable.index)
        if (end is not None and not np.array_equal(start, end)) or is_like_data(examination, variable):
            continue
        gradients = [probe.gradients[examination.descended][variable.index] for probe in examination.probes]
        yield _looked_up(
            examination, variable, gradients, [probe.values[variable.index] for probe in examination.probes]
        )


def _never_updated(examination: Examination) -> Iterator[_Frozen]:
    """Yield what acts like a weight and that the step leaves alone."""
    parameters = examination.found.parameters
    weights = [variable for variable in parameters if variable.shape != ()]
    made = (
        set().union(*(draws_in(creation_of(examination.tree, variable)) for variable in weights)) if weights else set()
    )
    for constant in constants_of(examination):
        variable = constant.variable
        if not constant.moves_outputs or not constant.is_like_a_weight or variable.is_integer or variable.start is None:
            continue
        gradients = _gradients(examination, variable)
        starts = [variable.start for _ in examination.probes]
        found = _looked_up(examination, variable, gradients, starts)
        own = draws_in(creation_of(examination.tree, variable)) & made
        maker = min(own, default=None)
        if found.slope > 0 and (found.gradient_at is not None or found.lost_at is not None):
            yield _Frozen(variable, found.slope, found.gradient_at, found.lost_at, maker)
        elif found.slope > 0 and maker is not None and not examination.learning.has_learned(examination.written):
            yield _Frozen(variable, found.slope, None, None, maker)


def _gradients(examination: Examination, variable: StepVariable) -> list[NDArray[np.float64]]:
    """Return the gradient of a constant at each probe: by the tape, or measured where it is short."""
    loss = examination.descended
    gradients = []
    for number, probe in enumerate(examination.probes):
        taped = _taped(examination, probe, loss, variable) if examination.prober.tape_works else None
        if taped is not None and taped.shape == variable.shape:
            gradients.append(np.asarray(taped, np.float64))
        elif variable.size <= _MEASURED:
            gradients.append(_measured(examination, variable, number))
        else:
            gradients.append(np.full(variable.shape, np.nan))
    return gradients


def _taped(examination: Examination, probe: Probe, loss: str, variable: StepVariable) -> NDArray[np.float64] | None:
    found = examination.found
    request: dict[str, Any] = {}
    if found.loss is not None:
        request |= {"loss": found.loss.key[0], "accumulates": found.loss.accumulates}
    if found.pair is not None:
        request["pair"] = found.pair.as_asked
    indices = [*(parameter.index for parameter in found.parameters), variable.index]
    trace = found.step.replay(
        state=probe.state, record=False, hold=examination.prober.holds(), tape=indices, tape_losses=[loss], **request
    )
    if not trace.is_whole:
        return None
    gradient: NDArray[np.float64] | None = trace.gradients.get(loss, {}).get("variables", {}).get(variable.index)
    return gradient


def _measured(examination: Examination, variable: StepVariable, number: int) -> NDArray[np.float64]:
    gradient = np.full(variable.size, np.nan)
    for position in range(min(_FIRST if number == 0 else _LATER, variable.size)):
        direction = np.zeros(variable.size)
        direction[position] = 1.0
        slopes = examination.prober.slopes(
            examination.probes[number], {variable.index: direction.reshape(variable.shape)}
        )
        gradient[position] = slopes.get(examination.descended, (np.nan, 0.0))[0]
    return gradient.reshape(variable.shape)


def _looked_up(
    examination: Examination,
    variable: StepVariable,
    gradients: list[NDArray[np.float64]],
    starts: list[NDArray[np.float64]],
) -> _Frozen:
    """Look for the gradient, and for the new value that goes nowhere, among the values of the step."""
    stacked = np.concatenate([gradient.ravel() for gradient in gradients])
    known = stacked[np.isfinite(stacked)]
    slope = float(np.sqrt(np.mean(known * known))) if known.size else 0.0
    gradient_at: Key | None = None
    lost_at: Key | None = None
    traces = [probe.trace for probe in examination.probes]
    if slope > 0 and (known.size >= _FEW or variable.size < _FEW):
        for key in sorted(traces[0].values, key=lambda key: traces[0].order[key]):
            if any(key not in trace.values or trace.values[key].size != variable.size for trace in traces):
                continue
            values = np.concatenate([trace.values[key].ravel() for trace in traces])
            old = np.concatenate([start.ravel() for start in starts])
            if compare(values, stacked).error < _SAME:
                gradient_at = key
            elif compare(values - old, stacked).error < _SAME:
                lost_at = key
    return _Frozen(variable, slope, gradient_at, lost_at, None)


# ---------------------------------------------------------------------- what to say


def _by_place(frozen: list[_Frozen]) -> list[list[_Frozen]]:
    """Put together what is lost by the same line."""
    places: dict[object, list[_Frozen]] = {}
    for entry in frozen:
        places.setdefault(entry.lost_at[0] if entry.lost_at is not None else ("", entry.variable.name), []).append(
            entry
        )
    return list(places.values())


def _finding(examination: Examination, frozen: list[_Frozen]) -> Finding:
    names = " and ".join(entry.variable.name for entry in frozen)
    first = frozen[0]
    edits: tuple[Edit, ...] = ()
    if first.lost_at is not None:
        site = examination.site_of(first.lost_at)
        line = examination.location_of_site(site).line
        location: Location | None = examination.location_of_site(site)
        message = (
            f"The outputs depend on {names}, but no step changes it: line {line} computes the new value and it "
            f"is lost, because {site.name} is another name than {names}."
        )
        summary = f"Store the new value in {names} itself."
        edits = _assign_to_itself(examination, first)
    elif first.gradient_at is not None:
        site = examination.site_of(first.gradient_at)
        location = examination.location_of_site(site)
        line = location.line
        message = f"The outputs depend on {names}, and line {line} computes its gradient, but no step changes it."
        summary = f"Subtract the learning rate times this gradient from {names} in every step."
        edits = _missing_update(examination, first)
    else:
        made = creation_of(examination.tree, first.variable)
        location = (
            None
            if made is None
            else examination.location(made.lineno, made.col_offset, made.end_lineno, made.end_col_offset)
        )
        message = (
            f"The outputs depend on {names}, which is drawn by {first.maker} like the parameters that are trained, "
            "but no step changes it."
        )
        summary = f"Compute the gradient of {names} too, and update it in every step."
    return Finding(
        fault="frozen-parameter",
        message=message,
        location=location,
        evidence={"largest update in a step": 0.0, "size of its gradient": first.slope},
        parameter=first.variable.name,
        lines=() if location is None else (location.line,),
        remedies=(Remedy(summary, edits),),
    )


def _assign_to_itself(examination: Examination, entry: _Frozen) -> tuple[Edit, ...]:
    """Return the edit of ``W = self.W - …`` to ``W = self.W = self.W - …``; none if it does not begin with an attribute or item."""
    if entry.lost_at is None or examination.site_of(entry.lost_at).module:
        return ()
    statement = statement_at(examination.tree, examination.site_of(entry.lost_at).span.line)
    if (
        not isinstance(statement, ast.Assign)
        or not isinstance(statement.value, ast.BinOp)
        or len(statement.targets) != 1
    ):
        return ()
    target, old = statement.targets[0], statement.value.left
    if (
        not isinstance(target, ast.Name)
        or not isinstance(old, ast.Attribute | ast.Subscript)
        or ast.unparse(old) == ast.unparse(target)
    ):
        return ()
    place = examination.location(target.lineno, target.col_offset, target.end_lineno, target.end_col_offset)
    return (Edit(place, target.id, f"{target.id} = {ast.unparse(old)}"),)


def _missing_update(examination: Examination, entry: _Frozen) -> tuple[Edit, ...]:
    """Return the update of another parameter written again for this one, with its gradient."""
    if entry.gradient_at is None or examination.repeated:
        return ()
    gradient = examination.site_of(entry.gradient_at)
    if gradient.kind not in ("assigned", "updated", "unpacked") or gradient.module:
        return ()
    for other in examination.found.parameters:
        site, at = examination.update_site(other), _gradient_name(examination, other)
        if site is None or at is None or site.function != gradient.function or site.module:
            continue
        statement = statement_at(examination.tree, site.span.line)
        if not isinstance(statement, ast.Assign | ast.AugAssign) or statement.lineno != statement.end_lineno:
            continue
        lines = examination.source.text.splitlines()
        text = lines[statement.lineno - 1]
        name = ast.unparse(statement.target if isinstance(statement, ast.AugAssign) else statement.targets[0])
        new = _renamed(_renamed(text, at, gradient.name), name, _as_written(name, other, entry.variable))
        if new == text or at not in text or statement.lineno >= len(lines):
            continue
        return (Edit(examination.location(statement.lineno + 1, 0, statement.lineno + 1, 0), "", new + "\n"),)
    return ()


def _gradient_name(examination: Examination, variable: StepVariable) -> str | None:
    """Return the name under which the script keeps the gradient of a parameter."""
    gradients = np.concatenate(
        [probe.gradients[examination.descended][variable.index].ravel() for probe in examination.probes]
    )
    traces = [probe.trace for probe in examination.probes]
    for key in traces[0].values:
        site = examination.site_of(key)
        if site.kind not in ("assigned", "unpacked") or any(
            key not in trace.values or trace.values[key].size != variable.size for trace in traces
        ):
            continue
        if compare(np.concatenate([trace.values[key].ravel() for trace in traces]), gradients).error < _SAME:
            return site.name
    return None


def _renamed(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<![\w.]){re.escape(old)}(?!\w)", lambda _: new, text)


def _as_written(name: str, other: StepVariable, variable: StepVariable) -> str:
    """Return how a line that calls ``other`` by ``name`` would call ``variable``."""
    last = str(variable.steps[-1][1]) if variable.steps else variable.root
    before = str(other.steps[-1][1]) if other.steps else other.root
    return re.sub(rf"(?<!\w){re.escape(before)}(?!\w)", lambda _: last, name)


def _as_edited(examination: Examination, frozen: list[StepVariable], findings: list[Finding]) -> Change | None:
    """Return the trial of the remedies' edits; None if one of them cannot be said that way."""
    edits = [finding.remedies[0].edits for finding in findings]
    if not all(edits) or any(edit.location.cell is not None for made in edits for edit in made):
        return None
    try:
        text = apply_edits(examination.source.text, [edit for made in edits for edit in made])
    except UsageError:
        return None
    return Change("update of " + ", ".join(variable.name for variable in frozen), text=text)


def _change(examination: Examination, frozen: list[StepVariable]) -> Change | None:
    """Return the trial in which the frozen parameters descend their gradient like the others."""
    if not examination.prober.tape_works:
        return None
    parameters = list(examination.found.parameters)
    pace = rates(examination, examination.descended)
    moving = [rate for rate, variable in zip(pace, parameters, strict=True) if variable not in frozen]
    typical = float(np.median(moving)) if moving else 0.0
    new = [variable for variable in frozen if variable not in parameters]
    return Change(
        "update of " + ", ".join(variable.name for variable in frozen),
        {
            "variables": [[variable.root, [list(step) for step in variable.steps]] for variable in (*parameters, *new)],
            "gradient": examination.descended,
            "rates": [*pace, *(typical for _ in new)],
        },
    )
