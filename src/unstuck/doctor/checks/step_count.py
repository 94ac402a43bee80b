"""Where the number of steps of a training loop is written out."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.number_origins import NumberOrigins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination


def count_of_steps(examination: Examination, line: int) -> ast.expr | None:
    """Return the number that bounds the loop whose head is on a line; None where it has none, or none that is written out."""
    origins = NumberOrigins(examination.tree)
    for node in ast.walk(examination.tree):
        if isinstance(node, ast.For | ast.While) and node.lineno == line:
            for bound in _bounds(node):
                found = origins.of(bound, origins.function_around(node))
                if found:
                    return found[0]
    return None


def _bounds(loop: ast.For | ast.While) -> Iterator[ast.expr]:
    """Yield what ends a loop: the end of its range, what its condition compares with."""
    if isinstance(loop, ast.While):
        yield from (each for node in ast.walk(loop.test) if isinstance(node, ast.Compare) for each in node.comparators)
        return
    for node in ast.walk(loop.iter):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("range", "trange"):
            yield from node.args[1:2] or node.args[:1]
