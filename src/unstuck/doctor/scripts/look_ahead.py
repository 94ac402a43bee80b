"""Nesterov's momentum: a memory of steps that the loss depends on, since the gradient is taken ahead of the parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Trace

_ALONG = 0.9
_SHARE = 0.3
_FADES = 0.9999


def is_memory_of_steps(
    variable: StepVariable,
    others: Iterable[StepVariable],
    shift: NDArray[np.float64],
    moved: Trace,
    base: Trace,
) -> bool:
    """Whether a variable that is disturbed fades away, and what was added to it ends up in another one of its shape.

    That is what a velocity does, and no weight: it is added to the parameters in full, and a share of it is left.

    Args:
        variable: What was disturbed.
        others: What else carries over.
        shift: By how much it was disturbed.
        moved: The step with it.
        base: The step without it.
    """
    if not np.any(shift) or variable.index not in moved.ends or variable.index not in base.ends:
        return False
    own = _share_of(shift, moved.ends[variable.index], base.ends[variable.index])
    if own is None or not own < _FADES:
        return False
    for other in others:
        if other.index == variable.index or other.shape != variable.shape or not variable.shape:
            continue
        if other.index not in moved.ends or other.index not in base.ends:
            continue
        share = _share_of(shift, moved.ends[other.index], base.ends[other.index])
        if share is not None and share > _SHARE:
            return True
    return False


def _share_of(shift: NDArray[np.float64], moved: NDArray[np.float64], base: NDArray[np.float64]) -> float | None:
    """Return which share of a disturbance has arrived, None if what has arrived is something else."""
    if moved.shape != shift.shape or base.shape != shift.shape:
        return None
    with np.errstate(all="ignore"):  # a script that overflows is no reason for us to warn
        arrived = moved - base
        lengths = float(np.linalg.norm(arrived)) * float(np.linalg.norm(shift))
        along = float(np.vdot(arrived, shift))
    if not np.isfinite(lengths) or not lengths or along < _ALONG * lengths:
        return None
    return along / float(np.vdot(shift, shift))
