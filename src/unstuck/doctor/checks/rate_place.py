"""Where the learning rate of a script is written out as a number."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import edits, replace
from unstuck.doctor.checks.number_origins import NumberOrigins
from unstuck.doctor.checks.setting_names import is_rate, is_setting
from unstuck.doctor.places import line_of, location_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.findings import Edit, Location
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.sites import Site

_ASSIGNED = ("assigned", "updated", "item", "unpacked")


@dataclass(frozen=True)
class RatePlace:
    """A number that is the learning rate.

    Attributes:
        number: The number.
        examination: The script that it stands in.
    """

    number: ast.expr
    examination: Examination

    @property
    def location(self) -> Location:
        """Where it stands."""
        return location_of(self.examination.source, self.number)

    @property
    def line(self) -> int:
        """The line of the user's file."""
        return line_of(self.examination.source, self.number.lineno)

    def times(self, factor: float) -> tuple[Edit, ...]:
        """Return the edit that multiplies it."""
        if self.examination.repeated or not isinstance(self.number, ast.Constant):
            return ()
        value = float(f"{float(str(self.number.value)) * factor:.3g}")
        return edits(self.examination.source, [replace(self.number, repr(value))])


def rate_place(examination: Examination) -> RatePlace | None:
    """Return where the learning rate stands: what the updates read that is called a rate, or the only number that they read."""
    known: RatePlace | None
    if "rate place" in examination.notes:
        known = examination.notes["rate place"]
        return known
    rates: dict[str, list[ast.expr]] = {}
    others: dict[str, list[ast.expr]] = {}
    origins = NumberOrigins(examination.tree)
    for statement in _update_statements(examination):
        for node in ast.walk(statement):
            name = _name(node)
            if name is None or not isinstance(node, ast.expr):
                continue
            found = origins.of(node, origins.function_around(node))
            if found and (is_rate(name) or not is_setting(name)):
                (rates if is_rate(name) else others).setdefault(name, found)
    chosen = rates or (others if len(others) == 1 else {})
    number = next((found[0] for found in chosen.values()), None)
    place = None if number is None else RatePlace(number, examination)
    examination.notes["rate place"] = place
    return place


def _name(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name, ctx=ast.Load()):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name)), ctx=ast.Load()):
            return name
    return None


def _update_statements(examination: Examination) -> Iterator[ast.stmt]:
    """Yield the statements that give parameters, and what the optimizer remembers of their size, their new values."""
    sites = [*_update_sites(examination), *_memory_sites(examination)]
    lines = {site.span.line for site in sites if not site.module}
    for node in ast.walk(examination.tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return | ast.Expr) and any(
            node.lineno <= line <= (node.end_lineno or node.lineno) for line in lines
        ):
            yield node


def _update_sites(examination: Examination) -> list[Site]:
    parameters = examination.found.parameters
    return [site for variable in parameters if (site := examination.update_site(variable)) is not None]


def _memory_sites(examination: Examination) -> Iterator[Site]:
    found = examination.found
    shapes = {variable.shape for variable in found.parameters}
    for variable in found.state:
        if variable.shape in shapes and variable.shape != ():
            for key in found.dependents.get(variable.index, ()):
                site = examination.site_of(key)
                if site.kind in _ASSIGNED and site.name.partition("[")[0].partition(".")[0] == variable.root:
                    yield site
