"""What an assignment assigns to."""

from __future__ import annotations

import ast
import copy


def to_load(node: ast.expr) -> ast.expr:
    """Return a copy of a target as an expression that reads it."""
    reading = copy.deepcopy(node)
    for part in ast.walk(reading):
        if hasattr(part, "ctx"):
            part.ctx = ast.Load()
    return reading


def stored_names(target: ast.expr) -> list[str]:
    """Return the names that a ``for`` target binds, in order."""
    return [part.id for part in ast.walk(target) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]


def own_values(target: ast.Tuple | ast.List, value: ast.expr | ast.stmt) -> list[ast.expr | ast.stmt]:
    """Return for each of several targets what it is given, the whole value where that cannot be taken apart."""
    if (
        isinstance(value, ast.Tuple | ast.List)
        and len(value.elts) == len(target.elts)
        and not any(isinstance(part, ast.Starred) for part in (*target.elts, *value.elts))
    ):
        return list(value.elts)
    return [value] * len(target.elts)


def root_and_indices(target: ast.Subscript) -> tuple[ast.expr, list[ast.expr]]:
    """Return what is indexed, such as ``self.W`` of ``self.W[0][i, j]``, and the indices up to the first that is a slice or not plain."""
    chain: list[ast.expr] = []
    root: ast.expr = target
    while isinstance(root, ast.Subscript):
        chain.insert(0, root.slice)
        root = root.value
    indices: list[ast.expr] = []
    for index in chain:
        if not is_pure(index):
            break
        indices.append(index)
    return root, indices


def is_pure(node: ast.expr) -> bool:
    """Whether reading ``node`` again does nothing but read: names, attributes, constants, arithmetic, tuples and texts of these."""
    return all(is_pure_part(part) for part in ast.walk(node))


def is_pure_part(part: ast.AST) -> bool:
    """Whether evaluating a node again does nothing, if that is so for what it is made of."""
    allowed = (
        ast.Name, ast.Attribute, ast.Constant, ast.BinOp, ast.UnaryOp, ast.Tuple, ast.operator, ast.unaryop, ast.expr_context,
        ast.JoinedStr, ast.FormattedValue,
    )  # fmt: skip
    makes_a_text = isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "str"
    return makes_a_text or isinstance(part, allowed)


def takes_off_a_number(node: ast.AugAssign) -> bool:
    """Whether a statement takes a literal number off part of an array, at an index that is an expression: ``p[range(n), y] -= 1``."""
    if not isinstance(node.op, ast.Sub) or not isinstance(node.target, ast.Subscript):
        return False
    rooted = all(isinstance(part, ast.Subscript) or is_pure_part(part) for part in ast.walk(node.target.value))
    indices = node.target.slice.elts if isinstance(node.target.slice, ast.Tuple) else [node.target.slice]
    indexed = not any(isinstance(index, ast.Slice | ast.Starred) for index in indices)
    return rooted and indexed and isinstance(node.value, ast.Constant) and isinstance(node.value.value, int | float)


def takes_off_a_value(node: ast.AugAssign) -> bool:
    """Whether a statement takes what has a name, or is part of that, off what has a name: ``delta -= y``."""
    return isinstance(node.op, ast.Sub) and is_pure(node.target) and _is_named(node.value)


def _is_named(node: ast.expr) -> bool:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def reads(expression: ast.expr, target: ast.expr) -> bool:
    """Whether ``expression`` reads what ``target`` writes, by the same name."""
    wanted = ast.dump(to_load(target))
    return any(
        isinstance(part, ast.Name | ast.Attribute) and ast.dump(to_load(part)) == wanted
        for part in ast.walk(expression)
    )
