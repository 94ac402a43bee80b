"""The first run of a script: how far it gets, which loops it runs, what changes in them, and what its single numbers do."""

from __future__ import annotations

import contextlib
import math
import time
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from unstuck.doctor.scripts.agent import Agent, assigned_part, frame_of_script
from unstuck.doctor.scripts.values import digest, is_integer, number
from unstuck.doctor.scripts.variables import numeric_variables, read

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from types import FrameType

_LOOKED_AT = (1, 2, 3, 4, 30, 300)
_LONGEST_HISTORY = 3000
_SIZED = (list, tuple, range, dict, set, np.ndarray)


Look: TypeAlias = tuple[tuple[int, ...], float, float, bool]
"""The shape of a variable, two sums that tell its values apart, and whether it holds integers."""


class Scout(Agent):
    """Watches a run for a while.

    Args:
        finish: Sends the report and ends the process.
        budget: Seconds of training after which the run has been watched long enough.
        patience: Seconds after which it is ended even if no training was seen.
    """

    def __init__(self, finish: Callable[[dict[str, Any]], None], budget: float, patience: float) -> None:
        self._finish = finish
        self._budget = budget
        self._started = time.monotonic()
        self._patience = self._started + patience
        self._training_since: float | None = None
        self._counts: dict[int, int] = {}
        self._lengths: dict[int, int] = {}
        self._running: list[int] = []
        self._parents: dict[int, list[int]] = {}
        self._looks: dict[int, list[dict[str, Look]]] = {}
        self._numbers: dict[int, list[float]] = {}
        self._times: dict[int, list[int]] = {}
        self._order = 0
        self._inside: dict[int, list[int]] = {}
        self._non_finite: list[int] = []
        self._integer_items = False

    def value(self, site: int, value: Any) -> Any:
        """Keep the history of what is one number, and note in which loops it runs."""
        is_new = site not in self._inside
        if is_new or (self._running and not self._inside[site]):  # a function may be called before the loop it is for
            self._inside[site] = list(self._running)
        if (is_new or not self._running) and site not in self._non_finite and _is_not_finite(value):
            self._non_finite.append(site)
        single = number(value)
        if single is not None:
            history = self._numbers.setdefault(site, [])
            if len(history) < _LONGEST_HISTORY:
                history.append(single)
                self._times.setdefault(site, []).append(self._order)
        return value

    def item(self, site: int, root: Any, indices: tuple[Hashable, ...]) -> None:
        """Keep the history of what is one number, and note whether an array of integers is written into."""
        part = assigned_part(root, indices)
        self._integer_items |= bool(self._running) and isinstance(part, np.ndarray) and is_integer(part)
        self.value(site, part)

    def iterate(self, loop: int, iterable: Iterable[Any]) -> Iterable[Any]:
        """Note how many iterations lie ahead, where that is known."""
        if isinstance(iterable, _SIZED) and getattr(iterable, "shape", None) != ():
            self._lengths[loop] = len(iterable)
        return iterable

    def top(self, loop: int) -> None:
        """Count, and compare the variables with those of earlier iterations."""
        self._order += 1
        count = self._counts[loop] = self._counts.get(loop, 0) + 1
        self._enter(loop)
        if count in _LOOKED_AT:
            with contextlib.suppress(Exception):  # objects that cannot be looked at are no parameters
                self._look(loop, frame_of_script())
        now = time.monotonic()
        if now > self._patience or (self._training_since is not None and now > self._training_since + self._budget):
            self.stop("watched long enough")

    def bottom(self, loop: int) -> None:
        """Leave the loop."""
        if loop in self._running:
            del self._running[self._running.index(loop) :]

    def _enter(self, loop: int) -> None:
        """Put the loop where it runs: inside of whatever loop is running, also in another function."""
        if loop in self._running:
            del self._running[self._running.index(loop) + 1 :]
            return
        if not self._running and loop not in self._parents:
            self._training_since = None  # what went before may have made the data
        self._parents.setdefault(loop, list(self._running))
        self._running.append(loop)

    def _look(self, loop: int, frame: FrameType) -> None:
        seen = {}
        for variable in numeric_variables(frame):
            value = read(frame, variable)
            found = digest(value)
            if found is not None and not (is_integer(value) and found[0] == ()):
                seen[str(variable)] = (*found, is_integer(value))
        looks = self._looks.setdefault(loop, [])
        looks.append(seen)
        if self._training_since is None and _something_learns(looks):
            self._training_since = time.monotonic()

    def ended(self, error: dict[str, Any] | None) -> None:
        """Report a run that is over."""
        self.stop("ended" if error is None else "failed", error)

    def stop(self, reason: str, error: dict[str, Any] | None = None) -> None:
        """Report and end the process."""
        self._finish(
            {
                "reason": reason,
                "error": error,
                "seconds": time.monotonic() - self._started,
                "loops": [
                    {
                        "loop": loop, "count": count, "length": self._lengths.get(loop, 0), "parents": self._parents[loop],
                        "changed": _changed(self._looks.get(loop, [])),
                    }
                    for loop, count in self._counts.items()
                ],
                "shapes": {str(loop): _new_shapes(looks) for loop, looks in self._looks.items()},
                "inside": {str(site): loops for site, loops in self._inside.items()},
                "numbers": {str(site): np.array(history) for site, history in self._numbers.items()},
                "times": {str(site): np.array(times) for site, times in self._times.items()},
                "non_finite": self._non_finite,
                "integer_items": self._integer_items,
            }
        )  # fmt: skip


def _is_not_finite(value: Any) -> bool:
    """Whether a number is not finite, or one of an array."""
    found = digest(value)
    return found is not None and not (math.isfinite(found[1]) and math.isfinite(found[2]))


def _changed(looks: list[dict[str, Look]]) -> list[str]:
    """Return the variables that keep their shape and change their values."""
    if len(looks) < 2:  # noqa: PLR2004 (a comparison needs two)
        return []
    names = set().union(*looks)
    return sorted(name for name in names if _differs([look[name] for look in looks if name in look]))


def _differs(found: list[Look]) -> bool:
    return len({entry[0] for entry in found}) == 1 and len({entry[1:3] for entry in found}) > 1


def _new_shapes(looks: list[dict[str, Look]]) -> dict[str, list[list[int]]]:
    """Return the variables whose shape at the second look is not that of the first, with all their shapes."""
    if len(looks) < 2:  # noqa: PLR2004 (a comparison needs two)
        return {}
    return {
        name: [list(look[name][0]) for look in looks if name in look]
        for name, first in looks[0].items()
        if name in looks[1] and looks[1][name][0] != first[0]
    }


def _something_learns(looks: list[dict[str, Look]]) -> bool:
    """Whether an array changes from iteration to iteration: a loop that only counts is not training."""
    if len(looks) < 3:  # noqa: PLR2004 (twice changed)
        return False
    first, second, third = looks[-3:]
    return any(
        name in second
        and name in third
        and not first[name][3]
        and first[name] != second[name] != third[name]
        and first[name][0] == third[name][0] != ()
        for name in first
    )
