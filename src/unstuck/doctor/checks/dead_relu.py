"""Are there ReLU units that give zero for every row?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.initial_expressions import initial_expressions
from unstuck.doctor.checks.initial_values import (
    edit_of,
    is_matrix,
    is_vector,
    location_of_initial,
    redraw_edits,
)
from unstuck.doctor.checks.weight_roles import fan_in_axis, redraw, sources_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.activations import activations_of, units_and_rows
from unstuck.doctor.scripts.late_state import late_of
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.findings import Edit
    from unstuck.doctor.scripts.activations import Activation
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.script_step import StepVariable

_BADLY = 0.5
_WARN = 0.2
_SEVERE = 0.5
_FEW_ROWS = 8
_MOST_STEPS = 100


def check(examination: Examination) -> Iterator[Suspicion]:
    """A unit that is zero on all rows gets no gradient and cannot come back; one that is zero on many rows is just doing its work."""
    if examination.learning.closed(examination.written) > _BADLY:
        return
    broken = [
        activation for activation in activations_of(examination) if activation.is_broken and not activation.is_last
    ]
    if not broken:
        return
    late = late_of(examination)
    for state, found in (("late in the run", late), ("at the start", examination.found)):
        if found is None:
            continue
        for activation in broken:
            counted = _dead_units(examination, found, activation)
            if counted is not None and counted[0] >= _WARN * counted[1]:
                yield _suspicion(examination, activation, counted, state)
                return
    examination.checked.append("No more than a few ReLU units are dead.")


def _dead_units(examination: Examination, found: Identified, activation: Activation) -> tuple[int, int, int] | None:
    """Return how many units are zero on all rows that some steps show, of how many, and on how many rows."""
    steps = max(1, min(_MOST_STEPS, examination.learning.window))
    if steps > 1 or activation.batch is None:
        trace = found.step.replay(steps=steps, values=_of_several_steps(found, activation, steps))
    else:
        trace = found.own
    collected: list[NDArray[np.float64]] = []
    for step in range(steps):
        keys = [(site, occurrence + step * _per_step(found, site)) for site, occurrence in activation.outputs]
        if any(key not in trace.values for key in keys):
            break
        values = [trace.values[key] for key in keys]
        whole = np.array([value.item() for value in values]) if len(values) > 1 else values[0]
        collected.append(units_and_rows(activation, whole))
    if not collected:
        return None
    rows = np.concatenate(collected)
    if len(rows) < _FEW_ROWS and len(rows) < (
        1 if examination.learning.targets is None else len(examination.learning.targets)
    ):
        return None
    return int(np.sum(~np.any(rows != 0, axis=0))), rows.shape[1], len(rows)


def _per_step(found: Identified, site: int) -> int:
    return sum(key[0] == site for key in found.own.order)


def _of_several_steps(found: Identified, activation: Activation, steps: int) -> list[tuple[int, int]]:
    return [
        (site, occurrence + step * _per_step(found, site))
        for step in range(steps)
        for site, occurrence in activation.outputs
    ]


def _suspicion(
    examination: Examination, activation: Activation, counted: tuple[int, int, int], state: str
) -> Suspicion:
    dead, units, rows = counted
    site = examination.site_of(activation.outputs[0])
    sources = sources_of(examination, activation)
    guilty = [variable for variable in sources if _is_low(variable)] or [
        variable for variable in sources if is_matrix(variable)
    ]
    places = [place for variable in guilty if (place := location_of_initial(examination, variable)) is not None]
    edits: list[Edit] = []
    for variable in guilty:
        edits += _edits(examination, variable)
    finding = Finding(
        fault="dead-relu",
        message=f"{dead} of the {units} ReLU units of {site.name} give 0 for every row {state}. "
        "No gradient reaches their weights, so they stay dead.",
        location=places[0] if places else examination.location_of_site(site),
        evidence={
            "dead units": dead,
            "units": units,
            "rows looked at": rows,
            "degree": "severe" if dead >= _SEVERE * units else "some",
            "share of the gap to a constant prediction closed": examination.learning.closed(examination.written),
        },
        parameter=guilty[0].name if guilty else None,
        lines=tuple(sorted({place.line for place in places} | {examination.location_of_site(site).line})),
        remedies=(
            Remedy(
                "Draw the weights around zero with a standard deviation of sqrt(2/fan-in), start the biases at 0, "
                "and do not take too large steps.",
                tuple(edits),
            ),
        ),
    )
    scales = {
        variable.index: 0.0
        if is_vector(variable)
        else float(np.sqrt(2 / variable.shape[fan_in_axis(examination, variable)]))
        for variable in guilty
    }
    return Suspicion(
        finding, redraw(examination, "ReLU units alive at the start", scales) if scales else None, needs_proof=True
    )


def _is_low(variable: StepVariable) -> bool:
    """Whether most of a parameter is below zero where it should lie around it."""
    return variable.start is not None and float(np.mean(variable.start < 0)) > 0.9 and variable.size > 3  # noqa: PLR2004 (nine of ten; few may be so by chance)


def _edits(examination: Examination, variable: StepVariable) -> list[Edit]:
    if is_matrix(variable) and not is_vector(variable):
        return list(redraw_edits(examination, [(variable, fan_in_axis(examination, variable))]))
    expressions = initial_expressions(examination, variable)
    made = []
    for expression in expressions:
        text = (
            examination.source.text.splitlines()[expression.lineno - 1]
            .encode()[expression.col_offset : expression.end_col_offset]
            .decode()
        )
        made.append(edit_of(examination, expression, f"0 * ({text})"))
    return made
