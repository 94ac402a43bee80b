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
_STATES = 8
_FEWEST_STATES = 3
_ENOUGH = 24
_GROWS = 1.5
_CLOSE = 1e-3
_PILED = 0.05


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
    trained = [
        variable
        for variable in found.parameters
        if variable.index in found.updates and variable.index in examination.probes[0].values
    ]
    if found.pair is None or not trained:
        return Reach(-np.inf, np.inf)
    ranges, last = [], np.zeros(0)
    for scale in _SCALES:
        seen: list[NDArray[np.float64]] = []
        for numbers in (range(_FEWEST_STATES), range(_FEWEST_STATES, _STATES)):
            states = [
                {each.index: _drawn(each.shape, scale, number * 97 + each.index) for each in trained}
                for number in numbers
            ]
            seen += _outputs(examination, states)
            if sum(outputs.size for outputs in seen) >= _ENOUGH:
                break
        if not seen:
            return Reach(-np.inf, np.inf)
        last = np.concatenate([outputs.ravel() for outputs in seen])
        ranges.append((min(float(each.min()) for each in seen), max(float(each.max()) for each in seen)))
    return _bounds(ranges, last)


def _drawn(shape: tuple[int, ...], scale: float, seed: int) -> NDArray[np.float64]:
    return scale * np.random.default_rng(seed).normal(size=shape)


def _outputs(examination: Examination, states: list[dict[int, NDArray[np.float64]]]) -> list[NDArray[np.float64]]:
    """Return the outputs of one step from each of some states, those that are finite numbers throughout."""
    step = examination.found.step
    traces = step.replay_all(
        [{"state": step.define_state(values), "pairs": True, "record": False} for values in states]
    )
    outputs = [outputs_and_targets(examination, pair)[0] for trace in traces for pair in meetings(examination, trace)]
    return [each for each in outputs if each.size and np.isfinite(each).all()]


def _bounds(ranges: list[tuple[float, float]], last: NDArray[np.float64]) -> Reach:
    """Return the bounds that the outputs at three scales of the same weights show.

    There is none where the outputs go on growing with the weights, nor where they do not pile up at it when the weights are largest.
    """
    *before, (low, high) = ranges
    lowest, highest = min(each[0] for each in before), max(each[1] for each in before)
    width = highest - lowest
    if not width:
        return Reach(-np.inf, np.inf)
    lower, upper = min(low, lowest), max(high, highest)
    is_low = low >= lowest - _GROWS * width and float(np.mean(last <= lower + _CLOSE * width)) >= _PILED
    is_high = high <= highest + _GROWS * width and float(np.mean(last >= upper - _CLOSE * width)) >= _PILED
    return Reach(lower if is_low else -np.inf, upper if is_high else np.inf)
