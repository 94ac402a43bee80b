"""Where the samples of a training step are: along an axis of its arrays, in the passes of a loop, or one a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Key, Trace

Layout: TypeAlias = Literal["rows", "columns", "passes", "steps"]
"""Samples are rows of an array, columns, the passes of a loop inside the step, or there is one in each step."""

_SHIFT = 0.1
_PASSES = 0
_ONE_ARRAY = 3


@dataclass(frozen=True)
class Batch:
    """The samples that one step sees.

    Attributes:
        layout: Where they are.
        length: How many.
        site: The place in the script whose values, the outputs, told this.
    """

    layout: Layout
    length: int
    site: int

    @property
    def axis(self) -> int | None:
        """The axis of an array along which samples lie: the first, the last, or none."""
        return {"rows": 0, "columns": -1}.get(self.layout)


def batch_of(found: Identified) -> Batch | None:
    """Return where the samples of a step are; None if no outputs can be found.

    Weights of the last layer belong to single outputs: what changes with some of them only, along that axis, are outputs. The
    other axis holds the samples.
    """
    outputs = Outputs(found)
    base = outputs.of(outputs.base())
    if base is None or outputs.site is None:
        return None
    units = _axes_of_units(found, outputs, base)
    lengths = {axis: length for axis, length in enumerate(base.shape) if length > 1 and axis not in units}
    if not lengths:
        return Batch("steps", 1, outputs.site)
    if len(lengths) > 1 or base.ndim > _ONE_ARRAY:
        return _by_shapes(found, base, outputs.site)
    axis, length = lengths.popitem()
    layout: Layout = "passes" if axis == _PASSES else "rows" if axis == 1 else "columns"
    return Batch(layout, length, outputs.site)


class Outputs:
    """The outputs of a step: where they meet targets, or the first values that depend on all parameters.

    Args:
        found: The training step.
    """

    def __init__(self, found: Identified) -> None:
        self._found = found
        self._pair = found.pair
        self._keys = [] if found.pair is not None else self._first_that_depend_on_all()
        self.site: int | None = (
            found.pair.key[0] if found.pair is not None else next((site for site, _ in self._keys), None)
        )

    def _first_that_depend_on_all(self) -> list[Key]:
        found = self._found
        shapes, order = found.base.shapes, found.base.order
        common = set.intersection(*(found.dependents.get(variable.index, set()) for variable in found.parameters))
        among = [key for key in common if np.prod(shapes[key]) > 1]
        if not among:
            return []
        first = min(among, key=lambda key: order[key])
        return sorted(key for key in among if key[0] == first[0] and shapes[key] == shapes[first])

    def base(self, **changes: Any) -> Trace:
        """Return a replay, with something changed, that shows the outputs."""
        found = self._found
        if self._pair is not None:
            return found.step.replay(state=found.state_of_base, pairs=True, record=False, **changes)
        return found.step.replay(state=found.state_of_base, values=self._keys, **changes)

    def of(self, trace: Trace) -> NDArray[np.float64] | None:
        """Return all outputs of a step, stacked; what appears twice, once."""
        seen: dict[tuple[bytes, bytes], NDArray[np.float64]] = {}
        if self._pair is None:
            for key in self._keys:
                if key not in trace.values:
                    return None
                seen.setdefault((trace.values[key].tobytes(), b""), trace.values[key])
        else:
            for key in sorted(key for key in trace.pairs if key[0] == self.site):
                left, right = trace.pairs[key]
                outputs, targets = (right, left) if self._pair.target == "left" else (left, right)
                seen.setdefault((outputs.tobytes(), targets.tobytes()), outputs)
        if not seen or len({outputs.shape for outputs in seen.values()}) > 1:
            return None
        return np.stack(list(seen.values()))


def _axes_of_units(found: Identified, outputs: Outputs, base: NDArray[np.float64]) -> set[int]:
    """Return the axes along which outputs lie, not samples."""
    axes: set[int] = set()
    for variable in _last_layer(found, outputs):
        for shift in _shifts(variable):
            shifted = outputs.of(outputs.base(shift={variable.index: shift}))
            if shifted is not None and shifted.shape == base.shape:
                axes |= _single_index_axes(~np.isclose(shifted, base, rtol=1e-12, atol=0.0, equal_nan=True))
    return axes


def _single_index_axes(changed: NDArray[np.bool_]) -> set[int]:
    """Return the axes along which a single entry has changed, if along all the others everything has."""
    axes = range(changed.ndim)
    covered = {axis: changed.any(axis=tuple(other for other in axes if other != axis)) for axis in axes}
    partly = [axis for axis in axes if not covered[axis].all()]
    return set(partly) if len(partly) == 1 and covered[partly[0]].sum() == 1 else set()


def _last_layer(found: Identified, outputs: Outputs) -> list[StepVariable]:
    """Return the parameters on which the fewest values before the outputs depend."""
    order = found.base.order
    meeting = min((order[key] for key in order if key[0] == outputs.site), default=0)
    depths = {
        variable.index: sum(order.get(key, meeting) < meeting for key in found.dependents.get(variable.index, ()))
        for variable in found.parameters
    }
    least = min(depths.values(), default=0)
    return [variable for variable in found.parameters if depths[variable.index] == least]


def _shifts(variable: StepVariable) -> list[NDArray[np.float64]]:
    """Return shifts of the first slice along each axis of a parameter."""
    shifts = []
    for axis, length in enumerate(variable.shape):
        if length > 1:
            shift = np.zeros(variable.shape)
            shift[(slice(None),) * axis + (0,)] = _SHIFT
            shifts.append(shift)
    return shifts


def _by_shapes(found: Identified, base: NDArray[np.float64], site: int) -> Batch:
    """Return the batch by the lengths of the parameters: the axis whose length is that of none holds the samples."""
    if base.shape[_PASSES] > 1:
        return Batch("passes", base.shape[_PASSES], site)
    lengths = {length for variable in found.parameters for length in variable.shape}
    rows, columns = base.shape[1], base.shape[-1]
    if rows in lengths and columns not in lengths - {1}:
        return Batch("columns", columns, site)
    return Batch("rows", rows, site)
