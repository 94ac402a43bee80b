"""Sums and means: their axis, their presence, the number that they are divided by."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from faultbench.operators.base import operator
from faultbench.operators.edits import guarded, is_call, swapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faultbench.operators.base import Mutation
    from faultbench.subject import Subject

_SUMS = ("sum", "mean", "max", "amax")
_COUNTS = (ast.Name, ast.Call, ast.Subscript, ast.Attribute)


@operator(
    "gradient",
    "wrong-gradient shape-mismatch broadcast crash loss-mismatch",
    "summed-over-wrong-axis bias-not-summed softmax-diagonal",
)
def other_axis(subject: Subject) -> Iterator[Mutation]:
    """Sum over the other axis."""
    for node in subject.nodes(ast.Call):
        if not is_call(node, *_SUMS):
            continue
        for keyword in node.keywords:
            if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant) and keyword.value.value in (0, 1):
                yield swapped(subject, keyword.value, "1" if keyword.value.value == 0 else "0")


@operator("gradient", "wrong-gradient shape-mismatch broadcast crash", "bias-not-summed summed-over-wrong-axis")
def drop_sum(subject: Subject) -> Iterator[Mutation]:
    """Leave a sum over the rows out."""
    for node in subject.nodes(ast.Call):
        if is_call(node, "sum") and any(keyword.arg == "axis" for keyword in node.keywords):
            if node.args:
                yield swapped(subject, node, guarded(subject, node.args[0]))
            elif isinstance(node.func, ast.Attribute):
                yield swapped(subject, node, guarded(subject, node.func.value))


@operator(
    "setting",
    "sum-not-mean step-too-large wrong-gradient loss-mismatch saturation dead-relu non-finite",
    "extra-factor missing-factor",
)
def drop_mean(subject: Subject) -> Iterator[Mutation]:
    """Do not divide by the number of rows."""
    for node in subject.nodes(ast.BinOp):
        if isinstance(node.op, ast.Div) and isinstance(node.right, _COUNTS) and not _is_ratio(node):
            yield swapped(subject, node, guarded(subject, node.left))


@operator("setting", "step-too-small wrong-gradient too-few-steps loss-mismatch", "extra-factor missing-factor")
def mean_twice(subject: Subject) -> Iterator[Mutation]:
    """Divide by the number of rows twice."""
    for node in subject.nodes(ast.BinOp):
        if isinstance(node.op, ast.Div) and isinstance(node.right, _COUNTS) and not _is_ratio(node):
            yield swapped(subject, node, f"{subject.source(node)} / {subject.source(node.right)}")


def _is_ratio(node: ast.BinOp) -> bool:
    """Whether it is something else than a mean: a logistic function, a softmax, a normalised step."""
    return isinstance(node.left, ast.Constant) or any(
        is_call(each, "exp", "sqrt", "sum") for each in ast.walk(node.right)
    )
