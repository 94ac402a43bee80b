"""Are the outputs of a softmax divided by a sum over the samples instead of that over the classes of each?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import expression_at, remedy_of
from unstuck.doctor.checks.edits import replace, text_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.long_values import look_up_long_values
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trials import Change

_ONE = 1e-9
_MATRIX = 2


def check(examination: Examination) -> Iterator[Suspicion]:
    """Where updates are wrong, look for a matrix of samples and classes that sums to one as a whole, or in each class over the samples."""
    if not any(verdict.update == "wrong" for verdict in examination.verdicts.of.values()):
        return
    look_up_long_values(examination.prober, examination.probes)
    order = examination.probes[0].trace.order
    dependent = set().union(*examination.found.dependents.values()) if examination.found.dependents else set()
    for key in sorted((key for key in dependent if key in order), key=lambda key: order[key]):
        known = [probe.trace.values.get(key) for probe in examination.probes]
        values = [each for each in known if each is not None]
        axis = class_axis(examination, values[0].shape) if values else None
        if len(values) == len(known) and axis is not None and all(each.min() >= 0 for each in values):
            over = _summed_over(values, axis)
            if over:
                yield _suspicion(examination, examination.site_of(key), axis, over)
                # what else seems wrong about the gradients follows from it
                examination.notes["held right"] = {variable.index for variable in examination.found.parameters}
                return


def class_axis(examination: Examination, shape: tuple[int, ...]) -> int | None:
    """Return which axis of a matrix of samples and classes is that of the classes: its length is one that parameters have as well."""
    if len(shape) != _MATRIX or 1 in shape:
        return None
    lengths = {length for variable in examination.found.parameters for length in variable.shape}
    classes = [axis for axis, length in enumerate(shape) if length in lengths]
    return classes[0] if len(classes) == 1 else None


def _summed_over(values: list[NDArray[np.float64]], axis: int) -> str:
    """Return over what values sum to one at every probe, if it is not over the classes of each sample."""
    if all(abs(float(each.sum()) - 1) <= _ONE for each in values):
        return "all samples together"
    if all(np.allclose(each.sum(1 - axis), 1, rtol=0, atol=_ONE) for each in values):
        return "the samples, class by class"
    return ""


def _suspicion(examination: Examination, site: Site, axis: int, over: str) -> Suspicion:
    sample = "row" if axis == 1 else "column"
    remedy, change = _mended(examination, site, axis)
    finding = Finding(
        fault="wrong-gradient",
        mistake="summed-over-wrong-axis",
        message=(
            f"{site.expression} sums to one over {over}: a softmax divides each {sample} by its own sum. The gradients are those of "
            "such a softmax, and so are wrong."
        ),
        location=examination.location_of_site(site),
        evidence={"sums to one": f"over {over}", "should": f"in each {sample}"},
        lines=(examination.location_of_site(site).line,),
        remedies=(remedy,),
    )
    return Suspicion(finding, change)


def _mended(examination: Examination, site: Site, axis: int) -> tuple[Remedy, Change | None]:
    """Return the remedy, with its edit where the place is a fraction."""
    summary = f"Divide by the sum along the classes: e / e.sum(axis={axis}, keepdims=True)."
    node = expression_at(examination, site)
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div):
        return Remedy(summary), None
    above = text_of(examination.source, node.left)
    above = above if isinstance(node.left, ast.Name | ast.Call) else f"({above})"
    return remedy_of(examination.source, summary, [replace(node.right, f"{above}.sum(axis={axis}, keepdims=True)")])
