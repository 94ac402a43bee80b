"""Update statements whose factor is a number written out, such as ``w -= 0.03 * dW``."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.doctor.scripts.targets import reads

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class LiteralUpdate:
    """An update with a number in it.

    Attributes:
        statement: The statement.
        factor: The number.
    """

    statement: ast.Assign | ast.AugAssign
    factor: ast.Constant


def literal_updates(tree: ast.AST) -> Iterator[LiteralUpdate]:
    r"""Yield the statements in loops and functions that add a number times something to a variable, or subtract it.

    >>> tree = ast.parse("for i in r:\n    w = w - dW * 0.03\n    n += 1\n    v -= rate * dV")
    >>> [(update.statement.lineno, update.factor.value) for update in literal_updates(tree)]
    [(2, 0.03)]
    """
    repeated = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.For | ast.While | ast.FunctionDef)
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign) and id(node) in repeated:
            step = _step(node)
            factor = _factor(step) if step is not None else None
            if factor is not None:
                yield LiteralUpdate(node, factor)


def _step(node: ast.Assign | ast.AugAssign) -> ast.expr | None:
    """Return what is added to the old value or subtracted from it."""
    if isinstance(node, ast.AugAssign):
        return node.value if isinstance(node.op, ast.Add | ast.Sub) else None
    target, value = node.targets[0], node.value
    if not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Add | ast.Sub):
        return None
    if not isinstance(target, ast.Name | ast.Attribute | ast.Subscript):
        return None
    return value.right if ast.unparse(value.left) == ast.unparse(target) and not reads(value.right, target) else None


def _factor(step: ast.expr) -> ast.Constant | None:
    """Return the only float among the factors of a product with something that is no number."""
    factors = list(_factors(step))
    floats = [factor for factor in factors if isinstance(factor, ast.Constant) and isinstance(factor.value, float)]
    others = [factor for factor in factors if not isinstance(factor, ast.Constant)]
    return floats[0] if len(floats) == 1 and len(others) == len(factors) - 1 > 0 else None


def _factors(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        yield from _factors(node.left)
        yield from _factors(node.right)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        yield from _factors(node.left)
    else:
        yield node
