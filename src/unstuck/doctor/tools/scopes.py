"""The names of two versions of a script, each with the function that it belongs to."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SCOPE = "scope"


class Scopes:
    """Tells a name in one function from the same name in another.

    Args:
        before: A version of a script; its nodes are given the function that they are in.
        after: Another version.
    """

    def __init__(self, before: ast.Module, after: ast.Module) -> None:
        for tree in (before, after):
            _mark(tree, "")
        self._local = {name for tree in (before, after) for name in _bound_where_they_are([tree])}

    def used(self, roots: Iterable[ast.AST]) -> Iterator[str]:
        """Yield the names that are read; ``self.rate`` for an attribute of ``self``."""
        for root in roots:
            for node in ast.walk(root):
                match node:
                    case ast.Name(id=name, ctx=ast.Load()) | ast.AugAssign(target=ast.Name(id=name)):
                        yield self._resolved(node, name)
                    case ast.Attribute(value=ast.Name(id="self"), attr=attribute, ctx=ast.Load()):
                        yield f"self.{attribute}"

    def bound(self, roots: Iterable[ast.AST]) -> Iterator[str]:
        """Yield the names that are given values."""
        yield from _bound_where_they_are(roots)

    def _resolved(self, node: ast.AST, name: str) -> str:
        """Return a name with the innermost function around it that gives it a value."""
        scope = node.__dict__.get(_SCOPE, "")
        while scope and f"{scope}:{name}" not in self._local:
            scope = scope.rpartition(".")[0]
        return f"{scope}:{name}"


def _mark(node: ast.AST, scope: str) -> None:
    node.__dict__[_SCOPE] = scope
    inner = f"{scope}.{node.name}".lstrip(".") if isinstance(node, ast.FunctionDef | ast.ClassDef) else scope
    for child in ast.iter_child_nodes(node):
        _mark(child, inner)


def _bound_where_they_are(roots: Iterable[ast.AST]) -> Iterator[str]:
    for root in roots:
        changed = {id(node.target) for node in ast.walk(root) if isinstance(node, ast.AugAssign)}
        for node in ast.walk(root):
            scope = node.__dict__.get(_SCOPE, "")
            if id(node) in changed:
                continue
            match node:
                case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                    yield f"{scope}:{name}"
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    yield f"{scope}:{name}"
                    yield f"self.{name}"
                case ast.alias(name=name, asname=other):
                    yield f"{scope}:{other or name.split('.')[0]}"
                case ast.Attribute(value=ast.Name(id="self"), attr=attribute, ctx=ast.Store()):
                    yield f"self.{attribute}"
