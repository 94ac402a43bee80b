"""The other side of the hooks: what an instrumented program talks to while it runs."""

from __future__ import annotations

import builtins
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts import hooks
from unstuck.doctor.scripts.tape import Tracked, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator
    from types import FrameType

    from numpy.typing import NDArray


class Agent:
    """Hears everything and does nothing; what a particular agent is interested in it overrides."""

    def value(self, site: int, value: Any) -> Any:
        """A value has appeared; the program goes on with what is returned."""
        return value

    def difference(self, site: int, left: Any, right: Any) -> Any:
        """A subtraction; the program goes on with what is returned."""
        return self.value(site, left - right)

    def subtract(self, site: int, function: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
        """A call that may be one of ``np.subtract``, which takes lists too."""
        if function is np.subtract and isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
            return self.difference(site, left, right)
        return self.value(site, function(left, right))

    def lessen(self, site: int, root: Any, index: Any, amount: float) -> Any:
        """``root[index] -= amount`` comes next: a subtraction of an array that is zero elsewhere, as targets of one class are."""
        subtracted = _spread(root, index, amount)
        if subtracted is not None:
            result, whole = plain(self.difference(site, root, subtracted)), plain(root)
            if not np.array_equal(result, whole - subtracted, equal_nan=True):
                whole[...] = result + subtracted  # somebody wants to see what another value would do
        return index

    def take(self, site: int, left: Any, right: Any) -> Any:
        """``left -= right`` is being done: a subtraction; the program takes off what is returned."""
        if not _are_subtracted(left, right):
            return right
        expected = plain(left) - plain(right)
        result = self.difference(site, left, right)
        # otherwise somebody wants to see what another value would do
        return right if np.array_equal(plain(result), expected, equal_nan=True) else left - result

    def item(self, site: int, root: Any, indices: tuple[Hashable, ...]) -> None:
        """Something inside ``root`` has been assigned to."""

    def iterate(self, loop: int, iterable: Iterable[Any]) -> Iterable[Any]:
        """A ``for`` loop begins; it runs over what is returned."""
        return iterable

    def walk(self, loop: int, iterable: Iterable[Any]) -> Iterator[Any]:
        """A comprehension runs over ``iterable``: it is a loop like any other."""
        hook = vars(builtins)
        for entry in hook[hooks.ITERATE](loop, iterable):
            hook[hooks.TOP](loop)  # whichever agent listens by now
            yield entry
        hook[hooks.BOTTOM](loop)

    def top(self, loop: int) -> None:
        """An iteration begins."""

    def bottom(self, loop: int) -> None:
        """A loop is over."""

    def ended(self, error: dict[str, Any] | None) -> None:
        """The program is over: it has run to its end, or ``error`` says how it failed."""

    def install(self) -> None:
        """Let the hooks call this agent. They are built-in names, so that all modules of the program see them."""
        own = {
            hooks.VALUE: self.value,
            hooks.DIFFERENCE: self.difference,
            hooks.SUBTRACT: self.subtract,
            hooks.LESSEN: self.lessen,
            hooks.TAKE: self.take,
            hooks.DOT: dot,
            hooks.ITEM: self.item,
            hooks.ITERATE: self.iterate,
            hooks.WALK: self.walk,
            hooks.TOP: self.top,
            hooks.BOTTOM: self.bottom,
        }
        vars(builtins).update(own)


def dot(left: Any, right: Any) -> Any:
    """Return ``left.dot(right)``, on the tape if one of them is."""
    return np.dot(left, right) if isinstance(right, Tracked) and isinstance(left, np.ndarray) else left.dot(right)


def _spread(root: Any, index: Any, amount: float) -> NDArray[Any] | None:
    """Return what ``root[index] -= amount`` takes off the whole of an array; None where it is none, or the script will fail there."""
    if not isinstance(root, np.ndarray) or root.dtype.kind != "f" or not root.flags.writeable:
        return None
    subtracted = np.zeros(root.shape, root.dtype)
    try:
        subtracted[index] = amount
    except (IndexError, TypeError, ValueError):
        return None
    return subtracted


def _are_subtracted(left: Any, right: Any) -> bool:
    """Whether both are numbers, and what is taken off fits into what it is taken off from."""
    kinds = (int, float, np.ndarray, np.generic)
    both = isinstance(plain(left), kinds) and isinstance(plain(right), kinds)
    return both and np.shape(plain(right)) in ((), np.shape(plain(left)))


_OWN = __name__.rpartition(".")[0]


def frame_of_script() -> FrameType:
    """Return the frame of the script that has called a hook."""
    frame = sys._getframe(1)  # noqa: SLF001 (there is no public way to a caller's frame without its cost)
    while frame.f_globals.get("__name__", "").startswith(_OWN) and frame.f_back is not None:
        frame = frame.f_back
    return frame


def assigned_part(root: Any, indices: tuple[Hashable, ...]) -> Any:
    """Return the array or list of numbers that an item assignment has changed, such as ``W[1]`` for ``W[1][0, 2] = …``."""
    part: Any = root
    index: Any
    for index in indices:
        if not isinstance(part, dict) and not (isinstance(part, list) and part and not _holds_numbers(part)):
            break
        try:
            part = part[index]
        except Exception:  # noqa: BLE001 (a container of the script's own may raise anything)
            break
    return part


def _holds_numbers(values: list[Any]) -> bool:
    first = values[0]
    while isinstance(first, list) and first:
        first = first[0]
    return isinstance(first, int | float)
