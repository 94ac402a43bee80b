"""Is there a parameter that nothing uses?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.bias_place import added_there, place_of_bias
from unstuck.doctor.checks.definitions import place_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.aftermath import aftermath_of
from unstuck.doctor.scripts.creation import creation_of, draws_in
from unstuck.doctor.scripts.idle_state import (
    has_a_length_of_a_parameter,
    is_called,
    is_idle,
    is_read_elsewhere,
)
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable

_UPDATED = "updated in every step, but no output, no loss and no prediction depends on"
_LEFT_OUT = "updated in every step, but only what follows the training uses"
_UNTOUCHED = "made like the other parameters, but nothing in the script uses"


def check(examination: Examination) -> Iterator[Suspicion]:
    """Give a parameter other values and run on: if no output, no loss and no other parameter changes, nothing uses it."""
    idle = [variable for variable in examination.found.state if is_idle(examination, variable)]
    updated = [variable for variable in idle if _is_used_by_nothing(examination, variable)]
    left_out = [
        variable for variable in idle if variable not in updated and place_of_bias(examination, variable) is not None
    ]
    untouched = _never_read(examination)
    for group in _by_root(updated):
        yield _suspicion(examination, group, _UPDATED)
    for variable in left_out:
        yield _suspicion(examination, [variable], _LEFT_OUT)
    for group in _by_root(untouched):
        yield _suspicion(examination, group, _UNTOUCHED)
    if not updated and not left_out and not untouched:
        examination.checked.append("Everything that is trained is used.")


# ---------------------------------------------------------------------- updated, but never used


def _is_used_by_nothing(examination: Examination, variable: StepVariable) -> bool:
    """Whether nothing after training and no line of the text uses what nothing in training depends on."""
    if is_read_elsewhere(examination.tree, variable):
        return False
    aftermath = aftermath_of(examination)
    return aftermath is not None and variable.name in aftermath.moved and not aftermath.moved[variable.name]


# ---------------------------------------------------------------------- never touched at all


def _never_read(examination: Examination) -> list[StepVariable]:
    """Return what was made like the parameters, and that neither the text reads nor the run."""
    found = examination.found
    trained = {variable.index for variable in found.parameters}
    names = _read_names(examination.tree)
    roots = {(parameter.root, len(parameter.steps)) for parameter in found.parameters}
    drawn = (
        set().union(*(draws_in(creation_of(examination.tree, parameter)) for parameter in found.parameters))
        if found.parameters
        else set()
    )
    suspects = []
    for variable in found.step.variables:
        beside = bool(variable.steps) and (variable.root, len(variable.steps)) in roots
        fits = has_a_length_of_a_parameter(examination, variable) or (
            beside and variable.shape != () and variable.size == 1
        )
        if variable.index in trained or variable.is_integer or not fits or variable.start is None:
            continue
        last = str(variable.steps[-1][1]) if variable.steps else variable.root
        if last in names or (variable.steps and not isinstance(variable.steps[-1][1], str)):
            continue
        made = creation_of(examination.tree, variable)
        if made is None or not isinstance(made, ast.Call | ast.BinOp):
            continue
        if beside or draws_in(made) & drawn:
            suspects.append(variable)
    touched = _changed_by_a_step(examination, [variable for variable in suspects if variable in found.state])
    return [variable for variable in suspects if variable not in touched and _affects_nothing(examination, variable)]


def _changed_by_a_step(examination: Examination, variables: Sequence[StepVariable]) -> list[StepVariable]:
    """Return those that are not what they were after a step; what stands in a dictionary of parameters may only look updated."""
    if not variables:
        return []
    ends = examination.found.step.replay(ends=[variable.index for variable in variables], record=False).ends
    return [
        variable
        for variable in variables
        if variable.start is None or not np.array_equal(ends.get(variable.index, np.zeros(0)), variable.start)
    ]


def _read_names(tree: ast.AST) -> set[str]:
    """Return every name, attribute and written-out key that is read somewhere."""
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)}
    read |= {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Store)
    }
    written = {id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    written |= {
        id(node.slice) for node in ast.walk(tree) if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    }
    return read | {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in written
    }


def _affects_nothing(examination: Examination, variable: StepVariable) -> bool:
    """Whether the step is the same with other values, and leaves these as they are."""
    found = examination.found
    indices = [other.index for other in (*found.parameters, *found.state)]
    state = examination.probes[0].state
    shift = {variable.index: np.random.default_rng(53).normal(size=variable.shape)}
    base, moved = found.step.replay_all(
        [{"state": state, "shift": moves, "ends": [*indices, variable.index], "pairs": True} for moves in (None, shift)]
    )
    if variable.index not in moved.ends or moved.ends[variable.index].shape != variable.shape:
        return False
    kept = np.allclose(
        moved.ends[variable.index] - base.ends[variable.index], shift[variable.index], rtol=1e-9, atol=1e-12
    )
    return kept and not moved.changed_from(base) and not moved.ends_changed_from(base) - {variable.index}


# ---------------------------------------------------------------------- what to say


def _by_root(variables: Sequence[StepVariable]) -> list[list[StepVariable]]:
    """Put together what one name holds."""
    groups: dict[str, list[StepVariable]] = {}
    for variable in variables:
        groups.setdefault(variable.root if variable.steps else variable.name, []).append(variable)
    return list(groups.values())


def _suspicion(examination: Examination, variables: list[StepVariable], what: str) -> Suspicion:
    names = " and ".join(variable.name for variable in variables)
    is_one = len(variables) == 1
    made = [node for variable in variables if (node := creation_of(examination.tree, variable)) is not None]
    location = None if not made else place_of(examination, made[0])
    lines = {examination.location(node.lineno).line for node in made}
    if what != _UNTOUCHED:
        lines |= {line for variable in variables for line in _update_lines(examination, variable)}
    message = f"{names} {'is' if is_one else 'are'} {what} {'it' if is_one else 'them'}"
    remedies: tuple[Remedy, ...] = (
        Remedy(
            f"Use {names} in the forward pass, such as a bias added to its layer before the activation, or "
            f"delete {'it' if is_one else 'them'}."
        ),
    )
    place = place_of_bias(examination, variables[0]) if what != _UNTOUCHED and is_one else None
    change = None
    if place is not None:
        site = examination.site_of(place)
        location = examination.location_of_site(site)
        lines.add(location.line)
        message += f"; its gradient is that of a bias added to {site.expression}, but it is not added there"
        added = added_there(examination, variables[0], place)
        change = None if added is None else added[1]
        remedies = remedies if added is None else (added[0], *remedies)
    finding = Finding(
        fault="unused-parameter",
        message=message + ".",
        location=location,
        evidence={"values that change when it is disturbed": 0},
        parameter=variables[0].name,
        severity="harmless",
        lines=tuple(sorted(lines)),
        remedies=remedies,
    )
    return Suspicion(finding, change)


def _update_lines(examination: Examination, variable: StepVariable) -> Iterator[int]:
    for site in examination.found.sites:
        if site.kind in ("assigned", "updated", "item", "unpacked") and site.reads_itself and is_called(site, variable):
            yield examination.location_of_site(site).line
