"""Where a script leaves NumPy's own protocols, it is kept on the tape.

That is ``np.array`` of a list of values, the functions of ``math``, and what ``np.vectorize`` makes of a function of single numbers.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from unstuck.doctor.scripts.tape import Tracked, lifted, plain

_MATH = {
    "exp": np.exp, "log": np.log, "log1p": np.log1p, "expm1": np.expm1, "tanh": np.tanh, "sqrt": np.sqrt, "fabs": np.abs,
    "pow": np.power, "sin": np.sin, "cos": np.cos, "sinh": np.sinh, "cosh": np.cosh,
}  # fmt: skip
_MOST_ENTRIES = 4000


def keep_on_tape() -> None:
    """Let ``np.array``, ``np.asarray`` and the functions of ``math`` take what is on the tape, for the rest of this process."""
    if hasattr(np.array, "original"):
        return
    for name in ("array", "asarray"):
        setattr(np, name, _making(getattr(np, name)))
    for name, function in _MATH.items():
        setattr(math, name, _calculating(getattr(math, name), function))
    np.vectorize.__call__ = _for_each_entry(np.vectorize.__call__)  # type: ignore[method-assign]


def _making(original: Any) -> Any:
    def make(value: Any, *arguments: Any, **settings: Any) -> Any:
        on_tape = lifted(value)
        if isinstance(on_tape, Tracked) and on_tape.node is not None:
            return on_tape.copy()
        return original(value, *arguments, **settings)

    make.original = original  # type: ignore[attr-defined]  # says that it was done
    return make


def _calculating(original: Any, function: Any) -> Any:
    def calculate(*arguments: Any) -> Any:
        if any(isinstance(argument, Tracked) for argument in arguments):
            return function(*arguments)
        return original(*arguments)

    return calculate


def _for_each_entry(original: Any) -> Any:
    def call(self: Any, *arguments: Any, **settings: Any) -> Any:
        if settings or self.signature is not None or not any(isinstance(argument, Tracked) for argument in arguments):
            return original(self, *arguments, **settings)
        expected = original(self, *map(plain, arguments))
        try:
            at_once = self.pyfunc(*arguments)
        except (TypeError, ValueError):  # it asks which of two numbers is larger, and cannot of many
            at_once = None
        if isinstance(at_once, Tracked) and at_once.shape == expected.shape and np.array_equal(at_once, expected):
            return at_once
        if expected.size > _MOST_ENTRIES:
            return expected
        spread = [np.broadcast_to(argument, expected.shape).reshape(-1) for argument in arguments]
        entries = [self.pyfunc(*(each[index] for each in spread)) for index in range(expected.size)]
        return lifted(entries).reshape(expected.shape) if entries else expected

    return call
