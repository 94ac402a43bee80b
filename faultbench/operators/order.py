"""The order of a step: updates too early, gradients that are not set back, updates that are missing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from faultbench.operators.base import Mutation, operator
from faultbench.operators.edits import all_assigned, assigned_tokens, is_call, moved_before, tokens, without_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faultbench.subject import Subject


@operator("update", "updated-weights wrong-gradient stale-prediction", "wrong-operand")
def update_too_early(subject: Subject) -> Iterator[Mutation]:
    """Update a parameter before a line that still needs its old value."""
    for statement in _updates(subject):
        body = subject.body_of(statement)
        written = assigned_tokens(statement)
        for before in reversed(body[: body.index(statement)]):
            if _reads(before) & written and not all_assigned(before) & subject.parameter_names:
                along = _needed(body, before, statement)
                if _can_go(subject, body, before, along):
                    yield moved_before(subject, statement, before, along)
                break


@operator("update", "frozen-parameter unused-parameter")
def freeze(subject: Subject) -> Iterator[Mutation]:
    """Leave the update of a parameter out."""
    for statement in _updates(subject):
        yield without_statement(subject, statement)


@operator("gradient", "stale-gradients wrong-gradient")
def forget_zeroing(subject: Subject) -> Iterator[Mutation]:
    """Set gradients to zero once, before the training, instead of in every step; or never, where they are set to it in place."""
    loop = subject.loop
    for statement in subject.nodes(ast.Assign):
        is_part = _is_part(statement.targets[0])
        is_zero = _is_zero(statement.value) or (is_part and _is_nothing(statement.value))
        if assigned_tokens(statement) & subject.parameter_names or not is_zero:
            continue
        if statement in loop.body and not is_part:
            yield moved_before(subject, statement, loop)
        elif is_part or _is_kept(subject, statement):
            yield without_statement(subject, statement)
    for other in subject.nodes(ast.AugAssign):
        is_zeroed = isinstance(other.op, ast.Mult) and _is_nothing(other.value)
        if is_zeroed and not assigned_tokens(other) & subject.parameter_names:
            yield without_statement(subject, other)
    for call in subject.nodes(ast.Expr):
        if _zeroes(call.value):
            yield without_statement(subject, call)


@operator("gradient", "wrong-gradient optimizer-error", "overwritten-gradient")
def overwrite_gradient(subject: Subject) -> Iterator[Mutation]:
    """Write ``=`` where a gradient is added up."""
    for statement in subject.nodes(ast.AugAssign):
        if isinstance(statement.op, ast.Add) and not tokens(statement.target) & {subject.original.loss}:
            begin, end = subject.span(statement)
            text = subject.text[begin:end].replace("+=", "=", 1)
            yield Mutation(subject.text[:begin] + text + subject.text[end:], (statement.lineno,))


def _updates(subject: Subject) -> list[ast.stmt]:
    """Return the statements that give parameters new values."""
    assigned: list[ast.stmt] = [*subject.nodes(ast.Assign), *subject.nodes(ast.AugAssign)]
    return [each for each in assigned if assigned_tokens(each) & subject.parameter_names]


def _can_go(subject: Subject, body: list[ast.stmt], before: ast.stmt, along: list[ast.stmt]) -> bool:
    """Whether statements can be moved up before another, and nothing else than the update comes to be another one by that."""
    if before in along or any(all_assigned(each) & subject.parameter_names for each in along):
        return False
    for each in along:
        passed = [other for other in body[body.index(before) : body.index(each)] if other not in along]
        if any(all_assigned(each) & (_reads(other) | all_assigned(other)) for other in passed):
            return False
    return True


def _reads(statement: ast.stmt) -> set[str]:
    """Return what a statement needs: all names, attributes and keys in it that are not only written."""
    found = {token for node in ast.walk(statement) if _is_read(node) for token in tokens(node)}
    parts = [node for node in ast.walk(statement) if isinstance(node, ast.AugAssign)]
    return found | {token for part in parts for token in tokens(part.target)}


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Load)


def _needed(body: list[ast.stmt], before: ast.stmt, statement: ast.stmt) -> list[ast.stmt]:
    """Return the statements, from ``before`` on, without which a statement cannot be run."""
    between = body[body.index(before) : body.index(statement)]
    needed: list[ast.stmt] = []
    read = _reads(statement)
    for each in reversed(between):
        if all_assigned(each) & read:
            needed.insert(0, each)
            read |= _reads(each)
    return needed


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not isinstance(node.value, bool | str) and node.value == 0


def _is_zero(node: ast.expr) -> bool:
    """Whether it makes arrays or lists of zeros, as gradients are before something is added to them."""
    if isinstance(node, ast.ListComp):
        return _is_zero(node.elt) and not _is_nothing(node.elt)
    if isinstance(node, ast.DictComp):
        return _is_zero(node.value) and not _is_nothing(node.value)
    if isinstance(node, ast.Tuple | ast.List):
        return bool(node.elts) and all(_is_zero(each) and not _is_nothing(each) for each in node.elts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        filled = [each for side in (node.left, node.right) if isinstance(side, ast.List) for each in side.elts]
        return bool(filled) and all(map(_is_nothing, filled))
    return is_call(node, "zeros", "zeros_like")


def _is_part(target: ast.expr) -> bool:
    """Whether it is all of an array, as in ``g[:] = 0`` and ``g[...] = 0``."""
    if not isinstance(target, ast.Subscript):
        return False
    index = target.slice
    is_all = isinstance(index, ast.Slice) and index.lower is None and index.upper is None and index.step is None
    return is_all or (isinstance(index, ast.Constant) and index.value is ...)


def _is_kept(subject: Subject, statement: ast.stmt) -> bool:
    """Whether what a statement assigns is there before the training, and is added to later."""
    assigned = assigned_tokens(statement)
    before = any(assigned_tokens(each) & assigned for each in subject.nodes(ast.Assign, subject.early))
    return before and any(
        isinstance(each.op, ast.Add) and assigned_tokens(each) & assigned for each in subject.nodes(ast.AugAssign)
    )


def _zeroes(node: ast.expr) -> bool:
    """Whether it is a call that sets something to zero in place: ``g.fill(0)``, ``net.zero_grad()``."""
    if is_call(node, "fill") and isinstance(node, ast.Call):
        return len(node.args) == 1 and _is_nothing(node.args[0])
    return is_call(node, "zero_grad", "zero_grads", "zero_gradients", "reset_gradients", "clear_gradients")
