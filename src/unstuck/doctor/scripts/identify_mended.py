"""What is what in a training step in which something hides it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from unstuck.doctor.scripts.identify import identify
from unstuck.doctor.scripts.mended_step import mended_steps, moved_arrays

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy as np
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
        moving = {variable.name for variable, _ in moved_arrays(mended)}
        found = identify(mended, sites, loops, {*changed, *moving}, inside, histories)
        if found is not None:
            return replace(found, mended=done)
    return None
