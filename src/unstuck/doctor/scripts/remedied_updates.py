"""Remedies that act on the updates of a running script: scaled, by another rule, from other initial weights, or held back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.added_biases import AddedBiases
from unstuck.doctor.scripts.held_updates import owner
from unstuck.doctor.scripts.taped import REPORTED, TapedStep
from unstuck.doctor.scripts.values import like, put
from unstuck.doctor.scripts.variables import Variable, as_floats, read, replace, write

if TYPE_CHECKING:
    from types import FrameType

    from numpy.typing import NDArray

_DECAY = 0.9
_FIRST_STEP, _LARGEST_STEP, _SMALLEST_STEP = 0.1, 5.0, 1e-6


class RemediedUpdates:
    """Changes what a step has done to the parameters.

    Args:
        order: ``variables``: the parameters, as ``[name, steps]``. ``scale``: what to multiply each update by; ``scales``:
            likewise for single parameters by their number. ``rule``: None, ``rmsprop`` (with ``rate``) or ``irprop-``, which take the
            update for a multiple of the negative gradient. ``initial``: None, or for each parameter by its number what to start from.
            ``redraw``: None, or for each parameter by its number the standard deviation of the normal distribution to draw it from,
            0 for zeros; ``seed``: of these draws. ``hold``: for each site that changes parameters, their numbers. ``gradient``: None,
            or the loss whose own gradient is to be descended, with ``rates``, one for each parameter, and ``biases`` to be added, as
            ``[site, axis, units, parameter]``, see :class:`AddedBiases`. ``is_known_once``: whether the loss is complete when it
            appears first within a step, so that nothing behind it needs the tape.
    """

    def __init__(self, order: dict[str, Any]) -> None:
        self._variables = [
            Variable(name, tuple((kind, key) for kind, key in steps)) for name, steps in order["variables"]
        ]
        self._scale: float = order.get("scale", 1.0)
        self._scales: dict[int, float] = {int(i): float(scale) for i, scale in (order.get("scales") or {}).items()}
        self._rule: str | None = order.get("rule")
        self._rate: float = order.get("rate", 0.01)
        self._initial: dict[int, NDArray[np.float64]] = {int(i): a for i, a in (order.get("initial") or {}).items()}
        self._redraw: dict[int, float] = {int(i): float(scale) for i, scale in (order.get("redraw") or {}).items()}
        self._seed: int = order.get("seed", 0)
        self.held: dict[int, list[int]] = {int(site): indices for site, indices in (order.get("hold") or {}).items()}
        self._gradient: str | None = order.get("gradient")
        self._rates: list[float] = order.get("rates") or []
        self._is_known_once: bool = order.get("is_known_once", False)
        self._biases = AddedBiases({site: tuple(more) for site, *more in order.get("biases") or []})
        self.biased = self._biases.sites
        self.tape: TapedStep | None = None
        self._kinds: dict[int, str] = {}
        self._old: dict[int, NDArray[np.float64]] = {}
        self._pending: dict[int, NDArray[np.float64]] = {}
        self._state: dict[int, Any] = {}

    def start(self, frame: FrameType) -> None:
        """Put the initial weights in."""
        for index, numbers in self._initial.items():
            write(frame, self._variables[index], numbers)
        rng = np.random.default_rng(self._seed + 7)
        for index, scale in self._redraw.items():
            old = as_floats(read(frame, self._variables[index]))
            if old is not None:
                write(frame, self._variables[index], scale * rng.normal(size=old.shape))

    def begin_step(self, frame: FrameType) -> None:
        """Remember where the step starts."""
        for index, variable in enumerate(self._variables):
            numbers = as_floats(read(frame, variable))
            if numbers is not None:
                self._old[index] = numbers.copy()
        if self._gradient is not None:
            self.tape = TapedStep()
            self._biases.begin_step()
            for index, variable in enumerate(self._variables):
                self._kinds[index] = _kind_of(read(frame, variable))
                replace(frame, variable, self.tape.follow(index, read(frame, variable)))

    def note_loss(self, value: Any) -> None:
        """Remember the reported loss for the tape."""
        if self.tape is not None:
            self.tape.note_loss(value)
            if self._is_known_once and self._gradient == REPORTED:
                self.tape.rest()

    def note_pair(self, outputs: Any, targets: Any) -> None:
        """Remember a meeting of outputs and targets for the tape."""
        if self.tape is not None:
            self.tape.note_pair(outputs, targets)
            if self._is_known_once and self._gradient != REPORTED:
                self.tape.rest()

    def with_bias(self, site: int, value: Any) -> Any:
        """Return a product with the bias that the remedy adds."""
        return value if self.tape is None else self._biases.added(site, value, self.tape)

    def hold_back(self, site: int, value: Any) -> Any:
        """Give back the old value and keep the change for the end of the step."""
        new = as_floats(value)
        index = None if new is None else owner(self.held[site], self._old, new, self._pending)
        if new is None or index is None:
            return value
        old = self._old[index]
        change = new - old
        self._pending[index] = self._pending[index] + change if index in self._pending else change
        if isinstance(value, np.ndarray | list) and put(value, old):
            return value
        return like(value, old)

    def end_step(self, frame: FrameType) -> None:
        """Change the parameters as the remedy has it."""
        for index, change in self._pending.items():
            write(frame, self._variables[index], self._old[index] + change)
        self._pending = {}
        if self.tape is not None and self._gradient is not None:
            self._descend(frame, self.tape, self._gradient)
        if self._scale == 1.0 and not self._scales and self._rule is None:
            return
        for index, variable in enumerate(self._variables):
            old = self._old.get(index)
            new = as_floats(read(frame, variable))
            if old is None or new is None or new.shape != old.shape:
                continue
            write(frame, variable, old + self._changed(index, self._scales.get(index, self._scale) * (new - old)))

    def rest(self) -> None:
        """Let the parameters stay as they are from now on."""
        self._scale, self._scales, self._rule, self._gradient = 0.0, {}, None, None

    def _descend(self, frame: FrameType, tape: TapedStep, loss: str) -> None:
        """Put the parameters where the true gradient leads, as plain arrays again."""
        found = tape.report([loss], accumulates=False, everything=False)[loss]["variables"]
        self._biases.descend(found, self._rates)
        for index, variable in enumerate(self._variables):
            old, gradient = self._old.get(index), found.get(str(index))
            if old is None:
                continue
            new = old if gradient is None else old - self._rates[index] * gradient
            kind, kept = self._kinds.get(index), read(frame, variable)
            if isinstance(kept, list):  # ``values += array`` makes an array of a list
                kept[:] = [np.array(entry) for entry in new] if kind == "arrays" else new.tolist()
            else:
                replace(frame, variable, float(new) if kind == "number" else np.array(new))

    def _changed(self, index: int, update: NDArray[np.float64]) -> NDArray[np.float64]:
        if self._rule == "rmsprop":
            mean_square = _DECAY * self._state.get(index, update * update) + (1 - _DECAY) * update * update
            self._state[index] = mean_square
            change: NDArray[np.float64] = self._rate * update / (np.sqrt(mean_square) + 1e-12)
            return change
        if self._rule == "irprop-":
            return self._resilient(index, update)
        return update

    def _resilient(self, index: int, update: NDArray[np.float64]) -> NDArray[np.float64]:
        """Igel and Hüsken's iRprop- (2003) on the sign of the update."""
        steps, before = self._state.get(index, (np.full(update.shape, _FIRST_STEP), np.zeros(update.shape)))
        agreement = np.sign(update) * before
        steps = np.clip(
            steps * np.where(agreement > 0, 1.2, np.where(agreement < 0, 0.5, 1.0)), _SMALLEST_STEP, _LARGEST_STEP
        )
        direction = np.where(agreement < 0, 0.0, np.sign(update))
        self._state[index] = (steps, direction)
        change: NDArray[np.float64] = direction * steps
        return change


def _kind_of(value: Any) -> str:
    """Return how a parameter is kept."""
    if isinstance(value, list):
        return "arrays" if value and isinstance(value[0], np.ndarray) else "list"
    return "array" if isinstance(value, np.ndarray) else "number"
