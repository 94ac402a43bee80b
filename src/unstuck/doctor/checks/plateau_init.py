"""Are the first weights so small that the network stands on a plateau?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.initial_expressions import initial_expressions
from unstuck.doctor.checks.initial_values import (
    deviation,
    factor_edits,
    location_of_initial,
    redraw_edits,
)
from unstuck.doctor.checks.line_search import losses_at
from unstuck.doctor.checks.weight_roles import fan_in, fan_in_axis, weights_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.findings import Edit
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Trace

_STUCK = 0.1
_SMALL = 0.25
_BLIND = 0.05
_FLAT = 0.1
_CURVATURE_STEP = 0.3
_DIRECTIONS = 4


def check(examination: Examination) -> Iterator[Suspicion]:
    """A script whose updates are right and that stays at the loss of a constant may have started where the loss is flat."""
    closed = examination.learning.closed(examination.written)
    verdicts = [examination.verdicts.of[variable.index].update for variable in examination.found.parameters]
    if (
        closed > _STUCK
        or examination.written.first_non_finite is not None
        or any(verdict not in ("right", "cannot-tell") for verdict in verdicts)
    ):
        return
    weights = weights_of(examination)
    small = [
        variable for variable in weights if 0 < deviation(variable) * np.sqrt(fan_in(examination, variable)) < _SMALL
    ]
    if len(weights) < 2 or not small:  # noqa: PLR2004 (a single layer has no plateau)
        if weights and not small:
            examination.checked.append("The initial weights are not too small for the gradient.")
        return
    spread, usual = (
        spread_of_outputs(examination.found, examination.found.own),
        [spread_of_outputs(examination.found, probe.trace) for probe in examination.probes],
    )
    gradients = gradient_sizes(examination)
    if gradients is None or not gradients[1]:
        return
    is_blind = (
        spread is not None
        and any(usual)
        and spread < _BLIND * float(np.median([value for value in usual if value is not None]))
    )
    if not is_blind and gradients[0] > _FLAT * gradients[1]:
        return
    evidence: dict[str, str | int | float | list[float] | list[str] | None] = {
        "standard deviation of the initial weights": [deviation(variable) for variable in weights],
        "share of the gap to a constant prediction closed": closed,
        "size of the gradient at the start": gradients[0],
        "size of the gradient at random weights": gradients[1],
    }
    if spread is not None:
        evidence["spread of the outputs over the rows at the start"] = spread
        evidence["spread of the outputs over the rows at random weights"] = float(
            np.median([value for value in usual if value is not None] or [0.0])
        )
    curvature = _lowest_curvature(examination)
    if curvature is not None and curvature < 0:
        evidence["lowest curvature found at the start"] = curvature
    yield from _suspicions(examination, weights, evidence)


def _suspicions(
    examination: Examination,
    weights: list[StepVariable],
    evidence: dict[str, str | int | float | list[float] | list[str] | None],
) -> Iterator[Suspicion]:
    """Yield the finding with either remedy: weights by their fan-in, weights of size 1."""
    smallest = min(weights, key=deviation)
    places = [
        place for variable in (smallest, *weights) if (place := location_of_initial(examination, variable)) is not None
    ]
    spreads = evidence.get("spread of the outputs over the rows at the start")
    same = (
        f" The outputs of different rows differ by only {spreads:.2g},"
        if isinstance(spreads, float)
        else " The gradient is"
    )
    ends = " and the gradient leads nowhere else." if isinstance(spreads, float) else " too small to lead anywhere."
    message = (
        f"The initial weights are so small (standard deviation {deviation(smallest):.2g} for {smallest.name}) "
        f"that the network starts on a plateau."
        f"{same}{ends} The training stays at the loss of a constant answer."
    )
    numbers = {variable.index: str(number) for number, variable in enumerate(examination.found.parameters)}
    choices: tuple[tuple[str, str, dict[str, float], tuple[Edit, ...]], ...] = (
        (
            "initial weights drawn at 1/sqrt(fan-in)",
            "Draw the initial weights with a standard deviation of 1/sqrt(fan-in).",
            {numbers[variable.index]: 1 / np.sqrt(fan_in(examination, variable)) for variable in weights},
            _fan_in_edits(examination, weights),
        ),
        (
            "initial weights drawn at scale 1",
            "Draw the initial weights with a standard deviation of 1.",
            {numbers[variable.index]: 1.0 for variable in weights},
            factor_edits(examination, weights, "1.0"),
        ),
    )
    for name, summary, redraw, edits in choices:
        finding = Finding(
            fault="plateau-init", message=message, location=places[0] if places else None, evidence=evidence,
            parameter=smallest.name, lines=tuple(sorted({place.line for place in places})), remedies=(Remedy(summary, edits),),
        )  # fmt: skip
        yield Suspicion(finding, Change(name, {"redraw": redraw}), needs_proof=True)


def _fan_in_edits(examination: Examination, weights: list[StepVariable]) -> tuple[Edit, ...]:
    """Return edits to the scale of the fan-in; where one expression makes all layers the text does not tell which axis that is."""
    axes = [(variable, fan_in_axis(examination, variable)) for variable in weights]
    expressions = {expression for variable in weights for expression in initial_expressions(examination, variable)}
    if len(expressions) < len(weights) and len({axis for _, axis in axes}) > 1:
        return ()
    return redraw_edits(examination, axes)


def spread_of_outputs(found: Identified, trace: Trace) -> float | None:
    """Return by how much the outputs differ between the rows, None where a step shows a single row."""
    pair = None if found.pair is None else trace.pairs.get(found.pair.key)
    if found.pair is None or pair is None:
        return None
    outputs: NDArray[np.float64] = pair.right if found.pair.target == "left" else pair.left
    lengths = {length for variable in found.parameters for length in variable.shape}
    matrix = outputs.reshape(outputs.shape[0], -1) if outputs.ndim else outputs.reshape(1, 1)
    rows_first = not (matrix.shape[0] in lengths and matrix.shape[1] not in lengths - {1})
    matrix = matrix if rows_first else matrix.T
    return float(np.sqrt(np.mean(np.var(matrix, axis=0)))) if len(matrix) > 1 else None


def gradient_sizes(examination: Examination) -> tuple[float, float] | None:
    """Return the size of the gradient of all weight matrices where the script starts, and its median at the probes."""
    loss = examination.descended
    prober, found = examination.prober, examination.found
    indices = [variable.index for variable in weights_of(examination)]
    updates = {index: found.own.ends[index] for index in indices if index in found.own.ends}
    start = {variable.index: variable.start for variable in found.parameters}
    matches = examination.verdicts.matches.get(loss, {})
    sizes = []
    for index in indices:
        match, values = matches.get(index), start[index]
        if (
            match is None
            or not match.scale
            or index not in updates
            or values is None
            or updates[index].shape != values.shape
        ):
            return None
        sizes.append((updates[index] - values) / match.scale)
    own = float(np.sqrt(sum(float(np.sum(size**2)) for size in sizes)))
    usual = [
        float(np.sqrt(sum(float(np.nansum(probe.gradients[loss][index] ** 2)) for index in indices)))
        for probe in examination.probes
        if loss in probe.gradients
    ]
    return (own, float(np.median(usual))) if usual and prober is not None else None


def _lowest_curvature(examination: Examination) -> float | None:
    """Return the smallest second difference of the loss at the start along some directions, per unit of length squared."""
    found = examination.found
    rng = np.random.default_rng(9)
    start = {variable.index: variable.start for variable in found.parameters if variable.start is not None}
    states = [found.step.define_state(start)]
    for _ in range(_DIRECTIONS):
        direction = {variable.index: rng.normal(size=variable.shape) for variable in weights_of(examination)}
        length = np.sqrt(sum(float(np.sum(part**2)) for part in direction.values()))
        for sign in (1, -1):
            moved = {
                index: start[index] + sign * _CURVATURE_STEP * part / length
                for index, part in direction.items()
                if index in start
            }
            states.append(found.step.define_state({**start, **moved}))
    base, *along = losses_at(examination, states)
    if base is None:
        return None
    lowest = None
    for sides in zip(along[::2], along[1::2], strict=True):
        if sides[0] is None or sides[1] is None:
            continue
        curvature = (sides[0] + sides[1] - 2 * base) / _CURVATURE_STEP**2
        lowest = curvature if lowest is None else min(lowest, curvature)
    return lowest
