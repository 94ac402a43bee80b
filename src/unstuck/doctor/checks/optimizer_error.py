"""Does the optimizer follow its own rule?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.recurrence import impossible_recurrences, is_without_root
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.idle_state import is_called
from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.state_links import Link, state_links
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.true_descent import descend_true_gradient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.findings import Evidence, Severity
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site

_FITS = 1e-4
_ROUNDING = 1e-8
_NUDGE = 1e-3
_MOST = 24
_LARGE_FIRST_STEP = 1.5
_EVEN = 0.01
_FEW = 3
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
        *_forgotten(examination),
        *_without_memory(examination),
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
        suspicion = _suspicion(examination, link, what, remedy, dict(evidence), severity=severity)
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
        yield _suspicion(
            examination,
            link,
            what,
            remedy,
            {"gradient that the state follows": parameter.name, "gradient that it should follow": name},
        )
    elif not link.is_linear and power == 1 and link.carry > 0:
        what = f"{state} scales the steps of {name}, but it is fed with the gradient itself instead of its square"
        is_broken = examination.written.first_non_finite is not None
        yield _suspicion(
            examination, link, what, f"Add the square of the gradient to {state}: it is a mean of squares.",
            {"power of the gradient that is added": 1, "should be": 2},
            severity="fatal" if is_broken and not examination.learning.has_learned(examination.written) else "unproven",
        )  # fmt: skip
    elif link.is_linear and power == 1 and link.carry < _WHOLE and _goes_uphill(examination, link, scale):
        what = (
            f"the momentum of {name} has the wrong sign: what {state} remembers of earlier gradients moves {name} "
            "uphill"
        )
        suspicion = _suspicion(
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


def _forgotten(examination: Examination) -> Iterator[Suspicion]:
    """Yield zeros that the updates build upon like on a velocity, and that no step ever changes."""
    found, probe = examination.found, examination.probes[0]
    known = {variable.index for variable in (*found.parameters, *found.state)}
    changed = set(examination.scouted.changed.get(found.step.loop, []))
    shapes = {parameter.shape for parameter in found.parameters}
    zeros = [
        variable
        for variable in found.step.variables
        if variable.index not in known and variable.shape in shapes and variable.shape != () and variable.start is not None
        and not variable.is_integer and not np.any(variable.start) and variable.name not in changed
    ][:_MOST]  # fmt: skip
    if not zeros:
        return
    parameters = [parameter.index for parameter in found.parameters]
    holds = examination.prober.all_holds()
    base = found.step.replay(state=probe.state, ends=[*parameters, *(variable.index for variable in zeros)], hold=holds)
    for variable in zeros:
        shift = _NUDGE * np.random.default_rng(93).uniform(0.5, 1.5, size=variable.shape)
        moved = found.step.replay(
            state=probe.state, ends=[*parameters, variable.index], hold=holds, shift={variable.index: shift}
        )
        end = moved.ends.get(variable.index)
        if (
            end is None
            or variable.start is None
            or not np.array_equal(end, shift)
            or not np.array_equal(base.ends[variable.index], variable.start)
        ):
            continue
        if found.pair is not None and found.pair.key in moved.changed_from(base):
            continue
        if found.loss is not None and not found.loss.after_update and found.loss.key in moved.changed_from(base):
            continue
        for parameter in found.parameters:
            if parameter.index in moved.ends_changed_from(base) and parameter.shape == variable.shape:
                change = compare((moved.ends[parameter.index] - base.ends[parameter.index]).ravel(), shift.ravel())
                if change.error < _FITS:
                    yield _not_kept(examination, variable, parameter, change.scale)
                    break


def _without_memory(examination: Examination) -> Iterator[Suspicion]:
    """Yield means of squares that hold the last square alone, so that every step has the same length."""
    found = examination.found
    traces = [probe.trace for probe in examination.probes]
    for parameter in found.parameters:
        updates = np.concatenate(
            [probe.updates[parameter.index].ravel() for probe in examination.probes if parameter.index in probe.updates]
        )
        sizes = np.abs(updates[updates != 0])
        if sizes.size < _FEW or float(np.std(sizes)) > _EVEN * float(np.mean(sizes)):
            continue
        squares = _gradients(examination, parameter, 2)
        for key in traces[0].values:
            site = found.sites[key[0]]
            kept = _kept_in(examination, site, parameter)
            if kept is None or any(
                key not in trace.values or trace.values[key].size != parameter.size for trace in traces
            ):
                continue
            match = compare(np.concatenate([trace.values[key].ravel() for trace in traces]), squares)
            if match.error < _FITS:
                yield _suspicion(
                    examination, Link(kept, parameter, 0.0, False, 0.0, []),
                    f"{kept.name} is the square of the last gradient of {parameter.name} alone: nothing of the earlier ones is "
                    "carried over, so every step has the same length",
                    f"Add the new square to a share of what {kept.name} holds: 0.9 * old + 0.1 * gradient ** 2.",
                    {"share carried over": 0.0, "length of every step": float(np.mean(sizes))},
                )  # fmt: skip
                break


def _kept_in(examination: Examination, site: Site, parameter: StepVariable) -> StepVariable | None:
    """Return the variable from before the loop, all zeros at first, that a place in the step gives a value to without using the old one."""
    found, probe = examination.found, examination.probes[0]
    if site.kind not in ("assigned", "item"):
        return None
    called = [
        variable for variable in found.step.variables if variable.shape == parameter.shape and is_called(site, variable)
    ]
    if not called or any(
        variable in found.state or variable.start is None or np.any(variable.start) for variable in called
    ):
        return None
    base = found.step.replay(state=probe.state, record=False, ends=[parameter.index])
    shift = {variable.index: np.ones(variable.shape) for variable in called}
    moved = found.step.replay(state=probe.state, record=False, ends=[parameter.index], shift=shift)
    return None if moved.ends_changed_from(base) else called[0]


def _not_kept(examination: Examination, state: StepVariable, parameter: StepVariable, factor: float) -> Suspicion:
    link = Link(state, parameter, 0.0, True, factor, [])
    what = (
        f"the update of {parameter.name} builds upon {state.name}, but no step stores anything there: it "
        "stays zero, and the momentum has no effect"
    )
    return _suspicion(
        examination, link, what, f"Assign the new velocity to {state.name} itself.",
        {"change of the state in a step": 0.0, "change of the parameter for each unit of the state": factor},
    )  # fmt: skip


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
        yield _suspicion(examination, link, what, remedy, evidence, severity="harmless" if has_learned else "unproven")
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


# ---------------------------------------------------------------------- what to say


def _suspicion(
    examination: Examination, link: Link, what: str, remedy: str, evidence: Evidence, *, severity: Severity = "unproven"
) -> Suspicion:
    inside = [
        site
        for site in examination.found.sites
        if site.kind in ("updated", "item", "assigned")
        and examination.found.step.loop in examination.scouted.inside.get(site.number, [])
    ]
    called = [site for site in inside if is_called(site, link.state)] or _holding(examination, link.state, inside)
    places = [examination.location_of_site(site) for site in called]
    update = examination.update_site(link.parameter)
    places += [] if update is None else [examination.location_of_site(update)]
    finding = Finding(
        fault="optimizer-error",
        message=(what if what.startswith(link.state.name) else what[0].upper() + what[1:]) + ".",
        location=places[0] if places else None,
        evidence=evidence,
        parameter=link.parameter.name,
        severity=severity,
        lines=tuple(sorted({place.line for place in places})),
        remedies=(Remedy(remedy),),
    )
    return Suspicion(finding, None if severity == "harmless" else descend_true_gradient(examination))


def _holding(examination: Examination, state: StepVariable, sites: list[Site]) -> list[Site]:
    """Return the first of some places whose value is what a state becomes, wherever it begins: there it goes by another name."""
    traces = [
        examination.found.step.replay(
            state=examination.probes[0].state,
            hold=examination.prober.all_holds(),
            shift={state.index: np.full(state.shape, size)},
            ends=[state.index],
        )
        for size in (1.0, 2.0)
    ]
    for site in sites:
        keys = [key for key in traces[0].values if key[0] == site.number]
        if any(
            all(
                key in trace.values
                and state.index in trace.ends
                and np.array_equal(trace.values[key].ravel(), trace.ends[state.index].ravel())
                for trace in traces
            )
            and not np.array_equal(traces[0].values[key], traces[1].values[key])
            for key in keys
        ):
            return [site]
    return []


def _one_of_each(suspicions: list[Suspicion]) -> Iterator[Suspicion]:
    """Yield one suspicion for each line: a loop over the parameters makes the same mistake for all of them."""
    seen = set()
    for suspicion in suspicions:
        location = suspicion.finding.location
        key = (None if location is None else location.line, tuple(suspicion.finding.evidence))
        if key not in seen:
            seen.add(key)
            yield suspicion
