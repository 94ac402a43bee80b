"""Shapes that do not go together, in plain words."""

from __future__ import annotations

import ast
from itertools import zip_longest
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import short_text_of
from unstuck.doctor.checks.shapes.rules import inner_axis
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import line_name

if TYPE_CHECKING:
    from unstuck.doctor.checks.shapes.candidates import Failure
    from unstuck.doctor.checks.shapes.rules import Shape
    from unstuck.doctor.checks.shapes.spread import Spread
    from unstuck.doctor.scripts.source import Source

_MATRIX = 2
_VERBS = {ast.Add: "adds", ast.Sub: "subtracts", ast.Mult: "multiplies", ast.Div: "divides"}


def explanation(failure: Failure, source: Source) -> str:
    """Return what does not go together and why, in one or two sentences."""
    operation, shapes = failure.operation, failure.shapes
    texts = [short_text_of(source, operand) for operand in operation.operands]
    named = [_named(text, shape) for text, shape in zip(texts, shapes, strict=True)]
    if operation.kind == "stored":
        room = f"only has room for {_amount(shapes[0])}" if shapes[0] is not None else "has no room for that"
        return f"{texts[1]} is to be stored in {texts[0]}: it holds {_amount(shapes[1])}, but {texts[0]} {room}."
    whole = short_text_of(source, operation.node)
    if operation.kind == "in-place":
        size = "" if shapes[0] is None else f", of shape {shapes[0]},"
        other = "" if shapes[1] is None else f", of shape {shapes[1]},"
        return f"{whole}: {texts[0]}{size} is changed in place and keeps its shape, into which {texts[1]}{other} does not fit."
    if operation.kind in {"dot", "matmul"}:
        return f"{whole} is a matrix product of {named[0]}, and {named[1]}{_inner_sizes(texts, shapes)}"
    listed = ", and ".join(named)
    return f"{whole} works element by element on {listed}{_first_difference(shapes)}"


def _named(text: str, shape: Shape | None) -> str:
    if shape is None:
        return text
    return f"{text}, of shape {shape}" if shape else f"{text}, a single number"


def _amount(shape: Shape | None) -> str:
    """Return how much an array holds: ``a single number`` or ``shape (3, 2)``."""
    if shape is None:
        return "something of another shape"
    return f"shape {shape}" if shape else "a single number"


def _inner_sizes(texts: list[str], shapes: tuple[Shape | None, ...]) -> str:
    left, right = shapes
    if left == () or right == ():
        return ": a product with a single number is written with *."
    if left is None or right is None:
        return ": the first must have as many columns as the second has rows."
    columns = _counted(left[-1], "column" if len(left) > 1 else "number")
    rows = _counted(right[inner_axis(right)], "row" if len(right) > 1 else "number")
    return f": {texts[0]} has {columns} and {texts[1]} has {rows}, and these would have to be equally many."


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _first_difference(shapes: tuple[Shape | None, ...]) -> str:
    known = [shape for shape in shapes if shape is not None]
    if len(known) < len(shapes):
        return ", and their shapes do not go together."
    for sizes in zip_longest(*(shape[::-1] for shape in known), fillvalue=1):
        meeting = [str(size) for size in dict.fromkeys(sizes) if size != 1]
        if len(meeting) > 1:
            return f": compared from the right, {' meets '.join(meeting)}, and neither is 1."
    return ", and NumPy does not combine them."


def spread_words(origin: Spread, source: Source) -> str:
    """Say where an array of ``(n, n)`` comes from."""
    size = origin.size
    return (
        f"The shape ({size}, {size}) comes from {short_text_of(source, origin.node)} in {line_name(source, origin.node.lineno)}: "
        f"{short_text_of(source, origin.column)}, of shape ({size}, 1), meets {short_text_of(source, origin.flat)}, of shape ({size},), "
        "which counts as a row, so that each entry meets every other."
    )


def spread_remedy(origin: Spread, source: Source) -> Remedy:
    """Return what to do about it."""
    flat = short_text_of(source, origin.flat)
    return Remedy(f"Make a column of {flat} where it is made: {flat}.reshape(-1, 1), of shape ({origin.size}, 1).")


def hint(failure: Failure, source: Source) -> Remedy | None:
    """Return advice for well-known mistakes that no simple change of the expression mends."""
    operation, shapes = failure.operation, failure.shapes
    if len(shapes) != _MATRIX:
        return None
    first, second = shapes
    if first is None or second is None:
        return None
    texts = tuple(short_text_of(source, operand) for operand in operation.operands)
    if operation.kind == "in-place":
        return _gradient_of_bias(texts[0], texts[1], first, second)
    if operation.kind in {"dot", "matmul"} and () in shapes:
        return Remedy("Write * for a product with a single number.")
    if operation.kind == "elementwise" and isinstance(operation.node, ast.BinOp | ast.Call):
        is_sum = isinstance(operation.node, ast.BinOp) and isinstance(operation.node.op, ast.Add)
        for text, one, other in ((texts[1], second, first), (texts[0], first, second)):
            if not is_sum and len(one) == 1 and len(other) == _MATRIX and one[0] == other[0]:
                return _one_hot(text, one[0], other[1])
    return None


def _one_hot(text: str, rows: int, columns: int) -> Remedy:
    return Remedy(
        f"{text} has one number for each of {rows} rows, the other {columns} columns: if these are class numbers, turn them "
        f"into one column for each class, np.eye({columns})[{text}]; if it is one value a row, write {text}.reshape(-1, 1)."
    )


def _gradient_of_bias(target: str, value: str, old: Shape, new: Shape) -> Remedy | None:
    """Advise to sum a bias's gradient over the samples."""
    if len(new) != _MATRIX or new == old:
        return None
    if old == (new[0], 1):
        axis, settings = 1, ", keepdims=True"
    elif old in {(1, new[1]), (new[1],)}:
        axis, settings = 0, ", keepdims=True" if len(old) == _MATRIX else ""
    else:
        return None
    return Remedy(
        f"{target} is shared by all samples, so its gradient is a sum over them: "
        f"np.sum({value}, axis={axis}{settings}), of shape {old}."
    )
