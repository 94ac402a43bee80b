"""Where an array of shape ``(n, n)`` comes from that was meant to be ``(n, 1)``."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.doctor.checks.shapes.context import own_nodes
from unstuck.doctor.checks.shapes.operations import operation_of
from unstuck.doctor.scripts.targets import reads

if TYPE_CHECKING:
    from unstuck.doctor.checks.shapes.candidates import Failure

_DEEPEST = 4
_PAIR = 2


@dataclass(frozen=True)
class Spread:
    """An operation that made ``(n, n)`` of ``(n, 1)`` and ``(n,)``.

    Attributes:
        node: The operation.
        column: The operand of shape ``(n, 1)``.
        flat: The operand of shape ``(n,)``.
        size: ``n``.
    """

    node: ast.expr
    column: ast.expr
    flat: ast.expr
    size: int


def spread(failure: Failure) -> Spread | None:
    """Return the operation that spread an operand of shape ``(n, n)``, found by going back through the assignments."""
    for operand, shape in zip(failure.operation.operands, failure.shapes, strict=True):
        if shape is not None and len(shape) == _PAIR and shape[0] == shape[1] > 1:
            found = _origin(operand, shape[0], failure, _DEEPEST)
            if found is not None:
                return found
    return None


def _origin(node: ast.expr, size: int, failure: Failure, depth: int) -> Spread | None:
    for part in ast.walk(node):
        operation = operation_of(part, failure.scope.imports)
        if operation is None or operation.kind != "elementwise" or not isinstance(part, ast.expr):
            continue
        shapes = [failure.shape(operand) for operand in operation.operands]
        if sorted(shapes, key=str) == sorted([(size,), (size, 1)], key=str):
            column = operation.operands[shapes.index((size, 1))]
            return Spread(part, column, operation.operands[shapes.index((size,))], size)
    if depth == 0:
        return None
    for name in {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}:
        value = failure.scope.values.get(name)
        if value is None or value.shape != (size, size):
            continue
        for statement in own_nodes(failure.owner):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else None
            made = isinstance(target, ast.Name) and target.id == name and isinstance(statement, ast.Assign)
            if made and isinstance(statement, ast.Assign) and target is not None and not reads(statement.value, target):
                found = _origin(statement.value, size, failure, depth - 1)
                if found is not None:
                    return found
    return None
