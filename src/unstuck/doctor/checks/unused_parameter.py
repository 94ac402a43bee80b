"""Is there a parameter that nothing uses?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.aftermath import aftermath_of
from unstuck.doctor.scripts.creation import creation_of, draws_in
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable

_CARRIES = 0.9999
_NUDGE = 0.1
_SECONDS = 1.5
_LONGEST = 12


def check(examination: Examination) -> Iterator[Suspicion]:
    """Give a parameter other values and run on: if no output, no loss and no other parameter changes, nothing uses it."""
    updated = [variable for variable in examination.found.state if _is_updated_for_nothing(examination, variable)]
    untouched = _never_read(examination)
    for group in _by_root(updated):
        yield _suspicion(examination, group, is_updated=True)
    for group in _by_root(untouched):
        yield _suspicion(examination, group, is_updated=False)
    if not updated and not untouched:
        examination.checked.append("Everything that is trained is used.")


# ---------------------------------------------------------------------- updated, but never used


def _is_updated_for_nothing(examination: Examination, variable: StepVariable) -> bool:
    """Whether something is updated by the error like a parameter, carries over in full, and affects nothing but itself."""
    found = examination.found
    if variable.is_integer or not _has_a_length_of_a_parameter(examination, variable) or variable.start is None:
        return False
    others = [other.index for other in (*found.parameters, *found.state)]
    state = examination.probes[0].state
    shift = _NUDGE * np.random.default_rng(51).normal(size=variable.shape) * max(1.0, float(np.abs(variable.start).max()))
    steps = max(1, min(_LONGEST, int(_SECONDS / max(1e-3, examination.probes[0].trace.seconds))))
    follow = {"loss": found.loss.key[0]} if found.loss is not None else {}
    base = found.step.replay(state=state, ends=others, pairs=True, record=False, steps=steps, **follow)
    moved = found.step.replay(state=state, shift={variable.index: shift}, ends=others, pairs=True, record=False, steps=steps, **follow)
    if variable.index not in base.ends or variable.index not in moved.ends or base.ends[variable.index].shape != variable.shape:
        return False
    carried = moved.ends[variable.index] - base.ends[variable.index]
    if float(np.vdot(carried, shift)) < _CARRIES * float(np.vdot(shift, shift)):
        return False
    if moved.ends_changed_from(base) - {variable.index} or moved.loss != base.loss or _pairs_differ(examination, moved.pairs, base.pairs):
        return False
    if not _is_moved_by_the_error(examination, variable):
        return False
    aftermath = aftermath_of(examination)
    return aftermath is not None and variable.name in aftermath.moved and not aftermath.moved[variable.name]


def _pairs_differ(examination: Examination, first: dict, second: dict) -> bool:  # type: ignore[type-arg]
    pair = examination.found.pair
    if pair is None:
        return False
    keys = [key for key in second if key[0] == pair.key[0]]
    return any(key not in first or not np.array_equal(first[key].left, second[key].left) or not np.array_equal(first[key].right, second[key].right) for key in keys)


def _is_moved_by_the_error(examination: Examination, variable: StepVariable) -> bool:
    """Whether its update depends on the difference of outputs and targets, or else on the parameters."""
    found, probe = examination.found, examination.probes[0]
    if found.pair is not None:
        key = found.pair.key
        shape = probe.trace.shapes.get(key, ())
        base = found.step.replay(state=probe.state, ends=[variable.index], record=False)
        moved = found.step.replay(state=probe.state, ends=[variable.index], record=False, add={key: np.full(shape, _NUDGE)})
    else:
        base = found.step.replay(state=examination.probes[0].state, ends=[variable.index], record=False)
        moved = found.step.replay(state=examination.probes[-1].state, ends=[variable.index], record=False)
    return bool(moved.ends_changed_from(base))


def _has_a_length_of_a_parameter(examination: Examination, variable: StepVariable) -> bool:
    lengths = {length for parameter in examination.found.parameters for length in parameter.shape if length > 1}
    one = any(parameter.size == 1 or 1 in parameter.shape for parameter in examination.found.parameters)
    return variable.shape != () and (bool(lengths & set(variable.shape)) or (variable.size == 1 and one))


# ---------------------------------------------------------------------- never touched at all


def _never_read(examination: Examination) -> list[StepVariable]:
    """Return what was made like the parameters, and that neither the text reads nor the run."""
    found = examination.found
    carrying = {variable.index for variable in (*found.parameters, *found.state)}
    names = _read_names(examination.tree)
    roots = {(parameter.root, len(parameter.steps)) for parameter in found.parameters}
    drawn = set().union(*(draws_in(creation_of(examination.tree, parameter)) for parameter in found.parameters)) if found.parameters else set()
    suspects = []
    for variable in found.step.variables:
        if variable.index in carrying or variable.is_integer or not _has_a_length_of_a_parameter(examination, variable) or variable.start is None:
            continue
        last = str(variable.steps[-1][1]) if variable.steps else variable.root
        if last in names or (variable.steps and not isinstance(variable.steps[-1][1], str)):
            continue
        made = creation_of(examination.tree, variable)
        if made is None or not isinstance(made, ast.Call | ast.BinOp):
            continue
        beside = bool(variable.steps) and (variable.root, len(variable.steps)) in roots
        if beside or draws_in(made) & drawn:
            suspects.append(variable)
    return [variable for variable in suspects if _affects_nothing(examination, variable)]


def _read_names(tree: ast.AST) -> set[str]:
    """Return every name, attribute and written-out key that is read somewhere."""
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)}
    read |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Store)}
    written = {id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    written |= {id(node.slice) for node in ast.walk(tree) if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)}
    return read | {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in written}


def _affects_nothing(examination: Examination, variable: StepVariable) -> bool:
    """Whether the step is the same with other values, and leaves these as they are."""
    found = examination.found
    indices = [other.index for other in (*found.parameters, *found.state)]
    state = examination.probes[0].state
    shift = {variable.index: np.random.default_rng(53).normal(size=variable.shape)}
    base = found.step.replay(state=state, ends=[*indices, variable.index], pairs=True)
    moved = found.step.replay(state=state, shift=shift, ends=[*indices, variable.index], pairs=True)
    if variable.index not in moved.ends or moved.ends[variable.index].shape != variable.shape:
        return False
    kept = np.allclose(moved.ends[variable.index] - base.ends[variable.index], shift[variable.index], rtol=1e-9, atol=1e-12)
    return kept and not moved.changed_from(base) and not moved.ends_changed_from(base) - {variable.index}


# ---------------------------------------------------------------------- what to say


def _by_root(variables: Sequence[StepVariable]) -> list[list[StepVariable]]:
    """Put together what one name holds."""
    groups: dict[str, list[StepVariable]] = {}
    for variable in variables:
        groups.setdefault(variable.root if variable.steps else variable.name, []).append(variable)
    return list(groups.values())


def _suspicion(examination: Examination, variables: list[StepVariable], *, is_updated: bool) -> Suspicion:
    names = " and ".join(variable.name for variable in variables)
    is_one = len(variables) == 1
    made = [node for variable in variables if (node := creation_of(examination.tree, variable)) is not None]
    first = made[0] if made else None
    location = None if first is None else examination.location(first.lineno, first.col_offset, first.end_lineno, first.end_col_offset)
    lines = {examination.location(node.lineno).line for node in made}
    if is_updated:
        lines |= {examination.location(line).line for variable in variables for line in _update_lines(examination, variable)}
        what = f"{names} {'is' if is_one else 'are'} updated in every step, but no output, no loss and no prediction depends on {'it' if is_one else 'them'}"
        verb = "Use"
    else:
        what = f"{names} {'is' if is_one else 'are'} made like the other parameters, but nothing in the script uses {'it' if is_one else 'them'}"
        verb = "Use"
    finding = Finding(
        fault="unused-parameter",
        message=what + ".",
        location=location,
        evidence={"values that change when it is disturbed": 0},
        parameter=variables[0].name,
        severity="harmless",
        lines=tuple(sorted(lines)),
        remedies=(Remedy(f"{verb} {names} in the forward pass, such as a bias added to its layer before the activation, or delete {'it' if is_one else 'them'}."),),
    )
    return Suspicion(finding)


def _update_lines(examination: Examination, variable: StepVariable) -> Iterator[int]:
    last = str(variable.steps[-1][1]) if variable.steps else variable.root
    for site in examination.found.sites:
        if site.kind in ("assigned", "updated", "item", "unpacked") and site.reads_itself and site.name.rpartition(".")[2].partition("[")[0] == last:
            yield site.span.line
