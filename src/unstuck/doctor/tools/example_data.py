"""The variables of a training step that hold its samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.tools.batch import Outputs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Trace
    from unstuck.doctor.tools.batch import Batch

_MOST = 40
_AWAY_FROM_ZERO = 0.37  # a single weight of 0 would hide its input


def data_variables(found: Identified, batch: Batch, sample: int) -> list[StepVariable]:
    """Return the variables that hold inputs or targets, one entry for each sample along the axis of the samples.

    Such a variable is not trained, and when all its samples become copies of one, the outputs and targets of the others change, but
    not those of that one.
    """
    if batch.axis is None:
        return []
    outputs = Outputs(found)
    indices = [variable.index for variable in found.parameters]
    trained = {variable.index for variable in (*found.parameters, *found.state)}
    candidates = [
        variable
        for variable in found.step.variables
        if variable.index not in trained and variable.shape and variable.shape[batch.axis] == batch.length
    ]
    shift = {variable.index: np.array(_AWAY_FROM_ZERO) for variable in found.parameters if variable.shape == ()}
    before = outputs.base(ends=indices, shift=shift)
    return [
        variable
        for variable in candidates[:_MOST]
        if _holds_samples(
            found,
            outputs,
            before,
            outputs.base(tile={variable.index: [batch.axis, sample]}, ends=indices, shift=shift),
            batch,
            sample,
        )
    ]


def _holds_samples(found: Identified, outputs: Outputs, before: Trace, after: Trace, batch: Batch, sample: int) -> bool:
    if not after.is_whole:
        return False
    changed = False
    for one, other in zip(_sides(found, outputs, before), _sides(found, outputs, after), strict=True):
        if one is None or other is None or one.shape != other.shape:
            return False
        if batch.axis is None or not one.ndim or one.shape[batch.axis] != batch.length:
            continue
        if not np.array_equal(np.take(one, sample, batch.axis), np.take(other, sample, batch.axis), equal_nan=True):
            return False
        changed |= not np.array_equal(one, other, equal_nan=True)
    return changed or (found.pair is None and bool(after.ends_changed_from(before)))


def _sides(found: Identified, outputs: Outputs, trace: Trace) -> list[NDArray[np.float64] | None]:
    """Return outputs and targets where they meet, the outputs alone where they do not."""
    if found.pair is not None:
        pair = trace.pairs.get(found.pair.key)
        return [None] if pair is None else [pair.left, pair.right]
    stacked = outputs.of(trace)
    return [None if stacked is None else stacked[0]]
