"""Pieces of reStructuredText."""

from __future__ import annotations

import inspect
from textwrap import indent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> str:
    """Return a table, each cell of which may hold any markup; ``widths`` are shares of the page."""
    lines = [".. list-table::", "   :header-rows: 1", f"   :widths: {' '.join(map(str, widths))}", ""]
    for row in (header, *rows):
        for number, cell in enumerate(row):
            body = indent(cell or "\\ ", " " * 7)
            lines.append(("   * - " if number == 0 else "     - ") + body.lstrip())
    return "\n".join(lines) + "\n"


def literal(value: object) -> str:
    """Return ``value`` as code, the way Python writes it.

    >>> literal(1e-08), literal("adam")
    ('``1e-08``', "``'adam'``")
    """
    return f"``{value!r}``"


def paragraphs(documented: object) -> list[str]:
    """Return the paragraphs of a docstring."""
    return (inspect.getdoc(documented) or "").split("\n\n")


def arguments(documented: object) -> dict[str, str]:
    """Return what the ``Args:`` part of a docstring says about each argument."""
    part = next((part for part in paragraphs(documented) if part.startswith("Args:\n")), "Args:")
    found: dict[str, str] = {}
    for line in part.splitlines()[1:]:
        if line.startswith("     "):
            last = next(reversed(found))
            found[last] += " " + line.strip()
        else:
            name, _, text = line.strip().partition(": ")
            found[name] = text
    return found
