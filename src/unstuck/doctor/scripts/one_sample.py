"""Data reduced to one sample in place: every row, or column, becomes a copy of one, so that all shapes stay as they are."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np


def tile(value: Any, axis: int, sample: int) -> bool:
    """Let every entry of an array or nested lists along an axis be that of ``sample``; say whether it could be done.

    It is done in place, so that aliases and views see it, and in the value's own type.

    >>> rows = [[0, 1], [2, 3]]
    >>> tile(rows, 0, 1), rows
    (True, [[2, 3], [2, 3]])
    >>> tile(rows, -1, 0), rows
    (True, [[2, 2], [2, 2]])
    """
    if isinstance(value, np.ndarray):
        if not value.flags.writeable:
            return False
        value[...] = np.take(value, [sample], axis)
        return True
    if not isinstance(value, list):
        return False
    is_nested = all(isinstance(entry, list) for entry in value)
    if axis == -1 and is_nested:
        done = [tile(entry, axis, sample) for entry in value]  # all of them, whatever the first says
        return all(done)
    value[:] = [copy.deepcopy(value[sample]) for _ in value]
    return True
