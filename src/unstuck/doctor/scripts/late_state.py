"""The training step near the end of the run: what the weights have become may be the trouble."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.script_step import ScriptStep, StepVariable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.trace import Trace

_SECONDS = 1.0
_FIRST = 16
_MOST = 20_000


class StepFrom(ScriptStep):
    """A frozen step of which every replay starts from other values than those it was frozen with.

    Args:
        step: The frozen step.
        values: What its variables hold instead, by their number.
    """

    def __init__(self, step: ScriptStep, values: Mapping[int, NDArray[np.float64]]) -> None:
        self._step = step
        self._values = dict(values)
        self._own_state = step.define_state(values)
        self.loop, self.iteration = step.loop, step.iteration
        self.variables = tuple(
            replace(variable, start=values[variable.index]) if variable.index in values else variable
            for variable in step.variables
        )

    @property
    def replays(self) -> int:  # type: ignore[override]  # counted by the step it rests on
        """How many replays there were."""
        return self._step.replays

    def define_state(self, values: Mapping[int, NDArray[np.float64]]) -> int:
        """Keep values of some variables, the others as late as they are."""
        return self._step.define_state({**self._values, **values})

    def replay(self, *, state: int | None = None, **more: Any) -> Trace:
        """Run the step once more with something changed."""
        return self._step.replay(state=self._own_state if state is None else state, **more)


def after_steps(found: Identified, steps: int) -> tuple[dict[int, NDArray[np.float64]], Trace]:
    """Return what the parameters and the optimizer's memory hold after some steps of the script as it is written, and the trace."""
    wanted = [variable for variable in (*found.parameters, *found.state) if not variable.is_integer]
    trace = found.step.replay(ends=[variable.index for variable in wanted], record=False, steps=steps)
    values = {
        variable.index: trace.ends[variable.index]
        for variable in wanted
        if variable.index in trace.ends
        and trace.ends[variable.index].shape == variable.shape
        and np.isfinite(trace.ends[variable.index]).all()
    }
    return values, trace


def at_values(found: Identified, values: Mapping[int, NDArray[np.float64]]) -> Identified | None:
    """Return the step with its variables at other values; None if it does not run from there."""
    step = StepFrom(found.step, values)
    numbers: dict[int, StepVariable] = {variable.index: variable for variable in step.variables}
    parameters = tuple(numbers[variable.index] for variable in found.parameters)
    own = step.replay(ends=[variable.index for variable in parameters], pairs=True)
    if not own.is_whole:
        return None
    return replace(
        found,
        step=step,
        parameters=parameters,
        state=tuple(numbers[variable.index] for variable in found.state),
        own=own,
    )


def late_of(examination: Examination, seconds: float = _SECONDS) -> Identified | None:
    """Return the step as late in the run as can be reached in time, or where the script ends; found at the first call.

    A run that does not stay finite is followed for a third of the way to where it breaks.
    ``examination.notes["late steps"]`` tells how many steps
    that is.
    """
    if examination.late is None and "late steps" not in examination.notes:
        examination.notes["late steps"] = 0
        steps = _how_many(examination, seconds)
        if steps > 0:
            values, trace = after_steps(examination.found, steps)
            if trace.reason in ("step", "ended") and all(
                variable.index in values for variable in examination.found.parameters if not variable.is_integer
            ):
                examination.late = at_values(examination.found, values)
                examination.notes["late steps"] = steps
    return examination.late


def _how_many(examination: Examination, seconds: float) -> int:
    found, written = examination.found, examination.written
    most = max(1, written.steps - found.step.iteration)
    if written.first_non_finite is not None:
        most = max(1, (written.first_non_finite - found.step.iteration) // 3)
    if examination.scouted.reason == "ended":
        most = min(most, examination.scouted.counts[found.step.loop] - found.step.iteration)
    if most <= _FIRST:
        return most
    _, trace = after_steps(found, _FIRST)
    return min(most, _MOST, max(_FIRST, int(seconds * _FIRST / max(trace.seconds, 1e-4))))
