"""How what an optimizer remembers drives the updates of the parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.matching import compare

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Trace

_FITS = 1e-4
_LINEAR = 1e-5
_NUDGE = 1e-3
_MOST = 14
_SLOW = 0.3
_MOSTLY = 0.5
_ROUNDINGS = 4.0


@dataclass(frozen=True)
class Link:
    """How a state drives the update of a parameter.

    Attributes:
        state: The state.
        parameter: The parameter.
        carry: The share of the state that one step carries over.
        is_linear: Whether the update is a multiple of the state, entry by entry.
        factor: What the parameter is changed by for each unit of the old state, where that is linear, on the average.
        added: What the step adds to the state, at each probe.
    """

    state: StepVariable
    parameter: StepVariable
    carry: float
    is_linear: bool
    factor: float
    added: list[NDArray[np.float64]]


def state_links(examination: Examination) -> list[Link]:
    """Return which states drive which parameters; measured with every state at positive numbers drawn at random, as squares may be."""
    states = memory_of(examination)
    if not states:
        return []
    rng = np.random.default_rng(91)
    placed = {state.index: np.abs(rng.normal(size=state.shape)) + 0.5 - start_of(state) for state in states}
    base = replay_with(examination, states, placed)
    added = added_to(examination, states)
    links = []
    for state in states:
        shift = _NUDGE * rng.uniform(0.5, 1.5, size=state.shape)
        once = replay_with(examination, states, placed | {state.index: placed[state.index] + shift})
        if state.index not in once.ends or state.index not in base.ends or state.index not in added:
            continue
        share = compare((once.ends[state.index] - base.ends[state.index]).ravel(), shift.ravel())
        driven = [parameter for parameter in examination.found.parameters if _is_driven(parameter, state, once, base)]
        if share.error > _FITS or not driven:
            continue
        twice = replay_with(examination, states, placed | {state.index: placed[state.index] + 2 * shift})
        for parameter in driven:
            change = (once.ends[parameter.index] - base.ends[parameter.index]).ravel()
            more = (twice.ends[parameter.index] - base.ends[parameter.index]).ravel()
            rounding = _ROUNDINGS * float(np.spacing(np.abs(base.ends[parameter.index]).max()))
            if np.abs(change).max() * _LINEAR < rounding:
                continue  # a step too short to see its shape
            is_linear = bool(np.abs(more - 2 * change).max() <= _LINEAR * np.abs(change).max())
            ratio = change / shift.ravel()
            if not is_linear or np.all(ratio <= 0) or np.all(ratio >= 0):
                links.append(Link(state, parameter, share.scale, is_linear, float(np.mean(ratio)), added[state.index]))
    return links


def memory_of(examination: Examination) -> list[StepVariable]:
    """Return what may be the memory of an optimizer: as large as a parameter."""
    sizes = {parameter.size for parameter in examination.found.parameters}
    states = [
        state
        for state in examination.found.state
        if state.size in sizes and state.shape != () and not state.is_integer and state.start is not None
    ]
    return states[:_MOST] if examination.pace < _SLOW else []


def start_of(state: StepVariable) -> NDArray[np.float64]:
    """Return what a state holds at the top of the step."""
    return np.zeros(state.shape) if state.start is None else state.start


def replay_with(
    examination: Examination, states: list[StepVariable], shift: dict[int, NDArray[np.float64]], probe: int = 0
) -> Trace:
    """Run the step at a probe with something added to its states; the updates wait for its end."""
    indices = [variable.index for variable in (*states, *examination.found.parameters)]
    return examination.found.step.replay(
        state=examination.probes[probe].state,
        ends=indices,
        record=False,
        hold=examination.prober.all_holds(),
        shift=shift,
    )


def _is_driven(parameter: StepVariable, state: StepVariable, once: Trace, base: Trace) -> bool:
    """Whether most of a parameter of the same size ends elsewhere."""
    if parameter.size != state.size or parameter.index not in once.ends or parameter.index not in base.ends:
        return False
    change = once.ends[parameter.index] - base.ends[parameter.index]
    return bool(np.isfinite(change).all()) and float(np.mean(change != 0)) >= _MOSTLY


def added_to(examination: Examination, states: list[StepVariable]) -> dict[int, list[NDArray[np.float64]]]:
    """Return what the step makes of states that are zero at the beginning, at each probe."""
    zero = {state.index: -start_of(state) for state in states}
    traces = [replay_with(examination, states, zero, probe) for probe in range(len(examination.probes))]
    return {
        state.index: [trace.ends[state.index] for trace in traces]
        for state in states
        if all(
            state.index in trace.ends
            and trace.ends[state.index].shape == state.shape
            and np.isfinite(trace.ends[state.index]).all()
            for trace in traces
        )
    }
