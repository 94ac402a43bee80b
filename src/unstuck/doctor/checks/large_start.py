"""Are the first weights or biases so large that the training has to undo them first?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.initial_values import deviation, is_vector, location_of_initial, redraw_edits
from unstuck.doctor.checks.line_search import losses_at
from unstuck.doctor.checks.plateau_init import gradient_sizes
from unstuck.doctor.checks.saturation import flat_at_the_start
from unstuck.doctor.checks.weight_roles import fan_in, fan_in_axis, redraw, weights_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable

_LEARNED = 0.9
_LARGE = 5.0
_FAR = 100.0
_FLAT = 0.01


def check(examination: Examination) -> Iterator[Suspicion]:
    """Weights much larger than 1/sqrt(fan-in) may be right; the trial draws them at that size and tells."""
    closed = examination.learning.closed(examination.written)
    if examination.found.step.iteration > 1 and examination.written.first_non_finite is not None:
        return  # what the step begins with is what steps that are too long have made of the initial values
    if closed > _LEARNED or flat_at_the_start(examination) is not None:
        return  # saturated units are asked about on their own
    weights = {variable.index for variable in weights_of(examination)}
    sizes = {
        variable.index: deviation(variable)
        * (math.sqrt(fan_in(examination, variable)) if variable.index in weights else 1.0)
        for variable in examination.found.parameters
        if variable.shape and variable.start is not None
    }
    large = [variable for variable in examination.found.parameters if _LARGE < sizes.get(variable.index, 0.0) < np.inf]
    if not large:
        examination.checked.append("The initial weights and biases are not too large.")
        return
    yield _suspicion(examination, large, weights, closed)


def _suspicion(examination: Examination, large: list[StepVariable], weights: set[int], closed: float) -> Suspicion:
    first = max(large, key=deviation)
    evidence: dict[str, str | int | float | list[float] | list[str] | None] = {
        "size of the initial values": [deviation(variable) for variable in large],
        "usual size": [_usual(examination, variable, weights) for variable in large],
        "share of the gap to a constant prediction closed": closed,
    }
    consequence = _consequence(examination, evidence)
    places = [
        place for variable in (first, *large) if (place := location_of_initial(examination, variable)) is not None
    ]
    matrices = [variable for variable in large if variable.index in weights]
    names = " and ".join(variable.name for variable in large)
    finding = Finding(
        fault="plateau-init",
        message=f"The initial values are so large (a size of {deviation(first):.3g} for {first.name}) "
        f"that the training has to undo them first{consequence}.",
        location=places[0] if places else None,
        evidence=evidence,
        parameter=first.name,
        lines=tuple(dict.fromkeys(place.line for place in places)),
        remedies=(
            Remedy(
                f"Draw {names} around zero: weights with a standard deviation of 1/sqrt(fan-in), biases at 0.",
                redraw_edits(examination, [(variable, fan_in_axis(examination, variable)) for variable in matrices])
                if len(matrices) == len(large)
                else (),
            ),
        ),
    )
    scales = {variable.index: _usual(examination, variable, weights) for variable in large}
    change = redraw(examination, "smaller initial values", scales)
    return Suspicion(finding, change, needs_proof=not (consequence and _is_sure(examination)))


def _usual(examination: Examination, variable: StepVariable, weights: set[int]) -> float:
    """Return the size at which a parameter usually starts: 0 for a bias."""
    if variable.index not in weights and is_vector(variable):
        return 0.0
    return 1 / math.sqrt(fan_in(examination, variable))


def _consequence(
    examination: Examination, evidence: dict[str, str | int | float | list[float] | list[str] | None]
) -> str:
    """Return what the large values do where the script starts, and put it into the evidence; nothing if that cannot be seen."""
    start = {variable.index: variable.start for variable in examination.found.parameters if variable.start is not None}
    loss = losses_at(examination, [examination.found.step.define_state(start)])[0]
    usual = [
        probe.losses[examination.descended]
        for probe in examination.probes
        if math.isfinite(probe.losses.get(examination.descended, math.nan))
    ]
    if loss is not None and usual and loss > _FAR * float(np.median(usual)) > 0:
        evidence["loss at the start"] = loss
        evidence["loss at random weights of the usual size"] = float(np.median(usual))
        return f": the loss starts at {loss:.3g}, with weights of the usual size it is about {np.median(usual):.3g}"
    gradients = gradient_sizes(examination)
    if gradients is not None and gradients[0] < _FLAT * gradients[1]:
        evidence["size of the gradient at the start"] = gradients[0]
        evidence["size of the gradient at random weights"] = gradients[1]
        return f": the gradient there is {gradients[0]:.2g}, with weights of the usual size about {gradients[1]:.2g}"
    return ""


def _is_sure(examination: Examination) -> bool:
    """Whether a script learns nothing although every update is right, so that it takes no trial to see that something holds it."""
    updates = {examination.verdicts.of[variable.index].update for variable in examination.found.parameters}
    return updates == {"right"} and not examination.learning.has_learned(examination.written)
