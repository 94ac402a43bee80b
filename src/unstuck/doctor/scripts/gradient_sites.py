"""Where a script computes the gradient of a parameter, whatever it goes on to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.matching import compare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Key

_RIGHT = 1e-5


def remembers(found: Identified, variable: StepVariable) -> bool:
    """Whether an optimizer may remember something of the shape of a parameter, so that an update need be no multiple of a gradient."""
    return any(state.shape == variable.shape for state in found.state) or is_gathered(found, variable)


def is_gathered(found: Identified, variable: StepVariable) -> bool:
    """Whether a variable of the same shape, such as a gradient added up over several steps, drives the update."""
    update = found.updates.get(variable.index)
    own = {each.index for each in found.parameters}
    return any(
        other.index not in own and other.shape == variable.shape and update in found.dependents.get(other.index, ())
        for other in found.step.variables
    )


def residuals(found: Identified, probes: list[Probe], variable: StepVariable) -> NDArray[np.float64] | None:
    """Return outputs minus targets at all probes, where they say nothing about the update of a parameter.

    They are the gradient of a cross-entropy for the last biases whatever the script goes on to do with them. Only an optimizer that
    remembers something makes an update of them that is no multiple.
    """
    if found.pair is None or remembers(found, variable):
        return None
    pairs = [probe.trace.pairs.get(found.pair.key) for probe in probes]
    whole = [pair.left - pair.right for pair in pairs if pair is not None and pair.left.shape == pair.right.shape]
    return np.concatenate([each.ravel() for each in whole]) if len(whole) == len(probes) else None


def gradient_sites(
    probes: list[Probe], loss: str, variable: StepVariable, residuals: NDArray[np.float64] | None
) -> list[Key]:
    """Return the values of the script that are the gradient of a parameter up to one factor, in their order."""
    gradients = np.concatenate([probe.gradients[loss][variable.index].ravel() for probe in probes])
    if not np.any(np.nan_to_num(gradients)):
        return []
    sites = []
    for key, values in probes[0].trace.values.items():
        if values.size != variable.size or any(
            key not in probe.trace.values or probe.trace.values[key].size != variable.size for probe in probes
        ):
            continue
        stacked = np.concatenate([probe.trace.values[key].ravel() for probe in probes])
        if residuals is not None and stacked.size == residuals.size and compare(stacked, residuals).error < _RIGHT:
            continue
        if compare(stacked, gradients).error < _RIGHT:
            sites.append(key)
    return sorted(sites, key=lambda key: probes[0].trace.order[key])


def passes_by(found: Identified, probe: Probe, sites: Sequence[Key], variable: StepVariable) -> bool:
    """Whether the gradient of a parameter is computed, but has nothing to do with its update: even without it that is the same.

    A little more of it may change nothing either, where a large gradient is cut off.
    """
    nothing = {key: np.zeros_like(probe.trace.values[key]) for key in sites}
    base, moved = (
        found.step.replay(state=probe.state, ends=[variable.index], record=False, replace=each)
        for each in ({}, nothing)
    )
    return not moved.ends_changed_from(base)
