"""The order of a step: updates too early, gradients that are not set back, updates that are missing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from faultbench.operators.base import Mutation, operator
from faultbench.operators.edits import assigned_tokens, is_call, moved_before, tokens, without_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faultbench.subject import Subject


@operator("update", "updated-weights wrong-gradient stale-prediction", "wrong-operand")
def update_too_early(subject: Subject) -> Iterator[Mutation]:
    """Update a parameter before a line that still needs its old value."""
    for statement in _updates(subject):
        body = subject.body_of(statement)
        written, read = assigned_tokens(statement), _reads(statement)
        for before in reversed(body[: body.index(statement)]):
            if _reads(before) & written and not assigned_tokens(before) & subject.parameter_names:
                if not _needs(body, before, statement, read):
                    yield moved_before(subject, statement, before)
                break


@operator("update", "frozen-parameter unused-parameter")
def freeze(subject: Subject) -> Iterator[Mutation]:
    """Leave the update of a parameter out."""
    for statement in _updates(subject):
        yield without_statement(subject, statement)


@operator("gradient", "stale-gradients wrong-gradient")
def forget_zeroing(subject: Subject) -> Iterator[Mutation]:
    """Set gradients to zero once, before the training, instead of in every step."""
    loop = subject.loop
    for statement in subject.nodes(ast.Assign):
        is_zero = is_call(statement.value, "zeros", "zeros_like")
        if is_zero and statement in loop.body and not assigned_tokens(statement) & subject.parameter_names:
            yield moved_before(subject, statement, loop)


@operator("gradient", "wrong-gradient", "overwritten-gradient")
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


def _reads(statement: ast.stmt) -> set[str]:
    value = getattr(statement, "value", None)
    return set() if value is None else {token for node in ast.walk(value) for token in tokens(node)}


def _needs(body: list[ast.stmt], before: ast.stmt, statement: ast.stmt, read: set[str]) -> bool:
    """Whether something between the two assigns what the statement reads."""
    between = body[body.index(before) : body.index(statement)]
    return any(assigned_tokens(each) & read for each in between)
