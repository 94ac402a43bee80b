"""What the states of an optimizer are made of: the share that is carried over, and what is added, measured as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.state_links import added_to, memory_of, replay_with, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Trace

_FITS = 1e-6
_MOSTLY = 0.5
_LARGE = 1e2
_SMALL = 1.0
_EVEN = 1e-3


@dataclass(frozen=True)
class Feed:
    """How a state goes on from step to step: ``state = carry * state + weight * source``.

    Attributes:
        state: The state.
        parameter: The parameter that it drives.
        carry: The share that is carried over.
        source: ``gradient`` or ``weights``, of that parameter.
        power: Of the source: 1, or 2 where its squares are added.
        weights: What is added for each unit of the source, as each value of the script that is a multiple of the gradient measures it.
        root: The power of the state that the update is divided by; None if it is by none.
    """

    state: StepVariable
    parameter: StepVariable
    carry: float
    source: str
    power: int
    weights: tuple[float, ...]
    root: float | None


def state_feeds(examination: Examination) -> list[Feed]:
    """Measure the states, at zero and at large numbers of both signs, so that no root of a negative number hides what they drive."""
    states = memory_of(examination)
    added = added_to(examination, states) if states else {}
    return [
        feed
        for state in states
        if state.index in added
        for feed in _feed(examination, states, state, added[state.index])
    ]


def _feed(
    examination: Examination, states: list[StepVariable], state: StepVariable, added: list[NDArray[np.float64]]
) -> Iterator[Feed]:
    placed = {each.index: np.full(each.shape, 1.0) - start_of(each) for each in states}

    def ends_at(sizes: Sequence[float]) -> list[Trace]:
        filled = [np.full(state.shape, size) - start_of(state) for size in sizes]
        return [replay_with(examination, states, placed | {state.index: shift}) for shift in filled]

    for sign in (1.0, -1.0):
        sizes = [sign * _LARGE * factor for factor in (1.0, 4.0)]
        ends = ends_at(sizes)
        parameter = next((each for each in examination.found.parameters if _is_driven(each, state, ends)), None)
        if parameter is None:
            continue
        change = ends[1].ends[state.index] - ends[0].ends[state.index]
        carry = float(np.mean(change)) / (sizes[1] - sizes[0])
        if not np.isfinite(change).all() or float(np.ptp(change)) > _FITS * max(abs(float(np.mean(change))), 1e-12):
            return
        source = _source(examination, parameter, np.concatenate([each.ravel() for each in added]))
        if source is not None:
            name, power, weight = source
            root = _root(examination, parameter, state, ends)
            if root is None and sign > 0:  # the steps may be too short to be seen
                root = _root(examination, parameter, state, ends_at([_SMALL * factor for factor in (1.0, 4.0)]))
            weights = tuple(_in_own_units(examination, states, state, parameter, weight, power))
            yield Feed(state, parameter, carry, name, power, weights, root)
        return


def _is_driven(parameter: StepVariable, state: StepVariable, traces: list[Trace]) -> bool:
    """Whether most of a parameter of the same size ends elsewhere, and all of it at numbers."""
    ends = [trace.ends.get(parameter.index) for trace in traces]
    if parameter.size != state.size or any(end is None or not np.isfinite(end).all() for end in ends):
        return False
    if any(state.index not in trace.ends or trace.ends[state.index].shape != state.shape for trace in traces):
        return False
    first, second = (end for end in ends if end is not None)
    return float(np.mean(first != second)) > _MOSTLY


def _source(
    examination: Examination, parameter: StepVariable, added: NDArray[np.float64]
) -> tuple[str, int, float] | None:
    """Return what is added to a state: the gradient, the weights or their squares, and how much of it."""
    gradients = [probe.gradients[examination.descended][parameter.index].ravel() for probe in examination.probes]
    weights = [probe.values[parameter.index].ravel() for probe in examination.probes]
    for name, parts in (("gradient", gradients), ("weights", weights)):
        for power in (1, 2):
            match = compare(added, np.concatenate(parts) ** power)
            if match.error < _FITS and np.isfinite(np.concatenate(parts)).sum() > power:
                return name, power, match.scale
    return None


def _in_own_units(
    examination: Examination,
    states: list[StepVariable],
    state: StepVariable,
    parameter: StepVariable,
    weight: float,
    power: int,
) -> Iterator[float]:
    """Yield a weight for each value of the script that is a multiple of the gradient and made without the state."""
    probes = examination.probes
    gradients = np.concatenate([probe.gradients[examination.descended][parameter.index].ravel() for probe in probes])
    holds = examination.prober.all_holds()
    shift = {state.index: np.ones(state.shape) - start_of(state)}
    zero = {each.index: -start_of(each) for each in states}
    replay = examination.found.step.replay
    base, moved = (replay(state=probes[0].state, hold=holds, shift=each, values=[]) for each in (zero, zero | shift))
    later = moved.changed_from(base)
    for key in probes[0].trace.values:
        if key in later or any(
            key not in probe.trace.values or probe.trace.values[key].size != parameter.size for probe in probes
        ):
            continue
        match = compare(np.concatenate([probe.trace.values[key].ravel() for probe in probes]), gradients)
        if match.error < _FITS and match.scale:
            yield weight / match.scale**power


def _root(examination: Examination, parameter: StepVariable, state: StepVariable, traces: list[Trace]) -> float | None:
    """Return the power of a state that an update is divided by, as two sizes of the state tell it; None if they tell none."""
    start = examination.probes[0].values[parameter.index]
    with np.errstate(all="ignore"):
        lengths = [np.log(np.abs(trace.ends[parameter.index] - start)).ravel() for trace in traces]
        sizes = [np.log(np.abs(trace.ends[state.index])).ravel() for trace in traces]
        powers = (lengths[0] - lengths[1]) / (sizes[1] - sizes[0])
    if not np.isfinite(powers).all() or float(np.ptp(powers)) > _EVEN:
        return None
    return float(np.mean(powers))
