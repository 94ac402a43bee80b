"""Where the numbers of a script first are not finite, before the training or within its step."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import last_definition
from unstuck.doctor.scripts.mended_step import MendedStep

if TYPE_CHECKING:
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.mended_step import Mended
    from unstuck.doctor.scripts.script_step import ScriptStep, StepVariable
    from unstuck.doctor.scripts.sites import Site

_MOST_TRIED = 8


def variables_that_spoil(found: Identified, mended: Mended) -> list[StepVariable]:
    """Return the variables without which all values of the step are finite: others may only stand by, such as a best loss so far."""
    bad = list(mended.not_finite)
    if len(bad) < 2 or len(bad) > _MOST_TRIED:  # noqa: PLR2004 (of one there is nothing to choose)
        return bad
    before = _bad_values(found.step)
    return [
        variable
        for variable in bad
        if _bad_values(MendedStep(mended.step, finite=[other.index for other in bad if other is not variable])) > before
    ] or bad


def _bad_values(step: ScriptStep) -> int:
    trace = step.replay(values=[])
    return sum(not np.isfinite(sums).all() for sums in trace.sums.values()) if trace.is_whole else 1 << 60


def is_made_of_bad(found: Identified, site: Site) -> bool:
    """Whether an expression reads an array that holds numbers which are not finite already when the training begins."""
    words = set(_words(site.expression))
    return any(
        not variable.is_finite
        and variable.shape != ()
        and words & {variable.root, re.split(r"[.\[]", variable.name)[-1]}
        for variable in (*found.step.variables,)
        if variable not in found.parameters
    )


def source_of_bad(examination: Examination, variable: StepVariable) -> Site | None:
    """Return the first place whose value is not finite and which the variable is made of, None if none was seen."""
    names = {variable.root, re.split(r"[.\[]", variable.name)[-1]}
    spans: list[Site] = []
    for number in reversed(examination.scouted.non_finite):
        site = examination.program.sites[number]
        if set(_words(site.name)) & names if site.kind != "expression" else any(_holds(each, site) for each in spans):
            spans.append(site)
            names |= set(_words(site.expression))
        elif site.kind == "difference" and any(_holds(each, site) for each in spans):
            spans.append(site)
    return spans[-1] if spans else None


def _words(expression: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d]\w*", expression) if word not in ("self", "np", "numpy")]


def _holds(outer: Site, inner: Site) -> bool:
    first, last = (outer.span.line, outer.span.column), (outer.span.end_line, outer.span.end_column)
    return (
        outer.module == inner.module
        and first <= (inner.span.line, inner.span.column)
        and (inner.span.end_line, inner.span.end_column) <= last
    )


def divisor_at(examination: Examination, site: Site) -> ast.expr | None:
    """Return what is divided by at a place of the script itself, None if nothing is."""
    if site.module:
        return None
    for node in ast.walk(examination.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _is_at(node, site):
            return node.right
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div) and _is_at(node.value, site):
            return node.value
    return None


def _is_at(node: ast.expr, site: Site) -> bool:
    span = site.span
    return (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset) == (
        span.line, span.column, span.end_line, span.end_column,
    )  # fmt: skip


def definition_lines(examination: Examination, divisor: ast.expr, before: int) -> list[int]:
    """Return the lines of the module that make what is divided by."""
    names = [node.id for node in ast.walk(divisor) if isinstance(node, ast.Name)]
    found = [last_definition(examination.tree, name, before) for name in names]
    return [each.line for each in found if each is not None]
