"""Does the learning rate decay so fast that the steps come to nothing before the network has learned?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.initial_values import edit_of
from unstuck.doctor.checks.line_search import line_at
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.patch import apply_edits
from unstuck.doctor.scripts.late_state import after_steps
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site

_STEPS = 40
_SHRUNK = 0.01
_STRAIGHT = 0.5


def shrinking(examination: Examination) -> Iterator[Suspicion]:
    """Yield the finding where a number that the script keeps shrinking takes the updates with it."""
    found = examination.found
    steps = min(_STEPS, examination.written.steps // 4)
    singles = [
        variable
        for variable in found.state
        if variable.shape == () and not variable.is_integer and variable.start is not None and variable.start > 0
    ]
    if steps < 2 or not singles:  # noqa: PLR2004 (one step shows no decay)
        return
    values, _ = after_steps(found, steps)
    for variable in singles:
        before, after = variable.start, values.get(variable.index)
        if before is None or after is None or not 0 < float(after) < _SHRUNK * float(before):
            continue
        line = line_at(examination, steps, (1.0, 100.0))
        site = next(
            (
                site
                for site in found.sites
                if site.name == variable.name
                and site.kind in ("updated", "assigned")
                and (site.kind == "updated" or site.reads_itself)
            ),
            None,
        )
        if (
            line is None
            or site is None
            or line.slope >= 0
            or line.along[100.0] - line.loss > _STRAIGHT * 100.0 * line.slope
        ):
            continue
        yield _suspicion(examination, variable, site, steps, float(before), float(after))
        return


def _suspicion(
    examination: Examination, variable: StepVariable, site: Site, steps: int, before: float, after: float
) -> Suspicion:
    place = None if site.module else examination.location_of_site(site)
    factor = _shrinking_factor(examination, site)
    edits = () if factor is None else (edit_of(examination, factor, "1.0"),)
    whole = examination.source.path is None or examination.source.path.suffix != ".ipynb"
    finding = Finding(
        fault="step-too-small",
        message=f"{variable.name} shrinks from {before:.3g} to {after:.2g} within {steps} steps, and the updates with it. "
        "The loss would still fall along steps 100 times as long.",
        location=place,
        evidence={
            "at the start": before,
            f"after {steps} steps": after,
            "steps of the script": examination.written.steps,
        },
        lines=() if place is None else (place.line,),
        remedies=(Remedy(f"Let {variable.name} shrink once in an epoch and by less, or leave it as it is.", edits),),
    )
    change = (
        Change("a learning rate that stays", text=apply_edits(examination.source.text, edits))
        if edits and whole
        else None
    )
    return Suspicion(finding, change, needs_proof=True)


def _shrinking_factor(examination: Examination, site: Site) -> ast.Constant | None:
    """Return the number that is multiplied with: the ``0.7`` of ``rate *= 0.7``."""
    for node in ast.walk(examination.tree):
        if (
            isinstance(node, ast.AugAssign)
            and node.lineno == site.span.line
            and isinstance(node.op, ast.Mult)
            and isinstance(node.value, ast.Constant)
        ):
            return node.value
        if (
            isinstance(node, ast.Assign)
            and node.lineno == site.span.line
            and isinstance(node.value, ast.BinOp)
            and isinstance(node.value.op, ast.Mult)
        ):
            return next((side for side in (node.value.left, node.value.right) if isinstance(side, ast.Constant)), None)
    return None
