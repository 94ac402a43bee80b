"""Which function a line stands in, and what names it gives values to."""

from __future__ import annotations

import ast


def function_around(tree: ast.Module, line: int) -> ast.FunctionDef | None:
    """Return the innermost function that a line stands in; None for a line of the module itself."""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return max(around, key=lambda function: function.lineno, default=None)


def names_given(function: ast.FunctionDef) -> set[str]:
    """Return the names of a function's own: its arguments and what its statements assign to."""
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    stored = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return {argument.arg for argument in named} | stored


def statement_at(within: ast.AST, line: int | None) -> ast.stmt | None:
    """Return the outermost statement that begins at a line; None if none does."""
    return next((node for node in ast.walk(within) if isinstance(node, ast.stmt) and node.lineno == line), None)
