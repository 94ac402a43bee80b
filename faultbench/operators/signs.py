"""Signs: of a delta, of one term, of the update."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from faultbench.operators.base import operator
from faultbench.operators.edits import assigned_tokens, guarded, swapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faultbench.operators.base import Mutation
    from faultbench.subject import Subject


@operator("gradient", "wrong-gradient ascends", "sign-of-one-term")
def reverse_difference(subject: Subject) -> Iterator[Mutation]:
    """Write b - a for a - b."""
    for node in subject.nodes(ast.BinOp):
        if isinstance(node.op, ast.Sub) and not isinstance(node.left, ast.Constant) and not _is_update(subject, node):
            yield swapped(subject, node, f"{guarded(subject, node.right)} - {guarded(subject, node.left)}")


@operator(
    "gradient", "wrong-gradient ascends optimizer-error", "sign-of-one-term wrong-activation-derivative extra-factor"
)
def flip_term(subject: Subject) -> Iterator[Mutation]:
    """Write a + b for a - b, or the other way round."""
    for node in subject.nodes(ast.BinOp):
        if isinstance(node.op, ast.Sub | ast.Add) and not _is_update(subject, node):
            sign = "+" if isinstance(node.op, ast.Sub) else "-"
            yield swapped(subject, node, f"{subject.source(node.left)} {sign} {guarded(subject, node.right)}")


@operator("update", "ascends wrong-gradient", "sign-of-one-term")
def flip_update(subject: Subject) -> Iterator[Mutation]:
    """Add the step where it must be subtracted, or the other way round."""
    for statement in subject.nodes(ast.AugAssign):
        if isinstance(statement.op, ast.Sub | ast.Add) and not isinstance(statement.value, ast.Constant):
            sign = "+=" if isinstance(statement.op, ast.Sub) else "-="
            yield swapped(
                subject, statement, f"{subject.source(statement.target)} {sign} {subject.source(statement.value)}"
            )
    for node in subject.nodes(ast.BinOp):
        if isinstance(node.op, ast.Sub | ast.Add) and _is_update(subject, node):
            sign = "+" if isinstance(node.op, ast.Sub) else "-"
            yield swapped(subject, node, f"{subject.source(node.left)} {sign} {guarded(subject, node.right)}")


@operator("gradient", "wrong-gradient ascends", "sign-of-one-term")
def negate(subject: Subject) -> Iterator[Mutation]:
    """Give an array that goes back the other sign."""
    for node in subject.nodes(ast.Assign):
        if isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.Mult | ast.MatMult):
            yield swapped(subject, node.value, f"-({subject.source(node.value)})")


def _is_update(subject: Subject, node: ast.BinOp) -> bool:
    """Whether it is ``w - step`` in ``w = w - step``."""
    statement = subject.statement(node)
    return isinstance(statement, ast.Assign) and bool(
        statement.value is node and assigned_tokens(statement) & subject.parameter_names
    )
