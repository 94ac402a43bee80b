"""Has the line that failed worked before?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Literal, TypeAlias

from unstuck.doctor.checks.shapes.context import context_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.checks.shapes.context import Context
    from unstuck.doctor.checks.shapes.operations import Operation
    from unstuck.doctor.checks.shapes.scope import Scope

Verdict: TypeAlias = Literal["no", "maybe", "yes"]

_Loop: TypeAlias = "ast.For | ast.While"


def worked_before(site: CrashSite, statement: ast.stmt, scope: Scope) -> Verdict:
    """Say whether ``statement`` ran without a crash before, as far as the counters of the loops around it show.

    A counter past its start proves it. Nothing is proved by a loop over arrays that are all alike; a list of arrays of different
    shapes leaves it open, and so do training steps that were done before.
    """
    loops = list(_loops(site.tree, statement))
    for line in site.crash.callers:
        calling = [node for node in ast.walk(site.tree) if isinstance(node, ast.stmt) and node.lineno == line]
        for call in calling[-1:]:
            loops += _loops(site.tree, call)
    passes = [_pass(loop, scope) for loop in loops]
    if "later" in passes:
        return "yes"
    if all(each == "first" for each in passes):
        return "no"
    return "maybe" if site.crash.iteration or "different" in passes else "no"


def picks_one_of_several(operation: Operation, context: Context, scope: Scope) -> bool:
    """Whether an operation takes an entry of a list by the counter of a loop: each pass then has arrays of other shapes."""
    counters = {
        part.id
        for loop in context.around
        if isinstance(loop, ast.For)
        for part in ast.walk(loop.target)
        if isinstance(part, ast.Name)
    }
    for operand in operation.operands:
        for node in ast.walk(operand):
            if not isinstance(node, ast.Subscript):
                continue
            value = scope.values.get(ast.unparse(node.value))
            counted = counters & {part.id for part in ast.walk(node.slice) if isinstance(part, ast.Name)}
            if counted and (value is None or value.kind != "ndarray"):
                return True
    return False


def _loops(tree: ast.Module, statement: ast.stmt) -> Iterator[_Loop]:
    """Yield the loops that run ``statement`` in each of their iterations, from the inside out."""
    for around in reversed(context_of(tree, statement).around):
        if not isinstance(around, ast.For | ast.While | ast.With):
            return
        if not isinstance(around, ast.With):
            yield around


def _pass(loop: _Loop, scope: Scope) -> Literal["first", "later", "alike", "different"]:
    if isinstance(loop, ast.While):
        return "alike"
    over = loop.iter
    if isinstance(over, ast.Call) and isinstance(over.func, ast.Name) and over.func.id == "range":
        counter = scope.values.get(loop.target.id) if isinstance(loop.target, ast.Name) else None
        start = _start(over, scope)
        if counter is None or counter.number is None or start is None:
            return "alike"
        return "first" if counter.number == start else "later"
    called = {node.func.id for node in ast.walk(over) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    names = {node.id for node in ast.walk(over) if isinstance(node, ast.Name)} - called
    values = [scope.values.get(name) for name in names]
    return "alike" if all(value is not None and value.shape is not None for value in values) else "different"


def _start(over: ast.Call, scope: Scope) -> int | None:
    """Return where ``range(...)`` starts."""
    if len(over.args) == 1:
        return 0
    first = over.args[0]
    if isinstance(first, ast.Constant):
        return first.value if isinstance(first.value, int) else None
    value = scope.values.get(first.id) if isinstance(first, ast.Name) else None
    return value.number if value else None
