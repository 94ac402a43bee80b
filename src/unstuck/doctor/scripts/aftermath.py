"""What a script computes once its training is over, and which of its variables that depends on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.script_step import ScriptStep

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Key, Trace

_STEPS = 20
_SECONDS = 6.0
_REPLAY_SECONDS = 6.0
_MOST = 24
_LARGEST = 1 << 16
_NUDGE = 0.05


@dataclass
class Aftermath:
    """The script from the end of its training loop on.

    Attributes:
        base: What it computes there, as it is.
        moved: For each variable by its name the values that change when it is disturbed.
        disturbed: For each variable what the values were then.
        together: For each pair of something trained and something computed from it what they were when both were disturbed.
        variables: The variables, by their names.
    """

    base: Trace
    moved: dict[str, set[Key]] = field(default_factory=dict)
    disturbed: dict[str, Trace] = field(default_factory=dict)
    variables: dict[str, StepVariable] = field(default_factory=dict)
    together: dict[tuple[str, str], Trace] = field(default_factory=dict)


def aftermath_of(examination: Examination) -> Aftermath | None:
    """Return what is computed after the training; None if that cannot be reached. Measured once and remembered."""
    if "aftermath" not in examination.notes:
        with ThreadPoolExecutor(1) as pool:
            measure_aftermath(examination, pool)
    running: Future[Aftermath | None] = examination.notes["aftermath"]
    return running.result()


def measure_aftermath(examination: Examination, pool: Executor) -> None:
    """Begin to measure what is computed after the training, in a process of its own, while other things are done."""
    examination.notes["aftermath"] = pool.submit(_measure, examination)


def _measure(examination: Examination) -> Aftermath | None:
    found = examination.found
    parents = examination.scouted.parents.get(found.step.loop, [])
    order = {
        "agent": "after", "loop": found.step.loop, "parents": parents, "seconds": _SECONDS,
        "steps": max(examination.learning.window, min(_STEPS, int(1.0 / max(1e-3, examination.pace)))),
    }  # fmt: skip
    try:
        with examination.trials.start(examination.trials.run, order) as session:
            ready = session.receive(_SECONDS + 20.0)
            if not ready.get("ready"):
                return None
            return _disturb(examination, ScriptStep(session, ready, _REPLAY_SECONDS))
    except (EOFError, TimeoutError, KeyError):
        return None


def _disturb(examination: Examination, step: ScriptStep) -> Aftermath | None:
    found = examination.found
    carrying = [variable.name for variable in (*found.parameters, *found.state)]
    chosen = [variable for variable in step.variables if variable.name in carrying]
    chosen += [variable for variable in _recomputed(examination, step) if variable not in chosen]
    rng = np.random.default_rng(41)
    parameters = {variable.name for variable in found.parameters}
    values = {
        variable.index: _noisy(variable, rng)
        for variable in chosen
        if variable.name in parameters and not variable.is_integer
    }
    state = step.define_state(values)
    base = step.replay(state=state, pairs=True)
    if not base.is_whole:
        return None
    aftermath = Aftermath(base)
    shifts: dict[str, NDArray[np.float64]] = {}
    chosen = chosen[: max(4, min(_MOST, int(4.0 / max(1e-2, base.seconds))))]
    disturbed = [variable for variable in chosen if variable.start is not None and not variable.is_integer]
    for variable in disturbed:
        start = np.zeros(variable.shape) if variable.start is None else variable.start
        shifts[variable.name] = _NUDGE * _size(start) * rng.normal(size=variable.shape)
    traces = step.replay_all(
        [{"state": state, "shift": {variable.index: shifts[variable.name]}} for variable in disturbed]
    )
    for variable, trace in zip(disturbed, traces, strict=True):
        if trace.is_whole:
            aftermath.moved[variable.name] = trace.changed_from(base)
            aftermath.disturbed[variable.name] = trace
            aftermath.variables[variable.name] = variable
    pairs = [
        (name, other)
        for name in sorted(set(carrying) & set(aftermath.moved))
        for other in sorted(set(aftermath.moved) - set(carrying))
        if aftermath.moved[name] & aftermath.moved[other]
    ]
    both = step.replay_all(
        [{"state": state, "shift": {aftermath.variables[each].index: shifts[each] for each in pair}} for pair in pairs]
    )
    aftermath.together = dict(zip(pairs, both, strict=True))
    return aftermath


def _noisy(variable: StepVariable, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return other values for a parameter, so that no zero hides what depends on it."""
    start = np.zeros(variable.shape) if variable.start is None else variable.start
    return start + 0.5 * min(max(_size(start), 0.3), 10.0) * rng.normal(size=variable.shape)


def _size(values: NDArray[np.float64]) -> float:
    """Return the root mean square, 1 where it is zero or not finite."""
    with np.errstate(all="ignore"):
        size = float(np.sqrt(np.mean(values * values)))
    return size if np.isfinite(size) and size > 0 else 1.0


def _recomputed(examination: Examination, step: ScriptStep) -> list[StepVariable]:
    """Return the arrays that every step computes anew, such as hidden activations."""
    changed = set(examination.scouted.changed.get(examination.found.step.loop, []))
    assigned = {
        site.name.removeprefix("self.") for site in examination.found.sites if site.kind in ("assigned", "unpacked")
    }
    return [
        variable
        for variable in step.variables
        if variable.shape != () and variable.size <= _LARGEST and variable.start is not None
        and (variable.name in changed or (str(variable.steps[-1][1]) if variable.steps else variable.root) in assigned)
    ]  # fmt: skip
