"""Is the update of every parameter a multiple of its gradient, and if not, which line of the backward pass is wrong first?"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.gradient_edits import meant_expression
from unstuck.doctor.checks.gradient_findings import REMEDIES, Located, all_put_right, suspicion_of
from unstuck.doctor.checks.unlocated_gradient import unlocated
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.derivative_functions import returned_factor
from unstuck.doctor.scripts.first_wrong import are_enough, first_wrong, look_at_backward
from unstuck.doctor.scripts.long_values import look_up_long_values
from unstuck.doctor.scripts.mistakes import Mistake, Namer
from unstuck.doctor.scripts.sensitivities import sensitivities
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.true_descent import descend_true_gradient
from unstuck.doctor.scripts.wrong_values import Backward, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.probes import Probe, Prober
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trace import Key
    from unstuck.doctor.scripts.wrong_values import Wrong

_OF_A_FUNCTION = ("wrong-activation-derivative", "extra-factor", None)
_OTHERWISE_UNKNOWN = ("wrong-layer", "wrong-operand")
_NUMBERS = 40
_SECONDS = 20.0
_MORE_PROBES = 12


def check(examination: Examination) -> Iterator[Suspicion]:
    """Put the values of the backward pass right one by one: the first whose repair makes the update right is the wrong one."""
    verdicts = examination.verdicts
    held_right = examination.notes.get("held right", set())
    wrong = [
        variable
        for variable in examination.found.parameters
        if verdicts.of[variable.index].update == "wrong" and variable.index not in held_right
    ]
    if not wrong:
        if not held_right and all(verdict.update == "right" for verdict in verdicts.of.values()):
            examination.checked.append(
                "The update of every parameter is a multiple of its gradient, at states drawn at random."
            )
        return
    prober, loss = examination.prober, examination.taped_loss
    probes = (
        examination.probes if loss in (prober.trusted or ()) else examination.probes[:2]
    )  # measured one by one, a third costs seconds
    look_up_long_values(prober, probes)
    examination.backward = backward = look_at_backward(prober, probes, loss)
    innocent = {
        key
        for index, verdict in verdicts.of.items()
        if verdict.update == "right"
        for key in backward.drivers.get(index, ())
    }
    located, meant, lost = _located(prober, probes, loss, backward, wrong, innocent)
    lost = [
        variable
        for variable in lost
        if not any(entry[0].key in backward.drivers[variable.index] for entry in located.values())
    ]
    namer = _namer(examination, probes, loss, backward, [place for place, _ in located.values()])
    value = _loss_value(examination, wrong)
    if value is not None:
        affected = {variable.index for variable in value[1]}
        located = {
            number: entry
            for number, entry in located.items()
            if namer.name(entry[0]).code is not None or not {variable.index for variable in entry[1]} <= affected
        }
        yield _loss_value_suspicion(examination, *value)
    named = [
        Located(
            place,
            variables,
            _mistake(examination, namer, meant[place.key], [earlier for earlier, _ in located.values()]),
        )
        for place, variables in located.values()
    ]
    named = [_with_correction(examination, namer, backward, each, named) for each in named]
    change = all_put_right(examination, named) if not lost and value is None else descend_true_gradient(examination)
    for faults in _by_function(examination, probes, loss, backward, named):
        yield suspicion_of(examination, faults, change)
    if lost:
        yield from unlocated(examination, namer.values, lost)


def _located(
    prober: Prober,
    probes: list[Probe],
    loss: str,
    backward: Backward,
    wrong: list[StepVariable],
    innocent: set[Key],
) -> tuple[dict[int, tuple[Wrong, list[StepVariable]]], dict[Key, list[Wrong]], list[StepVariable]]:
    """Return the wrong values by their sites with the parameters they belong to, what each is meant to be, and parameters without any."""
    order = probes[0].trace.order
    located: dict[int, tuple[Wrong, list[StepVariable]]] = {}
    meant: dict[Key, list[Wrong]] = {}
    lost = list(wrong)
    deadline = time.monotonic() + _SECONDS
    for given_others in (False, True):
        for variable in list(lost):
            if time.monotonic() > deadline:
                break
            places = [entry[0] for entry in located.values()]
            if places and are_enough(prober, probes, loss, backward, places, variable.index):
                _nearest(backward, places, located, variable)[1].append(variable)
                lost.remove(variable)
                continue
            place = first_wrong(
                prober, probes, loss, backward, variable.index, places if given_others else (), innocent
            )
            if place is not None:
                meant.setdefault(place.key, []).append(place)
                known, members = located.get(place.key[0], (place, []))
                is_earlier = (
                    order[place.key] < order[known.key]
                )  # what is wrong later at the same place follows from it
                located[place.key[0]] = (place if is_earlier else known, [*members, variable])
                lost.remove(variable)
    return located, meant, lost


def _loss_value(examination: Examination, wrong: list[StepVariable]) -> tuple[Site, list[StepVariable]] | None:
    """Return where the loss itself goes into the updates, and of which parameters; None if it does not.

    A gradient needs the derivative of the loss; its value decides nothing.
    """
    loss = examination.found.loss
    probe = examination.probes[0]
    if loss is None or loss.key not in probe.trace.order:
        return None
    holds = examination.prober.all_holds()
    indices = [variable.index for variable in wrong]
    replay = examination.found.step.replay
    base = replay(state=probe.state, ends=indices, hold=holds)
    shift = 0.1 * max(1.0, abs(probe.trace.sums[loss.key][0]))
    disturbed = replay(
        state=probe.state, ends=indices, hold=holds, add={loss.key: np.full(probe.trace.shapes[loss.key], shift)}
    )
    moved = disturbed.ends_changed_from(base)
    changed = [
        key for key in disturbed.changed_from(base) if base.order[key] > base.order[loss.key] and key[0] not in holds
    ]
    if not moved or not changed:
        return None
    first = min(changed, key=lambda key: base.order[key])
    return examination.site_of(first), [variable for variable in wrong if variable.index in moved]


def _loss_value_suspicion(examination: Examination, site: Site, variables: list[StepVariable]) -> Suspicion:
    loss = examination.found.loss
    name = "the loss" if loss is None else examination.site_of(loss.key).name
    names = ", ".join(variable.name for variable in variables)
    match = examination.verdicts.of[variables[0].index].match
    finding = Finding(
        fault="wrong-gradient",
        mistake="loss-value-for-derivative",
        message=f"{site.expression} puts the value of the loss {name} into the update of {names}. "
        "The value says how wrong the outputs are, but not in which direction: a gradient needs its derivative.",
        location=examination.location_of_site(site),
        evidence={
            "cosine of update and gradient": 0.0 if match is None else match.cosine,
            "updates that change with the loss's value": names,
        },
        parameter=variables[0].name,
        lines=(site.span.line,),
        remedies=(Remedy(REMEDIES["loss-value-for-derivative"]),),
    )
    return Suspicion(finding, descend_true_gradient(examination))


def _nearest(
    backward: Backward,
    places: list[Wrong],
    located: dict[int, tuple[Wrong, list[StepVariable]]],
    variable: StepVariable,
) -> tuple[Wrong, list[StepVariable]]:
    """Return the first wrong value on the way to a parameter."""
    return next(located[place.key[0]] for place in places if place.key in backward.drivers[variable.index])


def _namer(examination: Examination, probes: list[Probe], loss: str, backward: Backward, places: list[Wrong]) -> Namer:
    """Return what names mistakes; single numbers say little at three states, so there must be more of these."""
    prober, more = examination.prober, []
    smallest = min((int(np.prod(probes[0].trace.shapes[place.key])) for place in places), default=_NUMBERS)
    if loss in (prober.trusted or ()):
        wanted = min(_MORE_PROBES, -(-_NUMBERS // max(1, smallest))) - len(probes)
        more = [probe for probe in (prober.draw() for _ in range(wanted)) if probe is not None]
    for probe in more:
        prober.measure(probe)
    more = [probe for probe in more if loss in probe.gradients]
    look_up_long_values(prober, more)
    gradients = backward.gradients + [sensitivities(prober, probe, loss) for probe in more]
    return Namer(examination.found, [*probes, *more], loss, Backward(gradients, backward.drivers))


def _mistake(examination: Examination, namer: Namer, meant: list[Wrong], places: list[Wrong]) -> Mistake:
    """Return the mistake behind a wrong value; if it is none by itself, then on top of those that come before it.

    Args:
        examination: The script.
        namer: Names mistakes.
        meant: The value with what it is meant to be, which may be something else for each parameter.
        places: All wrong values.
    """
    mistakes = [namer.name(place) for place in dict.fromkeys(meant)]
    mistake = min(mistakes, key=lambda each: (each.code is None, each.code in _OTHERWISE_UNKNOWN))
    order = examination.probes[0].trace.order
    earlier = [each for each in places if order[each.key] < order[meant[0].key] and not isinstance(each.meant, Entry)]
    if mistake.code is not None or not earlier:
        return mistake
    return namer.with_repaired(examination.prober, earlier).name(meant[0])


def _with_correction(
    examination: Examination, namer: Namer, backward: Backward, located: Located, all_located: list[Located]
) -> Located:
    """Return a wrong value with what may have been meant in its line."""
    if located.mistake.missing is not None:
        return located
    others = [each.place for each in all_located if each is not located]
    return replace(located, correction=meant_expression(examination, namer, backward, located.place, others))


def _by_function(
    examination: Examination, probes: list[Probe], loss: str, backward: Backward, named: list[Located]
) -> list[list[Located]]:
    """Return the wrong values in groups of one mistake each.

    Those are together for which one function returns a wrong derivative, or which are wrong derivatives of one activation.
    """
    groups: dict[int, list[Located]] = {}
    for each in sorted(named, key=lambda each: probes[0].trace.order[each.place.key]):
        code, activated = each.mistake.code, each.mistake.activated
        is_of_function = code in _OF_A_FUNCTION
        key = returned_factor(examination.prober, probes, loss, backward, each.place) if is_of_function else None
        if key is None and code == "wrong-activation-derivative" and activated is not None:
            groups.setdefault(activated[0], []).append(each)
        else:
            groups.setdefault(each.place.key[0] if key is None else key[0], []).append(replace(each, function=key))
    return [
        faults
        if len(faults) > 1 or faults[0].mistake.code == "wrong-activation-derivative"
        else [replace(faults[0], function=None)]
        for faults in groups.values()
    ]
