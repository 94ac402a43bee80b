"""Several steps in a row with the parameters kept where they are, so that each step shows other rows to the same network."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.trace import Key

_SAME = 1e-12


def standing_still(examination: Examination, probe: Probe, steps: int) -> dict[Key, NDArray[np.float64]] | None:
    """Return what to put in the place of every update, so that all parameters stay as the probe has them; None if that does not work.

    To be given to a replay as ``replace``. Remembered for each probe and number of steps.
    """
    known = examination.notes.setdefault("standing still", {})
    name = (probe.state, steps)
    if name not in known:
        known[name] = _checked(examination, probe, steps)
    found: dict[Key, NDArray[np.float64]] | None = known[name]
    return found


def _checked(examination: Examination, probe: Probe, steps: int) -> dict[Key, NDArray[np.float64]] | None:
    found = examination.found
    counts = Counter(site for site, _ in probe.trace.order)
    owners = Counter(site for variable in found.parameters for site in set(found.sites_of(variable)))
    replaced: dict[Key, NDArray[np.float64]] = {}
    for variable in found.parameters:
        values = probe.values.get(variable.index)
        key = found.updates.get(variable.index)
        if values is None or key is None:
            continue
        keys = (
            [key]
            if owners[key[0]] > 1
            else [entry for entry in probe.trace.order if entry[0] in found.sites_of(variable)]
        )
        for site, occurrence in keys:
            if probe.trace.shapes.get((site, occurrence)) == variable.shape:
                replaced |= {(site, occurrence + step * counts[site]): values for step in range(steps)}
    indices = list(probe.values)
    ends = found.step.replay(state=probe.state, ends=indices, record=False, steps=steps, replace=replaced).ends
    stays = all(
        index in ends and ends[index].shape == values.shape and np.allclose(ends[index], values, rtol=_SAME, atol=0)
        for index, values in probe.values.items()
    )
    return replaced if stays else None
