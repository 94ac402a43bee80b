"""The script's own functions, and what became of variables."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unstuck.doctor.checks.crash_site import CrashSite


def own_function(site: CrashSite, node: ast.expr) -> ast.FunctionDef | None:
    """Return the script's own function that a call calls, if it has exactly one of that name."""
    if not isinstance(node, ast.Call):
        return None
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", None)
    found = [each for each in ast.walk(site.tree) if isinstance(each, ast.FunctionDef) and each.name == name]
    return found[0] if len(found) == 1 else None


def assignments(site: CrashSite, node: ast.expr) -> list[ast.Assign]:
    """Return the statements that assign to what ``node`` reads, by the same name."""
    return [
        statement
        for statement in ast.walk(site.tree)
        if isinstance(statement, ast.Assign)
        if any(ast.unparse(target) == ast.unparse(node) for target in statement.targets)
    ]


def function_that_made(site: CrashSite, node: ast.expr) -> ast.FunctionDef | None:
    """Return the script's own function that a value comes from: a call, or a variable that a call was assigned to."""
    values = [node, *(statement.value for statement in assignments(site, node))]
    return next(filter(None, (own_function(site, value) for value in values)), None)


def returns(function: ast.FunctionDef) -> bool:
    """Whether a function returns anything."""
    return any(isinstance(node, ast.Return | ast.Yield) and node.value is not None for node in ast.walk(function))
