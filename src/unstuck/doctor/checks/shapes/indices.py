"""The shape of ``a[i]``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from unstuck.doctor.checks.shapes.rules import Shape

NEW_AXIS = "new axis"


def indexed(shape: Shape, index: object) -> Shape | None:
    """Return the shape of what an index picks; None if it is out of bounds.

    Args:
        shape: Of what is indexed.
        index: Whole numbers, slices, ``...`` and ``"new axis"``, or a tuple of these.

    >>> indexed((4, 3), (slice(1, None), 0)), indexed((4,), (slice(None), "new axis")), indexed((4,), 5)
    ((3,), (4, 1), None)
    """
    parts = index if isinstance(index, tuple) else (index,)
    plain: Any = tuple(None if isinstance(part, str) else part for part in parts)
    try:
        return np.broadcast_to(np.int8(0), shape)[plain].shape  # a view of a single byte, however large the shape
    except (IndexError, ValueError):
        return None
