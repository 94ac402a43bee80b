"""Wrong updates for which no single line can be blamed: the place after the last right value, and what can be said of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.first_wrong import is_gradient
from unstuck.doctor.scripts.spread_values import spread_value, what_it_is
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.true_descent import descend_true_gradient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.findings import Evidence
    from unstuck.doctor.scripts.backward_values import BackwardValues
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trace import Key


def unlocated(examination: Examination, values: BackwardValues, variables: list[StepVariable]) -> Iterator[Suspicion]:
    """Say which update is wrong where no repair of a single value puts it right; what one line updates in a loop is one finding."""
    groups: dict[object, list[StepVariable]] = {}
    spread: dict[int, list[tuple[StepVariable, Key]]] = {}
    for variable in variables:
        key = None if examination.backward is None else spread_value(examination.probes, examination.backward, variable)
        if key is not None:
            spread.setdefault(key[0], []).append((variable, key))
            continue
        site = examination.update_site(variable)
        groups.setdefault(variable.index if site is None else site.span, []).append(variable)
    for members in spread.values():
        yield _of_spread(examination, values, members)
    for group in groups.values():
        yield _of_group(examination, group)


def _of_spread(examination: Examination, values: BackwardValues, members: list[tuple[StepVariable, Key]]) -> Suspicion:
    """Say that gradients have fewer numbers than their parameters, so that several weights get one and the same step."""
    variable, key = members[0]
    names = ", ".join(member.name for member, _ in members)
    site, shape = examination.site_of(key), examination.probes[0].trace.shapes[key]
    code, explanation = what_it_is(values, key)
    numbers = "a single number" if int(np.prod(shape)) == 1 else f"of shape {shape}"
    evidence: Evidence = {
        **_misfit(examination, variable),
        "shape of the gradient": str(shape),
        "shape of the parameter": str(variable.shape),
    }
    finding = Finding(
        fault="wrong-gradient",
        mistake=code,
        message=(
            f"The gradient of {names} is wrong because of {site.expression}: it is {numbers}, and {variable.name}, of shape "
            f"{variable.shape}, needs a number for each entry{explanation}."
        ),
        location=examination.location_of_site(site),
        evidence=evidence,
        parameter=variable.name,
        lines=(site.span.line,),
        remedies=(
            Remedy(
                f"Compute a gradient of the shape {variable.shape}: a sum over the samples only, not over the units."
            ),
        ),
    )
    return Suspicion(finding, descend_true_gradient(examination))


def _of_group(examination: Examination, variables: list[StepVariable]) -> Suspicion:
    known = {} if examination.backward is None else examination.backward.drivers
    best = max(variables, key=lambda variable: len(known.get(variable.index, ())))
    names = ", ".join(variable.name for variable in variables)
    site = _last_driver(examination, best) or examination.update_site(best)
    finding = Finding(
        fault="wrong-gradient",
        message=(
            f"The update of {names} is not along its gradient, and no single repair puts it right: "
            "more than one thing is wrong on the way to it."
        ),
        location=None if site is None else examination.location_of_site(site),
        evidence=_misfit(examination, best),
        parameter=best.name,
        lines=() if site is None else (site.span.line,),
        remedies=(
            Remedy(
                f"Derive the gradient of {best.name} again, from the loss backwards, one line for each line of the forward pass."
            ),
        ),
    )
    return Suspicion(finding, descend_true_gradient(examination))


def _last_driver(examination: Examination, variable: StepVariable) -> Site | None:
    """Return the first value after the last right one on the way to a parameter; without any, the last assignment before the update."""
    if examination.backward is None:
        return None
    keys = examination.backward.drivers[variable.index]
    right = [number for number, key in enumerate(keys) if is_gradient(examination.probes, examination.backward, key)]
    if right and right[-1] + 1 < len(keys):
        return examination.site_of(keys[right[-1] + 1])
    assigned = [
        site for key in keys if (site := examination.site_of(key)).kind in ("assigned", "updated", "item", "unpacked")
    ]
    return assigned[-1] if assigned else None


def _misfit(examination: Examination, variable: StepVariable) -> dict[str, float]:
    match = examination.verdicts.of[variable.index].match
    return {
        "cosine of update and gradient": 0.0 if match is None else match.cosine,
        "error of the update, relative": 1.0 if match is None else match.error,
    }
