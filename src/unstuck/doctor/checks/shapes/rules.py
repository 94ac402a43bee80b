"""NumPy's rules on shapes: what comes out, or None where they do not go together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

Shape: TypeAlias = tuple[int, ...]


def elementwise(*shapes: Shape) -> Shape | None:
    """Return the shape of ``a + b``, compared from the right: equal, or one of the two is 1.

    >>> elementwise((4, 1), (3,)), elementwise((4, 2), (4,))
    ((4, 3), None)
    """
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        return None


def in_place(target: Shape, value: Shape) -> Shape | None:
    """Return the shape of ``a += b``: that of ``a``, which cannot grow.

    >>> in_place((4, 3), (3,)), in_place((3,), (4, 3))
    ((4, 3), None)
    """
    return target if elementwise(target, value) == target else None


def stored(slot: Shape, value: Shape) -> Shape | None:
    """Return the shape of ``a[i] = b`` for a slot ``a[i]``; leading dimensions of 1 that ``b`` has too many do no harm.

    >>> stored((3,), (1, 3)), stored((2,), (3,))
    ((3,), None)
    """
    while len(value) > len(slot) and value[0] == 1:
        value = value[1:]
    return in_place(slot, value)


def dot(a: Shape, b: Shape) -> Shape | None:
    """Return the shape of ``np.dot(a, b)``: the last dimension of ``a`` meets the last but one of ``b``, or its only one.

    >>> dot((4, 3), (3, 2)), dot((4, 3), (3,)), dot((), (3, 2)), dot((4, 3), (4, 3))
    ((4, 2), (4,), (3, 2), None)
    """
    if not a or not b:
        return a + b
    if a[-1] != b[inner_axis(b)]:
        return None
    return a[:-1] + (() if len(b) == 1 else (*b[:-2], b[-1]))


def matmul(a: Shape, b: Shape) -> Shape | None:
    """Return the shape of ``a @ b``: as :func:`dot` up to two dimensions, stacks of matrices beyond, and no plain numbers.

    >>> matmul((4, 3), (3, 2)), matmul((7, 4, 3), (3, 2)), matmul((4, 3), ())
    ((4, 2), (7, 4, 2), None)
    """
    if not a or not b:
        return None
    if len(a) <= 2 and len(b) <= 2:  # noqa: PLR2004 (a matrix has two dimensions)
        return dot(a, b)
    stack = elementwise(a[:-2], b[:-2])
    matrices = dot(a[-2:], b[-2:])
    return None if stack is None or matrices is None else stack + matrices


def inner_axis(b: Shape) -> int:
    """Return which dimension of the second factor meets the last one of the first."""
    return len(b) - 2 if len(b) > 1 else 0


def joined(shapes: Sequence[Shape], axis: int) -> Shape | None:
    """Return the shape of ``np.concatenate``: all equal but along ``axis``, where they add up.

    >>> joined([(4, 2), (4, 1)], 1), joined([(4, 2), (3, 2)], 1)
    ((4, 3), None)
    """
    dimensions = len(shapes[0])
    if not -dimensions <= axis < dimensions:
        return None
    axis %= dimensions
    first = shapes[0]
    for shape in shapes:
        if len(shape) != dimensions or shape[:axis] + shape[axis + 1 :] != first[:axis] + first[axis + 1 :]:
            return None
    return (*first[:axis], sum(shape[axis] for shape in shapes), *first[axis + 1 :])


def reshaped(shape: Shape, wanted: Shape) -> Shape | None:
    """Return the shape of ``a.reshape(wanted)``, where one entry may be -1.

    >>> reshaped((4, 3), (2, -1)), reshaped((4, 3), (5, -1))
    ((2, 6), None)
    """
    size = math.prod(shape)
    if wanted.count(-1) > 1:
        return None
    if -1 not in wanted:
        return wanted if math.prod(wanted) == size else None
    known = -math.prod(wanted)
    if known == 0 or size % known:
        return None
    return tuple(size // known if entry == -1 else entry for entry in wanted)


def reduced(shape: Shape, axis: int | None, *, keepdims: bool) -> Shape | None:
    """Return the shape of ``a.sum(axis, keepdims=keepdims)``.

    >>> reduced((4, 3), 1, keepdims=True), reduced((4, 3), None, keepdims=False), reduced((4,), 1, keepdims=False)
    ((4, 1), (), None)
    """
    if axis is None:
        return (1,) * len(shape) if keepdims else ()
    if not shape and axis in {0, -1}:
        return ()  # a single number has no axis, but NumPy lets it pass
    if not -len(shape) <= axis < len(shape):
        return None
    axis %= len(shape)
    return shape[:axis] + ((1,) if keepdims else ()) + shape[axis + 1 :]
