"""Where parameters are measured: numbers drawn at random, of a size at which the outputs tell something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Trace

_SCALES = (1.0, 0.3, 0.1, 0.03, 0.01)
_SATURATED = 0.01
_UNSEEN = 0.3  # small enough for outputs that cannot be looked at not to be saturated
_WIDE = 50
_FAR = 100.0
_FARTHEST = 1e9
_ABOUT = 3.0


class DrawnStates:
    """Draws parameters.

    Args:
        found: The step.
        parameters: What is drawn.
        rng: Draws them.
    """

    def __init__(self, found: Identified, parameters: Sequence[StepVariable], rng: np.random.Generator) -> None:
        self._found = found
        self._step = found.step
        self._parameters = parameters
        self._rng = rng

    def values(self, scale: float) -> dict[int, NDArray[np.float64]]:
        """Return parameters whose outputs are of about the size of the inputs, times a scale."""
        return {
            variable.index: scale * _spread(variable) * self._rng.normal(size=variable.shape)
            for variable in self._parameters
        }

    def responsive_scale(self) -> float:
        """Return the largest scale of the weights at which the outputs are not saturated; one beyond 1 if linear outputs fall far short."""
        found = self._found
        if found.pair is None:
            return _UNSEEN
        for scale in _SCALES:
            trace = self._step.replay(state=self._step.define_state(self.values(scale)), pairs=True, ends=[])
            outputs = self.outputs_of(trace)
            if outputs is None or not np.isfinite(outputs).all():
                continue
            inside = (outputs > _SATURATED) & (outputs < 1 - _SATURATED)
            within = outputs.min() >= -1 and outputs.max() <= 1
            if not within or np.mean(inside | (outputs < -_SATURATED) & (outputs > -1 + _SATURATED)) > 0.5:  # noqa: PLR2004 (most of them)
                return scale * self._stretch(scale, trace, outputs)
        return 1.0

    def _stretch(self, scale: float, trace: Trace, outputs: NDArray[np.float64]) -> float:
        """Return by what to multiply weights for outputs as large as targets that are far larger; 1 if they are not, or nothing is linear.

        Beside a large error nothing is seen of what an update has of the weights, such as the wrong one of them.
        """
        pair = None if self._found.pair is None else trace.pairs.get(self._found.pair.key)
        if pair is None or self._found.pair is None:
            return 1.0
        targets = pair.left if self._found.pair.target == "left" else pair.right
        ratio = float(np.max(np.abs(targets))) / max(float(np.max(np.abs(outputs))), 1e-300)
        if not _FAR < ratio < _FARTHEST:
            return 1.0
        state = self._step.define_state(self.values(scale * ratio))
        larger = self.outputs_of(self._step.replay(state=state, pairs=True, ends=[]))
        grown = 0.0 if larger is None else float(np.max(np.abs(larger)) / np.max(np.abs(outputs)))
        return ratio if ratio / _ABOUT < grown < ratio * _ABOUT else 1.0

    def outputs_of(self, trace: Trace) -> NDArray[np.float64] | None:
        """Return the outputs where they meet the targets; None if they do not."""
        pair = None if self._found.pair is None else trace.pairs.get(self._found.pair.key)
        if pair is None or self._found.pair is None:
            return None
        return pair.right if self._found.pair.target == "left" else pair.left


def _spread(variable: StepVariable) -> float:
    """Return the standard deviation to draw a parameter from: weights by their fan-in as far as the shape tells it."""
    if len(variable.shape) < 2:  # noqa: PLR2004 (a matrix has two)
        return 0.8
    small, large = min(variable.shape[-2:]), max(variable.shape[-2:])
    return 1.2 / float(np.sqrt(max(1, min(4, small) if large < _WIDE else large / 8)))
