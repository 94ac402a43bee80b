"""Updates and gradients of a step at states drawn at random, never at the script's own: zeros and symmetry hide mistakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from unstuck.doctor.scripts.drawn_states import DrawnStates
from unstuck.doctor.scripts.held_updates import sites_by_parameter
from unstuck.doctor.scripts.taped import REPORTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.script_step import Changes, StepVariable
    from unstuck.doctor.scripts.trace import Key, Trace

Place = TypeVar("Place")

_STEP = 6e-6
_STEPS = (_STEP, -_STEP, _STEP / 2, -_STEP / 2)
_RELATIVE = 1e-5
_NOTHING = 1e-9
_TRUSTED_NOISE = 10.0
_COORDINATES = 12
_DRAWS = 6

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
        self._states = DrawnStates(found, self._parameters, self._rng)
        self._loss_request = self._how_to_follow_losses()
        self._scale: float | None = None
        self.tape_works = True
        self.trusted: set[str] | None = None

    @property
    def patience(self) -> float:
        """How many seconds to look for one thing: a replay by running from the start takes many times as long as a fork."""
        return max(10.0, 150 * self.step.seconds_of_a_replay)

    def _how_to_follow_losses(self) -> Changes:
        found = self.found
        request: Changes = {}
        if found.loss is not None:
            request["loss"] = found.loss.key[0]
            request["accumulates"] = found.loss.accumulates
        if found.pair is not None:
            request["pair"] = found.pair.as_asked
        return request

    def holds(self) -> dict[int, list[int]]:
        """Return what holds back every update, for a loss that is computed after it."""
        if self.found.loss is None or not self.found.loss.after_update:
            return {}
        return self.all_holds()

    def all_holds(self) -> dict[int, list[int]]:
        """Return for every site that changes parameters which ones it changes."""
        return sites_by_parameter((variable.index, self.found.sites_of(variable)) for variable in self._parameters)

    # ------------------------------------------------------------------ states

    def draw(self) -> Probe | None:
        """Draw a state and run the step from there; None if the script fails there."""
        if self._scale is None:
            self._scale = self._states.responsive_scale()
        for _ in range(_DRAWS):
            values = self._states.values(self._scale)
            state = self.step.define_state(values)
            request: Changes = {**self._loss_request, "state": state, "ends": self._indices, "pairs": True}
            trace = self.step.replay_all([request])[0]
            outputs = self._states.outputs_of(trace)
            if outputs is None or np.any(outputs):
                break  # a ReLU that is off for every sample has no gradient to compare with
        if not trace.is_whole:
            return None
        updates = {
            index: trace.ends[index] - values[index]
            for index in values
            if index in trace.ends and trace.ends[index].shape == values[index].shape
        }
        return Probe(state, values, trace, self.losses(trace), updates)

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
        return self._losses_of([{"state": probe.state, "shift": shift, "add": add}])[0]

    def _losses_of(self, moved: Sequence[Changes]) -> list[dict[str, float]]:
        """Return the candidate losses of replays in which something is moved, as far as they come to an end."""
        common: Changes = {
            "record": False, "stop": self._last_of_interest(), "hold": self.holds(), **self._loss_request,
        }  # fmt: skip
        traces = self.step.replay_all([{**common, **each} for each in moved])
        return [self.losses(trace) if trace.is_whole else {} for trace in traces]

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
        return self._all_quick_slopes(probe, [direction])[0]

    def _all_quick_slopes(
        self, probe: Probe, directions: Sequence[Mapping[int, NDArray[np.float64]]]
    ) -> list[dict[str, float]]:
        points = self._losses_of(
            [
                {"state": probe.state, "shift": {index: step * entry for index, entry in direction.items()}}
                for direction in directions
                for step in (_STEP, -_STEP)
            ]
        )
        return [
            {loss: (above.get(loss, np.nan) - below.get(loss, np.nan)) / (2 * _STEP) for loss in probe.losses}
            for above, below in zip(points[::2], points[1::2], strict=True)
        ]

    def slopes_of_value(
        self, probe: Probe, key: Key, directions: NDArray[np.float64]
    ) -> dict[str, NDArray[np.float64]]:
        """Return for each candidate loss its slopes along some directions of a value, by one central difference each."""
        points = self._losses_of(
            [{"state": probe.state, "add": {key: step * each}} for each in directions for step in (_STEP, -_STEP)]
        )
        return {
            loss: np.subtract(
                [point.get(loss, np.nan) for point in points[::2]], [point.get(loss, np.nan) for point in points[1::2]]
            )
            / (2 * _STEP)
            for loss in probe.losses
        }

    def slopes(
        self,
        probe: Probe,
        direction: Mapping[int, NDArray[np.float64]] | None = None,
        add: Mapping[Key, NDArray[np.float64]] | None = None,
    ) -> dict[str, tuple[float, float]]:
        """Return for each candidate loss its slope along a direction, by central differences at two steps, and its uncertainty."""
        return self.all_slopes(probe, [{"shift": direction, "add": add}])[0]

    def all_slopes(self, probe: Probe, directions: Sequence[Changes]) -> list[dict[str, tuple[float, float]]]:
        """Return :meth:`slopes` for each of several directions, given as the ``shift`` and the ``add`` of a replay."""
        points = self._losses_of(
            [
                {"state": probe.state, "shift": _times(step, each.get("shift")), "add": _times(step, each.get("add"))}
                for each in directions
                for step in _STEPS
            ]
        )
        each = len(_STEPS)
        return [_slopes(probe, points[start : start + each]) for start in range(0, len(points), each)]

    # ------------------------------------------------------------------ gradients

    def measure(self, probe: Probe) -> None:
        """Fill in the gradients: by the tape where measured slopes agree with it, by measuring single weights where not."""
        taped = self.taped(probe, [*PAIR_LOSSES, REPORTED]) if self.tape_works else {}
        checks = self._checks()
        measured = self.all_slopes(probe, [{"shift": check} for check in checks])
        trusted = {
            loss
            for loss in probe.losses
            if loss in taped
            and all(
                self._agrees(taped[loss]["variables"], check, there.get(loss))
                for check, there in zip(checks, measured, strict=True)
            )
        }
        for loss in trusted:
            probe.gradients[loss] = {
                index: np.asarray(taped[loss]["variables"][index], np.float64) for index in self._indices
            }
        if len(trusted) < len(probe.losses):
            self._measure_single_weights(probe, [loss for loss in probe.losses if loss not in trusted])
        for loss in probe.losses:
            probe.noise[loss] = max(
                (
                    _relative_noise(there.get(loss), check, probe.gradients.get(loss, {}))
                    for check, there in zip(checks, measured, strict=True)
                ),
                default=0.0,
            )
        self.trusted = trusted if self.trusted is None else self.trusted & trusted
        self.tape_works = bool(self.trusted)

    def taped(self, probe: Probe, losses: list[str], *, everything: bool = False) -> dict[str, Any]:
        """Return what the tape says, nothing if the script does not run on it."""
        trace = self.step.replay_all(
            [
                {
                    **self._loss_request, "state": probe.state, "record": False, "hold": self.holds(), "tape": self._indices,
                    "tape_losses": losses, "tape_values": everything, "ends": self._indices,
                }
            ]
        )[0]  # fmt: skip
        return trace.gradients if trace.is_whole else {}

    def _checks(self) -> list[dict[int, NDArray[np.float64]]]:
        """Return the directions in which slopes are measured: one for each parameter, or, where the tape has held before, one for all."""
        directions = {
            variable.index: self._rng.choice([-1.0, 1.0], size=variable.shape) / np.sqrt(max(1, variable.size))
            for variable in self._parameters
        }
        return [directions] if self.trusted else [{index: direction} for index, direction in directions.items()]

    def _agrees(
        self,
        taped: dict[int, NDArray[np.float64]],
        check: Mapping[int, NDArray[np.float64]],
        measured: tuple[float, float] | None,
    ) -> bool:
        if measured is None or any(
            index not in taped or taped[index].shape != direction.shape for index, direction in check.items()
        ):
            return False
        slope, noise = measured
        expected = sum(float(np.vdot(taped[index], direction)) for index, direction in check.items())
        size = max(abs(expected), 1e-3 * _norm(taped, check))
        return bool(np.isfinite(slope)) and abs(slope - expected) <= max(1e-4 * size, _TRUSTED_NOISE * noise, 1e-12)

    def _measure_single_weights(self, probe: Probe, losses: list[str]) -> None:
        for variable in self._parameters:
            for loss in losses:
                probe.gradients.setdefault(loss, {})[variable.index] = np.full(variable.shape, np.nan)
            positions = self._positions(variable, probe)
            directions = [
                {variable.index: np.eye(1, variable.size, position).reshape(variable.shape)} for position in positions
            ]
            for position, slopes in zip(positions, self._all_quick_slopes(probe, directions), strict=True):
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


def _times(
    step: float, direction: Mapping[Place, NDArray[np.float64]] | None
) -> dict[Place, NDArray[np.float64]] | None:
    return None if direction is None else {place: step * entry for place, entry in direction.items()}


def _slopes(probe: Probe, losses_there: Sequence[dict[str, float]]) -> dict[str, tuple[float, float]]:
    """Return for each candidate loss its slope and the uncertainty of that, from the losses at the four steps."""
    slopes = {}
    for loss, value in probe.losses.items():
        points = [losses.get(loss, np.nan) for losses in losses_there]
        coarse, fine = (points[0] - points[1]) / (2 * _STEP), (points[2] - points[3]) / _STEP
        rounding = 4 * float(np.spacing(abs(value))) / _STEP
        slopes[loss] = (fine, abs(coarse - fine) + rounding)
    return slopes


def _relative_noise(
    slope: tuple[float, float] | None,
    check: Mapping[int, NDArray[np.float64]],
    gradients: Mapping[int, NDArray[np.float64]],
) -> float:
    """Return the uncertainty of a slope relative to the gradient; a direction at right angles to it must not make it look large."""
    if slope is None or not np.isfinite(slope[0]):
        return np.inf
    size = max(abs(slope[0]), _norm(gradients, check))
    largest = max((_norm(gradients, {index: each}) for index, each in gradients.items()), default=0.0)
    return slope[1] / size if size > _NOTHING * largest else 0.0  # no uncertainty tells anything of what is nothing


def _norm(gradients: Mapping[int, NDArray[np.float64]], check: Mapping[int, NDArray[np.float64]]) -> float:
    """Return the norm of the gradients of the parameters that a direction moves, as large as what was measured of them lets expect."""
    total = 0.0
    with np.errstate(over="ignore"):  # a script that overflows is no reason for us to warn
        for gradient in (gradients[index] for index in check if index in gradients):
            measured = gradient[np.isfinite(gradient)]
            total += gradient.size * float(np.mean(np.square(measured))) if measured.size else 0.0
    return float(np.sqrt(total))
