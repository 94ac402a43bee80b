"""The statements of a script that give one array two names, or a list the same array many times."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from unstuck.doctor.checks.edits import Change, replace, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.source import Source

_MAKERS = frozenset(["zeros", "ones", "full", "empty", "zeros_like", "ones_like", "full_like", "empty_like", "array"])
_VIEWING = frozenset(["copy", "dict", "list", "asarray"])


@dataclass(frozen=True)
class Alias:
    """A statement that may share what was meant to be separate.

    Attributes:
        kind: ``chain`` for ``a = b = new()``, ``repeated`` for ``[new()] * n``, ``kept`` for ``old = new``.
        node: The statement, for ``repeated`` the product.
        names: What shares: the targets of a chain, the one holding the list, or the new and the old name.
        changes: The text with copies.
    """

    kind: Literal["chain", "repeated", "kept"]
    node: ast.stmt | ast.expr
    names: tuple[str, ...]
    changes: tuple[Change, ...]


def chains(tree: ast.Module, source: Source) -> Iterator[Alias]:
    """Yield the assignments of one new array or list to several names."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or len(node.targets) < 2 or not is_new(node.value):  # noqa: PLR2004 (two names)
            continue
        if any(isinstance(target, ast.Tuple | ast.List) for target in node.targets):
            continue
        value = text_of(source, node.value)
        text = "; ".join(f"{text_of(source, target)} = {value}" for target in node.targets)
        yield Alias(
            "chain",
            node,
            tuple(ast.unparse(target) for target in node.targets),
            (replace(node, text),) if "\n" not in value else (),
        )


def repeated(tree: ast.Module, source: Source) -> Iterator[Alias]:
    """Yield the lists that hold one new array or list many times."""
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.Return) or statement.value is None:
            continue
        for node in ast.walk(statement.value):
            element, count = _repeated_element(node)
            if element is None or count is None or not isinstance(node, ast.expr):
                continue
            target = (
                ""
                if isinstance(statement, ast.Return)
                else ast.unparse(statement.targets[0] if isinstance(statement, ast.Assign) else statement.target)
            )
            yield Alias(
                "repeated",
                node,
                (target,),
                (replace(node, f"[{text_of(source, element)} for _ in range({text_of(source, count)})]"),),
            )


def is_new(node: ast.expr) -> bool:
    """Whether an expression makes a new array or list that can be changed in place."""
    if isinstance(node, ast.List | ast.ListComp):
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return is_new(node.left) or is_new(node.right)
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in (_MAKERS | {"randn", "normal", "uniform", "rand", "standard_normal"})
    )


def _repeated_element(node: ast.AST) -> tuple[ast.expr | None, ast.expr | None]:
    """Return the element and the count of ``[element] * count``, if the element can be changed in place."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return None, None
    for box, count in ((node.left, node.right), (node.right, node.left)):
        if isinstance(box, ast.List) and len(box.elts) == 1 and is_new(box.elts[0]):
            return box.elts[0], count
    return None, None


def kept(tree: ast.Module) -> Iterator[tuple[ast.Assign, str, str, list[ast.AST]]]:
    """Yield the assignments of one name to another, with the statements around them, outermost first: statement, new name, old name."""
    waiting: list[tuple[ast.AST, list[ast.AST]]] = [(tree, [])]
    while waiting:
        node, around = waiting.pop(0)
        for child in ast.iter_child_nodes(node):
            waiting.append((child, [*around, node]))
            if isinstance(child, ast.Assign) and len(child.targets) == 1:
                yield from (
                    (child, ast.unparse(target), ast.unparse(old), [*around, node])
                    for target, value in _parts(child.targets[0], child.value)
                    if isinstance(target, ast.Name | ast.Attribute) and (old := _shared(value)) is not None
                )


def _parts(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]


def _shared(value: ast.expr) -> ast.expr | None:
    """Return what a value shares its arrays with: another name, or a shallow copy of a list or dictionary."""
    if isinstance(value, ast.Name | ast.Attribute):
        return value
    if isinstance(value, ast.Subscript):
        plain = isinstance(value.slice, ast.Constant | ast.Name) or (
            isinstance(value.slice, ast.Slice) and value.slice.lower is value.slice.upper is value.slice.step is None
        )
        return value if plain else None
    if isinstance(value, ast.Call) and not value.keywords:
        if isinstance(value.func, ast.Name) and value.func.id in _VIEWING and len(value.args) == 1:
            return value.args[0] if isinstance(value.args[0], ast.Name | ast.Attribute) else None
        if isinstance(value.func, ast.Attribute) and value.func.attr == "copy":
            inner = value.args[0] if value.args else value.func.value
            return inner if isinstance(inner, ast.Name | ast.Attribute) else None
    return None
