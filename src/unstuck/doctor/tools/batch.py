"""Where the samples of a training step are: along an axis of its arrays, in the passes of a loop, or one a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import Identified, PairAt
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Trace

Layout: TypeAlias = Literal["rows", "columns", "passes", "steps"]
"""Samples are rows of an array, columns, the passes of a loop inside the step, or there is one in each step."""

_SHIFT = 0.1
_PASSES = 0


@dataclass(frozen=True)
class Batch:
    """The samples that one step sees.

    Attributes:
        layout: Where they are.
        length: How many.
    """

    layout: Layout
    length: int

    @property
    def axis(self) -> int | None:
        """The axis of an array along which samples lie: the first, the last, or none."""
        return {"rows": 0, "columns": -1}.get(self.layout)


def batch_of(found: Identified) -> Batch | None:
    """Return where the samples of a step are; None if it is not known where outputs meet targets.

    Weights of the last layer belong to single outputs: what changes with some of them only, along that axis, are outputs. The
    other axis holds the samples.
    """
    if found.pair is None:
        return None
    base = _outputs(found.base, found.pair)
    if base is None:
        return None
    units = _axes_of_units(found, found.pair, base)
    lengths = {axis: length for axis, length in enumerate(base.shape) if length > 1 and axis not in units}
    if not lengths:
        return Batch("steps", 1)
    if len(lengths) > 1:
        return _by_shapes(found, base)
    axis, length = lengths.popitem()
    if axis == _PASSES:
        return Batch("passes", length)
    return Batch("rows" if axis == 1 else "columns", length)


def _outputs(trace: Trace, pair: PairAt) -> NDArray[np.float64] | None:
    """Return all outputs of a step that meet targets, stacked; what meets twice, once."""
    seen: dict[tuple[bytes, bytes], NDArray[np.float64]] = {}
    for key in sorted(key for key in trace.pairs if key[0] == pair.key[0]):
        left, right = trace.pairs[key]
        outputs, targets = (right, left) if pair.target == "left" else (left, right)
        seen.setdefault((outputs.tobytes(), targets.tobytes()), outputs)
    if not seen or len({outputs.shape for outputs in seen.values()}) > 1:
        return None
    return np.stack(list(seen.values()))


def _axes_of_units(found: Identified, pair: PairAt, base: NDArray[np.float64]) -> set[int]:
    """Return the axes along which outputs lie, not samples."""
    axes: set[int] = set()
    for variable in _last_layer(found, pair):
        for shift in _shifts(variable):
            trace = found.step.replay(state=found.state_of_base, shift={variable.index: shift}, pairs=True, record=False)
            outputs = _outputs(trace, pair)
            if outputs is None or outputs.shape != base.shape:
                continue
            axes |= _single_index_axes(~np.isclose(outputs, base, rtol=1e-12, atol=0.0, equal_nan=True))
    return axes


def _single_index_axes(changed: NDArray[np.bool_]) -> set[int]:
    """Return the axes along which a single entry has changed, if along all the others everything has."""
    axes = range(changed.ndim)
    covered = {axis: changed.any(axis=tuple(other for other in axes if other != axis)) for axis in axes}
    partly = [axis for axis in axes if not covered[axis].all()]
    return set(partly) if len(partly) == 1 and covered[partly[0]].sum() == 1 else set()


def _last_layer(found: Identified, pair: PairAt) -> list[StepVariable]:
    """Return the parameters on which the fewest values before the outputs depend."""
    order = found.base.order
    meeting = order.get(pair.key, 0)
    depths = {
        variable.index: sum(order.get(key, meeting) < meeting for key in found.dependents.get(variable.index, ()))
        for variable in found.parameters
        if pair.key in found.dependents.get(variable.index, ())
    }
    least = min(depths.values(), default=0)
    return [variable for variable in found.parameters if depths.get(variable.index) == least]


def _shifts(variable: StepVariable) -> list[NDArray[np.float64]]:
    """Return shifts of the first slice along each axis of a parameter."""
    shifts = []
    for axis, length in enumerate(variable.shape):
        if length > 1:
            shift = np.zeros(variable.shape)
            shift[(slice(None),) * axis + (0,)] = _SHIFT
            shifts.append(shift)
    return shifts


def _by_shapes(found: Identified, base: NDArray[np.float64]) -> Batch:
    """Return the batch by the lengths of the parameters: the axis whose length is that of none holds the samples."""
    if base.shape[_PASSES] > 1:
        return Batch("passes", base.shape[_PASSES])
    lengths = {length for variable in found.parameters for length in variable.shape}
    rows, columns = base.shape[1], base.shape[-1]
    if rows in lengths and columns not in lengths - {1}:
        return Batch("columns", columns)
    return Batch("rows", rows)
