"""What the outputs of a network can reach, whatever its weights are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.training_data import meetings, outputs_and_targets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination

_SCALES = (3.0, 30.0, 300.0)
_STATES = 3
_GROWS = 1.02


@dataclass(frozen=True)
class Reach:
    """The bounds of the outputs.

    Attributes:
        lower: The lowest that an output can be, minus infinity if there is no bound.
        upper: The highest.
    """

    lower: float
    upper: float

    @property
    def is_bounded(self) -> bool:
        """Whether there is any bound."""
        return bool(np.isfinite(self.lower) or np.isfinite(self.upper))

    def distance(self, targets: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far each target is out of reach."""
        return np.maximum(0.0, np.maximum(self.lower - targets, targets - self.upper))


def reach_of(examination: Examination) -> Reach:
    """Return what the outputs can reach: bounds that do not move when all weights become ten and a hundred times as large."""
    found: Reach | None = examination.notes.get("reach")
    if found is None:
        found = examination.notes["reach"] = _measure(examination)
    return found


def _measure(examination: Examination) -> Reach:
    found = examination.found
    trained = [variable for variable in found.parameters if variable.index in found.updates and variable.index in examination.probes[0].values]
    if found.pair is None or not trained:
        return Reach(-np.inf, np.inf)
    lows, highs = [], []
    for scale in _SCALES:
        seen = [
            outputs
            for number in range(_STATES)
            for outputs in _outputs(examination, {v.index: _drawn(v.shape, scale, number * 97 + v.index) for v in trained})
        ]
        if not seen:
            return Reach(-np.inf, np.inf)
        lows.append(min(float(each.min()) for each in seen))
        highs.append(max(float(each.max()) for each in seen))
    return Reach(_bound(lows, -1), _bound(highs, 1))


def _drawn(shape: tuple[int, ...], scale: float, seed: int) -> NDArray[np.float64]:
    return scale * np.random.default_rng(seed).normal(size=shape)


def _outputs(examination: Examination, values: dict[int, NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """Return the outputs of one step from a state, those that are finite numbers throughout."""
    step = examination.found.step
    trace = step.replay(state=step.define_state(values), pairs=True, record=False)
    outputs = [outputs_and_targets(examination, pair)[0] for pair in meetings(examination, trace)]
    return [each for each in outputs if each.size and np.isfinite(each).all()]


def _bound(extremes: list[float], sign: int) -> float:
    """Return the bound that the extremes at three scales of the weights show, infinite if they go on growing."""
    low, middle, high = (sign * each for each in extremes)
    if high > max(low, middle) + (_GROWS - 1) * max(1.0, abs(middle)) or middle > low + max(1.0, abs(low)):
        return sign * np.inf
    top = max(low, middle, high)
    if middle < low - (_GROWS - 1) * max(1.0, abs(low)) and high < middle:
        return sign * np.inf  # it sinks with larger weights: no bound was met, only a sign
    return sign * top
