"""What is known of the values that an expression can see."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from unstuck.doctor.checks.imports import Imports
    from unstuck.doctor.checks.shapes.rules import Shape
    from unstuck.doctor.crash import Held

Operands: TypeAlias = "tuple[tuple[ast.expr, Shape], ...]"

_SEQUENCES = frozenset(["list", "tuple"])


@dataclass(frozen=True)
class Value:
    """What is known of a value.

    Attributes:
        shape: Its shape, None if unknown.
        number: What it is, if it is a known whole number.
        items: What it consists of, if it is a known tuple or list.
        kind: The name of its type: ``ndarray``, ``list``, ``matrix`` …
    """

    shape: Shape | None
    number: int | None = None
    items: tuple[Value | None, ...] | None = None
    kind: str = "ndarray"

    @property
    def is_sequence(self) -> bool:
        """Whether it is a Python list or tuple, to which ``+`` and ``*`` mean something else."""
        return self.kind in _SEQUENCES


def whole_number(number: int) -> Value:
    """Return the value for a known whole number."""
    return Value((), number, kind="int")


def numbers(entries: tuple[int, ...]) -> Value:
    """Return the value for a known tuple of whole numbers, such as a shape."""
    return Value((len(entries),), items=tuple(whole_number(entry) for entry in entries), kind="tuple")


class MisfitError(Exception):
    """Shapes that do not go together: the operation, and its operands as far as they are known."""

    def __init__(self, node: ast.expr | ast.stmt, operands: Operands) -> None:
        super().__init__(ast.unparse(node))
        self.node = node
        self.operands = operands


@dataclass(frozen=True)
class Scope:
    """The values an expression can see, by the text that stands for them, such as ``w1`` or ``self.W``.

    Attributes:
        values: What is known of them; None for what is there but unknown.
        imports: The imports of the script.
        functions: The script's own functions by name.
        depth: How many of its functions we are in.
    """

    values: dict[str, Value | None]
    imports: Imports
    functions: Mapping[str, ast.FunctionDef]
    depth: int = field(default=0)

    def inside(self, values: dict[str, Value | None]) -> Scope:
        """Return the scope of a function's body, where ``values`` hide what has the same name outside."""
        return replace(self, values={**self.values, **values}, depth=self.depth + 1)

    def copy(self) -> Scope:
        """Return a scope that can be changed without changing this one."""
        return replace(self, values=dict(self.values))


def scope_of(tree: ast.Module, imports: Imports, variables: Mapping[str, Held]) -> Scope:
    """Return the scope for the variables of a crash."""
    functions: dict[str, ast.FunctionDef] = {}
    twice: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            twice |= {node.name} & functions.keys()
            functions[node.name] = node
    known = {name: function for name, function in functions.items() if name not in twice}
    return Scope({name: value_of(held) for name, held in variables.items()}, imports, known)


def value_of(held: Held) -> Value | None:
    """Return what is known of something a variable held."""
    if held.shape is None:
        return None
    if held.kind in {"int", "tuple", "list"}:
        try:
            return _literal(ast.literal_eval(held.text), held)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            pass  # too long to be shown whole
    return Value(held.shape, kind=held.kind)


def _literal(value: object, held: Held) -> Value:
    if isinstance(value, int) and not isinstance(value, bool):
        return whole_number(value)
    if isinstance(value, list | tuple) and all(type(entry) is int for entry in value):
        return replace(numbers(tuple(value)), kind=held.kind)
    return Value(held.shape, kind=held.kind)
