"""What is what in a training step in which something hides it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.identify import identify
from unstuck.doctor.scripts.mended_step import mended_steps

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.script_step import ScriptStep
    from unstuck.doctor.scripts.sites import Loop, Site


def identify_mended(
    step: ScriptStep,
    sites: Sequence[Site],
    loops: Sequence[Loop],
    changed: Collection[str],
    inside: Collection[int],
    histories: dict[int, NDArray[np.float64]],
) -> Identified | None:
    """Return what is what in a step once that is put right behind which nothing was seen to depend on anything; see :func:`identify`."""
    for mended, done in mended_steps(step, sites):
        found = identify(mended, sites, loops, {*changed, *_moving(mended)}, inside, histories)
        if found is not None:
            return replace(found, mended=done)
    return None


def _moving(step: ScriptStep) -> set[str]:
    """Return the names of the arrays that one step changes."""
    starts = {
        variable.index: variable.start
        for variable in step.variables
        if variable.start is not None and variable.shape != ()
    }
    ends = step.replay(record=False, ends=list(starts)).ends
    return {
        step.variables[index].name
        for index, start in starts.items()
        if index in ends and not np.array_equal(ends[index], start, equal_nan=True)
    }
