"""Do the units of a hidden layer start as copies of each other, and remain copies?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.initial_values import is_vector, location_of_initial, redraw_edits
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.script_step import StepVariable

_STEPS = 12
_SAME = 1e-9
_LEARNED = 0.9
_ENOUGH = 3


def check(examination: Examination) -> Iterator[Suspicion]:
    """Equal units get equal gradients, so they stay equal unless something random tells them apart: several steps show whether anything does."""
    found = examination.found
    if examination.learning.closed(examination.written) > _LEARNED:
        return
    start = {variable: variable.start for variable in found.parameters if variable.start is not None and variable.shape}
    if not any(_equal_axes(values) for values in start.values()):
        examination.checked.append("The units of the layers start different from each other.")
        return
    trace = found.step.replay(ends=[variable.index for variable in start], record=False, steps=_STEPS)
    axes = {variable: _still_equal(variable, values, trace.ends.get(variable.index)) for variable, values in start.items() if values is not None}
    outputs = _outputs(found)
    for length in sorted({variable.shape[axis] for variable, equal in axes.items() for axis in equal}, reverse=True):
        layer = {variable: [axis for axis in equal if variable.shape[axis] == length] for variable, equal in axes.items()}
        layer = {variable: equal for variable, equal in layer.items() if equal}
        if len(layer) >= (_ENOUGH if length == outputs else 2) and not all(len(variable.shape) == 1 for variable in layer):
            yield _suspicion(examination, layer, length)
            return


def _equal_axes(values: NDArray[np.float64] | None) -> list[int]:
    """Return the axes along which an array repeats itself."""
    if values is None or not np.isfinite(values).all():
        return []
    tolerance = _SAME * float(np.max(np.abs(values)))
    return [axis for axis in range(values.ndim) if values.shape[axis] > 1 and float(np.max(np.ptp(values, axis=axis))) <= tolerance]


def _still_equal(variable: StepVariable, values: NDArray[np.float64], end: NDArray[np.float64] | None) -> list[int]:
    """Return the axes along which a parameter repeats itself at the start, and as much after some steps."""
    if end is None or end.shape != variable.shape:
        return []
    moved = end - values
    # a unit that is moved at all must be moved as the others are: rounding differs in the last digits only
    return [axis for axis in _equal_axes(values) if float(np.max(np.ptp(moved, axis=axis))) <= _SAME * float(np.max(np.abs(moved)))]


def _outputs(found: Identified) -> int:
    """Return how many outputs the network has, 0 if unknown: the units of an output layer may well be equal."""
    pair = found.own.pairs.get(found.pair.key) if found.pair is not None else None
    if pair is None:
        return 0
    lengths = [length for variable in found.parameters for length in variable.shape]
    return max((length for length in np.shape(pair.left) if length in lengths), default=1)


def _suspicion(examination: Examination, layer: dict[StepVariable, list[int]], length: int) -> Suspicion:
    found = examination.found
    weights = {variable: equal[-1] for variable, equal in layer.items() if len(variable.shape) > 1 and not _is_bias(variable, layer)}
    weights = weights or {variable: equal[-1] for variable, equal in layer.items() if len(variable.shape) > 1}
    first = min(weights, key=lambda variable: min((found.own.order[key] for key in found.dependents.get(variable.index, ()) if key in found.own.order), default=0))
    values = first.start
    constant = values is not None and float(np.ptp(values)) <= _SAME
    what = f"all {values.flat[0]:g}" if constant and values is not None else "equal for each of them"
    # the units lie along the fan-in of the layer that reads them, and along the other axis of the one that makes them
    fan_in = {variable: (axis if variable is not first else next((other for other in range(len(variable.shape)) if other != axis), axis)) for variable, axis in weights.items()}
    ordinals = {str(number): 1 / np.sqrt(max(1, variable.shape[fan_in[variable]])) for number, variable in enumerate(found.parameters) if variable in weights}
    places = {variable: place for variable in weights if (place := location_of_initial(examination, variable)) is not None}
    finding = Finding(
        fault="symmetric-init",
        message=f"The {length} units of the hidden layer start as copies of each other: {first.name} is {what}. "
        f"They get the same gradient, are still equal after {_STEPS} steps, and together do no more than one unit.",
        location=places.get(first, next(iter(places.values()), None)),
        evidence={
            "equal units": length,
            "steps replayed": _STEPS,
            "largest difference between units after them": 0.0,
            "parameters with equal units": [variable.name for variable in layer],
        },
        parameter=first.name,
        lines=tuple(sorted({place.line for place in places.values()})),
        remedies=(
            Remedy(
                f"Draw {' and '.join(variable.name for variable in weights)} at random, with a standard deviation of 1/sqrt(fan-in).",
                redraw_edits(examination, {variable: fan_in[variable] for variable in weights}),
            ),
        ),
    )
    return Suspicion(finding, Change("equal weights drawn at random", {"redraw": ordinals}), needs_proof=True)


def _is_bias(variable: StepVariable, layer: dict[StepVariable, list[int]]) -> bool:
    """Whether a parameter of one row or column is the bias of these units and not the weights that read them: zeros say so."""
    return is_vector(variable) and any(not is_vector(other) for other in layer) and variable.start is not None and not np.any(variable.start)
