"""Which parameters are weights and which biases, and along which axis of a weight matrix its inputs lie, by measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.activations import Activation
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Key, Trace

_SHIFT = 0.1
_SAME = 1e-6


def weights_of(examination: Examination) -> list[StepVariable]:
    """Return the parameters that inputs are multiplied with: all but biases and single numbers."""
    if "weights" not in examination.notes:
        found = examination.found
        examination.notes["weights"] = [
            variable
            for variable in found.parameters
            if variable.shape and variable.start is not None and not _is_added(examination, variable)
        ]
    weights: list[StepVariable] = examination.notes["weights"]
    return weights


def fan_in(examination: Examination, variable: StepVariable) -> int:
    """Return how many inputs a unit has whose weights these are."""
    return max(1, variable.shape[fan_in_axis(examination, variable)])


def fan_in_axis(examination: Examination, variable: StepVariable) -> int:
    """Return the axis of a weight matrix along which its inputs lie: two weights of one unit change the same sums."""
    known: dict[int, int] = examination.notes.setdefault("fan-in axes", {})
    if variable.index not in known:
        known[variable.index] = _measured_axis(examination, variable)
    return known[variable.index]


def redraw(examination: Examination, name: str, scales: Mapping[int, float]) -> Change:
    """Return the change that draws variables, given by their number in the step, around zero at some scale; 0 makes them zeros."""
    found = examination.found
    ordinals = {variable.index: number for number, variable in enumerate(found.parameters)}
    variables = [list(entry) for entry in examination.trials.parameters]
    drawn: dict[str, float] = {}
    for index, scale in scales.items():
        if index not in ordinals:  # what no update has reached yet is not known as a parameter
            ordinals[index] = len(variables)
            variable = found.step.variables[index]
            variables.append([variable.root, [list(step) for step in variable.steps]])
        drawn[str(ordinals[index])] = float(scale)
    return Change(
        name,
        {"redraw": drawn} if len(variables) == len(found.parameters) else {"variables": variables, "redraw": drawn},
    )


def scaled(examination: Examination, name: str, factor: float) -> Change:
    """Return the change that multiplies every update, also of weights that are not known as parameters because the run has gone astray."""
    found = examination.found
    known = {variable.index for variable in (*found.parameters, *found.state)}
    others = [
        variable
        for variable in found.step.variables
        if variable.index not in known and _is_updated(examination, variable)
    ]
    trace = found.step.replay(ends=[variable.index for variable in others], record=False) if others else None
    moved = [
        [variable.root, [list(step) for step in variable.steps]]
        for variable in others
        if trace is not None
        and variable.start is not None
        and variable.index in trace.ends
        and not np.array_equal(trace.ends[variable.index], variable.start, equal_nan=True)
    ]
    updates: dict[str, Any] = {"scale": factor}
    return Change(name, updates | ({"variables": [*examination.trials.parameters, *moved]} if moved else {}))


def _is_updated(examination: Examination, variable: StepVariable) -> bool:
    """Whether the text changes a variable by itself, as updates do."""
    last = str(variable.steps[-1][1]) if variable.steps else variable.root
    names = {
        site.name.removeprefix("self.")
        for site in examination.found.sites
        if site.kind == "updated" or (site.kind in ("assigned", "unpacked", "item") and site.reads_itself)
    }
    return (
        not variable.is_integer
        and bool(variable.shape)
        and variable.start is not None
        and bool(names & {last, variable.root, variable.name, variable.name.replace("'", '"')})
    )


def sources_of(examination: Examination, activation: Activation) -> list[StepVariable]:
    """Return the variables that what goes into an activation depends on and that the step updates, parameters first."""
    found = examination.found
    own = [
        variable
        for variable in found.parameters
        if any(key in found.dependents.get(variable.index, ()) for key in activation.inputs)
    ]
    known = {variable.index for variable in own}
    rest = []
    for variable in found.step.variables:
        if variable.index in known or variable.start is None or not _is_updated(examination, variable):
            continue
        shift = _SHIFT * (1 + np.abs(variable.start)) * np.cos(np.arange(variable.size)).reshape(variable.shape)
        trace = found.step.replay(shift={variable.index: shift}, values=activation.inputs)
        if any(
            key in trace.values
            and key in found.own.values
            and not np.array_equal(trace.values[key], found.own.values[key])
            for key in activation.inputs
        ):
            rest.append(variable)
    return own + rest


def _measured_axis(examination: Examination, variable: StepVariable) -> int:
    if len(variable.shape) < 2:  # noqa: PLR2004 (a matrix has two axes)
        return 0
    usual = len(variable.shape) - (2 if variable.is_array else 1)
    axis = usual if variable.shape[usual] > 1 else (2 * len(variable.shape) - 3 - usual)
    if variable.shape[axis] < 2:  # noqa: PLR2004 (an axis of one)
        return usual
    sums, keys = [], []
    for place in (0, 1):
        shift = np.zeros(variable.shape)
        shift[tuple(place if number == axis else 0 for number in range(shift.ndim))] = _SHIFT
        first = _first_change(examination, variable, shift)
        if first is None:
            return usual
        keys.append(first[0] if first[1].size == 1 else None)
        sums.append(_single_places(first[1]))
    if None not in keys:  # units come one at a time, each a number of its own
        return axis if keys[0] == keys[1] else usual
    # inputs may be zero in some rows, so the rows that change need not be the same; the unit is
    same = sums[0] == sums[1] == {} or any(place == sums[1].get(along) for along, place in sums[0].items())
    return axis if same else 2 * len(variable.shape) - 3 - axis


def _single_places(change: NDArray[np.float64]) -> dict[int, int]:
    """Return the axes along which a value changes at one place only, with that place."""
    places = [np.unique(along) for along in np.nonzero(np.atleast_1d(change))]
    return {
        axis: int(along[0])
        for axis, along in enumerate(places)
        if along.size == 1 and change.size > 1 and change.shape[axis] > 1
    }


def _is_added(examination: Examination, variable: StepVariable) -> bool:
    """Whether a parameter of one row or column is added as it is."""
    if variable.size != max(variable.shape):
        return False
    shift = (_SHIFT * (1 + np.arange(variable.size) / variable.size)).reshape(variable.shape)
    change = _first_change(examination, variable, shift)
    if change is None:
        return False
    moved = np.abs(change[1][change[1] != 0])
    return moved.size > 0 and bool(np.all(np.min(np.abs(moved[:, None] - shift.ravel()[None, :]), axis=1) < _SAME))


def _first_change(
    examination: Examination, variable: StepVariable, shift: NDArray[np.float64]
) -> tuple[Key, NDArray[np.float64]] | None:
    """Return the first value that changes and is not the parameter itself, and by how much, at a state where no zero hides anything."""
    found = examination.found
    trace = found.step.replay(state=found.state_of_base, shift={variable.index: shift})
    base: Trace = found.base
    for key in sorted(trace.order, key=lambda key: trace.order[key]):
        before, after = base.values.get(key), trace.values.get(key)
        if before is None or after is None or before.shape != after.shape or key in base.integers:
            continue
        with np.errstate(invalid="ignore"):  # infinity minus itself
            change = after - before
        if not np.any(change) or _is_copy(change, shift):
            continue
        return key, change
    return None


def _is_copy(change: NDArray[np.float64], shift: NDArray[np.float64]) -> bool:
    """Whether a value is the parameter itself under another name, or a part of it."""
    return change.shape == shift.shape and bool(np.allclose(change, shift, rtol=_SAME, atol=0)) and change.size != 1
