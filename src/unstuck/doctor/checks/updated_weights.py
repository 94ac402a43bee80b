"""Does a gradient use weights that this very step has already changed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.held_updates import sites_by_parameter
from unstuck.doctor.scripts.matching import Match, compare
from unstuck.doctor.scripts.statements import move_after
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change
from unstuck.doctor.scripts.true_descent import all_held

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable

_RIGHT = 1e-5


def check(examination: Examination) -> Iterator[Suspicion]:
    """Hold back: give every reader the old value until the step ends.

    If that turns a wrong update into the exact gradient, reading the new value was the mistake. No name, order or operator is
    looked at, only what the change does.
    """
    found = examination.found
    wrong = [variable for variable in found.parameters if examination.verdicts.of[variable.index].update == "wrong"]
    mended: dict[int, list[StepVariable]] = {}
    for variable in wrong:
        if not _is_right(examination, variable, list(found.parameters)):
            continue
        culprit = _culprit(examination, variable)
        if culprit is not None:
            mended.setdefault(culprit.index, []).append(variable)
    for culprit in found.parameters:
        if culprit.index in mended:
            yield _suspicion(examination, culprit, mended[culprit.index])
    examination.notes["held right"] = {variable.index for variables in mended.values() for variable in variables}
    if not mended and not wrong:
        examination.checked.append("No gradient uses weights that the same step has already changed.")


def _culprit(examination: Examination, variable: StepVariable) -> StepVariable | None:
    """Return the parameter whose early update makes a gradient wrong; of several the first without which it would not be as wrong."""
    others = [other for other in examination.found.parameters if other is not variable]
    for other in others:
        if _is_right(examination, variable, [other]):
            return other
    for other in others:
        if not _is_right(examination, variable, [each for each in examination.found.parameters if each is not other]):
            return other
    return None


def _is_right(examination: Examination, variable: StepVariable, held: list[StepVariable]) -> bool:
    return _held_match(examination, variable, held).error < _RIGHT


def _held_match(examination: Examination, variable: StepVariable, held: list[StepVariable]) -> Match:
    holds = sites_by_parameter((other.index, examination.found.sites_of(other)) for other in held)
    updates, gradients = [], []
    for probe in examination.probes:
        trace = examination.found.step.replay(state=probe.state, record=False, ends=[variable.index], hold=holds)
        end = trace.ends.get(variable.index)
        if end is None or end.shape != probe.values[variable.index].shape:
            return Match(0.0, 0.0, 1.0)
        updates.append((end - probe.values[variable.index]).ravel())
        gradients.append(probe.gradients[examination.descended][variable.index].ravel())
    return compare(np.concatenate(updates), np.concatenate(gradients))


def _suspicion(examination: Examination, culprit: StepVariable, victims: list[StepVariable]) -> Suspicion:
    site = examination.update_site(culprit)
    victim_sites = [examination.update_site(victim) for victim in victims]
    lines = [place.span.line for place in [site, *victim_sites] if place is not None]
    names = " and ".join(victim.name for victim in victims)
    as_written = examination.verdicts.of[victims[0].index].match
    held = _held_match(examination, victims[0], [culprit])
    last = max((place.span.line for place in victim_sites if place is not None), default=0)
    edits = move_after(examination, site.span.line, last) if site is not None else ()
    remedy = Remedy(f"Compute all gradients first and update {culprit.name} after them, at the end of the step.", edits)
    finding = Finding(
        fault="updated-weights",
        message=(
            f"{culprit.name} is updated before the gradient of {names} is computed, "
            f"which then uses the new {culprit.name} instead of the one that made the prediction."
        ),
        location=None if site is None else examination.location_of_site(site),
        evidence={
            "error of the gradient as written": 1.0 if as_written is None else as_written.error,
            "error with the update held back": held.error,
            "cosine as written": None if as_written is None else as_written.cosine,
        },
        parameter=culprit.name,
        lines=tuple(sorted(set(lines))),
        remedies=(remedy,),
    )
    return Suspicion(finding, Change("updates held back to the end of the step", {"hold": all_held(examination)}))
