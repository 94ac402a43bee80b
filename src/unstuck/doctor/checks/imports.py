"""What the names of a script stand for, as far as its imports say."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Importing: TypeAlias = "ast.Import | ast.ImportFrom"


@dataclass(frozen=True)
class Imported:
    """A name that an import binds.

    Attributes:
        name: What the script calls it; ``*`` for everything a module offers.
        dotted: What it stands for, such as ``numpy`` or ``matplotlib.pyplot``.
        alias: The part of the statement that names it.
        statement: The statement.
    """

    name: str
    dotted: str
    alias: ast.alias
    statement: Importing


class Imports:
    """The imports of a script, wherever they stand in it.

    >>> imports = Imports(ast.parse("import numpy as np; from numpy import dot"))
    >>> [imports.dotted(ast.parse(text, mode="eval").body) for text in ("np.random.rand", "dot", "x.T")]
    ['numpy.random.rand', 'numpy.dot', None]
    """

    def __init__(self, tree: ast.AST) -> None:
        self.all = tuple(_imported(tree))

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {entry.name: entry.dotted for entry in self.all}

    def dotted(self, node: ast.expr) -> str | None:
        """Return what a name, or an attribute of one, stands for; None if no import says so."""
        if isinstance(node, ast.Attribute):
            base = self.dotted(node.value)
            return f"{base}.{node.attr}" if base else None
        return self._by_name.get(node.id) if isinstance(node, ast.Name) else None

    def numpy(self, node: ast.expr) -> str | None:
        """Return the name within NumPy of what ``node`` stands for, such as ``random.rand``; None if it is none of it."""
        dotted = self.dotted(node)
        if dotted is None and isinstance(node, ast.Name) and self.stars("numpy"):
            return node.id
        return dotted.removeprefix("numpy.") if dotted and dotted.startswith("numpy.") else None

    def of_module(self, module: str) -> tuple[Imported, ...]:
        """Return the imports that bind ``module`` itself to a name."""
        return tuple(entry for entry in self.all if entry.dotted == module)

    def stars(self, module: str) -> tuple[Imported, ...]:
        """Return the imports of everything that ``module`` offers."""
        return tuple(entry for entry in self.all if entry.name == "*" and entry.dotted == module)


def _imported(tree: ast.AST) -> Iterator[Imported]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.asname is not None
                name = alias.asname or alias.name.partition(".")[0]
                yield Imported(name, alias.name if whole else name, alias, node)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                star = alias.name == "*"
                dotted = node.module if star else f"{node.module}.{alias.name}"
                yield Imported("*" if star else alias.asname or alias.name, dotted, alias, node)
