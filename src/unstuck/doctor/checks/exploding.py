"""Does the gradient explode on its way back to the first layer?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.depth_ratio import depth_of
from unstuck.doctor.checks.initial_values import location_of_initial, redraw_edits
from unstuck.doctor.checks.weight_roles import fan_in, fan_in_axis, weights_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination

_BADLY = 0.3
_RATIO = 70.0


def check(examination: Examination) -> Iterator[Suspicion]:
    """Where weights are large, the gradient grows with each layer, and no learning rate suits them all."""
    if examination.learning.closed(examination.written) > _BADLY:
        return
    depth = depth_of(examination)
    if depth is None:
        return
    if depth.ratio < _RATIO:
        examination.checked.append("The gradient does not grow from layer to layer.")
        return
    weights = weights_of(examination)
    numbers = {variable.index: str(number) for number, variable in enumerate(examination.found.parameters)}
    places = [place for variable in weights if (place := location_of_initial(examination, variable)) is not None]
    redraw = {numbers[variable.index]: 1 / float(np.sqrt(fan_in(examination, variable))) for variable in weights}
    finding = Finding(
        fault="exploding",
        message=f"The gradient grows on its way back: at {depth.layers[0].name} it is {depth.sizes[0]:.2g}, "
        f"{depth.ratio:.0f} times what it is at {depth.layers[-1].name}.",
        location=places[0] if places else None,
        evidence={
            "size of the gradient, first layer to last": list(depth.sizes),
            "first over last": depth.ratio,
            "layers": [variable.name for variable in depth.layers],
        },
        parameter=depth.layers[0].name,
        lines=tuple(sorted({place.line for place in places})),
        remedies=(
            Remedy(
                "Draw the initial weights with a standard deviation of 1/sqrt(fan-in), and limit the length of the gradient.",
                redraw_edits(examination, [(variable, fan_in_axis(examination, variable)) for variable in weights]),
            ),
        ),
    )
    yield Suspicion(
        finding, Change("weights drawn at 1/sqrt(fan-in), layer by layer", {"redraw": redraw}), needs_proof=True
    )
