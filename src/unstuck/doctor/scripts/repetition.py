"""A training step that is written out once, without a loop, repeated so that it can be studied like any other."""

from __future__ import annotations

import ast
import copy

STEP_VARIABLE = "__unstuck_step__"


def append_loop(tree: ast.Module) -> bool:
    """Append ``for … in range(10**9): <the step again>`` after the last update of a straight-line script; say whether there is a step.

    The step is every statement that reads, however indirectly, a variable that is updated from its own value. What makes such a
    variable in the first place is not repeated.
    """
    first: dict[str, int] = {}
    updated: dict[str, int] = {}
    for index, statement in enumerate(tree.body):
        name = _assigned_name(statement)
        if name is None:
            continue
        if name in first and (isinstance(statement, ast.AugAssign) or name in _names(_value(statement))):
            updated[name] = index
        first.setdefault(name, index)
    if not updated:
        return False
    end = max(updated.values()) + 1
    step = _statements_of_step(tree.body[:end], first, updated)
    loop = ast.For(
        ast.Name(STEP_VARIABLE, ast.Store()),
        ast.parse("range(10**9)", mode="eval").body,
        [copy.deepcopy(statement) for statement in step],
        [],
    )
    ast.copy_location(loop, step[0])
    loop.end_lineno, loop.end_col_offset = step[-1].end_lineno, step[-1].end_col_offset
    ast.fix_missing_locations(loop)
    tree.body.insert(end, loop)
    return True


def _statements_of_step(statements: list[ast.stmt], first: dict[str, int], updated: dict[str, int]) -> list[ast.stmt]:
    depending = set(updated)
    step = []
    for index, statement in enumerate(statements):
        name = _assigned_name(statement)
        if name is None or (name in updated and first[name] == index):
            continue
        if name in updated or _names(_value(statement)) & depending:
            depending.add(name)
            step.append(statement)
    return step


def _assigned_name(statement: ast.stmt) -> str | None:
    """Return the name that a plain or augmented assignment gives a value."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AugAssign):
        target = statement.target
    else:
        return None
    while isinstance(target, ast.Subscript):
        target = target.value
    return target.id if isinstance(target, ast.Name) else None


def _value(statement: ast.stmt) -> ast.AST:
    return statement.value if isinstance(statement, ast.Assign | ast.AugAssign) else statement


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
