"""What surrounds a statement: what runs after it, and whether it has run before."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


@dataclass(frozen=True)
class Context:
    """The blocks around a statement.

    Attributes:
        owner: The function it stands in, or the module.
        blocks: The statements of each block around it within ``owner``, outermost first.
        around: The statements whose blocks these are, outermost first; one fewer.
    """

    owner: ast.Module | ast.FunctionDef
    blocks: tuple[list[ast.stmt], ...]
    around: tuple[ast.stmt, ...]

    def rest(self, statement: ast.stmt) -> list[ast.stmt]:
        """Return what runs after ``statement``, to the end of the function; of the loops around it one more iteration."""
        following: list[ast.stmt] = []
        inner: ast.stmt = statement
        for depth in range(len(self.blocks) - 1, -1, -1):
            block = self.blocks[depth]
            following += block[block.index(inner) + 1 :]
            if depth:
                inner = self.around[depth - 1]
                following += block if isinstance(inner, ast.For | ast.While) else []
        return following


def context_of(tree: ast.Module, statement: ast.stmt) -> Context:
    """Return what surrounds ``statement``, which must be part of ``tree``."""
    owner: ast.Module | ast.FunctionDef = tree
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(part is statement for part in ast.walk(node)):
            owner = node  # the walk goes from the outside in
    blocks: list[list[ast.stmt]] = []
    around: list[ast.stmt] = []
    body: list[ast.stmt] | None = owner.body
    while body is not None:
        blocks.append(body)
        holder = next((each for each in body if any(part is statement for part in ast.walk(each))), None)
        body = None
        for block in _blocks(holder) if holder is not None and holder is not statement else ():
            if any(part is statement for each in block for part in ast.walk(each)):
                body = block
        if body is not None and holder is not None:
            around.append(holder)
    return Context(owner, tuple(blocks), tuple(around))


def own_nodes(owner: ast.Module | ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield the nodes of a function or module without those of the functions and classes in it."""
    waiting: list[ast.AST] = list(owner.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, _SCOPES):
            waiting += ast.iter_child_nodes(node)


def _blocks(statement: ast.stmt | None) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        block = getattr(statement, field, None)
        if isinstance(block, list) and block:
            yield block
    for handler in [*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]:
        yield handler.body
