"""The edit that turns the sign of an expression."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.definitions import expression_at
from unstuck.doctor.checks.edits import edits, replace, text_of

if TYPE_CHECKING:
    from unstuck.doctor.findings import Edit
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.source import Source


def turned_sign(examination: Examination, site: Site) -> tuple[Edit, ...]:
    """Return the edit that gives what stands at a site the other sign; none where the script has no such expression of its own."""
    if examination.repeated or site.module:
        return ()
    node = expression_at(examination, site)
    return () if node is None else edits(examination.source, [replace(node, _turned(examination.source, node))])


def _turned(source: Source, node: ast.expr) -> str:
    """Return an expression with the other sign: ``b - a`` for ``a - b``, ``a`` for ``-a``, otherwise ``-(a)``."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        left = text_of(source, node.left)
        is_sum = isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Add | ast.Sub)
        return f"{text_of(source, node.right)} - {f'({left})' if is_sum else left}"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return text_of(source, node.operand)
    return f"-({text_of(source, node)})"
