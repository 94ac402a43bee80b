"""Is matplotlib itself imported under the name of its module pyplot, and then not used?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import edits, replace
from unstuck.doctor.checks.imports import Imports
from unstuck.doctor.checks.name_reads import looks_names_up
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.places import line_of, location_of, span_of
from unstuck.doctor.scripts.sites import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.source import Source

_MODULE = "matplotlib"
_NAMES_OF_PYPLOT = frozenset(["plt", "pyplot"])


def check(tree: ast.Module, source: Source) -> Iterator[Finding]:
    """Does ``import matplotlib as plt`` leave out ``.pyplot``?

    It does no harm as long as nothing is plotted, so this is found only where the name is never used: where it is, the crash
    tells.
    """
    if looks_names_up(tree):
        return
    for imported in Imports(tree).of_module(_MODULE):
        used = any(isinstance(node, ast.Name) and node.id == imported.name for node in ast.walk(tree))
        if imported.name not in _NAMES_OF_PYPLOT or used:
            continue
        start = span_of(imported.alias)
        span = Span(start.line, start.column, start.line, start.column + len(_MODULE))
        name = imported.name
        yield Finding(
            fault="wrong-import",
            message=f"{name} stands for matplotlib itself, not for matplotlib.pyplot; nothing here uses {name}, so it does no harm.",
            location=location_of(source, imported.alias),
            evidence={"imported": "matplotlib", f"uses of {name}": 0},
            severity="harmless",
            lines=(line_of(source, start.line),),
            remedies=(
                Remedy(f"Import matplotlib.pyplot as {name}.", edits(source, [replace(span, "matplotlib.pyplot")])),
            ),
        )
