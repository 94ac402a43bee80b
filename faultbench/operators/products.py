"""Products: a factor, a transpose, the kind of product."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from faultbench.operators.base import operator
from faultbench.operators.edits import guarded, is_call, swapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faultbench.operators.base import Mutation
    from faultbench.subject import Subject

_FACTORS = (
    "missing-activation-derivative missing-output-derivative missing-factor wrong-activation-derivative"
    " derivative-of-preactivation derivative-of-activated-value softmax-diagonal"
)


@operator("gradient", "wrong-gradient frozen-parameter optimizer-error", _FACTORS)
def drop_factor(subject: Subject) -> Iterator[Mutation]:
    """Leave one of two factors out of a product that is no mere rescaling."""
    for node in subject.nodes(ast.BinOp):
        if isinstance(node.op, ast.Mult) and not {type(node.left), type(node.right)} & {ast.Constant, ast.UnaryOp}:
            yield swapped(subject, node, guarded(subject, node.left))
            yield swapped(subject, node, guarded(subject, node.right))


@operator("gradient", "wrong-gradient shape-mismatch broadcast crash", "wrong-operand missing-transpose missing-factor")
def elementwise_for_product(subject: Subject) -> Iterator[Mutation]:
    """Write ``*`` for a matrix product."""
    for node in subject.nodes(ast.BinOp):
        if isinstance(node.op, ast.MatMult):
            yield swapped(subject, node, f"{guarded(subject, node.left)} * {guarded(subject, node.right)}")
    for call in subject.nodes(ast.Call):
        if is_call(call, "dot", "matmul") and len(call.args) == 2:  # noqa: PLR2004 (a product of two)
            yield swapped(subject, call, f"({guarded(subject, call.args[0])} * {guarded(subject, call.args[1])})")


@operator("gradient", "wrong-gradient shape-mismatch broadcast crash", "missing-transpose wrong-operand")
def drop_transpose(subject: Subject) -> Iterator[Mutation]:
    """Leave a transpose out."""
    for node in subject.nodes(ast.Attribute):
        if node.attr == "T":
            yield swapped(subject, node, guarded(subject, node.value))


@operator("gradient", "wrong-gradient", "loss-value-for-derivative")
def loss_for_derivative(subject: Subject) -> Iterator[Mutation]:
    """Square an error where it is sent back."""
    for node in subject.nodes(ast.Assign):
        value = node.value
        if not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Sub):
            continue
        if isinstance(value.left, ast.Name | ast.Attribute) and isinstance(value.right, ast.Name):
            yield swapped(subject, value, f"0.5 * ({subject.source(value)}) ** 2")


@operator(
    "gradient",
    "wrong-gradient shape-mismatch broadcast optimizer-error",
    "wrong-operand wrong-layer wrong-activation-derivative derivative-of-preactivation derivative-of-activated-value missing-factor"
    " extra-factor",
)
def swap_cache(subject: Subject) -> Iterator[Mutation]:
    """Use another array of the same shape."""
    for node in subject.nodes(ast.Name):
        shapes = subject.shapes.get(node.lineno, {})
        if not isinstance(node.ctx, ast.Load) or node.id not in shapes:
            continue
        others = [name for name, shape in shapes.items() if name != node.id and shape == shapes[node.id] and shape]
        assigned = {token for token in shapes if f"{token} =" in subject.source(subject.statement(node))}
        beside = {each.id for each in ast.walk(subject.parents[node]) if isinstance(each, ast.Name)}
        for other in sorted(set(others) - assigned - beside - subject.parameter_names)[:1]:
            yield swapped(subject, node, other)
