"""Updates and gradients of a step at states drawn at random, never at the script's own: zeros and symmetry hide mistakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.taped import REPORTED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Key, Trace

_STEP = 6e-6
_RELATIVE = 1e-5
_TRUSTED_NOISE = 10.0
_COORDINATES = 12
_SCALES = (1.0, 0.3, 0.1, 0.03, 0.01)
_SATURATED = 0.01
_WIDE = 50

PAIR_LOSSES = ("half_sum", "mae", "bce", "ce", "softmax-ce-0", "softmax-ce-1")


@dataclass
class Probe:
    """One state, and what the step does there.

    Attributes:
        state: Its number in the step.
        values: The parameters there.
        trace: The step run from there.
        losses: The candidate losses there.
        updates: What the step adds to each parameter.
        gradients: For each candidate loss and parameter the gradient, NaN where it was not measured.
        noise: For each candidate loss the relative uncertainty of its gradients.
    """

    state: int
    values: dict[int, NDArray[np.float64]]
    trace: Trace
    losses: dict[str, float]
    updates: dict[int, NDArray[np.float64]]
    gradients: dict[str, dict[int, NDArray[np.float64]]] = field(default_factory=dict)
    noise: dict[str, float] = field(default_factory=dict)


class Prober:
    """Draws states and measures there."""

    def __init__(self, found: Identified) -> None:
        self.found = found
        self.step = found.step
        self._rng = np.random.default_rng(21)
        self._parameters = [
            variable for variable in found.parameters if not variable.is_integer or variable.shape != ()
        ]
        self._indices = [variable.index for variable in self._parameters]
        self._loss_request = self._how_to_follow_losses()
        self._scale: float | None = None
        self.tape_works = True
        self.trusted: set[str] | None = None

    @property
    def patience(self) -> float:
        """How many seconds to look for one thing: a replay by running from the start takes many times as long as a fork."""
        return max(10.0, 150 * self.step.seconds_of_a_replay)

    def _how_to_follow_losses(self) -> dict[str, Any]:
        found = self.found
        request: dict[str, Any] = {}
        if found.loss is not None:
            request |= {"loss": found.loss.key[0], "accumulates": found.loss.accumulates}
        if found.pair is not None:
            request["pair"] = [found.pair.key[0], found.pair.target]
        return request

    def holds(self) -> dict[int, int]:
        """Return what holds back every update, for a loss that is computed after it."""
        if self.found.loss is None or not self.found.loss.after_update:
            return {}
        return self.all_holds()

    def all_holds(self) -> dict[int, int]:
        """Return for every site that changes a parameter which one it changes."""
        return {site: variable.index for variable in self._parameters for site in self.found.sites_of(variable)}

    # ------------------------------------------------------------------ states

    def draw(self) -> Probe | None:
        """Draw a state and run the step from there; None if the script fails there."""
        if self._scale is None:
            self._scale = self._responsive_scale()
        values = self._values(self._scale)
        state = self.step.define_state(values)
        trace = self.step.replay(state=state, ends=self._indices, pairs=True, **self._loss_request)
        if not trace.is_whole:
            return None
        updates = {
            index: trace.ends[index] - values[index]
            for index in values
            if index in trace.ends and trace.ends[index].shape == values[index].shape
        }
        return Probe(state, values, trace, self.losses(trace), updates)

    def _values(self, scale: float) -> dict[int, NDArray[np.float64]]:
        return {
            variable.index: scale * _spread(variable) * self._rng.normal(size=variable.shape)
            for variable in self._parameters
        }

    def _responsive_scale(self) -> float:
        """Return the largest scale of the weights at which the outputs are not saturated."""
        found = self.found
        if found.pair is None:
            return 1.0
        for scale in _SCALES:
            trace = self.step.replay(state=self.step.define_state(self._values(scale)), pairs=True, ends=[])
            pair = trace.pairs.get(found.pair.key)
            if pair is None:
                continue
            outputs = pair.right if found.pair.target == "left" else pair.left
            inside = (outputs > _SATURATED) & (outputs < 1 - _SATURATED)
            within = outputs.min() >= -1 and outputs.max() <= 1
            if not within or np.mean(inside | (outputs < -_SATURATED) & (outputs > -1 + _SATURATED)) > 0.5:  # noqa: PLR2004 (most of them)
                return scale
        return 1.0

    # ------------------------------------------------------------------ losses

    def losses(self, trace: Trace) -> dict[str, float]:
        """Return the candidate losses that a replay has told."""
        losses = dict(trace.pair_losses)
        if self.found.loss is not None and trace.loss:
            losses[REPORTED] = trace.loss[-1] if self.found.loss.accumulates else float(np.sum(trace.loss))
        return losses

    def losses_at(
        self,
        probe: Probe,
        shift: Mapping[int, NDArray[np.float64]] | None = None,
        add: Mapping[Key, NDArray[np.float64]] | None = None,
    ) -> dict[str, float]:
        """Return the candidate losses with something moved a little."""
        trace = self.step.replay(
            state=probe.state,
            shift=shift,
            add=add,
            record=False,
            stop=self._last_of_interest(),
            hold=self.holds(),
            **self._loss_request,
        )
        return self.losses(trace) if trace.is_whole else {}

    def _last_of_interest(self) -> Key | None:
        """Return the value after which no loss changes any more."""
        found = self.found
        keys = [] if found.loss is None else [found.loss.key]
        if found.pair is not None:
            keys.append(
                max(
                    (key for key in found.base.order if key[0] == found.pair.key[0]),
                    key=lambda key: found.base.order[key],
                )
            )
        return (
            max(keys, key=lambda key: found.base.order.get(key, 0))
            if all(key in found.base.order for key in keys)
            else None
        )

    def quick_slopes(self, probe: Probe, direction: Mapping[int, NDArray[np.float64]]) -> dict[str, float]:
        """Return for each candidate loss its slope along a direction, by one central difference."""
        above = self.losses_at(probe, {index: _STEP * entry for index, entry in direction.items()})
        below = self.losses_at(probe, {index: -_STEP * entry for index, entry in direction.items()})
        return {loss: (above.get(loss, np.nan) - below.get(loss, np.nan)) / (2 * _STEP) for loss in probe.losses}

    def slopes(
        self,
        probe: Probe,
        direction: Mapping[int, NDArray[np.float64]] | None = None,
        add: Mapping[Key, NDArray[np.float64]] | None = None,
    ) -> dict[str, tuple[float, float]]:
        """Return for each candidate loss its slope along a direction, by central differences at two steps, and its uncertainty."""

        def at(step: float) -> dict[str, float]:
            return self.losses_at(
                probe,
                None if direction is None else {index: step * entry for index, entry in direction.items()},
                None if add is None else {key: step * entry for key, entry in add.items()},
            )

        above, below, near_above, near_below = at(_STEP), at(-_STEP), at(_STEP / 2), at(-_STEP / 2)
        slopes = {}
        for loss, value in probe.losses.items():
            points = [points.get(loss, np.nan) for points in (above, below, near_above, near_below)]
            coarse, fine = (points[0] - points[1]) / (2 * _STEP), (points[2] - points[3]) / _STEP
            rounding = 4 * float(np.spacing(abs(value))) / _STEP
            slopes[loss] = (fine, abs(coarse - fine) + rounding)
        return slopes

    # ------------------------------------------------------------------ gradients

    def measure(self, probe: Probe) -> None:
        """Fill in the gradients: by the tape where measured slopes agree with it, by measuring single weights where not."""
        taped = self.taped(probe, [*PAIR_LOSSES, REPORTED]) if self.tape_works else {}
        checks = {variable.index: self._direction(variable) for variable in self._parameters}
        measured = {index: self.slopes(probe, {index: direction}) for index, direction in checks.items()}
        trusted = {
            loss
            for loss in probe.losses
            if loss in taped
            and all(
                self._agrees(taped[loss]["variables"], index, checks[index], measured[index].get(loss))
                for index in checks
            )
        }
        for loss in trusted:
            probe.gradients[loss] = {index: np.asarray(taped[loss]["variables"][index], np.float64) for index in checks}
        for loss in probe.losses:
            known = probe.gradients.get(loss, {})
            probe.noise[loss] = max(
                (_relative_noise(measured[index].get(loss), known.get(index)) for index in checks), default=0.0
            )
        if len(trusted) < len(probe.losses):
            self._measure_single_weights(probe, [loss for loss in probe.losses if loss not in trusted])
        self.trusted = trusted if self.trusted is None else self.trusted & trusted
        self.tape_works = bool(self.trusted)

    def taped(self, probe: Probe, losses: list[str], *, everything: bool = False) -> dict[str, Any]:
        """Return what the tape says, nothing if the script does not run on it."""
        trace = self.step.replay(
            state=probe.state,
            record=False,
            hold=self.holds(),
            tape=self._indices,
            tape_losses=losses,
            tape_values=everything,
            ends=self._indices,
            **self._loss_request,
        )
        return trace.gradients if trace.is_whole else {}

    def _direction(self, variable: StepVariable) -> NDArray[np.float64]:
        return self._rng.choice([-1.0, 1.0], size=variable.shape) / np.sqrt(max(1, variable.size))

    def _agrees(
        self,
        taped: dict[int, NDArray[np.float64]],
        index: int,
        direction: NDArray[np.float64],
        measured: tuple[float, float] | None,
    ) -> bool:
        if measured is None or index not in taped or taped[index].shape != direction.shape:
            return False
        slope, noise = measured
        expected = float(np.vdot(taped[index], direction))
        size = max(abs(expected), 1e-3 * float(np.linalg.norm(taped[index])))
        return bool(np.isfinite(slope)) and abs(slope - expected) <= max(1e-4 * size, _TRUSTED_NOISE * noise, 1e-12)

    def _measure_single_weights(self, probe: Probe, losses: list[str]) -> None:
        for variable in self._parameters:
            for loss in losses:
                probe.gradients.setdefault(loss, {})[variable.index] = np.full(variable.shape, np.nan)
            for position in self._positions(variable, probe):
                direction = np.zeros(variable.size)
                direction[position] = 1.0
                slopes = self.quick_slopes(probe, {variable.index: direction.reshape(variable.shape)})
                for loss in losses:
                    probe.gradients[loss][variable.index].reshape(-1)[position] = slopes.get(loss, np.nan)

    def _positions(self, variable: StepVariable, probe: Probe) -> NDArray[np.int64]:
        """Return which weights to measure: all of a few, else some of those that the step moves."""
        if variable.size <= _COORDINATES:
            return np.arange(variable.size)
        update = probe.updates.get(variable.index)
        moved = np.flatnonzero(update) if update is not None else np.arange(variable.size)
        among = moved if moved.size >= _COORDINATES else np.arange(variable.size)
        return np.sort(np.random.default_rng(3).choice(among, _COORDINATES, replace=False))


def _spread(variable: StepVariable) -> float:
    """Return the standard deviation to draw a parameter from: weights by their fan-in as far as the shape tells it."""
    if len(variable.shape) < 2:  # noqa: PLR2004 (a matrix has two)
        return 0.8
    small, large = min(variable.shape[-2:]), max(variable.shape[-2:])
    return 1.2 / float(np.sqrt(max(1, min(4, small) if large < _WIDE else large / 8)))


def _relative_noise(slope: tuple[float, float] | None, gradient: NDArray[np.float64] | None) -> float:
    """Return the uncertainty of a slope relative to the gradient; a direction at right angles to it must not make it look large."""
    if slope is None or not np.isfinite(slope[0]):
        return np.inf
    size = max(abs(slope[0]), 0.0 if gradient is None else float(np.linalg.norm(gradient)))
    return slope[1] / size if size else 0.0
