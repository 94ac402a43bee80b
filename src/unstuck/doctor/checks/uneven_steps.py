"""Do all parameters go down their gradients with the same step, or lacks one the mean or the learning rate that the others have?"""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.doctor.checks.sum_not_mean import changed_update, is_among, rates_of, rows_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.gradient_sites import gradient_sites
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.doctor.findings import Edit
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site

_SAME = 1e-4
_FEW = 2
_MEANS = frozenset(["mean", "average", "nanmean"])


@dataclass(frozen=True)
class _Uneven:
    """Parameters whose steps are another multiple of their gradients than those of the others.

    Attributes:
        variables: Which.
        others: The parameters they are compared with.
        times: How many times as long their steps are.
    """

    variables: tuple[StepVariable, ...]
    others: tuple[StepVariable, ...]
    times: float


def check(examination: Examination) -> Iterator[Suspicion]:
    """Compare what the gradients are multiplied with: a ratio of exactly the number of rows, or of the learning rate, is no choice."""
    rows = rows_of(examination)
    for group in _uneven(examination):
        own, others = rates_of(examination, group.variables), rates_of(examination, group.others)
        if is_among(group.times, {rate / other for rate in own - others for other in others - own}):
            continue  # each has a learning rate of its own
        if rows > 1 and _is_same(group.times, rows) and _takes_means(examination.tree):
            yield _summed(examination, group, rows)
        elif rows > _FEW and _is_same(group.times, 1 / rows) and _takes_means(examination.tree):
            yield _divided_twice(examination, group, rows)
        elif is_among(1 / group.times, others - own):
            yield _without_rate(examination, group, 1 / group.times)


def _uneven(examination: Examination) -> list[_Uneven]:
    """Return the parameters that go down their gradients with other steps than most.

    Of as many others, than those whose steps are a learning rate times the gradient, or else the shorter ones.
    """
    verdicts = examination.verdicts
    factors: dict[int, float] = {}
    for variable in examination.found.parameters:
        verdict = verdicts.of[variable.index]
        is_plain = verdict.update == "right" and verdict.match is not None and verdict.gradient_at is None
        if is_plain and verdict.match is not None and verdict.match.error < _SAME and verdict.match.scale < 0:
            factors[variable.index] = -verdict.match.scale
    if len(factors) < _FEW:
        return []
    groups: dict[float, list[StepVariable]] = {}
    for variable in examination.found.parameters:
        if variable.index in factors:
            factor = factors[variable.index]
            group = next((each for each in groups if _is_same(each, factor)), factor)
            groups.setdefault(group, []).append(variable)
    if len(groups) < _FEW:
        return []
    known = rates_of(examination, examination.found.parameters)
    usual = min(groups, key=lambda factor: (-len(groups[factor]), not is_among(factor, known), factor))
    return [
        _Uneven(tuple(members), tuple(groups[usual]), factor / usual)
        for factor, members in groups.items()
        if factor != usual
    ]


def _is_same(number: float, other: float) -> bool:
    return math.isclose(number, other, rel_tol=_SAME)


def _takes_means(tree: ast.Module) -> bool:
    """Whether the script divides something by what may be a count, or takes a mean; ``1 / (1 + exp(-z))`` is neither."""
    for node in ast.walk(tree):
        is_division = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        if is_division and not (isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant)):
            return True
        function = node.func if isinstance(node, ast.Call) else None
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in _MEANS:
            return True
    return False


# ---------------------------------------------------------------------- what to say


def _summed(examination: Examination, group: _Uneven, rows: int) -> Suspicion:
    names, others = _names(group.variables), _names(group.others)
    message = (
        f"The gradients of the {rows} rows are added up for {names}, while their mean is taken for {others}: "
        f"the steps of {names} are {rows} times as long."
    )
    summary = f"Divide the gradient of {names} by the number of rows, {rows}, as that of the others."
    return _suspicion(
        examination, group, "sum-not-mean", message, Remedy(summary, _edits(examination, group, f" / {rows}", ""))
    )


def _divided_twice(examination: Examination, group: _Uneven, rows: int) -> Suspicion:
    names, others = _names(group.variables), _names(group.others)
    message = (
        f"The gradient of {names} is divided by the number of rows, {rows}, once more than that of {others}: "
        f"its steps are {rows} times shorter."
    )
    return _suspicion(
        examination,
        group,
        "step-too-small",
        message,
        Remedy(f"Divide the gradient of {names} by the number of rows only once."),
    )


def _without_rate(examination: Examination, group: _Uneven, rate: float) -> Suspicion:
    names, others = _names(group.variables), _names(group.others)
    message = (
        f"The updates of {others} are multiplied with the learning rate, {rate:g}, that of {names} is not: "
        f"its steps are {group.times:.4g} times as long."
    )
    fault = "step-too-large" if group.times > 1 else "step-too-small"
    summary = f"Multiply the update of {names} with the learning rate as well."
    remedy = Remedy(summary, _edits(examination, group, "", f"{rate:g} * "))
    return _suspicion(examination, group, fault, message, remedy, at_update=True)


def _suspicion(
    examination: Examination, group: _Uneven, fault: str, message: str, remedy: Remedy, *, at_update: bool = False
) -> Suspicion:
    sites = [site for variable in group.variables for site in _sites(examination, variable, at_update=at_update)]
    locations = [examination.location_of_site(site) for site in sites]
    finding = Finding(
        fault=fault,
        message=message,
        location=locations[0] if locations else None,
        evidence={"how many times as long as those of the others": group.times},
        parameter=group.variables[0].name,
        severity="harmless" if examination.learning.has_learned(examination.written) else "unproven",
        lines=tuple(dict.fromkeys(location.line for location in locations)),
        remedies=(remedy,),
    )
    numbers = [examination.found.parameters.index(variable) for variable in group.variables]
    change = Change(
        f"steps of {_names(group.variables)} like the others'",
        {"scales": {str(number): 1 / group.times for number in numbers}},
    )
    return Suspicion(finding, change)


def _sites(examination: Examination, variable: StepVariable, *, at_update: bool) -> Iterator[Site]:
    """Yield where the gradient is computed, if it has a name there, and where the parameter is updated; the one that is wrong first."""
    keys = gradient_sites(examination.probes, examination.descended, variable, None)
    named = [examination.site_of(key) for key in keys]
    named = [site for site in named if site.kind in ("assigned", "unpacked", "updated", "item", "returned")]
    update = examination.update_site(variable)
    both = [*named[:1], *([] if update is None else [update])]
    yield from reversed(both) if at_update else both


def _edits(examination: Examination, group: _Uneven, after: str, before: str) -> tuple[Edit, ...]:
    """Return the edits that put something before or behind what the updates take off; none where the text does not tell them apart."""
    edits = []
    taken = [examination.update_site(variable) for variable in group.others]
    for variable in group.variables:
        site = examination.update_site(variable)
        if site is None or site.module or site in taken:
            return ()
        edit = changed_update(examination, site, after, before)
        if edit is None:
            return ()
        edits.append(edit)
    return tuple(dict.fromkeys(edits))


def _names(variables: Sequence[StepVariable]) -> str:
    return ", ".join(variable.name for variable in variables)
