"""Which axis of the outputs runs over the samples: a single weight of the last layer moves one output of every sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.script_step import StepVariable

_NUDGE = 0.1


def samples_are_columns(found: Identified) -> bool | None:
    """Return whether the outputs have a column for each sample; None where moving a weight of the last layer does not show it."""
    weights, pair = _last_matrix(found), found.pair
    if weights is None or pair is None:
        return None
    shift = np.zeros(weights.shape)
    shift[0, 0] = _NUDGE
    base, moved = found.step.replay_all(
        [
            {"state": found.state_of_base, "pairs": True, "shift": {weights.index: each}}
            for each in (np.zeros(weights.shape), shift)
        ]
    )
    before, after = (trace.pairs.get(pair.key) for trace in (base, moved))
    if before is None or after is None:
        return None
    first, second = (each.right if pair.target == "left" else each.left for each in (before, after))
    if first.ndim != 2 or first.shape != second.shape:  # noqa: PLR2004 (samples and units)
        return None
    rows, columns = (int((first != second).any(axis).sum()) for axis in (1, 0))
    if (rows == 1) == (columns == 1):
        return None
    return rows == 1


def _last_matrix(found: Identified) -> StepVariable | None:
    """Return the matrix of weights that comes last in the forward pass."""
    matrices = [variable for variable in found.parameters if len(variable.shape) == 2]  # noqa: PLR2004 (a matrix)
    return max(matrices, key=lambda variable: _first_use(found, variable), default=None)


def _first_use(found: Identified, variable: StepVariable) -> int:
    order = found.base.order
    return min((order[key] for key in found.dependents.get(variable.index, ()) if key in order), default=-1)
