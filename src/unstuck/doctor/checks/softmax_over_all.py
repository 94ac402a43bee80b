"""Are the outputs of a softmax divided by the sum over all samples instead of that of each?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.definitions import remedy_of
from unstuck.doctor.checks.edits import replace, text_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trace import Key
    from unstuck.doctor.scripts.trials import Change

_ONE = 1e-9
_MATRIX = 2


def check(examination: Examination) -> Iterator[Suspicion]:
    """Where updates are wrong, look for a matrix of samples and classes that sums to one as a whole."""
    if not any(verdict.update == "wrong" for verdict in examination.verdicts.of.values()):
        return
    order = examination.probes[0].trace.order
    dependent = set().union(*examination.found.dependents.values()) if examination.found.dependents else set()
    for key in sorted((key for key in dependent if key in order), key=lambda key: order[key]):
        axis = _axis_of_classes(examination, key)
        if axis is not None:
            yield _suspicion(examination, examination.site_of(key), axis)
            # what else seems wrong about the gradients follows from it
            examination.notes["held right"] = {variable.index for variable in examination.found.parameters}
            return


def _axis_of_classes(examination: Examination, key: Key) -> int | None:
    """Return the axis of the classes of a value that is positive and sums to one over all samples at every probe; None of any other."""
    values = [probe.trace.values.get(key) for probe in examination.probes]
    known = [each for each in values if each is not None]
    if len(known) < len(values) or any(
        each.ndim != _MATRIX or each.min() <= 0 or abs(float(each.sum()) - 1) > _ONE for each in known
    ):
        return None
    lengths = {length for variable in examination.found.parameters for length in variable.shape}
    classes = [axis for axis, length in enumerate(known[0].shape) if length in lengths]
    return classes[0] if len(classes) == 1 and 1 not in known[0].shape else None


def _suspicion(examination: Examination, site: Site, axis: int) -> Suspicion:
    sample = "row" if axis == 1 else "column"
    remedy, change = _mended(examination, site, axis)
    finding = Finding(
        fault="wrong-gradient",
        mistake="summed-over-wrong-axis",
        message=(
            f"{site.expression} sums to one over all samples together, so each sample has but its share of it: a softmax divides "
            f"each {sample} by its own sum. The gradients are those of such a softmax, and so are wrong."
        ),
        location=examination.location_of_site(site),
        evidence={"sum over all samples and classes": 1.0, "should be": f"1 in each {sample}"},
        lines=(examination.location_of_site(site).line,),
        remedies=(remedy,),
    )
    return Suspicion(finding, change)


def _mended(examination: Examination, site: Site, axis: int) -> tuple[Remedy, Change | None]:
    """Return the remedy, with its edit where the place is a fraction."""
    summary = f"Divide by the sum along the classes: e / e.sum(axis={axis}, keepdims=True)."
    span = site.span
    for node in ast.walk(examination.tree):
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Div)
            and (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
            == (span.line, span.column, span.end_line, span.end_column)
            and not site.module
        ):
            above = text_of(examination.source, node.left)
            above = above if isinstance(node.left, ast.Name | ast.Call) else f"({above})"
            return remedy_of(
                examination.source, summary, [replace(node.right, f"{above}.sum(axis={axis}, keepdims=True)")]
            )
    return Remedy(summary), None
