"""Does the optimizer follow its own rule?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.optimizer_findings import optimizer_suspicion
from unstuck.doctor.checks.recurrence import impossible_recurrences, is_without_root
from unstuck.doctor.checks.unkept_state import forgotten, without_memory
from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.state_links import Link, state_links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.findings import Evidence, Severity
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.suspicion import Suspicion

_FITS = 1e-4
_ROUNDING = 1e-8
_LARGE_FIRST_STEP = 1.5
_WHOLE = 1 - 1e-9  # what keeps all of it is a sum of gradients, no momentum


def check(examination: Examination) -> Iterator[Suspicion]:
    """Disturb what the optimizer remembers, and compare what it adds to it with the gradients."""
    impossible = list(_impossible(examination))
    if impossible:  # what else seems wrong with the states may follow from it
        yield from _one_of_each(impossible)
        return
    links = state_links(examination)
    found = [
        *(suspicion for link in links for suspicion in _judge(examination, link, links)),
        *forgotten(examination),
        *without_memory(examination),
    ]
    yield from _one_of_each(found)
    if found:
        return
    if links:
        examination.checked.append("What the optimizer remembers is fed with the right gradients.")
        yield from _uncorrected(examination, links)


# ---------------------------------------------------------------------- what is wrong


def _impossible(examination: Examination) -> Iterator[Suspicion]:
    """Yield the states whose shares are those of no rule; where the run breaks down over it, that needs no trial."""
    written = examination.written
    has_learned = examination.learning.has_learned(written)
    for feed, what, remedy, evidence in impossible_recurrences(examination):
        is_broken = written.first_non_finite is not None and (feed.carry < 0 or any(each < 0 for each in feed.weights))
        link = Link(feed.state, feed.parameter, feed.carry, feed.power == 1, 0.0, [])
        severity: Severity = "fatal" if is_broken and not has_learned else "harmless" if has_learned else "unproven"
        suspicion = optimizer_suspicion(examination, link, what, remedy, dict(evidence), severity=severity)
        yield _at_update(examination, suspicion, feed.parameter) if is_without_root(feed) else suspicion


def _at_update(examination: Examination, suspicion: Suspicion, parameter: StepVariable) -> Suspicion:
    """Return a suspicion of the line that updates a parameter: the state is right, and what uses it is not."""
    update = examination.update_site(parameter)
    if update is None:
        return suspicion
    return replace(suspicion, finding=replace(suspicion.finding, location=examination.location_of_site(update)))


def _judge(examination: Examination, link: Link, links: list[Link]) -> Iterator[Suspicion]:
    others = [parameter for parameter in examination.found.parameters if parameter.size == link.parameter.size]
    fed: tuple[StepVariable, int] | None = None
    for parameter in sorted(others, key=lambda parameter: parameter is not link.parameter):
        for power in (1, 2):
            match = compare(
                np.concatenate([added.ravel() for added in link.added]), _gradients(examination, parameter, power)
            )
            if match.error < _FITS and fed is None:
                fed = (parameter, power)
                scale = match.scale
    if fed is None:
        return
    parameter, power = fed
    state, name = link.state.name, link.parameter.name
    if parameter is not link.parameter:
        own = [
            other.state
            for other in links
            if other.parameter is parameter and other.is_linear == link.is_linear and other.state is not link.state
        ]
        what = f"the update of {name} uses {state}, which is fed with the gradient of {parameter.name}"
        remedy = f"Give {name} a state of its own" + (
            "." if own else f", fed with its own gradient instead of that of {parameter.name}."
        )
        yield optimizer_suspicion(
            examination,
            link,
            what,
            remedy,
            {"gradient that the state follows": parameter.name, "gradient that it should follow": name},
        )
    elif not link.is_linear and power == 1 and link.carry > 0:
        what = f"{state} scales the steps of {name}, but it is fed with the gradient itself instead of its square"
        is_broken = examination.written.first_non_finite is not None
        yield optimizer_suspicion(
            examination, link, what, f"Add the square of the gradient to {state}: it is a mean of squares.",
            {"power of the gradient that is added": 1, "should be": 2},
            severity="fatal" if is_broken and not examination.learning.has_learned(examination.written) else "unproven",
        )  # fmt: skip
    elif link.is_linear and power == 1 and link.carry < _WHOLE and _goes_uphill(examination, link, scale):
        what = (
            f"the momentum of {name} has the wrong sign: what {state} remembers of earlier gradients moves {name} "
            "uphill"
        )
        suspicion = optimizer_suspicion(
            examination, link, what, f"Let what {state} carries over and the new gradient move {name} the same way.",
            {
                "share carried over": link.carry,
                "change for each unit of the old state": link.factor,
                "added for each unit of the gradient": scale,
            },
        )  # fmt: skip
        yield (
            _at_update(examination, suspicion, link.parameter) if _is_subtracted_step(examination, link) else suspicion
        )


def _goes_uphill(examination: Examination, link: Link, scale: float) -> bool:
    """Whether what is remembered moves the parameter up the gradient: against a right update, or where the state itself points down."""
    update = examination.verdicts.of[link.parameter.index].update
    return link.factor * scale > 0 and (update == "right" or (update == "ascends" and scale < 0))


def _is_subtracted_step(examination: Examination, link: Link) -> bool:
    """Whether a state is the step itself and rightly points down, so that the update that subtracts it is what is wrong."""
    is_step = abs(abs(link.factor) - abs(link.carry)) < _FITS * abs(link.carry)
    return is_step and examination.verdicts.of[link.parameter.index].update == "ascends"


def _gradients(examination: Examination, parameter: StepVariable, power: int) -> NDArray[np.float64]:
    return np.concatenate(
        [probe.gradients[examination.descended][parameter.index].ravel() ** power for probe in examination.probes]
    )


def _uncorrected(examination: Examination, links: list[Link]) -> Iterator[Suspicion]:
    """Yield Adam whose averages are not corrected for starting at zero: its first steps are too long."""
    for link in links:
        squares = next((other for other in links if other.parameter is link.parameter and not other.is_linear), None)
        if (
            not link.is_linear
            or squares is None
            or not 0 < link.carry < 1
            or not link.carry < squares.carry < 1 - _ROUNDING
        ):
            continue
        if link.state.start is None or np.any(link.state.start) or _depends_on_time(examination, link):
            continue
        ratio = (1 - link.carry) / float(np.sqrt(1 - squares.carry))
        if ratio < _LARGE_FIRST_STEP:
            continue
        what = (
            f"the averages {link.state.name} and {squares.state.name} start at zero and are not corrected for "
            f"it, so the first steps of {link.parameter.name} are {ratio:.1f} times too long"
        )
        remedy = (
            f"Divide {link.state.name} by 1 - beta1 ** t and {squares.state.name} by 1 - beta2 ** t, with t counting "
            "from 1."
        )
        evidence: Evidence = {"first step over usual step": ratio, "beta1": link.carry, "beta2": squares.carry}
        has_learned = examination.learning.has_learned(examination.written)
        yield optimizer_suspicion(
            examination, link, what, remedy, evidence, severity="harmless" if has_learned else "unproven"
        )
        return


def _depends_on_time(examination: Examination, link: Link) -> bool:
    """Whether the same state gives another update later on: by a counter, a product of decays, or the loop's own number."""
    found, probe = examination.found, examination.probes[0]
    numbers_alone = [
        variable for variable in found.step.variables if variable.shape == () and variable.start is not None
    ]
    ends = found.step.replay(record=False, ends=[variable.index for variable in numbers_alone]).ends
    counters = [
        variable
        for variable in numbers_alone
        if variable.start is not None
        and variable.index in ends
        and float(ends[variable.index]) != float(variable.start)
    ]
    loops = {found.step.loop, *examination.scouted.parents.get(found.step.loop, [])}
    targets = {
        site.number for site in found.sites if site.kind == "loop-target" and site.loops and site.loops[-1] in loops
    }
    numbers = {key for key in found.base.order if key[0] in targets and found.base.shapes[key] == ()}
    filled = {link.state.index: np.ones(link.state.shape)}
    base = found.step.replay(state=probe.state, shift=filled, ends=[link.parameter.index], record=False)
    shift = {
        variable.index: np.full(
            (), 3.0 if variable.is_integer else -0.3 * float(variable.start if variable.start is not None else 1.0)
        )
        for variable in counters
    }
    later = found.step.replay(
        state=probe.state,
        shift=filled | shift,
        add={key: np.full((), 3.0) for key in numbers},
        ends=[link.parameter.index],
        record=False,
    )
    return not later.is_whole or bool(later.ends_changed_from(base))


def _one_of_each(suspicions: list[Suspicion]) -> Iterator[Suspicion]:
    """Yield one suspicion for each line: a loop over the parameters makes the same mistake for all of them."""
    seen = set()
    for suspicion in suspicions:
        location = suspicion.finding.location
        key = (None if location is None else location.line, tuple(suspicion.finding.evidence))
        if key not in seen:
            seen.add(key)
            yield suspicion
