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
_MATRIX = 2


def check(examination: Examination) -> Iterator[Suspicion]:
    """Equal units get equal gradients and stay equal, unless something random tells them apart: several steps show it."""
    found = examination.found
    if examination.learning.closed(examination.written) > _LEARNED:
        return
    start = [variable for variable in found.parameters if variable.start is not None and variable.shape]
    if not any(_equal_axes(variable.start) for variable in start):
        examination.checked.append("The units of the layers start different from each other.")
        return
    trace = found.step.replay(ends=[variable.index for variable in start], record=False, steps=_STEPS)
    axes = [(variable, axis) for variable in start for axis in _still_equal(variable, trace.ends.get(variable.index))]
    outputs = _outputs(found)
    for length in sorted({variable.shape[axis] for variable, axis in axes}, reverse=True):
        layer = [(variable, axis) for variable, axis in axes if variable.shape[axis] == length]
        members = {variable.index for variable, _ in layer}
        if len(members) >= (_ENOUGH if length == outputs else 2) and any(
            len(variable.shape) > 1 for variable, _ in layer
        ):
            yield _suspicion(examination, layer, length)
            return


def _equal_axes(values: NDArray[np.float64] | None) -> list[int]:
    """Return the axes along which an array repeats itself."""
    if values is None or not np.isfinite(values).all():
        return []
    tolerance = _SAME * float(np.max(np.abs(values)))
    return [
        axis
        for axis in range(values.ndim)
        if values.shape[axis] > 1 and float(np.max(np.ptp(values, axis=axis))) <= tolerance
    ]


def _still_equal(variable: StepVariable, end: NDArray[np.float64] | None) -> list[int]:
    """Return the axes along which a parameter repeats itself at the start, and as much after some steps."""
    if variable.start is None or end is None or end.shape != variable.shape or not np.isfinite(end).all():
        return []
    moved = end - variable.start
    # a unit that is moved at all must be moved as the others are: rounding differs in the last digits only
    largest = float(np.max(np.abs(moved)))
    return [axis for axis in _equal_axes(variable.start) if float(np.max(np.ptp(moved, axis=axis))) <= _SAME * largest]


def _outputs(found: Identified) -> int:
    """Return how many outputs the network has, 0 if unknown: the units of an output layer may well be equal."""
    pair = found.own.pairs.get(found.pair.key) if found.pair is not None else None
    if pair is None:
        return 0
    lengths = [length for variable in found.parameters for length in variable.shape]
    return max((length for length in np.shape(pair.left) if length in lengths), default=1)


def _suspicion(examination: Examination, layer: list[tuple[StepVariable, int]], length: int) -> Suspicion:
    found = examination.found
    order = {key: place for place, key in enumerate(sorted(found.own.order, key=lambda key: found.own.order[key]))}
    weights = [
        (variable, axis) for variable, axis in layer if len(variable.shape) > 1 and not _is_bias(variable, layer)
    ]
    weights = weights or [(variable, axis) for variable, axis in layer if len(variable.shape) > 1]
    weights.sort(
        key=lambda entry: min(
            (order.get(key, len(order)) for key in found.dependents.get(entry[0].index, ())), default=0
        )
    )
    first, units = weights[0]
    # the units lie along the fan-in of the layer that reads them, and along the other axis of the one that makes them
    axes = {variable.index: axis for variable, axis in weights} | {
        first.index: 1 - units if len(first.shape) == _MATRIX else units
    }
    chosen = [variable for variable in found.parameters if variable.index in axes]
    ordinals = {
        str(number): 1 / np.sqrt(variable.shape[axes[variable.index]])
        for number, variable in enumerate(found.parameters)
        if variable.index in axes
    }
    places = [
        place for variable in [first, *chosen] if (place := location_of_initial(examination, variable)) is not None
    ]
    values = first.start
    constant = values is not None and float(np.ptp(values)) == 0
    what = f"all {values.flat[0] + 0.0:g}" if constant and values is not None else "equal for each of them"
    names = list(dict.fromkeys(variable.name for variable, _ in layer))
    finding = Finding(
        fault="symmetric-init",
        message=f"The {length} units of the hidden layer start as copies of each other: {first.name} is {what}. "
        f"They get the same gradient, are still equal after {_STEPS} steps, and together do no more than one unit.",
        location=places[0] if places else None,
        evidence={
            "equal units": length,
            "steps after which they are still equal": _STEPS,
            "parameters with equal units": names,
        },
        parameter=first.name,
        lines=tuple(sorted({place.line for place in places})),
        remedies=(
            Remedy(
                f"Draw {' and '.join(variable.name for variable in chosen)} at random, with a standard deviation of 1/sqrt(fan-in).",
                redraw_edits(examination, [(variable, axes[variable.index]) for variable in chosen]),
            ),
        ),
    )
    return Suspicion(finding, Change("equal weights drawn at random", {"redraw": ordinals}), needs_proof=True)


def _is_bias(variable: StepVariable, layer: list[tuple[StepVariable, int]]) -> bool:
    """Whether a parameter of one row or column is the bias of these units and not the weights that read them: zeros say so."""
    return (
        is_vector(variable)
        and any(not is_vector(other) for other, _ in layer)
        and variable.start is not None
        and not np.any(variable.start)
    )
