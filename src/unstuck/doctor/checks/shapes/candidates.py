"""Simple changes of an operation that may make its shapes go together."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import Change, insert, replace, text_of
from unstuck.doctor.checks.shapes.context import own_nodes
from unstuck.doctor.checks.shapes.definitions import definition_of, made_two_dimensional
from unstuck.doctor.checks.shapes.expressions import Evaluator
from unstuck.doctor.checks.shapes.operations import operation_of
from unstuck.doctor.checks.shapes.scope import MisfitError, Value
from unstuck.doctor.places import line_name, span_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.checks.shapes.operations import Operation
    from unstuck.doctor.checks.shapes.rules import Shape
    from unstuck.doctor.checks.shapes.scope import Scope
    from unstuck.doctor.scripts.source import Source

_PRODUCTS = ("dot", "matmul")
_ATOMS = ast.Name | ast.Attribute | ast.Call | ast.Subscript
_MATRIX = 2


@dataclass(frozen=True)
class Candidate:
    """A change that may help.

    Attributes:
        summary: What to do, in one sentence.
        changes: Of the program's text.
        values: What it does to variables that were made before the crash.
        at_definition: Whether it changes where a variable is made, not where it is used.
    """

    summary: str
    changes: tuple[Change, ...]
    values: dict[str, Value | None] = field(default_factory=dict)
    at_definition: bool = False


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

    def shape(self, node: ast.expr) -> Shape | None:
        """Return the shape of an expression, None if unknown or if it has none."""
        try:
            return Evaluator(self.scope).shape(node)
        except MisfitError:
            return None


def candidates(failure: Failure, source: Source) -> Iterator[Candidate]:
    """Yield simple changes: a transpose more or less, operands swapped, an operand used elsewhere, a bias made a column."""
    flat = failure.operation.kind not in _PRODUCTS and any(len(shape or ()) != _MATRIX for shape in failure.shapes)
    for position, operand in enumerate(failure.operation.operands):
        if not flat and (failure.operation.kind not in {"in-place", "stored"} or position):
            core = _core(operand, failure)
            shape = failure.shapes[position] if core is operand else failure.shape(core)
            if shape is not None and len(shape) == _MATRIX:
                yield _transposed(core, shape, source)
                yield from _made_transposed(core, shape, failure, source)
    if failure.operation.kind in _PRODUCTS:
        yield _swapped(failure.operation, source)
    yield from _used_elsewhere(failure, source)
    yield from _column(failure, source)


def _core(operand: ast.expr, failure: Failure) -> ast.expr:
    """Return the array in a product or quotient with plain numbers, such as ``dW`` in ``rate * dW / m``."""
    while isinstance(operand, ast.BinOp) and isinstance(operand.op, ast.Mult | ast.Div):
        left, right = failure.shape(operand.left), failure.shape(operand.right)
        if left == ():
            operand = operand.right
        elif right == () and left is not None:
            operand = operand.left
        else:
            break
    return operand


def _transposed(operand: ast.expr, shape: Shape, source: Source) -> Candidate:
    """Add ``.T``, or take it away."""
    text = text_of(source, operand)
    if isinstance(operand, ast.Attribute) and operand.attr == "T":
        plain = text_of(source, operand.value)
        return Candidate(
            f"Write {plain}, of shape {shape[::-1]}, instead of {text}.",
            (replace(operand, plain if isinstance(operand.value, _ATOMS) else f"({plain})"),),
        )
    new = f"{text}.T" if isinstance(operand, _ATOMS) else f"({text}).T"
    return Candidate(f"Write {new}, of shape {shape[::-1]}, instead of {text}.", (replace(operand, new),))


def _swapped(operation: Operation, source: Source) -> Candidate:
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
    )


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
                    )


def _same_kind(one: Operation, other: Operation) -> bool:
    if one.kind in _PRODUCTS and other.kind in _PRODUCTS:
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
        )
        made = made_two_dimensional(operand, failure.owner, failure.scope.imports, source)
        if made is not None:
            line, change = made
            yield Candidate(
                f"Make {text} a column where it is made, in {line_name(source, line)}: {change.new.strip()}.",
                (change,),
                {ast.unparse(operand): Value((*shape, 1))},
                at_definition=True,
            )


def _made_transposed(operand: ast.expr, shape: Shape, failure: Failure, source: Source) -> Iterator[Candidate]:
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
        {operand.id: Value(shape[::-1])},
        at_definition=True,
    )
