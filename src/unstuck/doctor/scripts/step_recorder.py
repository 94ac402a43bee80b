"""The first steps of a training as they are: every named value in order, every parameter before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.agent import Agent, assigned_part, frame_of_script
from unstuck.doctor.scripts.summaries import looks
from unstuck.doctor.scripts.variables import Variable, as_floats, read

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from types import FrameType

    from numpy.typing import NDArray

_MOST_ROWS = 8


class StepRecorder(Agent):
    """Runs to a step of the training loop and writes down what it and the following ones do.

    Args:
        order: ``loop``: the training loop. ``first``: the iteration to begin with, from 1. ``steps``: how many. ``variables``: the
            parameters, as ``[name, steps]``. ``items``: sites that change single entries, of which the last value counts.
            ``forward``: sites of activations, which may be saturated. ``axis``: that of the samples, or None. ``length``: how many
            samples. ``sample``: the one to show, or None. ``passes``: the loop inside the step that runs over samples, or None.
        finish: Sends the report and ends the process.
    """

    def __init__(self, order: dict[str, Any], finish: Callable[[dict[str, Any]], None]) -> None:
        self._finish = finish
        self._loop: int = order["loop"]
        self._first: int = order["first"]
        self._wanted: int = order["steps"]
        self._variables = [
            Variable(name, tuple((kind, key) for kind, key in steps)) for name, steps in order["variables"]
        ]
        self._items = frozenset(order["items"])
        self._forward = frozenset(order["forward"])
        self._axis: int | None = order["axis"]
        self._length: int = order["length"]
        self._sample: int | None = order["sample"]
        self._passes: int | None = order["passes"]
        self._pass: int | None = None
        self._iteration = 0
        self._frame: FrameType | None = None
        self._open = False
        self._steps: list[dict[str, Any]] = []
        self._rows: dict[int, list[dict[str, Any]]] = {}
        self._times: dict[int, int] = {}
        self._count = 0
        self._last_of: dict[int, Any] = {}
        self._holders: dict[int, tuple[Any, int, int]] = {}
        self._before: list[NDArray[np.float64] | None] = []

    # ------------------------------------------------------------------ values

    def value(self, site: int, value: Any) -> Any:
        """Write down what a name was given."""
        if self._open and (self._pass is None or self._sample is None or self._pass == self._sample):
            self._note(site, value)
        return value

    def item(self, site: int, root: Any, indices: tuple[Hashable, ...]) -> None:
        """Write down what was changed inside of ``root``."""
        self.value(site, assigned_part(root, indices))

    def _note(self, site: int, value: Any) -> None:
        self._count += 1
        times = self._times[site] = self._times.get(site, 0) + 1
        described = looks(value, self._axis, self._length, self._sample, is_activation=site in self._forward)
        row = {"site": site, "at": self._count, "times": 1, **described}
        rows = self._rows.setdefault(site, [])
        if (
            site in self._items and rows and self._last_of.get(site) is value
        ):  # one entry after the other of the same array
            rows[-1] = row | {"times": rows[-1]["times"] + 1}
        elif len(rows) >= _MOST_ROWS:
            rows[-1] = row | {"times": times - len(rows) + 1}
        else:
            rows.append(row)
        self._last_of[site] = value
        self._holders[id(value)] = (value, site, self._count)

    # ------------------------------------------------------------------ steps

    def top(self, loop: int) -> None:
        """End a step and begin the next."""
        if loop == self._passes and self._open:
            self._pass = 0 if self._pass is None else self._pass + 1
        if loop != self._loop:
            return
        frame = frame_of_script()
        self._iteration += 1
        if self._open:
            self._end_step(frame)
        if self._iteration >= self._first:
            self._begin_step(frame)

    def bottom(self, loop: int) -> None:
        """End the last step, or the passes over the samples."""
        if loop == self._passes:
            self._pass = None
        if loop == self._loop and self._open:
            self._end_step(frame_of_script())

    def _begin_step(self, frame: FrameType) -> None:
        self._frame, self._open, self._pass = frame, True, None
        self._rows, self._times, self._last_of, self._holders, self._count = {}, {}, {}, {}, 0
        self._before = [_numbers(frame, variable) for variable in self._variables]

    def _end_step(self, frame: FrameType) -> None:
        self._open = False
        rows = sorted((row for rows in self._rows.values() for row in rows), key=lambda row: row["at"])
        parameters = [self._parameter(frame, index) for index in range(len(self._variables))]
        self._steps.append({"iteration": self._first + len(self._steps), "rows": rows, "parameters": parameters})
        if len(self._steps) >= self._wanted:
            self.stop("done")

    def _parameter(self, frame: FrameType, index: int) -> dict[str, Any]:
        """Return what has become of a parameter, and where it was given its new value."""
        before, after = self._before[index], _numbers(frame, self._variables[index])
        if before is None or after is None:
            return {"before": None, "after": None, "change": None, "at": None, "site": None}
        holder = self._holder(frame, self._variables[index])
        change = after - before if before.shape == after.shape else None
        return {
            "before": looks(before),
            "after": looks(after),
            "change": None if change is None else looks(change),
            "norm": float(np.linalg.norm(before)),
            "change_norm": None if change is None else float(np.linalg.norm(change)),
            "same": bool(np.array_equal(before, after, equal_nan=True)),
            "site": None if holder is None else holder[0],
            "at": None if holder is None else holder[1],
        }

    def _holder(self, frame: FrameType, variable: Variable) -> tuple[int, int] | None:
        """Return the last site that gave a variable its value, or changed memory that it shares, and when."""
        value = read(frame, variable)
        exact = self._holders.get(id(value))
        if exact is not None:
            return exact[1:]
        sharing = [entry[1:] for entry in self._holders.values() if _holds(entry[0], value)]
        return max(sharing, key=lambda entry: entry[1], default=None)

    def ended(self, error: dict[str, Any] | None) -> None:
        """The script is over: report what there is."""
        if self._open and self._frame is not None:
            self._wanted = 1 << 60
            self._end_step(self._frame)
        self.stop("ended" if error is None else "failed", error)

    def stop(self, reason: str, error: dict[str, Any] | None = None) -> None:
        """Report and end the process."""
        self._finish({"reason": reason, "error": error, "iterations": self._iteration, "steps": self._steps})


def _holds(holder: Any, value: Any) -> bool:
    """Whether one value is part of another: an entry of a list, or memory of the same array."""
    if isinstance(holder, list | tuple):
        return any(entry is value for entry in holder)
    if isinstance(holder, dict):
        return any(entry is value for entry in holder.values())
    return isinstance(holder, np.ndarray) and isinstance(value, np.ndarray) and np.may_share_memory(holder, value)


def _numbers(frame: FrameType, variable: Variable) -> NDArray[np.float64] | None:
    try:
        numbers = as_floats(read(frame, variable))
    except LookupError:
        return None
    return None if numbers is None else numbers.copy()
