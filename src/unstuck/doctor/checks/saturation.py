"""Are units squashed flat, so that no gradient comes through?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.initial_values import deviation, is_matrix, is_vector, location_of_initial, redraw_edits
from unstuck.doctor.checks.weight_roles import fan_in, fan_in_axis, redraw, sources_of, weights_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.activations import activations_of, slopes_at
from unstuck.doctor.scripts.late_state import late_of
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.activations import Activation
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.script_step import StepVariable

_BADLY = 0.3
_FLAT = 0.05
_MOSTLY = 0.5
_LARGE = 4.0
_WELL_DRAWN = 3.0
_NEARLY_ALL = 0.9
_NO_SLOPE = 1e-3


def check(examination: Examination) -> Iterator[Suspicion]:
    """A unit whose curve is flat on most rows passes almost no gradient to the weights below it."""
    if examination.learning.closed(examination.written) > _BADLY:
        return
    flat = flat_at_the_start(examination)
    if flat is not None:
        yield _at_the_start(examination, *flat)
        return
    activations = [activation for activation in activations_of(examination) if activation.is_squashing]
    late = late_of(examination) if activations else None
    if late is not None:
        shares = [
            found[0]
            for activation in activations
            if (found := _measure(late, activation)) is not None and found[1] > _LARGE
        ]
        examination.notes["saturated late"] = max(shares, default=0.0)
    if activations and examination.notes.get("saturated late", 0.0) <= _MOSTLY:
        examination.checked.append("No layer is saturated.")


def flat_at_the_start(examination: Examination) -> tuple[Activation, tuple[float, float, float]] | None:
    """Return the first layer of a script that learns badly whose units are saturated where it starts, with what was measured."""
    if examination.learning.closed(examination.written) > _BADLY:
        return None
    for activation in activations_of(examination):
        measured = _measure(examination.found, activation) if activation.is_squashing else None
        if measured is not None and measured[0] > _MOSTLY and measured[1] > _LARGE:
            return activation, measured
    return None


def _measure(found: Identified, activation: Activation) -> tuple[float, float, float] | None:
    """Return the share of values at which the curve is flat, the median size of what goes in, and the median slope."""
    measured = slopes_at(found, activation)
    if measured is None or not activation.steepest:
        return None
    inputs, slopes = measured
    flat = np.abs(slopes) < _FLAT * activation.steepest
    return float(np.mean(flat)), float(np.median(np.abs(inputs))), float(np.median(np.abs(slopes)))


def _at_the_start(examination: Examination, activation: Activation, measured: tuple[float, float, float]) -> Suspicion:
    share, size, slope = measured
    site = examination.site_of(activation.inputs[0])
    sources = sources_of(examination, activation)
    matrices = [variable for variable in sources if is_matrix(variable)]
    large = [
        variable
        for variable in matrices
        if deviation(variable) * np.sqrt(fan_in(examination, variable)) > _WELL_DRAWN or _has_mean(variable)
    ]
    weights = {variable.index for variable in weights_of(examination)}
    large += [
        variable
        for variable in sources
        if variable.index not in weights and deviation(variable) > _LARGE and variable not in large
    ]
    large.sort(key=deviation, reverse=True)
    places = [
        place for variable in large or sources if (place := location_of_initial(examination, variable)) is not None
    ]
    layer = "outputs" if activation.is_last else "hidden units"
    evidence: dict[str, str | int | float | list[float] | list[str] | None] = {
        "share of values where the curve is flat": share,
        "median size of what goes into the curve": size,
        "median slope of the curve": slope,
        "largest slope of the curve": activation.steepest,
        "share of the gap to a constant prediction closed": examination.learning.closed(examination.written),
    }
    names = " and ".join(variable.name for variable in (large or matrices))
    finding = Finding(
        fault="saturation",
        message=f"From the first step on the {layer} are saturated: "
        f"what goes into the curve, {site.expression}, has a typical size of {size:.3g}, "
        f"and on {share:.0%} of the values the curve is flat there, so that hardly any gradient comes through.",
        location=places[0] if places else examination.location_of_site(site),
        evidence=evidence,
        parameter=(large or matrices or sources)[0].name if sources else None,
        lines=tuple(sorted({place.line for place in places} | {examination.location_of_site(site).line})),
        remedies=(
            Remedy(
                f"Draw {names or 'the weights'} around zero with a standard deviation of 1/sqrt(fan-in), and scale inputs that are large.",
                redraw_edits(examination, [(variable, fan_in_axis(examination, variable)) for variable in large])
                if large and all(variable.index in weights for variable in large)
                else (),
            ),
        ),
    )
    every = {variable.index: variable for variable in (*sources, *examination.found.parameters)}.values()
    scales = {
        variable.index: 1 / float(np.sqrt(fan_in(examination, variable))) for variable in every if is_matrix(variable)
    }
    scales |= {
        variable.index: 0.0
        for variable in every
        if variable.index not in weights and is_vector(variable) and deviation(variable) > _WELL_DRAWN
    }
    change = redraw(examination, "weights drawn around zero at 1/sqrt(fan-in)", scales) if scales else None
    is_sure = (
        bool(large) and share > _NEARLY_ALL and slope < _NO_SLOPE * activation.steepest and _learns_nothing(examination)
    )
    return Suspicion(finding, change, needs_proof=not is_sure)


def _learns_nothing(examination: Examination) -> bool:
    """Whether the script is no better than a constant although none of its updates is wrong."""
    updates = {examination.verdicts.of[variable.index].update for variable in examination.found.parameters}
    return updates == {"right"} and not examination.learning.has_learned(examination.written)


def _has_mean(variable: StepVariable) -> bool:
    """Whether weights lie to one side of zero, so that they add up instead of cancelling out."""
    values: NDArray[np.float64] | None = variable.start
    return values is not None and abs(float(np.mean(values))) > 0.5 * float(np.std(values)) and variable.size > 8  # noqa: PLR2004 (few may do so by chance)
