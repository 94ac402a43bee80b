"""The optimizer's own rules."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from faultbench.operators.base import operator
from faultbench.operators.edits import guarded, is_call, swapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faultbench.operators.base import Mutation
    from faultbench.subject import Subject

_FAULTS = "wrong-gradient step-too-small step-too-large optimizer-error"


@operator("update", _FAULTS)
def adam_without_correction(subject: Subject) -> Iterator[Mutation]:
    """Leave Adam's bias correction out."""
    for node in subject.nodes(ast.BinOp):
        if isinstance(node.op, ast.Div) and any(
            isinstance(each, ast.BinOp) and isinstance(each.op, ast.Pow) for each in ast.walk(node.right)
        ):
            yield swapped(subject, node, guarded(subject, node.left))


@operator("update", _FAULTS)
def epsilon_inside(subject: Subject) -> Iterator[Mutation]:
    """Add the small number inside of the square root."""
    for node in subject.nodes(ast.BinOp):
        if isinstance(node.op, ast.Add) and is_call(node.left, "sqrt") and isinstance(node.left, ast.Call):
            inner = subject.source(node.left.args[0])
            yield swapped(subject, node, f"{subject.source(node.left.func)}({inner} + {subject.source(node.right)})")


@operator("update", _FAULTS + " ascends")
def momentum_sign(subject: Subject) -> Iterator[Mutation]:
    """Turn the memory of a moving average round."""
    for node in subject.nodes(ast.BinOp):
        if isinstance(node.op, ast.Add | ast.Sub) and _is_average(subject, node):
            yield swapped(subject, node.left, f"-{guarded(subject, node.left)}")


@operator("update", _FAULTS)
def average_without_square(subject: Subject) -> Iterator[Mutation]:
    """Leave the square out of a mean square."""
    for node in subject.nodes(ast.BinOp):
        if isinstance(node.op, ast.Pow) and isinstance(node.right, ast.Constant) and node.right.value == 2:  # noqa: PLR2004 (a square)
            statement = subject.statement(node)
            if isinstance(statement, ast.Assign | ast.AugAssign) and _averages(subject, statement):
                yield swapped(subject, node, guarded(subject, node.left))


@operator("update", _FAULTS)
def swap_decay(subject: Subject) -> Iterator[Mutation]:
    """Mix up how much of an average is kept and how much is new."""
    for node in subject.nodes(ast.BinOp):
        is_share = isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Constant) and node.left.value in (1, 1.0)
        statement = subject.statement(node)
        if is_share and isinstance(statement, ast.Assign | ast.AugAssign) and _averages(subject, statement):
            yield swapped(subject, node, subject.source(node.right))


@operator("update", _FAULTS)
def drop_root(subject: Subject) -> Iterator[Mutation]:
    """Divide by the mean square instead of its root."""
    for node in subject.nodes(ast.Call):
        if is_call(node, "sqrt") and isinstance(subject.parents.get(node), ast.BinOp) and node.args:
            yield swapped(subject, node, guarded(subject, node.args[0]))


def _is_average(subject: Subject, node: ast.BinOp) -> bool:
    """Whether it is ``kept * average + new`` in ``average = ...``."""
    statement = subject.statement(node)
    if not isinstance(statement, ast.Assign) or statement.value is not node or not isinstance(node.left, ast.BinOp):
        return False
    target = subject.source(statement.targets[0])
    return isinstance(node.left.op, ast.Mult) and target in {
        subject.source(node.left.left),
        subject.source(node.left.right),
    }


def _averages(subject: Subject, statement: ast.Assign | ast.AugAssign) -> bool:
    """Whether a statement carries a value over into the next step that is no parameter."""
    target = statement.target if isinstance(statement, ast.AugAssign) else statement.targets[0]
    text = subject.source(target)
    return isinstance(statement, ast.AugAssign) or any(
        subject.source(each) == text
        for each in ast.walk(statement.value)
        if isinstance(each, ast.Name | ast.Subscript | ast.Attribute)
    )
