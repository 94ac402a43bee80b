"""The expressions of a script that give a parameter its first value."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable

_DEEPEST = 6
_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def initial_expressions(examination: Examination, variable: StepVariable) -> list[ast.expr]:
    """Return the expressions that give a parameter its first value, as far as the text tells.

    They are those behind its name outside of the training loop.

    For an entry of a dictionary or list that is written out it is that entry; for a list comprehension its element; for what a
    function of the script returns what is behind its ``return``.
    """
    return expressions_of(examination.tree, variable, _lines_of_training(examination))


def expressions_of(tree: ast.Module, variable: StepVariable, inside: Sequence[int] = ()) -> list[ast.expr]:
    """Return the expressions that give a variable its first value, leaving out those on the lines of the training."""
    found: list[ast.expr] = []
    for names, keys in _ways(variable):
        for target, value, of in _assignments(tree):
            if ast.unparse(target) in names and value.lineno not in inside and ast.unparse(target) not in _loads(value):
                found += _entry(tree, value, [*of, *keys])
        found = found or _appended(tree, names, keys, inside)
        if found:
            return found
    return _under_computed_key(tree, variable, inside)


def _lines_of_training(examination: Examination) -> range:
    head = examination.found.loop.line
    for node in ast.walk(examination.tree):
        if isinstance(node, ast.For | ast.While) and node.lineno == head:
            return range(head, (node.end_lineno or head) + 1)
    return range(0)


def _ways(variable: StepVariable) -> Iterator[tuple[set[str], list[object]]]:
    """Yield what a parameter may be called where it is made, and the keys from there on: the longest name first."""
    for length in range(len(variable.steps), -1, -1):
        head, rest = variable.steps[:length], variable.steps[length:]
        names = {variable.root + "".join(f".{key}" if kind == "attribute" else f"[{key!r}]" for kind, key in head)}
        if head and head[-1][0] == "attribute":
            names.add(f"self.{head[-1][1]}")
            attributes = [str(key) for kind, key in head if kind == "attribute"]
            names.add(".".join(["self", *attributes]))
        for start, (kind, key) in enumerate(head):  # net.parameters['W'] is self.parameters['W'] within the class
            if kind == "attribute":
                names.add(
                    f"self.{key}"
                    + "".join(f".{inner}" if way == "attribute" else f"[{inner!r}]" for way, inner in head[start + 1 :])
                )
        yield names, [key for _, key in rest]


def _assignments(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.expr, list[object]]]:
    """Yield what is assigned to what, with the place in it where one value is taken apart."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            yield node.target, node.value, []
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if not isinstance(target, ast.Tuple | ast.List):
                yield target, node.value, []
            elif isinstance(node.value, ast.Tuple | ast.List) and len(node.value.elts) == len(target.elts):
                yield from ((part, value, []) for part, value in zip(target.elts, node.value.elts, strict=True))
            elif not any(isinstance(part, ast.Starred) for part in target.elts):
                for number, part in enumerate(target.elts):
                    yield part, node.value, [number]


def _appended(tree: ast.Module, names: set[str], keys: Sequence[object], inside: Sequence[int]) -> list[ast.expr]:
    """Return what is appended to a list, outside of the training: one expression for all entries, or one for each."""
    if not keys or not isinstance(keys[0], int):
        return []
    values = [
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "append"
        and len(node.args) == 1
        and ast.unparse(node.func.value) in names
        and node.lineno not in inside
    ]
    values.sort(key=lambda value: value.lineno)
    chosen = values[keys[0] : keys[0] + 1] or values[-1:]
    return [found for value in chosen for found in _entry(tree, value, list(keys[1:]))]


def _under_computed_key(tree: ast.Module, variable: StepVariable, inside: Sequence[int]) -> list[ast.expr]:
    """Return what an entry gets whose key is put together, such as ``parameters["W" + str(layer)]``."""
    keys = [key for kind, key in variable.steps if kind == "item" and isinstance(key, str)]
    found: list[ast.expr] = []
    for target, value, of in _assignments(tree) if keys else ():
        if isinstance(target, ast.Subscript) and not of and value.lineno not in inside:
            pattern = _pattern(target.slice)
            if pattern is not None and re.fullmatch(pattern, keys[-1]) and ast.unparse(target) not in _loads(value):
                found += _entry(tree, value, [])
    return found


def _pattern(key: ast.expr) -> str | None:
    """Return what a key looks like that is put together from a text and a number; None if it is not."""
    if isinstance(key, ast.JoinedStr):
        return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\d+" for part in key.values)
    if isinstance(key, ast.BinOp) and isinstance(key.left, ast.Constant) and isinstance(key.left.value, str):
        if isinstance(key.op, ast.Add):
            return re.escape(key.left.value) + r"\d+"
        if isinstance(key.op, ast.Mod):
            return re.escape(key.left.value).replace("%d", r"\d+").replace("%i", r"\d+").replace("%s", r"\d+")
    return None


def _entry(
    tree: ast.Module, value: ast.expr, keys: list[object], scope: _Function | None = None, depth: int = 0
) -> list[ast.expr]:
    """Return what stands for an entry in the expression of a whole container; nothing if the entry cannot be told."""
    deeper = depth + 1
    if depth > _DEEPEST:
        return []
    if isinstance(value, ast.Name) and (scope is not None or keys or depth):
        return _named(tree, value.id, keys, scope, deeper) or ([] if keys else [value])
    function = _own_function(tree, value)
    if function is not None:
        returned = [found for each in _returns(function) for found in _entry(tree, each, keys, function, deeper)]
        return returned or ([] if keys else [value])
    if not keys:
        return [value]
    return [found for each in _held(value, keys[0]) for found in _entry(tree, each, keys[1:], scope, deeper)]


def _held(value: ast.expr, key: object) -> list[ast.expr]:
    """Return what a dictionary, list or comprehension that is written out holds under a key."""
    if isinstance(value, ast.Dict):
        entries = zip(value.keys, value.values, strict=True)
        return [entry for name, entry in entries if isinstance(name, ast.Constant) and name.value == key]
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict":
        return [keyword.value for keyword in value.keywords if keyword.arg == key]
    if isinstance(value, ast.List | ast.Tuple) and isinstance(key, int):
        return value.elts[key : key + 1]
    return [value.elt] if isinstance(value, ast.ListComp | ast.GeneratorExp) and isinstance(key, int) else []


def _named(tree: ast.Module, name: str, keys: list[object], scope: _Function | None, depth: int) -> list[ast.expr]:
    """Return what a name holds: that of the function it stands in, else that of the module."""
    for where in (scope, tree):
        if where is None:
            continue
        found = [
            each
            for target, value, of in _assignments(where)
            if ast.unparse(target) == name and name not in _loads(value)
            for each in _entry(tree, value, [*of, *keys], scope, depth)
        ]
        found = found or _appended(tree, {name}, keys, ())
        if found:
            return found
    return []


def _own_function(tree: ast.Module, value: ast.expr) -> _Function | None:
    """Return the function of the script that an expression calls."""
    if not isinstance(value, ast.Call):
        return None
    name = value.func.id if isinstance(value.func, ast.Name) else ""
    if isinstance(value.func, ast.Attribute) and isinstance(value.func.value, ast.Name):
        name = value.func.attr if value.func.value.id in ("self", "cls") else ""
    return next((node for node in ast.walk(tree) if isinstance(node, _Function) and node.name == name), None)


def _returns(function: _Function) -> list[ast.expr]:
    """Return what a function returns."""
    return [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]


def _loads(value: ast.expr) -> set[str]:
    return {ast.unparse(node) for node in ast.walk(value) if isinstance(node, ast.Name | ast.Attribute | ast.Subscript)}
