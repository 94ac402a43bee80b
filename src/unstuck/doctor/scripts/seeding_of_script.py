"""The random numbers of a script: its own seeds moved by a given offset, and seeds where it has none."""

from __future__ import annotations

import random
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.callers import is_library

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

WITHOUT_SEED = 1000
"""Where generators start that the script does not seed, plus the offset."""

_LARGEST_LEGACY_SEED = 2**32 - 1
_APART = 100_000  # generators without a seed differ from each other by this much
_CLOCKS = (1, 10**3, 10**6, 10**9)  # units in a second that a clock may count in
_TWO_DAYS = 2 * 24 * 3600
_NUMPY_CLASSES = ("RandomState", "SeedSequence", "PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


class Seeding:
    """Makes the random numbers of a script repeatable.

    The script's own calls of ``np.random.seed``, ``default_rng``, ``RandomState``, the bit generators, ``random.seed`` and
    ``random.Random`` have their seed moved by ``offset``; those that a library makes keep theirs, so that a data set made with
    ``random_state=0`` stays the same. Without a seed, or with the time of day for one, the first generator starts from
    1000 + ``offset`` and the following ones apart from it.

    Attributes:
        offset: What is added to seeds.
        seeded: Whether the script has given a seed that makes its runs repeatable.
    """

    def __init__(self, offset: int = 0) -> None:
        self.offset = offset
        self.seeded = False
        self._without_seed = 0

    def install(self) -> None:
        """Seed the global generators and replace the functions and classes of ``numpy.random`` and ``random`` that take seeds."""
        np.random.seed(WITHOUT_SEED + self.offset)  # noqa: NPY002 (the script's own generator)
        random.seed(WITHOUT_SEED + self.offset)
        np.random.seed = _with_seed(np.random.seed, self._numpy_seed)
        np.random.default_rng = _with_seed(np.random.default_rng, self._numpy_seed)
        for name in _NUMPY_CLASSES:
            setattr(np.random, name, _class_with_seed(getattr(np.random, name), self._numpy_seed))
        random.seed = _with_seed(random.seed, self._python_seed)
        random.Random = _class_with_seed(random.Random, self._python_class_seed)  # type: ignore[misc]  # a class of the same kind

    def _numpy_seed(self, seed: Any, frame: FrameType) -> Any:
        if seed is None or _is_clock(seed):
            return self._next()
        if is_library(frame):
            return seed
        self.seeded = True
        if isinstance(seed, int | np.integer) and seed >= 0:
            moved = int(seed) + self.offset
            return moved % (_LARGEST_LEGACY_SEED + 1) if seed <= _LARGEST_LEGACY_SEED else moved
        if isinstance(seed, list | tuple | np.ndarray) and np.size(seed) and np.asarray(seed).dtype.kind in "iu":
            first, *rest = np.asarray(seed).ravel().tolist()
            return [first + self.offset, *rest]
        return seed  # a generator, which had its seed moved when it was made, or what NumPy will refuse

    def _python_seed(self, seed: Any, frame: FrameType) -> Any:
        if seed is None or _is_clock(seed):
            return self._next()
        if is_library(frame):
            return seed
        self.seeded = True
        if isinstance(seed, int | float):
            return seed + self.offset
        return f"{seed!r} {self.offset}" if self.offset and isinstance(seed, str | bytes | bytearray) else seed

    def _python_class_seed(self, seed: Any, frame: FrameType) -> Any:
        """Leave a library's own generator alone: names of temporary files must not be the same in every process."""
        return seed if is_library(frame) else self._python_seed(seed, frame)

    def _next(self) -> int:
        seed = WITHOUT_SEED + self.offset + _APART * self._without_seed
        self._without_seed += 1
        return seed


def _is_clock(seed: Any) -> bool:
    """Return whether a seed is the present time, in whatever unit."""
    if not isinstance(seed, int | float | np.number):
        return False
    now = time.time()
    return any(abs(float(seed) / unit - now) < _TWO_DAYS for unit in _CLOCKS)


def _with_seed(function: Callable[..., Any], choose: Callable[[Any, FrameType], Any]) -> Callable[..., Any]:
    """Return ``function`` with its first argument, called ``seed`` or ``a``, chosen."""

    def seeded(*arguments: Any, **named: Any) -> Any:
        name = "a" if "a" in named else "seed"
        given = arguments[0] if arguments else named.pop(name, None)
        return function(choose(given, sys._getframe(1)), *arguments[1:], **named)  # noqa: SLF001 (the caller's file)

    seeded.__name__ = seeded.__qualname__ = function.__name__
    seeded.__doc__ = function.__doc__
    return seeded


def _class_with_seed(original: Any, choose: Callable[[Any, FrameType], Any]) -> Any:
    """Return a class whose instances are made with a chosen seed and which all instances of ``original`` belong to."""

    class Kind(type(original)):  # type: ignore[misc]  # a metaclass that is known at run time only
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, original) if cls is seeded else super().__instancecheck__(instance)

        def __subclasscheck__(cls, other: type) -> bool:
            return issubclass(other, original) if cls is seeded else super().__subclasscheck__(other)

    class Seeded(original, metaclass=Kind):  # type: ignore[misc]  # likewise
        def __init__(self, *arguments: Any, **named: Any) -> None:
            name = next((name for name in ("seed", "entropy", "x") if name in named), None)
            given = arguments[0] if arguments else named.pop(name, None) if name else None
            if given is not None or not named:  # a Philox may be given a key instead
                given = choose(given, sys._getframe(1))  # noqa: SLF001 (the caller's file)
            super().__init__(*(() if given is None else (given,)), *arguments[1:], **named)

    Seeded.__name__, Seeded.__qualname__, Seeded.__module__ = (
        original.__name__,
        original.__qualname__,
        original.__module__,
    )
    Seeded.__doc__ = original.__doc__
    seeded = Seeded
    return seeded
