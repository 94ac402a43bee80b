"""Inputs and targets of a training step: found by disturbing them, and collected row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Key, Pair, Trace

_MOST_CANDIDATES = 12
_FEW_STEPS = 400
_MOST_STEPS = 4000
_SECONDS = 4.0
_MOST_NUMBERS = 100_000_000
_NUDGE = 0.01
_MATRIX = 2


@dataclass(frozen=True)
class Data:
    """What a step is fed with.

    Attributes:
        inputs: Variables, alive at the top of the step, that change the outputs and are not trained; longest first.
        targets: Those that change what the outputs are compared with, and not the outputs.
    """

    inputs: tuple[StepVariable, ...]
    targets: tuple[StepVariable, ...]


@dataclass(frozen=True)
class Batch:
    """The samples of one meeting of outputs and targets, one row each.

    Attributes:
        inputs: Shape ``(samples, numbers)``.
        targets: Shape ``(samples, numbers)``.
    """

    inputs: NDArray[np.float64]
    targets: NDArray[np.float64]


def data_of(examination: Examination) -> Data:
    """Return the inputs and targets of the step, found by what they influence."""
    found: Data | None = examination.notes.get("data")
    if found is None:
        found = examination.notes["data"] = _find(examination)
    return found


def outputs_and_targets(examination: Examination, pair: Pair) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return which side of the meeting is which."""
    at = examination.found.pair
    return (pair.right, pair.left) if at is not None and at.target == "left" else (pair.left, pair.right)


def meetings(examination: Examination, trace: Trace) -> list[Pair]:
    """Return every time that outputs met targets, in order."""
    at = examination.found.pair
    if at is None:
        return []
    return [trace.pairs[key] for key in sorted(key for key in trace.pairs if key[0] == at.key[0])]


def window(examination: Examination, passes: int = 1) -> Trace | None:
    """Return a replay of as many steps as show every sample ``passes`` times, with the operands of subtractions; None if that is long."""
    name = f"window {passes}"
    if name not in examination.notes:
        steps = passes * examination.learning.window
        numbers = sum(int(np.prod(shape)) for shape in examination.found.own.shapes.values())
        at, pace = examination.found.pair, examination.pace
        is_short = steps <= _FEW_STEPS or (steps <= _MOST_STEPS and steps * pace <= _SECONDS)
        site = site_of_inputs(examination)
        keys = [] if site is None else [(site, occurrence) for occurrence in range(min(steps, _FEW_STEPS))]
        trace = (
            examination.found.step.replay(pairs=True, pair=[at.key[0], at.target], steps=steps, values=keys)
            if at is not None and is_short and steps * numbers <= _MOST_NUMBERS
            else None
        )
        examination.notes[name] = trace if trace is not None and trace.is_whole else None
    found: Trace | None = examination.notes[name]
    return found


def batches(examination: Examination, passes: int = 1) -> list[Batch]:
    """Return the samples of the steps in order; empty where they cannot be told for sure."""
    trace, site = window(examination, passes), site_of_inputs(examination)
    if trace is None:
        return []
    met = [outputs_and_targets(examination, pair)[1] for pair in meetings(examination, trace)]
    if site is None:
        whole = _whole_inputs(examination) if len(met) == passes else None
        values = [] if whole is None else [whole] * passes
    else:
        values = [trace.values[key] for key in sorted(key for key in trace.values if key[0] == site)]
    if len(values) != len(met):
        return []
    lengths = _lengths(examination)
    rows = [_as_rows(value, targets, lengths) for value, targets in zip(values, met, strict=True)]
    return [] if any(batch is None for batch in rows) else [batch for batch in rows if batch is not None]


def samples_axis(examination: Examination, variable: StepVariable) -> int | None:
    """Return along which axis the samples of an array of inputs lie; None if its shape does not tell."""
    if len(variable.shape) != _MATRIX:
        return None
    lengths = _lengths(examination)
    weighted = [variable.shape[axis] in lengths or variable.shape[axis] + 1 in lengths for axis in (0, 1)]
    if weighted[0] != weighted[1]:
        return 0 if weighted[1] else 1
    rows = {target.shape[0] for target in data_of(examination).targets if target.shape}
    columns = {target.shape[-1] for target in data_of(examination).targets if target.shape}
    if variable.shape[0] in rows and variable.shape[1] not in columns:
        return 0
    return 1 if variable.shape[1] in columns and variable.shape[0] not in rows else None


def _lengths(examination: Examination) -> set[int]:
    return {
        length
        for variable in examination.found.parameters
        for length in variable.shape
        if _is_trained(examination, variable)
    }


def _is_trained(examination: Examination, variable: StepVariable) -> bool:
    return variable.index in examination.found.updates


def _find(examination: Examination) -> Data:
    found = examination.found
    if found.pair is None or found.pair.key not in found.base.pairs:
        return Data((), ())
    outputs, targets = outputs_and_targets(examination, found.base.pairs[found.pair.key])
    inputs_found, targets_found = [], []
    for variable in _candidates(examination):
        for nudge in _nudges(variable):
            trace = found.step.replay(
                state=found.state_of_base, shift={variable.index: nudge}, pairs=True, record=False
            )
            pair = trace.pairs.get(found.pair.key)
            if pair is None:
                continue
            new_outputs, new_targets = outputs_and_targets(examination, pair)
            if not np.array_equal(new_outputs, outputs, equal_nan=True):
                inputs_found.append(variable)
                break
            if not np.array_equal(new_targets, targets, equal_nan=True):
                targets_found.append(variable)
                break
    return Data(tuple(inputs_found), tuple(targets_found))


def _candidates(examination: Examination) -> list[StepVariable]:
    """Return the variables that may be data: not trained, one for each list that they stand in, longest first."""
    found = examination.found
    taken = {
        variable.index
        for variable in (*found.parameters, *found.state)
        if _is_trained(examination, variable) or variable in found.state
    }
    seen: set[tuple[str, tuple[str, ...]]] = set()
    candidates = []
    for variable in found.step.variables:
        group = (variable.root, tuple(str(key) for kind, key in variable.steps if kind == "attribute"))
        if variable.index in taken or variable.start is None or group in seen:
            continue
        if variable.shape == () and variable.root not in _loop_targets(examination):
            continue
        seen.add(group)
        candidates.append(variable)
    return sorted(candidates, key=lambda variable: (-variable.size, variable.index))[:_MOST_CANDIDATES]


def _loop_targets(examination: Examination) -> set[str]:
    return {site.name for site in examination.found.sites if site.kind == "loop-target"}


def _nudges(variable: StepVariable) -> Iterator[NDArray[np.float64]]:
    """Yield what to add, one after the other until something notices it.

    Whole numbers may be indices, such as the class of a row: they first become other whole numbers between the same limits.
    """
    values = variable.start if variable.start is not None else np.zeros(variable.shape)
    values = np.where(np.isfinite(values), values, 0.0)
    low, count = values.min(), values.max() - values.min() + 1
    if variable.is_integer and variable.is_array and count > 1:
        yield low + (values - low + count // 2) % count - values
    yield _nudge(values)


def _nudge(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what turns the sign of most numbers, so that saturated units notice it too."""
    wave = np.cos(1.0 + np.arange(values.size)).reshape(values.shape)
    noise: NDArray[np.float64] = -(1.5 + 0.5 * wave) * values - _NUDGE * wave
    return noise


# ---------------------------------------------------------------------- rows


def site_of_inputs(examination: Examination) -> int | None:
    """Return the site at which the inputs of a step appear as they enter the network, with as many of them as there are meetings."""
    if "site of inputs" not in examination.notes:
        examination.notes["site of inputs"] = _find_site(examination)
    site: int | None = examination.notes["site of inputs"]
    return site


def _find_site(examination: Examination) -> int | None:
    found = examination.found
    if found.pair is None:
        return None
    own = found.own
    met = [key for key in own.pairs if key[0] == found.pair.key[0]]
    if not met:
        return None
    dependent = set().union(*found.dependents.values()) if found.dependents else set()
    rows = _known_rows(examination)
    starts = [variable.start for variable in data_of(examination).inputs if variable.start is not None]
    may_be_constant = all(not start.size or np.ptp(start) == 0 for start in starts)  # else it is a column for the bias
    keys = [
        key
        for key, value in own.values.items()
        if key[1] == 0
        and own.order[key] < own.order.get(met[0], 0)
        and key not in dependent
        and value.size > 1
        and (may_be_constant or np.ptp(value) != 0)
        and sum(other[0] == key[0] for other in own.values) == len(met)
        and found.sites[key[0]].kind in ("assigned", "unpacked", "loop-target", "expression")
    ]
    for key in sorted(keys, key=lambda key: own.order[key]):
        if _is_of(own.values[key], rows) and _feeds_outputs(examination, key):
            return key[0]
    return None


def _known_rows(examination: Examination) -> set[bytes]:
    """Return the rows of all variables that are inputs, along each axis."""
    rows: set[bytes] = set()
    for variable in data_of(examination).inputs:
        start = variable.start
        if start is None:
            continue
        rows.add(start.tobytes())
        for axis in range(start.ndim):
            moved = np.moveaxis(start, axis, 0)
            rows |= {np.ascontiguousarray(row).tobytes() for row in moved}
    return rows


def _is_of(value: NDArray[np.float64], rows: set[bytes]) -> bool:
    """Whether a value is one of the rows, or is made of them."""
    flat = np.ascontiguousarray(value)
    if flat.tobytes() in rows:
        return True
    return any(
        all(np.ascontiguousarray(row).tobytes() in rows for row in np.moveaxis(flat, axis, 0))
        for axis in range(value.ndim)
        if value.ndim == _MATRIX
    )


def _feeds_outputs(examination: Examination, key: Key) -> bool:
    """Whether disturbing one sample of a value disturbs the output of this sample, and no other."""
    value = examination.found.own.values[key]
    return _is_in_order(examination, value, lambda noise: {"add": {key: noise}})


def _whole_inputs(examination: Examination) -> NDArray[np.float64] | None:
    """Return the inputs of a step that takes all samples at once, if they meet the targets in their own order."""
    for variable in data_of(examination).inputs:
        start = variable.start
        if start is not None and _is_in_order(examination, start, _shift_of(variable)):
            return start
    return None


def _shift_of(variable: StepVariable) -> Callable[[NDArray[np.float64]], dict[str, Any]]:
    return lambda noise: {"shift": {variable.index: noise}}


def _is_in_order(
    examination: Examination, inputs: NDArray[np.float64], change: Callable[[NDArray[np.float64]], dict[str, Any]]
) -> bool:
    found = examination.found
    if found.pair is None or found.pair.key not in found.base.pairs:
        return False
    before, targets = outputs_and_targets(examination, found.base.pairs[found.pair.key])
    axes = _axes(inputs, targets, _lengths(examination))
    if axes is None:
        return False
    count = 1 if axes[0] is None else inputs.shape[axes[0]]
    sample = count // 2
    noise = np.zeros(inputs.shape)
    wave = np.cos(1.0 + np.arange(inputs.size)).reshape(inputs.shape)
    if axes[0] is None:
        noise = -1.5 * inputs - wave
    else:
        where = [slice(None)] * inputs.ndim
        where[axes[0]] = slice(sample, sample + 1)
        noise[tuple(where)] = (-1.5 * inputs - wave)[tuple(where)]
    trace = found.step.replay(state=found.state_of_base, pairs=True, record=False, **change(noise))
    pair = trace.pairs.get(found.pair.key)
    after = before if pair is None else outputs_and_targets(examination, pair)[0]
    if after.shape != before.shape or np.array_equal(before, after, equal_nan=True) or before.size % count:
        return False
    if count == 1:
        return True
    axis = axes[1] if axes[1] is not None and before.ndim == _MATRIX and before.shape[axes[1]] == count else None
    rows = np.moveaxis(before != after, axis, 0) if axis is not None else (before != after)
    return np.flatnonzero(rows.reshape(count, -1).any(1)).tolist() == [sample]


def _as_rows(inputs: NDArray[np.float64], targets: NDArray[np.float64], lengths: set[int]) -> Batch | None:
    """Return inputs and targets of one meeting with one row for each sample; None where the axes cannot be told."""
    axes = _axes(inputs, targets, lengths)
    if axes is None:
        return None
    if axes[0] is None:
        return Batch(inputs.reshape(1, -1), targets.reshape(1, -1))
    count = inputs.shape[axes[0]]
    rows = np.moveaxis(inputs, axes[0], 0).reshape(count, -1)
    return Batch(rows, targets.reshape(count, 1) if axes[1] is None else np.moveaxis(targets, axes[1], 0))


def _axes(
    inputs: NDArray[np.float64], targets: NDArray[np.float64], lengths: set[int]
) -> tuple[int | None, int | None] | None:
    """Return along which axes the samples of inputs and of targets lie; None if that cannot be told.

    An axis is None where there is but one sample, or one target for each.
    """
    if inputs.ndim == 0 or targets.ndim > _MATRIX or inputs.ndim > _MATRIX:
        return None
    if inputs.ndim == 1 and (inputs.size in lengths or inputs.size + 1 in lengths):
        return (None, None) if targets.size != inputs.size or targets.size in lengths else None
    if inputs.ndim == 1:
        return (0, None) if targets.size == inputs.size else None
    if 1 in inputs.shape and targets.size != inputs.size:
        return (None, None)
    ways: list[tuple[int | None, int | None]] = []
    for axis in (0, 1):
        count, width = inputs.shape[axis], inputs.shape[1 - axis]
        if width not in lengths and width + 1 not in lengths and width != 1:
            continue
        if targets.size == count:
            ways.append((axis, None))
        elif targets.ndim == _MATRIX and targets.shape[axis] == count:
            ways.append((axis, axis))
    return ways[0] if len(ways) == 1 else None
