"""The loss along the update that the script makes, at several moments of the run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from unstuck.doctor.scripts.late_state import after_steps
from unstuck.doctor.scripts.taped import REPORTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import Changes

_TINY = 1e-3
_SLOW = 0.05


@dataclass(frozen=True)
class Line:
    """The loss of one step's own rows along its update.

    Attributes:
        steps: How many steps the run had had.
        loss: The loss before the update.
        along: For each factor the loss with the update times that factor.
        slope: By how much the loss changes per factor 1, at the start of the update.
        ratio: The size of the update over the size of the weights.
        factor: What the gradient was multiplied with, None if the update is no multiple of it.
    """

    steps: int
    loss: float
    along: dict[float, float]
    slope: float
    ratio: float

    def keeps_promise(self, factor: float) -> bool:
        """Whether the loss falls by at least half of what its slope promises, as it must where a step is not too long."""
        return self.along.get(factor, math.inf) - self.loss <= 0.5 * factor * self.slope

    def best(self) -> float:
        """Return the largest factor that keeps its promise, 0 if none does."""
        return max((factor for factor in self.along if self.keeps_promise(factor)), default=0.0)


def how_to_follow(examination: Examination) -> dict[str, Any]:
    """Return what a replay needs to be told to follow the loss."""
    found = examination.found
    request: dict[str, Any] = {}
    if found.loss is not None:
        request |= {"loss": found.loss.key[0], "accumulates": found.loss.accumulates}
    if found.pair is not None:
        request["pair"] = found.pair.as_asked
    return request


def losses_at(examination: Examination, states: Sequence[int]) -> list[float | None]:
    """Return the loss that the script descends, of this step's rows, with the parameters of each state."""
    prober = examination.prober
    question: Changes = {"record": False, "hold": prober.holds()}
    question.update(cast("Changes", how_to_follow(examination)))
    traces = examination.found.step.replay_all([{**question, "state": state} for state in states])
    found = [prober.losses(trace) for trace in traces]
    losses = [each.get(examination.descended, each.get(REPORTED)) for each in found]
    return [loss if loss is not None and math.isfinite(loss) else None for loss in losses]


def line_at(examination: Examination, steps: int, factors: tuple[float, ...]) -> Line | None:
    """Follow the update of the step that comes after ``steps`` more; None if its state or its loss cannot be had."""
    found = examination.found
    parameters = [variable for variable in found.parameters if variable.start is not None]
    start: dict[int, NDArray[np.float64]] = {
        variable.index: variable.start for variable in parameters if variable.start is not None
    }
    carried = dict(start)
    if steps > 0:
        carried, _ = after_steps(found, steps)
        if any(index not in carried for index in start):
            return None
        start = {index: carried[index] for index in start}
    trace = found.step.replay(state=found.step.define_state(carried), ends=list(start), record=False)
    updates = {
        index: trace.ends[index] - values
        for index, values in start.items()
        if index in trace.ends and trace.ends[index].shape == values.shape
    }
    if not updates or not all(np.isfinite(update).all() for update in updates.values()):
        return None

    size = math.sqrt(sum(float(np.sum(values**2)) for values in start.values()))
    length = math.sqrt(sum(float(np.sum(update**2)) for update in updates.values()))
    if not length:
        return None
    tiny = _TINY * max(1e-6, size) / length

    def at(factor: float) -> int:
        values = {index: start[index] + factor * update for index, update in updates.items()}
        return found.step.define_state({**carried, **values})

    losses = [
        math.inf if loss is None else loss
        for loss in losses_at(examination, [at(factor) for factor in (0.0, tiny, -tiny, *factors)])
    ]
    loss, ahead, behind, *along = losses
    if not math.isfinite(loss):
        return None
    return Line(
        steps, loss, dict(zip(factors, along, strict=True)), (ahead - behind) / (2 * tiny), length / max(size, 1e-300)
    )


def is_slow(examination: Examination) -> bool:
    """Whether a replay takes so long that only a few can be afforded."""
    return examination.pace > _SLOW
