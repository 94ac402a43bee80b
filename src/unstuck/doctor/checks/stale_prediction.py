"""Does an output belong to older weights than it should?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.findings import Edit, Finding, Remedy
from unstuck.doctor.patch import apply_edits
from unstuck.doctor.scripts.aftermath import Aftermath, aftermath_of
from unstuck.doctor.scripts.constants import constants_of
from unstuck.doctor.scripts.idle_state import is_idle
from unstuck.doctor.scripts.statements import statement_at
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change
from unstuck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trace import Key, Trace

_INTERACTS = 1e-3
_MOST_DATA = 6
_ASSIGNMENTS = ("assigned", "unpacked")


def check(examination: Examination) -> Iterator[Suspicion]:
    """Disturb a parameter and watch what follows: an output must follow all the parameters that it is made of."""
    found = (
        list(_before_the_loop(examination))
        or list(_of_the_last_batch(examination))
        or list(_after_the_loop(examination))
    )
    yield from found
    if not found and examination.found.pair is not None:
        examination.checked.append("The outputs of a step are those of its own parameters.")


# ---------------------------------------------------------------------- computed once, before the loop


def _before_the_loop(examination: Examination) -> Iterator[Suspicion]:
    """Yield hidden values that were computed before the loop, from parameters that the loop goes on to move."""
    moving = {variable.root: variable for variable in examination.found.state if variable.shape != ()}
    if not moving:
        return
    for constant in constants_of(examination):
        variable = constant.variable
        site = examination.first_assignment(variable.root) if constant.moves_outputs and not variable.steps else None
        if site is None or site.function:
            continue
        read = _names_read(site.expression)
        idle = [entry for root, entry in moving.items() if root in read and is_idle(examination, entry)]
        if idle:
            yield _once(examination, variable, site, idle)
            return


def _names_read(text: str) -> set[str]:
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError:
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _once(examination: Examination, variable: StepVariable, site: Site, idle: list[StepVariable]) -> Suspicion:
    names = " and ".join(entry.name for entry in idle)
    loop = examination.found.loop
    location = examination.location_of_site(site)
    edits = _at_top_of_loop(examination, site)
    line = examination.location(loop.line).line
    finding = Finding(
        fault="stale-prediction",
        message=(
            f"{variable.name} is computed from {names} once, before the loop in line {line}. The loop moves {names}, "
            f"but {variable.name} and the outputs do not follow."
        ),
        location=location,
        evidence={
            f"change of the loss when {idle[0].name} is disturbed": 0.0,
            "parameters without effect on the outputs": [entry.name for entry in idle],
        },
        parameter=idle[0].name,
        lines=tuple(sorted({location.line, line})),
        remedies=(Remedy(f"Compute {variable.name} anew at the top of every iteration.", edits),),
    )
    return Suspicion(finding, _text_change(examination, f"{variable.name} computed in the loop", edits))


def _at_top_of_loop(examination: Examination, site: Site) -> tuple[Edit, ...]:
    """Return the edit that writes a statement again at the top of the training loop; none if the loop is elsewhere."""
    loop = examination.found.loop
    statement = statement_at(examination.tree, site.span.line)
    head = statement_at(examination.tree, loop.line)
    if (
        examination.repeated
        or site.module
        or loop.module
        or loop.function
        or site.function
        or not isinstance(statement, ast.Assign)
        or not isinstance(head, ast.For | ast.While)
    ):
        return ()
    body = head.body[0]
    lines = examination.source.text.splitlines()
    if body.lineno == head.lineno or statement.col_offset:
        return ()
    indent = " " * body.col_offset
    text = "".join(f"{indent}{line}\n" for line in lines[statement.lineno - 1 : statement.end_lineno])
    return (Edit(examination.location(body.lineno, 0, body.lineno, 0), "", text),)


def _text_change(examination: Examination, name: str, edits: tuple[Edit, ...]) -> Change | None:
    if not edits or any(edit.location.cell is not None for edit in edits):
        return None
    try:
        return Change(name, text=apply_edits(examination.source.text, edits))
    except UsageError:
        return None


# ---------------------------------------------------------------------- outputs of one batch, targets of the next


def _of_the_last_batch(examination: Examination) -> Iterator[Suspicion]:
    """Yield outputs that a step has left behind and that the next one compares with targets of its own."""
    found = examination.found
    left = _left_behind(examination)
    if not left:
        return
    state = examination.probes[0].state
    base = found.step.replay(state=state, pairs=True, steps=2)
    differences = [
        key
        for key in base.pairs
        if key[1] == 1 and any((key[0], 0) in found.dependents[variable.index] for variable in left)
    ]
    data = _data_sites(examination, base, left)
    if not differences or not 2 <= len(data) <= _MOST_DATA:  # noqa: PLR2004 (inputs and targets)
        return
    rng = np.random.default_rng(71)
    sides: dict[tuple[int, int], Trace] = {}
    for site in data:
        for occurrence in (0, 1):
            change = {(site, occurrence): rng.normal(size=base.shapes[site, occurrence])}
            sides[site, occurrence] = found.step.replay(state=state, pairs=True, steps=2, add=change)
    data.sort(key=lambda site: base.order[site, 0])
    for key in sorted(differences, key=lambda key: base.order[key]):
        first = (key[0], 0)
        for outputs, targets in (("left", "right"), ("right", "left")):
            late = [
                site
                for site in data
                if _differs(sides[site, 0], base, key, outputs)
                and not _differs(sides[site, 1], base, key, outputs)
                and not _differs(sides[site, 0], base, first, outputs)
            ]
            own = [
                site
                for site in data
                if _differs(sides[site, 1], base, key, targets) and _differs(sides[site, 0], base, first, targets)
            ]
            if late and own and late[0] not in own:
                yield _other_batch(examination, key, found.sites[late[0]], found.sites[own[0]])
                return


def _differs(trace: Trace, base: Trace, key: Key, side: str) -> bool:
    """Whether one operand of a difference is not what it was."""
    return (
        key in trace.pairs
        and key in base.pairs
        and not np.array_equal(getattr(trace.pairs[key], side), getattr(base.pairs[key], side))
    )


def _left_behind(examination: Examination) -> list[StepVariable]:
    """Return arrays that every step makes anew, and whose old values it uses for its updates before it does."""
    found = examination.found
    inside = [site for site in found.sites if (site.number, 0) in found.base.order]
    trained = [
        site for site in inside if site.kind in ("updated", "item") or (site.kind == "assigned" and site.reads_itself)
    ]
    updates = {key for key in found.base.order if found.sites[key[0]] in trained}
    updated = {site.name.rpartition(".")[2] for site in trained}
    made = {site.name.rpartition(".")[2] for site in inside if site.kind in _ASSIGNMENTS and not site.reads_itself}
    return [
        variable
        for variable in found.step.variables
        if variable.shape != ()
        and variable.name.rpartition(".")[2] in made - updated
        and found.dependents.get(variable.index, set()) & updates
    ]


def _data_sites(examination: Examination, base: Trace, left: list[StepVariable]) -> list[int]:
    """Return the places where a loop gets its rows, twice at least: arrays that no parameter and nothing left behind affects."""
    found = examination.found
    names = {variable.index for variable in left}
    carried = [variable.index for variable in (*found.parameters, *found.state) if variable.index not in names]
    affected = set().union(*(found.dependents.get(index, set()) for index in carried))
    return [
        site.number
        for site in found.sites
        if site.kind in ("loop-target", "assigned", "unpacked")
        and (site.number, 0) in base.shapes
        and (site.number, 1) in base.shapes
        and base.shapes[site.number, 0] != ()
        and (site.number, 0) not in base.integers
        and (site.number, 0) not in affected
        and not any(site.name.removeprefix("self.") == variable.name.rpartition(".")[2] for variable in left)
    ]


def _other_batch(examination: Examination, key: Key, inputs: Site, targets: Site) -> Suspicion:
    found = examination.found
    head = found.loop
    below = [
        entry
        for entry, order in found.base.order.items()
        if order >= found.base.order[key[0], 0] and found.sites[entry[0]].function == head.function
    ]
    site = found.sites[min(below, key=lambda entry: found.base.order[entry])[0]] if below else examination.site_of(key)
    location = examination.location_of_site(site)
    finding = Finding(
        fault="stale-prediction",
        message=(
            f"The outputs that are compared with {targets.name} in line {location.line} were left behind by the "
            f"step before, for its {inputs.name}: "
            "they belong to other rows and older weights. The forward pass of a batch has to come before its "
            "backward pass."
        ),
        location=location,
        evidence={
            f"steps by which the outputs lag behind {inputs.name}": 1,
            f"steps by which the targets lag behind {targets.name}": 0,
        },
        severity="harmful",
        lines=tuple(sorted({location.line, examination.location_of_site(examination.site_of(key)).line})),
        remedies=(
            Remedy(f"Run the forward pass with {inputs.name} before line {location.line}, in the same iteration."),
        ),
    )
    return Suspicion(finding)


# ---------------------------------------------------------------------- old hidden values under new weights


def _after_the_loop(examination: Examination) -> Iterator[Suspicion]:
    """Yield a prediction after the loop that mixes the last weights with hidden values from before the last update."""
    aftermath = aftermath_of(examination)
    if aftermath is None:
        return
    names = {variable.name for variable in (*examination.found.parameters, *examination.found.state)}
    constants = {constant.variable.name for constant in constants_of(examination)}
    for old in [name for name in aftermath.moved if name not in names | constants]:
        behind = _behind(examination, old)
        for key in sorted(aftermath.moved[old], key=lambda key: aftermath.base.order[key]):
            new = [name for name in sorted(names & set(aftermath.moved)) if key in aftermath.moved[name]]
            missing = [name for name in behind if name not in new]
            if missing and any(_interact(aftermath, name, old, key) for name in new):
                yield _mixed(examination, aftermath, key, old, missing, new)
                return


def _behind(examination: Examination, old: str) -> list[str]:
    """Return the parameters that a variable is made of in every step."""
    found = examination.found
    holder, _, name = old.rpartition(".")
    made = {
        key
        for key in found.base.order
        if (site := found.sites[key[0]]).kind in _ASSIGNMENTS
        and _is_called(site.name, holder, name)
        and (holder or site.function == found.loop.function)  # a function has names of its own
    }
    moving = [parameter for parameter in found.parameters if parameter.index in found.updates]
    return [parameter.name for parameter in moving if found.dependents.get(parameter.index, set()) & made]


def _is_called(name: str, holder: str, last: str) -> bool:
    """Whether a place in the text, such as ``self.h``, may be that of a variable, such as ``net.h``."""
    before, _, own = name.rpartition(".")
    return own == last and bool(before) == bool(holder)


def _interact(aftermath: Aftermath, name: str, old: str, key: Key) -> bool:
    """Whether two disturbances together do something else to a value than the sum of what each does: then they are multiplied in it."""
    both = aftermath.together.get((name, old))
    traces = [aftermath.base, aftermath.disturbed[name], aftermath.disturbed[old], both]
    if any(trace is None or key not in trace.values for trace in traces):
        return False
    base, one, other, together = (trace.values[key] for trace in traces if trace is not None)
    if one.shape != base.shape or other.shape != base.shape or together.shape != base.shape or base.size < 1:
        return False
    size = float(np.abs(one - base).max()) + float(np.abs(other - base).max())
    return size > 0 and float(np.abs(together - one - other + base).max()) > _INTERACTS * size


def _mixed(
    examination: Examination, aftermath: Aftermath, key: Key, old: str, missing: list[str], new: list[str]
) -> Suspicion:
    site = examination.site_of(key)
    location = examination.location_of_site(site)
    edits = _computed_again(examination, old, site)
    finding = Finding(
        fault="stale-prediction",
        message=(
            f"Line {location.line} computes with the new {' and '.join(new)}, but with the {old} of before the last update: "
            f"it does not follow {' and '.join(missing)}."
        ),
        location=location,
        evidence={
            f"change of this value when {missing[0]} is disturbed": 0.0,
            f"change of this value when {new[0]} is disturbed": float(
                np.abs(aftermath.disturbed[new[0]].values[key] - aftermath.base.values[key]).max()
            ),
        },
        parameter=missing[0],
        severity="harmful",
        lines=(location.line,),
        remedies=(Remedy(f"Compute {old} anew from the last weights before this line.", edits),),
    )
    return Suspicion(finding)


def _computed_again(examination: Examination, old: str, site: Site) -> tuple[Edit, ...]:
    """Return the edit that writes the statement that makes ``old`` again before a line; none if it stands in a function."""
    made = next(
        (
            entry
            for entry in examination.found.sites
            if entry.name == old and entry.kind == "assigned" and not entry.function and not entry.module
        ),
        None,
    )
    statement = None if made is None else statement_at(examination.tree, made.span.line)
    target = statement_at(examination.tree, site.span.line)
    if (
        site.function
        or site.module
        or not isinstance(statement, ast.Assign)
        or target is None
        or target not in examination.tree.body
    ):
        return ()
    lines = examination.source.text.splitlines()[statement.lineno - 1 : statement.end_lineno]
    text = "".join(f"{line[statement.col_offset :]}\n" for line in lines)
    return (Edit(examination.location(target.lineno, 0, target.lineno, 0), "", text),)
