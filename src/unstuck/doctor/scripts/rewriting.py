"""Other expressions in the place of one that a script has, evaluated where it stands."""

from __future__ import annotations

import time
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.process_limits import allow_memory
from unstuck.doctor.scripts.variables import as_floats

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from numpy.typing import NDArray

_MOST = 512
_SECONDS = 1.0
_BYTES = 512 << 20  # a column times a row of as many numbers may be larger than the machine
_COMPREHENSIONS = ("<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>", "<lambda>")


def evaluated(text: str, frame: FrameType) -> Any:
    """Return the value of an expression with the names that a frame sees; those around a comprehension it sees too."""
    names = dict(frame.f_globals)
    within = []
    while frame.f_code.co_name in _COMPREHENSIONS and frame.f_back is not None:
        within.append(frame.f_locals)
        frame = frame.f_back
    names |= frame.f_locals
    for each in reversed(within):
        names |= each
    return eval(text, names)  # noqa: S307 (the script's own expression with some other part of its own)


def evaluated_all(texts: Sequence[str], frame: FrameType, size: int) -> dict[str, NDArray[np.float64]]:
    """Return for the number of each text what :func:`sampled` leaves of its value, where it has one of ``size`` numbers.

    The process may not take much more memory after this; texts for which the time does not suffice are left out.
    """
    found = {}
    allow_memory(_BYTES)
    deadline = time.monotonic() + _SECONDS
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for number, text in enumerate(texts):
            if time.monotonic() > deadline:
                break
            try:
                values = as_floats(evaluated(text, frame))
            except Exception:  # noqa: BLE001, S112 (most of them make no sense)
                continue
            if values is not None and values.size == size:
                found[str(number)] = sampled(values)
    return found


def sampled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values in one row, of many of them some: the same of every array of that size."""
    row = values.ravel()
    return row if row.size <= _MOST else row[np.linspace(0, row.size - 1, _MOST).astype(int)]
