"""Is matplotlib itself imported under the name of its module pyplot?"""

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

    from unstuck.doctor.checks.imports import Imported
    from unstuck.doctor.scripts.source import Source

_MODULE = "matplotlib"
_NAMES_OF_PYPLOT = frozenset(["plt", "pyplot"])
_FUNCTIONS_OF_PYPLOT = frozenset(
    [
        *(
            "plot",
            "show",
            "figure",
            "subplot",
            "subplots",
            "title",
            "suptitle",
            "xlabel",
            "ylabel",
            "legend",
            "scatter",
            "imshow",
        ),
        *(
            "savefig",
            "hist",
            "bar",
            "grid",
            "axis",
            "pause",
            "clf",
            "cla",
            "close",
            "contour",
            "contourf",
            "colorbar",
            "xlim",
            "ylim",
        ),
        *(
            "semilogx",
            "semilogy",
            "loglog",
            "draw",
            "ion",
            "ioff",
            "gca",
            "gcf",
            "tight_layout",
            "errorbar",
            "fill_between",
            "axhline",
        ),
    ]
)
"""What scripts call of pyplot; matplotlib itself has none of these."""


def check(tree: ast.Module, source: Source) -> Iterator[Finding]:
    """Does ``import matplotlib as plt`` leave out ``.pyplot``?

    It does no harm as long as nothing is plotted, and little where the plot comes after the training. Plots are not made during
    a diagnosis, so the run itself does not tell.
    """
    if looks_names_up(tree):
        return
    for imported in Imports(tree).of_module(_MODULE):
        if imported.name not in _NAMES_OF_PYPLOT:
            continue
        reads = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == imported.name]
        plots = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == imported.name
            and node.attr in _FUNCTIONS_OF_PYPLOT
        ]
        if not reads or plots:
            yield _finding(source, imported, plots, last_loop=_end_of_last_loop(tree))


def _end_of_last_loop(tree: ast.Module) -> int:
    return max((node.end_lineno or 0 for node in ast.walk(tree) if isinstance(node, ast.For | ast.While)), default=0)


def _finding(source: Source, imported: Imported, plots: list[ast.Attribute], *, last_loop: int) -> Finding:
    start = span_of(imported.alias)
    span = Span(start.line, start.column, start.line, start.column + len(_MODULE))
    name = imported.name
    message = f"{name} stands for matplotlib itself, not for matplotlib.pyplot; "
    first = min(plots, key=lambda node: node.lineno, default=None)
    if first is None:
        message += f"nothing here uses {name}, so it does no harm."
    else:
        message += f"matplotlib has no {first.attr}, so line {line_of(source, first.lineno)} ends the script with an AttributeError."
    is_in_the_way = first is not None and (first.lineno <= last_loop or not last_loop)
    lines = {line_of(source, start.line), *(line_of(source, node.lineno) for node in plots[:1])}
    return Finding(
        fault="wrong-import",
        message=message,
        location=location_of(source, imported.alias),
        evidence={"imported": "matplotlib", f"uses of {name}": len(plots)},
        severity="fatal" if is_in_the_way else "harmless",
        lines=tuple(sorted(lines)),
        remedies=(Remedy(f"Import matplotlib.pyplot as {name}.", edits(source, [replace(span, "matplotlib.pyplot")])),),
    )
