"""Do weights that lie in one long vector start at zero, where hardly any of them gets a gradient?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.initial_values import location_of_initial
from unstuck.doctor.checks.weight_roles import redraw
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable

_BADLY = 0.5
_STEPS = 12
_MOST = 0.5
_FEWEST = 4
_SCALE = 0.5


def check(examination: Examination) -> Iterator[Suspicion]:
    """Layers that are parts of one vector of zeros multiply each other's gradients with zero; matrices are asked about as layers."""
    found, loss = examination.found, examination.descended
    if examination.learning.closed(examination.written) > _BADLY:
        return
    vectors = [
        variable
        for variable in found.parameters
        if len(variable.shape) == 1
        and variable.size >= _FEWEST
        and variable.start is not None
        and not np.any(variable.start)
    ]
    ends = (
        found.step.replay(ends=[variable.index for variable in vectors], record=False, steps=_STEPS).ends
        if vectors
        else {}
    )
    for variable in vectors:
        end = ends.get(variable.index)
        slopes = [
            np.abs(probe.gradients[loss][variable.index])
            for probe in examination.probes
            if variable.index in probe.gradients.get(loss, {})
        ]
        if end is None or end.shape != variable.shape or not slopes:
            continue
        stays = (end == 0) & (np.nanmax(slopes, axis=0) > 0)
        if np.any(end) and float(np.mean(stays)) > _MOST:
            yield _suspicion(examination, variable, int(np.sum(stays)))


def _suspicion(examination: Examination, variable: StepVariable, stays: int) -> Suspicion:
    place = location_of_initial(examination, variable)
    finding = Finding(
        fault="plateau-init",
        message=f"{variable.name} starts at 0, where the gradient of {stays} of its {variable.size} numbers is 0: "
        f"they are still 0 after {_STEPS} steps. Layers that are all 0 keep each other there.",
        location=place,
        evidence={
            "numbers": variable.size,
            "numbers that do not move": stays,
            "steps after which they have not moved": _STEPS,
            "share of the gap to a constant prediction closed": examination.learning.closed(examination.written),
        },
        parameter=variable.name,
        lines=() if place is None else (place.line,),
        remedies=(Remedy(f"Draw {variable.name} at random around zero, each layer with 1/sqrt(fan-in)."),),
    )
    change = redraw(examination, "a vector of zeros drawn at random", {variable.index: _SCALE})
    return Suspicion(finding, change, needs_proof=True)
