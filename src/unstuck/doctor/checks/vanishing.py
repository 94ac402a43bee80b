"""Does the gradient vanish on its way back to the first layer?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.depth_ratio import depth_of
from unstuck.doctor.checks.initial_values import location_of_initial
from unstuck.doctor.checks.weight_roles import fan_in, weights_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination

_BADLY = 0.3
_RATIO = 1e-3
_ABSOLUTE = 1e-4
_TINY_WEIGHTS = 0.25


def check(examination: Examination) -> Iterator[Suspicion]:
    """With each layer the gradient shrinks by about the slope of the curve times the weights; of many layers almost nothing is left."""
    if examination.learning.closed(examination.written) > _BADLY:
        return
    depth = depth_of(examination)
    if depth is None:
        return
    if depth.ratio > _RATIO or depth.sizes[0] > _ABSOLUTE:
        examination.checked.append("The gradient reaches the first layer.")
        return
    weights = weights_of(examination)
    if all(
        np.sqrt(np.mean(variable.start**2) * fan_in(examination, variable)) < _TINY_WEIGHTS
        for variable in weights
        if variable.start is not None
    ):
        return  # the plateau of tiny weights has a finding of its own
    numbers = {variable.index: str(number) for number, variable in enumerate(examination.found.parameters)}
    place = next(
        (place for variable in depth.layers if (place := location_of_initial(examination, variable)) is not None), None
    )
    finding = Finding(
        fault="vanishing",
        message=f"The gradient shrinks on its way back: at {depth.layers[0].name} it is {depth.sizes[0]:.2g}, "
        f"{depth.ratio:.1g} times what it is at {depth.layers[-1].name}. "
        "The first layers hardly learn.",
        location=place,
        evidence={
            "size of the gradient, first layer to last": list(depth.sizes),
            "first over last": depth.ratio,
            "layers": [variable.name for variable in depth.layers],
        },
        parameter=depth.layers[0].name,
        lines=() if place is None else (place.line,),
        remedies=(
            Remedy(
                "Use ReLU or tanh in the hidden layers, fewer layers, and initial weights with a standard deviation of "
                "about 1/sqrt(fan-in); or RMSProp or Adam."
            ),
        ),
    )
    redraw = {numbers[variable.index]: 2 / float(np.sqrt(fan_in(examination, variable))) for variable in weights}
    yield Suspicion(
        finding, Change("larger initial weights and RMSProp", {"redraw": redraw, "rule": "rmsprop"}), needs_proof=True
    )
