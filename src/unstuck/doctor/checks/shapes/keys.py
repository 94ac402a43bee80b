"""Which entry ``params["W" + str(i)]`` is."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from unstuck.doctor.checks.shapes.scope import Value


def key_of(node: ast.expr, values: Mapping[str, Value | None]) -> str | int | None:
    """Return an index made of texts and known whole numbers, None if it is anything else.

    >>> from unstuck.doctor.checks.shapes.scope import whole_number
    >>> [key_of(ast.parse(text, mode="eval").body, {"i": whole_number(2)}) for text in ("'W' + str(i)", "f'b{i - 1}'", "X")]
    ['W2', 'b1', None]
    """
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str | int) and not isinstance(node.value, bool) else None
    if isinstance(node, ast.Name):
        value = values.get(node.id)
        return value.number if value else None
    if isinstance(node, ast.JoinedStr):
        return _joined(node, values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str" and len(node.args) == 1:
        inner = key_of(node.args[0], values)
        return None if inner is None else str(inner)
    return _computed(node, values) if isinstance(node, ast.BinOp) else None


def _joined(node: ast.JoinedStr, values: Mapping[str, Value | None]) -> str | None:
    parts = []
    for part in node.values:
        plain = isinstance(part, ast.Constant) or (isinstance(part, ast.FormattedValue) and not part.format_spec)
        expression = part.value if isinstance(part, ast.FormattedValue) else part
        known = key_of(expression, values) if plain else None
        if known is None:
            return None
        parts.append(str(known))
    return "".join(parts)


def _computed(node: ast.BinOp, values: Mapping[str, Value | None]) -> str | int | None:
    left, right = key_of(node.left, values), key_of(node.right, values)
    if isinstance(left, str) and isinstance(right, str) and isinstance(node.op, ast.Add):
        return left + right
    if isinstance(left, int) and isinstance(right, int) and isinstance(node.op, ast.Add | ast.Sub):
        return left + right if isinstance(node.op, ast.Add) else left - right
    return None
