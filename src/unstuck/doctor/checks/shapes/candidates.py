"""Simple changes of an operation that may make its shapes go together."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from unstuck.doctor.checks.edits import Change, insert, replace, text_of
from unstuck.doctor.checks.shapes.context import own_nodes
from unstuck.doctor.checks.shapes.definitions import definition_of, made_two_dimensional
from unstuck.doctor.checks.shapes.expressions import RULES, Evaluator
from unstuck.doctor.checks.shapes.operations import operation_of
from unstuck.doctor.checks.shapes.scope import MisfitError, Value
from unstuck.doctor.places import line_name, span_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unstuck.doctor.checks.shapes.operations import Operation
    from unstuck.doctor.checks.shapes.rules import Shape
    from unstuck.doctor.checks.shapes.scope import Scope
    from unstuck.doctor.scripts.source import Source

PRODUCTS = frozenset(["dot", "matmul"])
"""The kinds of operations that are matrix products."""

_ATOMS = ast.Name | ast.Attribute | ast.Call | ast.Subscript
_MATRIX = 2


@dataclass(frozen=True)
class Candidate:
    """A change that may help.

    Attributes:
        summary: What to do, in one sentence.
        changes: Of the program's text.
        shapes: Of the operands after it.
        rank: How far it goes: 0 changes an operand, 1 takes another variable, 2 changes where a variable is made.
        values: What it does to variables that were made before the crash.
    """

    summary: str
    changes: tuple[Change, ...]
    shapes: tuple[Shape | None, ...]
    rank: Literal[0, 1, 2] = 0
    values: dict[str, Value | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """An operation whose shapes do not go together.

    Attributes:
        operation: The operation.
        shapes: Of its operands, None where unknown.
        scope: What is known of the variables.
        owner: The function in which it stands, or the module.
    """

    operation: Operation
    shapes: tuple[Shape | None, ...]
    scope: Scope
    owner: ast.Module | ast.FunctionDef

    def with_shape(self, position: int, shape: Shape) -> tuple[Shape | None, ...]:
        """Return the shapes with another one in place of an operand's."""
        return (*self.shapes[:position], shape, *self.shapes[position + 1 :])

    def shape(self, node: ast.expr) -> Shape | None:
        """Return the shape of an expression, None if unknown or if it has none."""
        try:
            return Evaluator(self.scope).shape(node)
        except MisfitError:
            return None


def candidates(failure: Failure, source: Source) -> Iterator[Candidate]:
    """Yield simple changes that make the shapes of the operation go together.

    A transpose more or less, operands swapped, an operand used elsewhere, another variable, a bias made a column.
    """
    for candidate in _all(failure, source):
        rule = RULES[failure.operation.kind]
        known = [shape for shape in candidate.shapes if shape is not None]
        if len(known) == len(candidate.shapes) and rule(*known) is not None:
            yield candidate


def _all(failure: Failure, source: Source) -> Iterator[Candidate]:
    flat = failure.operation.kind not in PRODUCTS and any(len(shape or ()) != _MATRIX for shape in failure.shapes)
    for position, (operand, shape) in enumerate(zip(failure.operation.operands, failure.shapes, strict=True)):
        fixed = flat or (failure.operation.kind in {"in-place", "stored"} and not position)
        if not fixed and shape is not None and len(shape) == _MATRIX:
            core, after = core_of(operand, failure.shape), failure.with_shape(position, shape[::-1])
            yield _transposed(core, shape, after, source)
            yield from _made_transposed(core, shape, after, failure, source)
    if failure.operation.kind in PRODUCTS:
        yield _swapped(failure, source)
        yield from _other_variables(failure, source)
    yield from _used_elsewhere(failure, source)
    yield from _column(failure, source)


def core_of(operand: ast.expr, shape: Callable[[ast.expr], Shape | None]) -> ast.expr:
    """Return the array in a product or quotient with plain numbers, such as ``dW`` in ``rate * dW / m``."""
    while isinstance(operand, ast.BinOp) and isinstance(operand.op, ast.Mult | ast.Div):
        left, right = shape(operand.left), shape(operand.right)
        if left == ():
            operand = operand.right
        elif right == () and left is not None:
            operand = operand.left
        else:
            break
    return operand


def _transposed(operand: ast.expr, shape: Shape, after: tuple[Shape | None, ...], source: Source) -> Candidate:
    """Add ``.T``, or take it away."""
    text = text_of(source, operand)
    if isinstance(operand, ast.Attribute) and operand.attr == "T":
        plain = text_of(source, operand.value)
        return Candidate(
            f"Write {plain}, of shape {shape[::-1]}, instead of {text}.",
            (replace(operand, plain if isinstance(operand.value, _ATOMS) else f"({plain})"),),
            after,
        )
    new = f"{text}.T" if isinstance(operand, _ATOMS) else f"({text}).T"
    return Candidate(f"Write {new}, of shape {shape[::-1]}, instead of {text}.", (replace(operand, new),), after)


def _swapped(failure: Failure, source: Source) -> Candidate:
    operation = failure.operation
    first, second = operation.operands
    is_call = isinstance(operation.node, ast.Call) and len(operation.node.args) == len(operation.operands)
    texts = [text_of(source, node) for node in (first, second)]
    if not is_call:
        texts = [
            text if isinstance(node, _ATOMS) else f"({text})" for text, node in zip(texts, (first, second), strict=True)
        ]
    return Candidate(
        f"Swap the operands: {texts[1]} first, then {texts[0]}.",
        (replace(first, texts[1]), replace(second, texts[0])),
        failure.shapes[::-1],
    )


def _other_variables(failure: Failure, source: Source) -> Iterator[Candidate]:
    """Yield the variables that have the very shape an operand of a product needs, the other sizes staying as they are."""
    left, right = failure.shapes
    if left is None or right is None or len(left) != _MATRIX or len(right) != _MATRIX:
        return
    mentioned = {node.id for node in own_nodes(failure.owner) if isinstance(node, ast.Name)}
    names = [name for name, value in failure.scope.values.items() if name in mentioned and value is not None]
    for position, needed in ((0, (left[0], right[0])), (1, (left[1], right[1]))):
        operand, partner = failure.operation.operands[position], failure.operation.operands[1 - position]
        known = {node.id for part in (operand, partner) for node in ast.walk(part) if isinstance(node, ast.Name)}
        for name in names:
            value = failure.scope.values[name]
            if value is not None and value.shape == needed and value.kind == "ndarray" and name not in known:
                text = text_of(source, operand)
                summary = f"Write {name}, of shape {needed}, instead of {text}."
                yield Candidate(summary, (replace(operand, name),), failure.with_shape(position, needed), 1)


def _used_elsewhere(failure: Failure, source: Source) -> Iterator[Candidate]:
    """Yield other operands that the same operation with the same partner has elsewhere in the function or module."""
    operation = failure.operation
    if len(operation.operands) != 2 or operation.kind in {"in-place", "stored"}:  # noqa: PLR2004 (of two, one is the partner)
        return
    texts = [ast.unparse(operand) for operand in operation.operands]
    seen = set(texts)
    for node in own_nodes(failure.owner):
        other = operation_of(node, failure.scope.imports)
        if other is None or node is operation.node or not _same_kind(other, operation):
            continue
        for position, text in enumerate(texts):
            new = other.operands[1 - position]
            if ast.unparse(other.operands[position]) == text and ast.unparse(new) not in seen and _is_plain(new):
                seen.add(ast.unparse(new))
                shape = failure.shape(new)
                if shape is not None:
                    line = line_name(source, span_of(other.operands[0]).line)
                    wrong, right = text_of(source, operation.operands[1 - position]), text_of(source, new)
                    yield Candidate(
                        f"Write {right}, of shape {shape}, instead of {wrong}: {line} uses {right} with {text}.",
                        (replace(operation.operands[1 - position], right),),
                        failure.with_shape(1 - position, shape),
                    )


def _same_kind(one: Operation, other: Operation) -> bool:
    if one.kind in PRODUCTS and other.kind in PRODUCTS:
        return True
    operators = [type(operation.node.op) for operation in (one, other) if isinstance(operation.node, ast.BinOp)]
    return len(operators) == 2 and operators[0] is operators[1]  # noqa: PLR2004 (both of them)


def _is_plain(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return _is_plain(node.value)
    return isinstance(node, ast.Name) or (isinstance(node, ast.Subscript) and _is_plain(node.value))


def _column(failure: Failure, source: Source) -> Iterator[Candidate]:
    """Turn a bias of shape ``(n,)`` that is added to ``(n, batch)`` into a column."""
    node, shapes = failure.operation.node, failure.shapes
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)):
        return
    for position, operand in enumerate(failure.operation.operands):
        shape, other = shapes[position], shapes[1 - position]
        if shape is None or other is None or len(shape) != 1 or len(other) != _MATRIX or shape[0] != other[0]:
            continue
        if not _is_plain(operand):
            continue
        text, end = text_of(source, operand), span_of(operand)
        yield Candidate(
            f"Write {text}[:, None], of shape {(*shape, 1)}, instead of {text}: a column, which is added to every column.",
            (insert(end.end_line, end.end_column, "[:, None]"),),
            failure.with_shape(position, (*shape, 1)),
        )
        made = made_two_dimensional(operand, failure.owner, failure.scope.imports, source)
        if made is not None:
            line, change = made
            yield Candidate(
                f"Make {text} a column where it is made, in {line_name(source, line)}: {change.new.strip()}.",
                (change,),
                failure.with_shape(position, (*shape, 1)),
                2,
                {ast.unparse(operand): Value((*shape, 1))},
            )


def _made_transposed(
    operand: ast.expr, shape: Shape, after: tuple[Shape | None, ...], failure: Failure, source: Source
) -> Iterator[Candidate]:
    """Transpose a variable where it is made, if nothing but this operation has used it so far."""
    definition = definition_of(operand, failure.owner, before=failure.operation.node.lineno)
    if definition is None or not isinstance(operand, ast.Name):
        return
    text = text_of(source, definition.value)
    new = f"{text}.T" if isinstance(definition.value, _ATOMS) else f"({text}).T"
    line = line_name(source, definition.lineno)
    yield Candidate(
        f"Transpose {operand.id} where it is made, in {line}, so that its shape is {shape[::-1]}.",
        (replace(definition.value, new),),
        after,
        2,
        {operand.id: Value(shape[::-1])},
    )
