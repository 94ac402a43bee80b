"""Are numbers with a fraction kept in arrays of whole numbers?"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import place_of, remedy_of
from unstuck.doctor.checks.edits import insert, replace
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.targets import reads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.doctor.checks.edits import Change as TextChange
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trace import Key, Trace

_MAKERS = frozenset(
    [
        "array",
        "asarray",
        "zeros_like",
        "ones_like",
        "full_like",
        "empty_like",
        "full",
        "zeros",
        "ones",
        "empty",
        "arange",
    ]
)
_MOST_TRIED = 8


@dataclass(frozen=True)
class Cut:
    """Something with a fraction that was written into an array of whole numbers.

    Attributes:
        site: The assignment.
        key: The value that was written, before it was cut.
        lost: The largest fraction that was lost.
    """

    site: Site
    key: Key
    lost: float


def check(examination: Examination) -> Iterator[Suspicion]:
    """Does an assignment into an array of integers cut off what stands behind the point?

    What was to be written is compared with what the array can hold. If it had been larger by 2, so that the array had shown it, the
    parameters would have become others: so what was lost counts.
    """
    mended = examination.found.mended
    if mended is not None and mended.cut:  # nothing depended on anything before these could hold fractions: they count
        sites = examination.found.sites
        cuts = [Cut(sites[key[0]], key, lost) for key, lost in mended.cut]
    else:
        cuts = list(_that_count(examination, cuts_in(examination.found.own, examination.found.sites)))
    if not cuts:
        examination.checked.append("No number of the training step is cut down to a whole number.")
        return
    names = list(dict.fromkeys(cut.site.name for cut in cuts))
    changes = [change for name in names for change in _as_floats(examination.tree, name)]
    for number, name in enumerate(names):
        first = next(cut for cut in cuts if cut.site.name == name)
        yield _suspicion(
            examination, name, first, [cut.site for cut in cuts if cut.site.name == name], changes, is_first=number == 0
        )


def cuts_in(trace: Trace, sites: Sequence[Site]) -> list[Cut]:
    """Return what was cut down to whole numbers in a replay, the largest loss of each assignment."""
    by_span = {(site.module, site.span): site for site in sites if site.kind in ("expression", "difference")}
    found: dict[int, Cut] = {}
    for key in trace.integers:
        site = sites[key[0]]
        written = by_span.get((site.module, site.span)) if site.kind == "item" else None
        if written is None or (written.number, key[1]) not in trace.values:
            continue
        source = (written.number, key[1])
        numbers = trace.values[source]
        if source in trace.integers or not np.isfinite(numbers).all():
            continue
        lost = float(np.max(np.abs(numbers - np.trunc(numbers))))
        if lost > found.get(site.number, Cut(site, source, 1e-9)).lost:
            found[site.number] = Cut(site, source, lost)
    return sorted(found.values(), key=lambda cut: trace.order[cut.key])


def _that_count(examination: Examination, cuts: list[Cut]) -> Iterator[Cut]:
    """Yield those that something depends on: with 2 more the parameters are others after this step or the next."""
    if not cuts:
        return
    found = examination.found
    indices = [variable.index for variable in found.parameters]
    as_written = found.step.replay(ends=indices, record=False, steps=2)
    for cut in cuts[:_MOST_TRIED]:
        more = np.full(found.own.shapes[cut.key], 2.0)
        trace = found.step.replay(add={cut.key: more}, ends=indices, record=False, steps=2)
        if trace.is_whole and trace.ends_changed_from(as_written):
            yield cut


def _suspicion(
    examination: Examination, name: str, first: Cut, sites: list[Site], changes: list[TextChange], *, is_first: bool
) -> Suspicion:
    made = _definitions(examination.tree, name)
    location = place_of(examination, made[-1]) if made else examination.location_of_site(first.site)
    written = examination.location_of_site(first.site).line
    summary = f"Make '{name}' an array of floating-point numbers from the beginning, with dtype=float."
    remedy, change = remedy_of(examination.source, summary, changes) if changes else (Remedy(summary), None)
    finding = Finding(
        "integer-truncation",
        f"'{name}' is an array of integers, and line {written} writes numbers with a fraction into it: "
        f"NumPy cuts off what stands behind the point, here up to {first.lost:.3g}.",
        location,
        {"largest fraction lost in a step": first.lost, "assignments that lose": len(sites)},
        lines=tuple(dict.fromkeys([location.line, *(examination.location_of_site(site).line for site in sites)])),
        parameter=name if any(variable.name == name for variable in examination.found.parameters) else None,
        remedies=(remedy,),
    )
    return Suspicion(finding, change if is_first else None)


def _definitions(tree: ast.Module, name: str) -> list[ast.expr]:
    """Return the expressions that make an array of that name, everywhere in the script, and might make one of integers."""
    values = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(ast.unparse(target) == name for target in node.targets)
    ]
    values += [
        part
        for value in values
        if isinstance(value, ast.Dict | ast.List | ast.Tuple)
        for part in (value.values if isinstance(value, ast.Dict) else value.elts)
        if _makes_integers(part)
    ]
    made = [value for value in values if _maker(value) is not None]
    return made or [
        value for value in values if isinstance(value, ast.Call) and not reads(value, ast.parse(name, mode="eval").body)
    ]


def _maker(value: ast.expr) -> ast.Call | None:
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _MAKERS:
        return value
    return None


def _makes_integers(value: ast.expr) -> bool:
    """Whether an entry of a container is an array that is asked to be of integers."""
    call = _maker(value)
    return call is not None and any(
        keyword.arg == "dtype" and "int" in ast.unparse(keyword.value) for keyword in call.keywords
    )


def _as_floats(tree: ast.Module, name: str) -> Iterator[TextChange]:
    """Yield the changes that make the arrays of that name hold fractions."""
    for value in _definitions(tree, name):
        call = _maker(value)
        if call is None and value.end_lineno is not None and value.end_col_offset is not None:
            yield insert(value.end_lineno, value.end_col_offset, ".astype(float)")
        if call is None or call.end_lineno is None or call.end_col_offset is None:
            continue
        given = [keyword for keyword in call.keywords if keyword.arg == "dtype"]
        if given:
            yield replace(given[0].value, "float")
        elif len(call.args) == 1 or call.func.attr in ("full", "full_like"):  # type: ignore[attr-defined]
            yield insert(call.end_lineno, call.end_col_offset - 1, ", dtype=float")
