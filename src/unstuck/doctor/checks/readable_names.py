"""What can be read at a place of a script: names, attributes, and entries that its text mentions, and functions of its own."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST = 60
_MOST_FUNCTIONS = 6
_NO_VALUES = frozenset(["T", "shape", "size", "ndim", "dtype"])
_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def readable(tree: ast.Module, place: ast.expr) -> list[str]:
    """Return the values that an expression may read, as their texts, those nearest to it first."""
    function, owner = _around(tree, place)
    taken = _no_data(tree)
    near: list[ast.AST] = [function] if function is not None else _top_level(tree)
    far: list[ast.AST] = [] if owner is None else [node for node in owner.body if node is not function]
    texts: dict[str, int] = {}
    for nodes, penalty in ((near, 0), (far, 10_000)):
        for node in (inner for outer in nodes for inner in ast.walk(outer)):
            text = _mentioned(node, taken)
            if text is None or (penalty and not text.startswith("self.")):
                continue
            distance = abs(getattr(node, "lineno", place.lineno) - place.lineno) + penalty
            texts[text] = min(distance, texts.get(text, distance))
    return sorted(texts, key=lambda text: texts[text])[:_MOST]


def references(expression: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of an expression that stand for values: names, attributes, entries, not what they are reached through."""
    if isinstance(expression, ast.Attribute) and expression.attr in _NO_VALUES:
        yield from references(expression.value)
    elif is_reference(expression):
        yield expression
    elif isinstance(expression, ast.Call):
        if isinstance(expression.func, ast.Attribute) and not _is_module(expression.func.value):
            yield from references(expression.func.value)
        for argument in expression.args:
            yield from references(argument)
    elif not isinstance(expression, ast.Lambda | ast.ListComp | ast.GeneratorExp | ast.DictComp | ast.SetComp):
        for child in ast.iter_child_nodes(expression):
            if isinstance(child, ast.expr):
                yield from references(child)


def is_reference(node: ast.expr) -> bool:
    """Whether an expression is a name, or reached from one by attributes and plain indices."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice | ast.Tuple):
            return False
        node = node.value
    return isinstance(node, ast.Name)


def pure_functions(tree: ast.Module) -> list[str]:
    """Return the script's functions of one value that do nothing but return something, as they are called."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            found += [f"self.{name}" for name in _pure(node.body, "self")]
    return [*_pure(tree.body, None), *found][:_MOST_FUNCTIONS]


def _pure(body: Iterable[ast.stmt], first: str | None) -> Iterator[str]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef):
            given = [argument.arg for argument in statement.args.args]
            given = given[1:] if first is not None and given[:1] == [first] else given
            required = len(given) - len(statement.args.defaults)
            if given and required <= 1 and _only_returns(statement):
                yield statement.name
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Lambda) and first is None:
            target = statement.targets[0]
            yield from [target.id] if len(statement.value.args.args) == 1 and isinstance(target, ast.Name) else []


def _only_returns(function: ast.FunctionDef) -> bool:
    """Whether a function changes nothing outside of itself."""
    for node in ast.walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal | ast.While | ast.For | ast.Delete | ast.Yield | ast.Import):
            return False
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            return False
    return any(isinstance(node, ast.Return) and node.value is not None for node in ast.walk(function))


def _around(tree: ast.Module, place: ast.expr) -> tuple[_Function | None, ast.ClassDef | None]:
    """Return the innermost function around an expression, and the class around that."""
    function: _Function | None = None
    owner: ast.ClassDef | None = None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and any(
            inner is place for inner in ast.walk(node)
        ):
            if isinstance(node, ast.ClassDef):
                owner = node
            else:
                function = node
    return function, owner


def _top_level(tree: ast.Module) -> list[ast.AST]:
    return [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]


def _no_data(tree: ast.Module) -> set[str]:
    """Return the names of functions, classes, modules and built-in things."""
    taken = set(dir(builtins)) | {"self"}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            taken.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            taken |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return taken


def _mentioned(node: ast.AST, taken: set[str]) -> str | None:
    """Return the text of a value that a node mentions, None if it mentions none."""
    if isinstance(node, ast.arg):
        return node.arg if node.arg not in taken else None
    if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript) or not is_reference(node):
        return None
    if isinstance(node, ast.Name):
        return node.id if node.id not in taken else None
    if isinstance(node, ast.Attribute) and node.attr in _NO_VALUES:
        return None
    root: ast.expr = node
    while isinstance(root, ast.Attribute | ast.Subscript):
        root = root.value
    is_known = isinstance(root, ast.Name) and (root.id not in taken or root.id == "self")
    return ast.unparse(node) if is_known else None


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "math", "random")
