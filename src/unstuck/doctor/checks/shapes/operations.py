"""The operations of which NumPy demands that shapes go together."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from unstuck.doctor.checks.imports import Imports

Kind: TypeAlias = Literal["dot", "matmul", "elementwise", "in-place", "stored"]

ELEMENTWISE = frozenset(
    [
        *(
            "add",
            "subtract",
            "multiply",
            "divide",
            "true_divide",
            "floor_divide",
            "power",
            "float_power",
            "mod",
            "fmod",
        ),
        *("maximum", "minimum", "fmax", "fmin", "where", "arctan2", "hypot", "logaddexp", "heaviside", "copysign"),
        *("greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "isclose", "logical_and"),
        *("logical_or", "logical_xor"),
    ]
)
"""NumPy's functions that combine arrays element by element."""


@dataclass(frozen=True)
class Operation:
    """What combines values whose shapes have to go together.

    Attributes:
        kind: The rule that holds.
        node: Where it stands.
        operands: What it combines; of an assignment the target first.
    """

    kind: Kind
    node: ast.expr | ast.stmt
    operands: tuple[ast.expr, ...]


def operation_of(node: ast.AST, imports: Imports) -> Operation | None:
    """Return the operation that ``node`` itself is, or None."""
    if isinstance(node, ast.BinOp):
        return Operation("matmul" if isinstance(node.op, ast.MatMult) else "elementwise", node, (node.left, node.right))
    if isinstance(node, ast.Compare) and len(node.comparators) == 1:
        identity = isinstance(node.ops[0], ast.In | ast.NotIn | ast.Is | ast.IsNot)
        return None if identity else Operation("elementwise", node, (node.left, node.comparators[0]))
    if isinstance(node, ast.AugAssign):
        return Operation("in-place", node, (node.target, node.value))
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        return Operation("stored", node, (node.targets[0], node.value))
    return _call(node, imports) if isinstance(node, ast.Call) else None


def _call(node: ast.Call, imports: Imports) -> Operation | None:
    if any(isinstance(argument, ast.Starred) for argument in node.args):
        return None
    name = imports.numpy(node.func)
    if name in {"dot", "matmul"} and len(node.args) == 2:  # noqa: PLR2004 (two factors)
        return Operation("dot" if name == "dot" else "matmul", node, (node.args[0], node.args[1]))
    if name in ELEMENTWISE and len(node.args) > 1:
        return Operation("elementwise", node, tuple(node.args[: 3 if name == "where" else 2]))
    is_method = name is None and isinstance(node.func, ast.Attribute) and imports.dotted(node.func) is None
    if is_method and isinstance(node.func, ast.Attribute) and node.func.attr == "dot" and len(node.args) == 1:
        return Operation("dot", node, (node.func.value, node.args[0]))
    return None
