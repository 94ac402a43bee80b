"""Where a variable of a script is read, with Python's rules of what is visible where."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda"

_DYNAMIC = frozenset(["eval", "exec", "globals", "locals", "vars", "getattr", "setattr", "compile", "__import__"])
_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def looks_names_up(tree: ast.AST) -> bool:
    """Whether a script looks names up by their text, so that no reading of it can tell what is used."""
    return any(isinstance(node, ast.Name) and node.id in _DYNAMIC for node in ast.walk(tree))


def reads_of(body: list[ast.stmt], name: str) -> Iterator[ast.Name]:
    r"""Yield where statements read a variable of their own scope, in functions too if these have none of that name.

    ``x = x * 2`` and ``x *= 2`` alone are no use of it: whatever comes of them goes back into the variable.

    >>> tree = ast.parse("x = 1\nx *= 2\ndef f(x): return x\ndef g(): return x")
    >>> [node.lineno for node in reads_of(tree.body, "x")]
    [4]
    """
    for statement in body:
        yield from _reads(statement, name)


def _reads(node: ast.AST, name: str) -> Iterator[ast.Name]:
    if isinstance(node, ast.Name):
        if node.id == name and isinstance(node.ctx, ast.Load):
            yield node
        return
    if isinstance(node, ast.Assign) and _only_target(node) == name:
        return
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        yield from _in_function(node, name)
    elif isinstance(node, _COMPREHENSIONS):
        yield from _in_comprehension(node, name)
    else:
        for part in ast.iter_child_nodes(node):
            yield from _reads(part, name)


def _only_target(node: ast.Assign) -> str | None:
    """Return the name that a calculation on itself is assigned to, as in ``rate = rate * 0.9``."""
    target = node.targets[0]
    if len(node.targets) > 1 or not isinstance(target, ast.Name):
        return None
    parts = list(ast.walk(node.value))
    plain = all(
        isinstance(
            part, ast.Name | ast.Constant | ast.BinOp | ast.UnaryOp | ast.operator | ast.unaryop | ast.expr_context
        )
        for part in parts
    )
    others = {part.id for part in parts if isinstance(part, ast.Name)}
    return target.id if plain and others == {target.id} else None


def _in_function(node: Function, name: str) -> Iterator[ast.Name]:
    outside: list[ast.AST] = [
        default for default in [*node.args.defaults, *node.args.kw_defaults] if default is not None
    ]
    outside += getattr(node, "decorator_list", [])
    for part in outside:
        yield from _reads(part, name)
    if name not in local_names(node):
        body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
        for part in body:
            yield from _reads(part, name)


def _in_comprehension(node: ast.AST, name: str) -> Iterator[ast.Name]:
    generators: list[ast.comprehension] = getattr(node, "generators", [])
    bound = {part.id for generator in generators for part in ast.walk(generator.target) if isinstance(part, ast.Name)}
    if name in bound:
        yield from _reads(generators[0].iter, name)
        return
    for part in ast.iter_child_nodes(node):
        yield from _reads(part, name)


def local_names(function: Function) -> set[str]:
    """Return the names that are a function's own: parameters, and what it assigns to without declaring it global."""
    arguments = function.args
    listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    names = {argument.arg for argument in listed if argument is not None}
    outside: set[str] = set()
    waiting: list[ast.AST] = [] if isinstance(function, ast.Lambda) else list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Global | ast.Nonlocal):
            outside |= set(node.names)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        elif isinstance(node, ast.Lambda | _COMPREHENSIONS):
            continue
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name.partition(".")[0])
        waiting += ast.iter_child_nodes(node)
    return names - outside
