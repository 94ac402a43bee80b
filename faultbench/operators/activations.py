"""Activations, their derivatives, softmax and the logarithm."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from faultbench.operators.base import operator
from faultbench.operators.edits import guarded, is_call, swapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faultbench.operators.base import Mutation
    from faultbench.subject import Subject

_DERIVATIVES = (
    "wrong-activation-derivative missing-activation-derivative derivative-of-preactivation missing-factor extra-factor"
    " missing-output-derivative sign-of-one-term softmax-diagonal derivative-of-activated-value"
)


@operator("gradient", "wrong-gradient optimizer-error", _DERIVATIVES)
def bend_derivative(subject: Subject) -> Iterator[Mutation]:
    """Get the derivative of an activation wrong: 1 - a for a(1 - a) or 1 - a², 1 - a² for 1 - a."""
    for node in subject.nodes(ast.BinOp):
        if isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Constant) and node.left.value in (1, 1.0):
            right = node.right
            if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Pow):
                yield swapped(subject, node, f"1 - {guarded(subject, right.left)}")
            elif isinstance(right, ast.Name | ast.Attribute | ast.Subscript):
                yield swapped(subject, node, f"1 - {subject.source(right)} ** 2")
                yield swapped(subject, node, f"1 + {subject.source(right)}")


@operator("gradient", "wrong-gradient frozen-parameter dead-relu", _DERIVATIVES)
def bend_mask(subject: Subject) -> Iterator[Mutation]:
    """Turn the condition of a rectifier round."""
    for node in subject.nodes(ast.Compare):
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.Gt | ast.Lt | ast.GtE | ast.LtE):
            turned = "<" if isinstance(node.ops[0], ast.Gt | ast.GtE) else ">"
            if isinstance(subject.statement(node), ast.Assign | ast.AugAssign | ast.Return):
                yield swapped(
                    subject, node, f"{subject.source(node.left)} {turned} {subject.source(node.comparators[0])}"
                )


@operator("forward", "wrong-gradient", _DERIVATIVES + " wrong-operand")
def other_activation(subject: Subject) -> Iterator[Mutation]:
    """Use another activation in the forward pass only."""
    for node in subject.nodes(ast.Call):
        if is_call(node, "tanh"):
            yield swapped(subject, node, f"(1 / (1 + np.exp(-({subject.source(node.args[0])}))))")
        elif is_call(node, "maximum", "relu", "sigmoid", "sigmoide", "logistic", "sigma", "act") and node.args:
            inner = node.args[-1] if is_call(node, "maximum") else node.args[0]
            if not (is_call(node, "maximum") and not _is_zero(node.args[0])):
                yield swapped(subject, node, f"np.tanh({subject.source(inner)})")


@operator(
    "gradient",
    "wrong-gradient loss-mismatch no-hidden-layer",
    "missing-activation-derivative extra-factor missing-factor wrong-activation-derivative extra-output-derivative",
)
def drop_activation(subject: Subject) -> Iterator[Mutation]:
    """Leave an activation out of the forward pass."""
    for node in subject.nodes(ast.Call):
        if is_call(node, "tanh", "sigmoid", "sigmoide", "logistic", "relu", "sigma", "act") and node.args:
            yield swapped(subject, node, guarded(subject, node.args[0]))
        elif is_call(node, "maximum") and node.args and _is_zero(node.args[0]):
            yield swapped(subject, node, guarded(subject, node.args[1]))


@operator(
    "forward",
    "broadcast wrong-gradient loss-mismatch output-range shape-mismatch",
    "softmax-diagonal summed-over-wrong-axis extra-factor missing-factor",
)
def softmax_over_all(subject: Subject) -> Iterator[Mutation]:
    """Normalise a softmax over the whole batch."""
    for node in subject.nodes(ast.Call):
        is_total = is_call(node, "sum") and isinstance(subject.parents.get(node), ast.BinOp)
        if is_total and any(keyword.arg == "keepdims" for keyword in node.keywords):
            inner = node.args[0] if node.args else node.func.value  # type: ignore[attr-defined]
            yield swapped(subject, node, f"np.sum({subject.source(inner)})")


@operator("forward", "non-finite step-too-large")
def softmax_unshifted(subject: Subject) -> Iterator[Mutation]:
    """Do not subtract the largest value before the exponentials of a softmax."""
    for node in subject.nodes(ast.BinOp):
        if isinstance(node.op, ast.Sub) and is_call(node.right, "max", "amax"):
            yield swapped(subject, node, subject.source(node.left))


@operator("forward", "non-finite")
def bare_logarithm(subject: Subject) -> Iterator[Mutation]:
    """Take the logarithm of what may be zero."""
    for node in subject.nodes(ast.Call):
        if not is_call(node, "log") or not node.args:
            continue
        inner = node.args[0]
        if (
            isinstance(inner, ast.BinOp)
            and isinstance(inner.op, ast.Add)
            and isinstance(inner.right, ast.Constant | ast.Name)
        ):
            yield swapped(subject, inner, subject.source(inner.left))
    for node in subject.nodes(ast.Call):
        if is_call(node, "clip") and node.args:
            yield swapped(subject, node, guarded(subject, node.args[0]))


@operator("forward", "missing-bias frozen-parameter unused-parameter wrong-gradient", "extra-factor")
def drop_bias(subject: Subject) -> Iterator[Mutation]:
    """Leave the bias out of the forward pass."""
    for node in subject.nodes(ast.BinOp):
        if (
            isinstance(node.op, ast.Add)
            and _is_product(node.left)
            and isinstance(node.right, ast.Name | ast.Attribute | ast.Subscript)
        ):
            yield swapped(subject, node, subject.source(node.left))


def _is_product(node: ast.expr) -> bool:
    return is_call(node, "dot", "matmul", "einsum") or (
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)
    )


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not node.value
