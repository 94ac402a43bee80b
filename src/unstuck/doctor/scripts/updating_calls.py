"""Calls that change what they are called with or on: a step of training behind the name of a function or a method."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_ROUNDS = 10


def updating_calls(tree: ast.Module) -> Callable[[ast.stmt], set[str]]:
    r"""Return a function that says of a statement which names it changes by what it calls.

    A function of the script changes what it updates from its own value: arguments, what a method is called on, names of the module.

    >>> changed_by = updating_calls(ast.parse("def train(w, g):\n    w -= g\n"))
    >>> changed_by(ast.parse("train(weights, slope)").body[0])
    {'weights'}
    """
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name != "__init__"]
    changing: dict[str, list[tuple[list[str], set[str]]]] = {node.name: [] for node in functions}
    entries = [([argument.arg for argument in node.args.args], _updated_in(node)) for node in functions]
    for node, entry in zip(functions, entries, strict=True):
        changing[node.name].append(entry)
    for _ in range(_MOST_ROUNDS):  # a function that calls one that changes its argument changes its own
        before = [len(changed) for _, changed in entries]
        for node, (_, changed) in zip(functions, entries, strict=True):
            changed |= _by_calls(node, changing) - _local(node)  # noqa: PLW2901 (the set itself is to grow)
        if before == [len(changed) for _, changed in entries]:
            break
    return lambda statement: _by_calls(statement, changing)


def _local(function: ast.FunctionDef) -> set[str]:
    """Return the names that are a function's own, and not what it was given."""
    outer = {name for node in ast.walk(function) if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names}
    stored = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored - outer - {argument.arg for argument in function.args.args}


def _updated_in(function: ast.FunctionDef) -> set[str]:
    """Return what a function updates from its own value, as far as its caller may see it."""
    found = {root for node in ast.walk(function) for target in _updates(node) if (root := root_of(target)) is not None}
    for node in ast.walk(function):  # what a loop goes through is changed with each of its parts
        if isinstance(node, ast.For) and found & {
            part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)
        }:
            found |= {part.id for part in ast.walk(node.iter) if isinstance(part, ast.Name)}
    return found - _local(function)


def _updates(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.AugAssign):
        yield node.target
    elif isinstance(node, ast.Assign):
        kinds = (ast.Name, ast.Attribute, ast.Subscript)
        read = {ast.unparse(part) for part in ast.walk(node.value) if isinstance(part, kinds)}
        for target in node.targets:
            for part in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
                if ast.unparse(part) in read:
                    yield part


def _by_calls(node: ast.AST, changing: dict[str, list[tuple[list[str], set[str]]]]) -> set[str]:
    """Return the names that the calls within a statement or a function change."""
    return {
        name
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        for parameters, changed in changing.get(_called(call), [])
        for each in changed
        if (name := _as_given(call, parameters, each)) is not None
    }


def _as_given(call: ast.Call, parameters: list[str], name: str) -> str | None:
    """Return what the caller calls a parameter; a name of the module is its own."""
    if name not in parameters:
        return name
    place = parameters.index(name)
    if isinstance(call.func, ast.Attribute) and parameters[0] == "self":
        if place == 0:
            return root_of(call.func.value)
        place -= 1
    if place < len(call.args):
        return root_of(call.args[place])
    return next((root_of(keyword.value) for keyword in call.keywords if keyword.arg == name), None)


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def root_of(target: ast.expr) -> str | None:
    """Return the name in which a way to a value begins: ``net`` of ``net.layers[0].W``."""
    while isinstance(target, ast.Subscript | ast.Attribute):
        target = target.value
    return target.id if isinstance(target, ast.Name) else None
