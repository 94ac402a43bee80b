"""Is what an optimizer is to remember kept from step to step?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.optimizer_findings import optimizer_suspicion
from unstuck.doctor.scripts.idle_state import is_called
from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.state_links import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.suspicion import Suspicion

_FITS = 1e-4
_NUDGE = 1e-3
_MOST = 24
_EVEN = 0.01
_FEW = 3


def forgotten(examination: Examination) -> Iterator[Suspicion]:
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


def without_memory(examination: Examination) -> Iterator[Suspicion]:
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
        squares = np.concatenate(
            [probe.gradients[examination.descended][parameter.index].ravel() ** 2 for probe in examination.probes]
        )
        for key in traces[0].values:
            site = found.sites[key[0]]
            kept = _kept_in(examination, site, parameter)
            if kept is None or any(
                key not in trace.values or trace.values[key].size != parameter.size for trace in traces
            ):
                continue
            match = compare(np.concatenate([trace.values[key].ravel() for trace in traces]), squares)
            if match.error < _FITS:
                yield optimizer_suspicion(
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
    return optimizer_suspicion(
        examination, link, what, f"Assign the new velocity to {state.name} itself.",
        {"change of the state in a step": 0.0, "change of the parameter for each unit of the state": factor},
    )  # fmt: skip
