"""Is there a parameter that the outputs depend on and that no step ever moves?"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.frozen_values import frozen_values
from unstuck.doctor.findings import Edit, Finding, Remedy
from unstuck.doctor.patch import apply_edits
from unstuck.doctor.scripts.creation import creation_of
from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.statements import statement_at
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change
from unstuck.doctor.scripts.true_descent import rates
from unstuck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.checks.frozen_values import Frozen
    from unstuck.doctor.findings import Location
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable

_SAME = 1e-4


def check(examination: Examination) -> Iterator[Suspicion]:
    """Look for what acts like a weight and stays as it is, although its gradient is computed or it was made like those that move."""
    frozen = frozen_values(examination)
    if not frozen:
        if examination.found.parameters and all(
            verdict.update != "frozen" for verdict in examination.verdicts.of.values()
        ):
            examination.checked.append("Every parameter that the outputs depend on is updated.")
        return
    findings = [(_finding(examination, place), place[0]) for place in _by_place(frozen)]
    names = sorted((entry.variable for entry in frozen), key=lambda variable: variable.index)
    change = _as_edited(examination, names, [finding for finding, _ in findings]) or _change(examination, names)
    has_learned = examination.learning.has_learned(examination.written)
    for finding, first in findings:
        if not _is_left_out(first):
            yield Suspicion(finding, change)
        elif has_learned:
            yield Suspicion(replace(finding, severity="harmless"), change)
        else:
            yield Suspicion(finding, change, needs_proof=first.added_at is None)


def _is_left_out(entry: Frozen) -> bool:
    """Whether nothing shows that the parameter was to be updated but how it was made: it may be meant to stay as it is."""
    return entry.gradient_at is None and entry.lost_at is None


# ---------------------------------------------------------------------- what to say


def _by_place(frozen: list[Frozen]) -> list[list[Frozen]]:
    """Put together what is lost by the same line."""
    places: dict[object, list[Frozen]] = {}
    for entry in frozen:
        if entry.lost_at is not None:
            place: object = entry.lost_at[0]
        else:
            place = "bias" if entry.added_at is not None else ("", entry.variable.name)
        places.setdefault(place, []).append(entry)
    return [sorted(group, key=lambda entry: entry.variable.index) for group in places.values()]


def _finding(examination: Examination, frozen: list[Frozen]) -> Finding:
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
        location, message, summary = _of_left_out(examination, frozen)
    added = [examination.location_of_site(examination.site_of(each.added_at)).line for each in frozen if each.added_at]
    return Finding(
        fault="frozen-parameter",
        message=message,
        location=location,
        evidence={"largest update in a step": 0.0, "size of its gradient": first.slope},
        parameter=first.variable.name,
        lines=tuple(dict.fromkeys([*([] if location is None else [location.line]), *added])),
        remedies=(Remedy(summary, edits),),
    )


def _of_left_out(examination: Examination, frozen: list[Frozen]) -> tuple[Location | None, str, str]:
    """Return where parameters are made whose gradient is not computed, what to say of them, and what to do."""
    names, first = " and ".join(entry.variable.name for entry in frozen), frozen[0]
    made = creation_of(examination.tree, first.variable)
    location = (
        None
        if made is None
        else examination.location(made.lineno, made.col_offset, made.end_lineno, made.end_col_offset)
    )
    is_one = len(frozen) == 1
    if first.added_at is not None:
        message = (
            f"{names} {'is' if is_one else 'are'} added in the forward pass and {'stays' if is_one else 'stay'} zero: "
            f"no step changes {'it' if is_one else 'them'}, so {'it does' if is_one else 'they do'} nothing."
        )
    else:
        message = (
            f"The outputs depend on {names}, which is drawn {'' if first.maker is None else f'by {first.maker} '}"
            "like the parameters that are trained, but no step changes it."
        )
    whose = "its gradient" if is_one else "their gradients"
    return location, message, f"Compute {whose} too, and update {names} in every step."


def _assign_to_itself(examination: Examination, entry: Frozen) -> tuple[Edit, ...]:
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


def _missing_update(examination: Examination, entry: Frozen) -> tuple[Edit, ...]:
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
