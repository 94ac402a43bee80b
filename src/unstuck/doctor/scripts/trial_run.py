"""A run of the script for many steps, with at most its updates changed: as it is written, or as a remedy would have it."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.agent import Agent, assigned_part, frame_of_script
from unstuck.doctor.scripts.curves import Curve
from unstuck.doctor.scripts.remedied_updates import RemediedUpdates
from unstuck.doctor.scripts.surrogates import pair_losses
from unstuck.doctor.scripts.values import number
from unstuck.doctor.scripts.variables import as_floats

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

_MOST_NON_FINITE = 50


class TrialRun(Agent):
    """Runs up to ``horizon`` steps of the training loop, going on past the script's last iteration where it can.

    Args:
        order: ``loop``: the training loop. ``extend``: loops that may run on. ``horizon``: steps. ``time``: seconds.
            ``loss``: the site of the reported loss, or None. ``resets``: sites that set an accumulated loss back.
            ``pair``: the subtraction of outputs and targets and which side the targets are on, or None. ``kind``: which loss of the
            pair to follow. ``updates``: how to change the updates, see :class:`RemediedUpdates`. ``go_on``: whether to run past
            the script's own last iteration. ``enough``: a loss at which there is no need to go on, with ``window``, how many losses to
            average. ``rest``: how many steps to go on after the last with the parameters as they are then, for the loss there.
        finish: Sends the report and ends the process.
    """

    def __init__(self, order: dict[str, Any], finish: Callable[[dict[str, Any]], None]) -> None:
        self._finish = finish
        self._loop: int = order["loop"]
        self._extend = frozenset(order["extend"])
        self._horizon: int = order["horizon"]
        self._seconds: float = order["time"]
        self._loss: int | None = order["loss"]
        self._resets = frozenset(order["resets"])
        self._pair: tuple[int, str] | None = tuple(order["pair"]) if order["pair"] else None
        self._kind: str = order["kind"]
        self._updates = RemediedUpdates(order["updates"]) if order["updates"] else None
        self._go_on: bool = order.get("go_on", True)
        self._enough: float | None = order.get("enough")
        self._rest: int = order.get("rest", 0)
        self._resting: list[float] | None = None
        self._weight = 1.0 / max(20, order.get("window", 1))
        self._average: float | None = None
        self._own_steps: int | None = None
        self._started: float | None = None
        self._steps = 0
        self._open = False
        self._total = 0.0
        self._curve = Curve()
        self._follow_pair = self._loss is None
        self._non_finite = 0
        self._first_non_finite: int | None = None

    def value(self, site: int, value: Any) -> Any:
        """Follow the loss; hold back updates."""
        if site == self._loss:
            if self._updates is not None:
                self._updates.note_loss(value)
            single = number(value)
            if single is not None:
                self._note(single - self._total if self._resets else single)
                self._total = single
        elif site in self._resets:
            self._total = number(value) or 0.0
        if self._updates is not None and site in self._updates.held:
            return self._updates.hold_back(site, value)
        if self._updates is not None and site in self._updates.biased and self._open:
            return self._updates.with_bias(site, value)
        return value

    def difference(self, site: int, left: Any, right: Any) -> Any:
        """Follow the loss of outputs and targets where the script reports none."""
        if self._pair is not None and site == self._pair[0]:
            sides = (right, left) if self._pair[1] == "left" else (left, right)
            if self._updates is not None:
                self._updates.note_pair(*sides)
            if self._follow_pair:
                self._note_pair(*sides)
        return self.value(site, left - right)

    def _note_pair(self, outputs: Any, targets: Any) -> None:
        given, wanted = as_floats(outputs), as_floats(targets)
        if given is not None and wanted is not None:
            self._note(pair_losses(given, wanted).get(self._kind, math.nan) / max(1, np.size(given)))

    def item(self, site: int, root: Any, indices: tuple[Hashable, ...]) -> None:
        """Hold back updates that are made in place."""
        if self._updates is not None and site in self._updates.held:
            self._updates.hold_back(site, assigned_part(root, indices))

    def _note(self, loss: float) -> None:
        if self._resting is not None:
            self._resting.append(loss)
            return
        if math.isfinite(loss):
            self._non_finite = 0
        else:
            self._non_finite += 1
            if self._first_non_finite is None:
                self._first_non_finite = self._steps
            if self._non_finite > _MOST_NON_FINITE:
                self.stop("not finite")
        self._curve.add(self._steps, loss)
        self._average = loss if self._average is None else self._average + self._weight * (loss - self._average)

    def iterate(self, loop: int, iterable: Iterable[Any]) -> Iterable[Any]:
        """Let a loop run on after its end."""
        return self._on_and_on(iterable) if loop in self._extend else iterable

    def _on_and_on(self, iterable: Iterable[Any]) -> Iterator[Any]:
        last = None
        for last in iterable:
            yield last
        self._own_steps = self._steps + self._open
        if not self._go_on:
            return
        if isinstance(iterable, range) and last is not None:
            while True:
                last += iterable.step
                yield last
        while last is not None and iter(iterable) is not iterable:
            yield from iterable

    def top(self, loop: int) -> None:
        """End a step and begin the next."""
        if loop != self._loop:
            return
        if self._started is None:
            self._started = time.monotonic()
            if self._updates is not None:
                self._updates.start(frame_of_script())
        if self._open:
            self._end_step()
        self._open = True
        if self._updates is not None:
            self._updates.begin_step(frame_of_script())

    def bottom(self, loop: int) -> None:
        """End the last step."""
        if loop == self._loop and self._open:
            self._end_step()
            self._open = False

    def _end_step(self) -> None:
        if self._updates is not None:
            self._updates.end_step(frame_of_script())
        if self._resting is not None:
            self._rest -= 1
            if self._rest == 0:
                self.stop("horizon")
            return
        self._steps += 1
        if self._steps == self._horizon and self._rest and self._updates is not None:
            self._resting = []
            self._updates.rest()
            return
        if self._steps >= self._horizon or (
            self._started is not None and time.monotonic() - self._started > self._seconds
        ):
            self.stop("horizon" if self._steps >= self._horizon else "time")
        if self._has_enough():
            self.stop("enough")

    def _has_enough(self) -> bool:
        return (
            self._enough is not None
            and self._average is not None
            and self._steps * self._weight > 1
            and self._average < self._enough
        )

    def ended(self, error: dict[str, Any] | None) -> None:
        """The script is over."""
        self.stop("ended" if error is None else "failed", error)

    def stop(self, reason: str, error: dict[str, Any] | None = None) -> None:
        """Report and end the process."""
        steps, values = self._curve.points()
        self._finish(
            {
                "reason": reason,
                "error": error,
                "steps": self._steps,
                "own_steps": self._steps
                if self._own_steps is None and error is None and reason == "ended"
                else self._own_steps,
                "seconds": 0.0 if self._started is None else time.monotonic() - self._started,
                "at": steps,
                "values": values,
                "first_non_finite": self._first_non_finite,
                "at_rest": float(np.mean(self._resting)) if self._resting else None,
            }
        )
