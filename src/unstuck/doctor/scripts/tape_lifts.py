"""Where a script leaves NumPy's own protocols, it is kept on the tape: ``np.array`` of a list of values, functions of ``math``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from unstuck.doctor.scripts.tape import Tracked, lifted

_MATH = {
    "exp": np.exp, "log": np.log, "log1p": np.log1p, "expm1": np.expm1, "tanh": np.tanh, "sqrt": np.sqrt, "fabs": np.abs,
    "pow": np.power, "sin": np.sin, "cos": np.cos, "sinh": np.sinh, "cosh": np.cosh,
}  # fmt: skip


def keep_on_tape() -> None:
    """Let ``np.array``, ``np.asarray`` and the functions of ``math`` take what is on the tape, for the rest of this process."""
    if hasattr(np.array, "original"):
        return
    for name in ("array", "asarray"):
        setattr(np, name, _making(getattr(np, name)))
    for name, function in _MATH.items():
        setattr(math, name, _calculating(getattr(math, name), function))


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
