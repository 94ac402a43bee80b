"""Where a variable is made."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import Change, replace, text_of
from unstuck.doctor.checks.shapes.context import own_nodes

if TYPE_CHECKING:
    from unstuck.doctor.checks.imports import Imports
    from unstuck.doctor.scripts.source import Source

_SIZED = frozenset(["zeros", "ones", "empty"])
_SIZES = frozenset(["random.rand", "random.randn"])


def definition_of(operand: ast.expr, owner: ast.Module | ast.FunctionDef, *, before: int) -> ast.Assign | None:
    """Return the only assignment that makes a variable, if nothing reads the variable between it and the line ``before``."""
    if not isinstance(operand, ast.Name):
        return None
    definition = _only_assignment(operand, owner)
    if definition is None or definition.lineno >= before:
        return None
    within = {id(node) for node in own_nodes(owner)}
    for node in ast.walk(owner):
        if isinstance(node, ast.Name) and node.id == operand.id and isinstance(node.ctx, ast.Load):
            in_function = id(node) not in within
            if in_function or definition.lineno < node.lineno < before:
                return None
    return definition


def made_two_dimensional(
    operand: ast.expr, owner: ast.Module | ast.FunctionDef, imports: Imports, source: Source
) -> tuple[int, Change] | None:
    """Return the line and the change that makes ``b = np.zeros(n)`` a column, ``np.zeros((n, 1))``."""
    definition = _only_assignment(operand, owner)
    call = definition.value if definition else None
    if definition is None or not isinstance(call, ast.Call) or len(call.args) != 1:
        return None
    size, name = call.args[0], imports.numpy(call.func)
    sizes = size.elts if isinstance(size, ast.Tuple) else [size]
    if len(sizes) != 1:
        return None
    text = text_of(source, sizes[0])
    if name in _SIZED:
        return definition.lineno, replace(size, f"({text}, 1)")
    return (definition.lineno, replace(size, f"{text}, 1")) if name in _SIZES else None


def _only_assignment(operand: ast.expr, owner: ast.Module | ast.FunctionDef) -> ast.Assign | None:
    """Return the assignment to a variable that does not use its old value, if there is exactly one."""
    name = ast.unparse(operand)
    made: list[ast.Assign | None] = []
    for node in own_nodes(owner):
        if isinstance(node, ast.Assign) and any(name == ast.unparse(target) for target in node.targets):
            read = any(ast.unparse(part) == name for part in ast.walk(node.value) if isinstance(part, ast.expr))
            made += [] if read else [node]
        elif isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Store):
            made += [None for element in node.elts if ast.unparse(element) == name]
    return made[0] if len(made) == 1 else None
