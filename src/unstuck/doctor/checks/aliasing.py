"""Does the script change an array under one name while it needs the old values under another?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.alias_sites import Alias, chains, kept, repeated
from unstuck.doctor.checks.definitions import place_of, remedy_of
from unstuck.doctor.checks.edits import Change as TextChange
from unstuck.doctor.checks.edits import replace
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trace import same_sums
from unstuck.doctor.scripts.values import sums

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site

_MOST = 6


def check(examination: Examination) -> Iterator[Suspicion]:
    """Do two names stand for one array where each was to have its own?

    Both names of a chain that are changed in place, a list that holds one row many times, and weights that were kept without a copy
    while every step goes on changing them: they are read off the text, and what the step does to them is measured.
    """
    found = [*_chained(examination), *_repeated(examination), *_kept(examination)]
    yield from found[:_MOST]


# ---------------------------------------------------------------------- one array under two names


def _chained(examination: Examination) -> Iterator[Suspicion]:
    for alias in chains(examination.tree, examination.source):
        changed = [_changed_in_place(examination.tree, name) for name in alias.names]
        if sum(bool(lines) for lines in changed) < 2:  # noqa: PLR2004 (one of the names is only another for the other)
            continue
        lines = sorted({line for each in changed for line in each})
        names = " and ".join(f"'{name}'" for name in alias.names)
        yield _shared_array(
            examination, alias,
            f"{names} are one and the same array, since an assignment does not copy: what line {lines[0]} changes under one name, "
            f"line {lines[-1]} changes again under the other.",
            {"names of one array": len(alias.names), "places that change it in place": len(lines)},
            lines, f"Make a new array for each of {names}.",
        )  # fmt: skip


def _repeated(examination: Examination) -> Iterator[Suspicion]:
    """Lists of one row: rows that are equal at the start and still equal after the step, although it moves them."""
    for alias in repeated(examination.tree, examination.source):
        equal = _equal_rows(examination, alias)
        if equal is None:
            continue
        variable, count, moved = equal
        yield _shared_array(
            examination, alias,
            f"The {count} entries of '{variable.name}' are one and the same {'array' if variable.is_array else 'list'}: "
            "'[...] * n' repeats it without a copy. "
            "What a step changes in one of them, it changes in all.",
            {"entries": count, "entries that are equal before and after a step": count, "largest change in a step": moved},
            [], "Make each entry anew, in a list comprehension.",
        )  # fmt: skip


def _equal_rows(examination: Examination, alias: Alias) -> tuple[StepVariable, int, float] | None:
    found = examination.found
    name = alias.names[0].rpartition(".")[2]
    for variable in found.parameters:
        end = found.own.ends.get(variable.index)
        names = {variable.root, *(str(key) for kind, key in variable.steps if kind == "attribute")}
        start = variable.start
        if start is None or end is None or len(variable.shape) < 2 or variable.shape[0] < 2 or end.shape != start.shape:  # noqa: PLR2004 (rows)
            continue
        if not (np.ptp(start, axis=0) == 0).all() or not (np.ptp(end, axis=0) == 0).all() or np.array_equal(start, end):
            continue
        if name and name not in names and len(variable.steps) == 0:
            continue
        if np.ptp(start[0]) == 0:
            continue  # all numbers alike: that may be a constant start, not a shared row
        return variable, variable.shape[0], float(np.max(np.abs(end - start)))
    return None


def _shared_array(
    examination: Examination,
    alias: Alias,
    message: str,
    evidence: dict[str, int | float],
    lines: list[int],
    summary: str,
) -> Suspicion:
    place = place_of(examination, alias.node)
    remedy, change = remedy_of(examination.source, summary, alias.changes) if alias.changes else (Remedy(summary), None)
    own_lines = [examination.location(line).line for line in lines]
    return Suspicion(
        Finding(
            "aliasing",
            message,
            place,
            evidence,
            lines=tuple(dict.fromkeys([place.line, *own_lines])),
            remedies=(remedy,),
        ),
        change,
    )


def _changed_in_place(tree: ast.Module, name: str) -> list[int]:
    """Return the lines that change what a name holds in place."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.AugAssign):
            target: ast.expr = node.target
            if ast.unparse(target) == name or (isinstance(target, ast.Subscript) and ast.unparse(target.value) == name):
                lines.append(node.lineno)
        elif isinstance(node, ast.Assign):
            lines += [
                node.lineno
                for each in node.targets
                if isinstance(each, ast.Subscript) and ast.unparse(each.value) == name
            ]
    return lines


# ---------------------------------------------------------------------- weights kept without a copy


def _kept(examination: Examination) -> Iterator[Suspicion]:
    """Weights that get a second name in the training, to be looked at later, while the step changes them in place."""
    for statement, new, old, around in kept(examination.tree):
        trained = [
            variable
            for variable in examination.found.parameters
            if _is_part(variable, old) and _is_changed_in_place(examination, variable)
        ]
        if not trained or _changed_in_place(examination.tree, new) or _is_shallow_right(statement, trained):
            continue
        use = _later_use(examination.tree, statement, new, old, around)
        if use is None:
            continue
        moved = max((_moved(examination, variable) for variable in trained), default=0.0)
        if not moved:
            continue
        place = place_of(examination, statement)
        remedies, change = _copied(examination, statement, old, trained)
        update = _written_at(examination, trained[0])
        updated = [] if update is None else [examination.location_of_site(update).line]
        yield Suspicion(
            Finding(
                "aliasing",
                f"'{new}' is no copy of '{old}' but the same {'array' if len(trained) == 1 else 'arrays'}: every later step changes "
                f"{'it' if len(trained) == 1 else 'them'} in place, so that '{new}' in line "
                f"{examination.location(use).line} holds the newest weights, not those that were to be kept.",
                place,
                {"arrays shared": len(trained), "largest change under both names in a step": moved},
                severity="harmful",
                lines=tuple(dict.fromkeys([place.line, examination.location(use).line, *updated])),
                remedies=remedies,
            ),
            change,
        )


def _is_part(variable: StepVariable, old: str) -> bool:
    """Whether an expression of the script such as ``self.w`` stands for a variable or holds it."""
    last = old.rpartition(".")[2].split("[")[0]
    if "." in old:
        return any(kind == "attribute" and key == last for kind, key in variable.steps)
    return variable.root == last and not any(kind == "attribute" for kind, _ in variable.steps)


def _is_changed_in_place(examination: Examination, variable: StepVariable) -> bool:
    """Whether a step writes the new weights into the array that holds the old ones."""
    site = _written_at(examination, variable)
    if site is None or not variable.is_array:
        return site is not None and site.kind == "item"
    if site.kind == "updated":
        return True
    statement = next(
        (
            node
            for node in ast.walk(examination.tree)
            if isinstance(node, ast.Assign | ast.AugAssign) and _holds(node, site.span.line)
        ),
        None,
    )
    if isinstance(statement, ast.AugAssign):
        return True
    return (
        statement is not None and not variable.steps
    )  # an item of the array itself, not of the list or dictionary that holds it


def _written_at(examination: Examination, variable: StepVariable) -> Site | None:
    """Return the last place that gives a variable its new value in place, by that value: other names may show it later."""
    own = examination.found.base
    end = own.ends.get(variable.index)
    if end is None:
        return None
    looks = sums(end.ravel())
    keys = [
        key
        for key, seen in own.sums.items()
        if own.shapes[key] == variable.shape
        and same_sums(seen, looks)
        and examination.site_of(key).kind in ("updated", "item")
    ]
    return examination.site_of(max(keys, key=lambda key: own.order[key])) if keys else None


def _holds(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _is_shallow_right(statement: ast.Assign, trained: list[StepVariable]) -> bool:
    """Whether what is called is a real copy: that of an array, not of a list or dictionary of arrays."""
    is_copied = any(isinstance(node, ast.Call) for node in ast.walk(statement.value))
    return is_copied and not all(any(kind == "item" for kind, _ in variable.steps) for variable in trained)


def _later_use(tree: ast.Module, statement: ast.Assign, new: str, old: str, around: list[ast.AST]) -> int | None:
    """Return a line that reads the kept name once the weights have gone on, None if there is none for sure."""
    loops = [node for node in around if isinstance(node, ast.For | ast.While)]
    branches = [node for node in around if isinstance(node, ast.If)]
    reads = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load) and ast.unparse(node) == new
    ]
    if loops and branches and around.index(branches[-1]) > around.index(loops[-1]):
        branch = branches[-1]
        return next((line for line in reads if not branch.lineno <= line <= (branch.end_lineno or 0)), None)
    compared = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Sub)
        and {ast.unparse(node.left), ast.unparse(node.right)} == {new, old}
    ]
    inside = bool(loops)
    return next((line for line in compared if line > statement.lineno or not inside), None)


def _moved(examination: Examination, variable: StepVariable) -> float:
    end, start = examination.found.own.ends.get(variable.index), variable.start
    probe = examination.probes[0].updates.get(variable.index)
    sizes = [
        float(np.max(np.abs(change)))
        for change in (None if end is None or start is None or end.shape != start.shape else end - start, probe)
        if change is not None
    ]
    return max(sizes, default=0.0)


def _copied(
    examination: Examination, statement: ast.Assign, old: str, trained: list[StepVariable]
) -> tuple[tuple[Remedy, ...], None]:
    keys = [key for variable in trained for kind, key in variable.steps if kind == "item"]
    if "[" in old or not keys:
        text = f"{old}.copy()" if trained[0].is_array else f"[list(row) for row in {old}]"
    elif isinstance(keys[0], str):
        text = f"{{name: array.copy() for name, array in {old}.items()}}"
    else:
        text = f"[array.copy() for array in {old}]"
    summary = f"Keep a copy: {text}."
    if isinstance(statement.targets[0], ast.Tuple):
        return (Remedy(summary),), None
    made: list[TextChange] = [replace(statement.value, text)]
    remedy, _ = remedy_of(examination.source, summary, made)
    return (remedy,), None
