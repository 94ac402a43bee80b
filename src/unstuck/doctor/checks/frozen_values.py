"""Which parameters no step moves, though the outputs depend on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.line_search import how_to_follow
from unstuck.doctor.scripts.constants import constants_of, is_like_data
from unstuck.doctor.scripts.creation import creation_of, draws_in
from unstuck.doctor.scripts.matching import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Key

_SAME = 1e-4
_MEASURED = 16
_WAIT = 12
_FEW = 3
_FIRST, _LATER = 4, 2
_NAMED = ("assigned", "updated", "item", "unpacked")


@dataclass(frozen=True)
class Frozen:
    """What is known about a parameter that does not move.

    Attributes:
        variable: The parameter.
        slope: The mean size of its gradient over the probes.
        gradient_at: Where the script computes that gradient.
        lost_at: Where the script computes the value that it should get.
        maker: What it is drawn with, if parameters that are updated are drawn in the same way.
        added_at: Where it is added to a value of the forward pass, if it is zero and its gradient is not computed.
    """

    variable: StepVariable
    slope: float
    gradient_at: Key | None
    lost_at: Key | None
    maker: str | None
    added_at: Key | None = None


def frozen_values(examination: Examination) -> list[Frozen]:
    """Return the parameters that no step moves: those that are assigned to in vain, then those that are left alone."""
    return [*_known(examination), *_never_updated(examination)]


def _known(examination: Examination) -> Iterator[Frozen]:
    """Yield parameters that the step assigns to without ever changing them."""
    found = examination.found
    idle = [
        variable
        for variable in found.parameters
        if variable.index in examination.verdicts.of
        and examination.verdicts.of[variable.index].update == "frozen"
        and not variable.is_integer
        and variable.name not in examination.scouted.changed.get(found.step.loop, [])
    ]
    if not idle:
        return
    later = found.step.replay(
        state=examination.probes[0].state, record=False, ends=[variable.index for variable in idle], steps=_WAIT
    ).ends
    for variable in idle:
        start, end = examination.probes[0].values[variable.index], later.get(variable.index)
        if (end is not None and not np.array_equal(start, end)) or is_like_data(examination, variable):
            continue
        gradients = [probe.gradients[examination.descended][variable.index] for probe in examination.probes]
        yield _looked_up(
            examination, variable, gradients, [probe.values[variable.index] for probe in examination.probes]
        )


def _never_updated(examination: Examination) -> Iterator[Frozen]:
    """Yield what acts like a weight and that the step leaves alone."""
    parameters = examination.found.parameters
    weights = [variable for variable in parameters if variable.shape != ()]
    made = (
        set().union(*(draws_in(creation_of(examination.tree, variable)) for variable in weights)) if weights else set()
    )
    for constant in constants_of(examination):
        variable = constant.variable
        if not constant.moves_outputs or not constant.is_like_a_weight or variable.is_integer or variable.start is None:
            continue
        gradients = _gradients(examination, variable)
        starts = [variable.start for _ in examination.probes]
        found = _looked_up(examination, variable, gradients, starts)
        own = draws_in(creation_of(examination.tree, variable)) & made
        maker = min(own, default=None)
        if found.slope > 0 and (found.gradient_at is not None or found.lost_at is not None):
            yield Frozen(variable, found.slope, found.gradient_at, found.lost_at, maker)
        elif found.slope > 0 and maker is not None:
            yield Frozen(variable, found.slope, None, None, maker)
        elif found.slope > 0 and (added_at := _added_at(examination, variable)) is not None:
            yield Frozen(variable, found.slope, None, None, None, added_at)


def _added_at(examination: Examination, variable: StepVariable) -> Key | None:
    """Return the first value that a variable of zeros has a part in, if that is a sum with it: as it is, it does nothing there."""
    if variable.start is None or np.any(variable.start):
        return None
    replay, state = examination.found.step.replay, examination.probes[0].state
    shift = np.random.default_rng(37).normal(size=variable.shape)
    base, moved = replay(state=state), replay(state=state, shift={variable.index: shift})
    changed = [key for key in moved.changed_from(base) if key in base.values and key in moved.values]
    first = min((key for key in changed if np.any(base.values[key])), key=lambda key: base.order[key], default=None)
    if first is None:
        return None
    difference = moved.values[first] - base.values[first]
    try:
        is_sum = np.allclose(difference, np.broadcast_to(shift, difference.shape), rtol=0, atol=_SAME)
    except ValueError:  # it cannot be added to a value of this shape
        return None
    return first if is_sum else None


def _gradients(examination: Examination, variable: StepVariable) -> list[NDArray[np.float64]]:
    """Return the gradient of a constant at each probe: by the tape, or measured where it is short."""
    loss = examination.descended
    gradients = []
    for number, probe in enumerate(examination.probes):
        taped = _taped(examination, probe, loss, variable) if examination.prober.tape_works else None
        if taped is not None and taped.shape == variable.shape:
            gradients.append(np.asarray(taped, np.float64))
        elif variable.size <= _MEASURED:
            gradients.append(_measured(examination, variable, number))
        else:
            gradients.append(np.full(variable.shape, np.nan))
    return gradients


def _taped(examination: Examination, probe: Probe, loss: str, variable: StepVariable) -> NDArray[np.float64] | None:
    found = examination.found
    request = how_to_follow(examination)
    indices = [*(parameter.index for parameter in found.parameters), variable.index]
    trace = found.step.replay(
        state=probe.state, record=False, hold=examination.prober.holds(), tape=indices, tape_losses=[loss], **request
    )
    if not trace.is_whole:
        return None
    gradient: NDArray[np.float64] | None = trace.gradients.get(loss, {}).get("variables", {}).get(variable.index)
    return gradient


def _measured(examination: Examination, variable: StepVariable, number: int) -> NDArray[np.float64]:
    gradient = np.full(variable.size, np.nan)
    for position in range(min(_FIRST if number == 0 else _LATER, variable.size)):
        direction = np.zeros(variable.size)
        direction[position] = 1.0
        slopes = examination.prober.slopes(
            examination.probes[number], {variable.index: direction.reshape(variable.shape)}
        )
        gradient[position] = slopes.get(examination.descended, (np.nan, 0.0))[0]
    return gradient.reshape(variable.shape)


def _looked_up(
    examination: Examination,
    variable: StepVariable,
    gradients: list[NDArray[np.float64]],
    starts: list[NDArray[np.float64]],
) -> Frozen:
    """Look for the gradient, and for the new value that goes nowhere, among the values of the step."""
    stacked = np.concatenate([gradient.ravel() for gradient in gradients])
    known = stacked[np.isfinite(stacked)]
    slope = float(np.sqrt(np.mean(known * known))) if known.size else 0.0
    gradient_at: Key | None = None
    lost_at: Key | None = None
    traces = [probe.trace for probe in examination.probes]
    if slope > 0 and (known.size >= _FEW or variable.size < _FEW):
        for key in sorted(traces[0].values, key=lambda key: traces[0].order[key]):
            if any(key not in trace.values or trace.values[key].size != variable.size for trace in traces):
                continue
            values = np.concatenate([trace.values[key].ravel() for trace in traces])
            old = np.concatenate([start.ravel() for start in starts])
            if compare(values, stacked).error < _SAME:
                is_named = examination.site_of(key).kind in _NAMED
                if gradient_at is None or (is_named and examination.site_of(gradient_at).kind not in _NAMED):
                    gradient_at = key
            elif compare(values - old, stacked).error < _SAME:
                lost_at = key
    return Frozen(variable, slope, gradient_at, lost_at, None)
