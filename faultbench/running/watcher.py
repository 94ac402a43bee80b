"""What sits in a script while it runs: it notes losses and parameters, and puts the parameters where it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Enough(BaseException):
    """Everything that was to be seen has been seen; not an Exception, so that no script catches it."""


class Watcher:
    """The hooks of a script.

    Args:
        states: Parameters to put in place before each update in turn; the script ends after the last. None leaves them alone.
        holds: Whether each state is put in place again until a loss has been computed with it.
        change: Called with the parameters before and after each update, returns what they shall be; None leaves them alone.
        first: Called with the first parameters, returns what they shall be; None leaves them alone.
    """

    def __init__(
        self,
        states: Sequence[Any] | None = None,
        *,
        holds: bool = False,
        change: Callable[[Any, Any], Any] | None = None,
        first: Callable[[list[Any]], Any] | None = None,
    ) -> None:
        self.losses: list[float] = []
        self.updates: list[Any] = []
        self.shapes: list[tuple[int, ...]] = []
        self.start: Any = None
        self.steps = 0
        self._states = states
        self._holds, self._change, self._first = holds, change, first
        self._before: Any = None
        self._get: Callable[[], list[Any]] | None = None
        self._pending: float | None = None
        self._held = 0
        self._losses_seen = 0

    # ------------------------------------------------------------------ the hooks

    def top(self, get: Callable[[], list[Any]]) -> None:
        """Before each update."""
        self._get = get
        arrays = leaves(get())
        now = flat(arrays)
        self.steps += 1
        if self.start is None:
            self.shapes = [np.shape(array) for array in arrays]
            self.start = now
            self._losses_seen = len(self.losses)
            if self._first is not None:
                put(arrays, self._first([np.array(array, float) for array in arrays]))
                now = flat(arrays)
        if self._states is not None:
            self._go_through(arrays, now)
        elif self._change is not None and self._before is not None:
            now = self._change(self._before, now)
            put(arrays, now)
        if self._states is None:
            self._before = now

    def loss(self, value: Any) -> Any:
        """A loss has been computed."""
        self._end_part()
        self.losses.append(_number(value))
        return value

    def begin(self) -> None:
        """A sum over an epoch begins."""
        self._end_part()

    def part(self, value: Any) -> None:
        """A sum over an epoch goes on."""
        self._pending = _number(value)

    # ------------------------------------------------------------------ afterwards

    def end(self) -> None:
        """The script is over."""
        self._end_part()

    def parameters(self) -> Any:
        """Return the last parameters, None if they cannot be had any more."""
        if self._get is None:
            return None
        try:
            return flat(leaves(self._get()))
        except Exception:  # noqa: BLE001 (a script's own names may be gone or be something else)
            return None

    def _end_part(self) -> None:
        if self._pending is not None:
            self.losses.append(self._pending)
            self._pending = None

    def _go_through(self, arrays: list[Any], now: Any) -> None:
        states = self._states or []
        if self._before is not None and not self._holds:
            self.updates.append(now - self._before)
        if self._holds:
            if len(self.losses) > self._losses_seen:
                self._losses_seen = len(self.losses)
                self._held += 1
            number = self._held
        else:
            number = len(self.updates)
        if number >= len(states) or len(states[number]) != len(now):
            raise Enough
        put(arrays, states[number])
        self._before = flat(arrays)


def leaves(value: Any) -> list[Any]:
    """Return the arrays, and the lists of numbers, in lists and tuples of them."""
    if isinstance(value, np.ndarray) or (isinstance(value, list) and value and np.isscalar(value[0])):
        return [value]
    if isinstance(value, list | tuple):
        return [leaf for each in value for leaf in leaves(each)]
    return [np.asarray(value)]


def flat(arrays: list[Any]) -> Any:
    """Return a copy of all numbers in one vector."""
    return np.concatenate([np.array(array, dtype=float).ravel() for array in arrays]) if arrays else np.zeros(0)


def put(arrays: list[Any], numbers: Any) -> None:
    """Write numbers into arrays and lists as they are, in place."""
    at = 0
    for array in arrays:
        count = np.size(array)
        part = np.asarray(numbers[at : at + count])
        if isinstance(array, list):
            array[:] = part.tolist()
        else:
            array[...] = part.reshape(np.shape(array))
        at += count


def _number(value: Any) -> float:
    try:
        return float(np.mean(value))
    except (TypeError, ValueError):
        return float("nan")
