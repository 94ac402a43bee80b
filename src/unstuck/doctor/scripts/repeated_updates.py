"""Whether one round of a loop takes several training steps, where neither outputs nor a loss within it show that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.held_updates import sites_by_parameter
from unstuck.doctor.scripts.replay import MOST_OCCURRENCES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.script_step import StepVariable

_SAME = 1e-6


def updates_follow_each_other(found: Identified, probe: Probe) -> bool:
    """Whether parameters are updated more than once in a round, each time from what the update before has made of them.

    Only then: the rows of one gradient may well be subtracted one by one, and a layer may see what another has just become.
    A round in which some places are passed so often that the update itself was not written down counts as several steps too.
    """
    if found.pair is not None:
        return False
    if _is_too_long_to_see(found, probe):
        return True
    if not any(_is_updated_again(found, probe, variable) for variable in found.parameters):
        return False
    holds = sites_by_parameter((variable.index, found.sites_of(variable)) for variable in found.parameters)
    held = found.step.replay(state=probe.state, record=False, ends=list(probe.updates), hold=holds)
    return held.is_whole and any(
        index in held.ends and not _is_same(held.ends[index] - probe.values[index], update)
        for index, update in probe.updates.items()
        if held.ends.get(index, update).shape == update.shape
    )


def _is_too_long_to_see(found: Identified, probe: Probe) -> bool:
    """Whether a parameter moves by an update that comes after all that is written down of a place."""
    unseen = any(index not in found.updates and np.any(update) for index, update in probe.updates.items())
    return unseen and any(key[1] >= MOST_OCCURRENCES - 1 for key in probe.trace.order)


def _is_updated_again(found: Identified, probe: Probe, variable: StepVariable) -> bool:
    """Whether the places that update a parameter are passed more often than it takes to update all that they update once."""
    places = set(found.sites_of(variable))
    sharing = [each for each in found.parameters if places & set(found.sites_of(each))]
    entries = len(sharing)
    if any(found.sites[place].kind == "item" for place in places):
        entries = sum(each.size for each in sharing)
    passed = [key for key in probe.trace.order if key[0] in places]
    return len(passed) > entries * max(1, len(places))


def _is_same(first: NDArray[np.float64], second: NDArray[np.float64]) -> bool:
    return bool(np.linalg.norm(first - second) <= _SAME * np.linalg.norm(second))
