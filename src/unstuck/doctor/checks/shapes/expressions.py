"""The shape of an expression, worked out from the shapes of the variables in it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.shapes import functions, rules
from unstuck.doctor.checks.shapes.indices import NEW_AXIS, indexed
from unstuck.doctor.checks.shapes.keys import key_of
from unstuck.doctor.checks.shapes.operations import operation_of
from unstuck.doctor.checks.shapes.scope import MisfitError, Value, numbers, whole_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.doctor.checks.shapes.operations import Operation
    from unstuck.doctor.checks.shapes.rules import Shape
    from unstuck.doctor.checks.shapes.scope import Scope

_COUNTING: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: int.__add__,
    ast.Sub: int.__sub__,
    ast.Mult: int.__mul__,
    ast.FloorDiv: int.__floordiv__,
}


class Evaluator:
    """Works out values in the order in which Python computes them, and stops at the first shapes that do not go together."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def value(self, node: ast.expr) -> Value | None:
        """Return what is known of an expression, None if nothing is.

        Raises:
            MisfitError: Known shapes within it do not go together.
        """
        if isinstance(node, ast.Attribute | ast.Subscript):
            known = self.scope.values.get(self.name(node))
            if known is not None:
                return known
        method = getattr(self, f"_{type(node).__name__}", None)
        return method(node) if method else self._unknown(node)

    def name(self, node: ast.expr) -> str:
        """Return the text under which the scope knows an expression: known indices are put in, ``W[i]`` may be ``W[0]``."""
        if isinstance(node, ast.Subscript):
            key = key_of(node.slice, self.scope.values)
            if key is not None:
                return f"{self.name(node.value)}[{key!r}]"
        return f"{self.name(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ast.unparse(node)

    def shape(self, node: ast.expr) -> Shape | None:
        """Return the shape of an expression, None if unknown.

        Raises:
            MisfitError: Known shapes within it do not go together.
        """
        value = self.value(node)
        return value.shape if value else None

    def combined(self, operation: Operation) -> Value | None:
        """Return what comes out of an operation.

        Raises:
            MisfitError: Known shapes do not go together.
        """
        values = [self.value(operand) for operand in operation.operands]
        known = [value for value in values if value is not None and value.shape is not None]
        if len(known) < len(operation.operands) or self._joins_lists(operation, known):
            return None
        shapes = [value.shape for value in known if value.shape is not None]
        result = RULES[self._rule(operation, known)](*shapes)
        if result is None:
            raise MisfitError(operation.node, tuple(zip(operation.operands, shapes, strict=True)))
        return _array(result, "matrix" if any(value.kind == "matrix" for value in known) else "ndarray")

    def own_function(self, function: ast.FunctionDef, node: ast.Call) -> Value | None:
        """Return what one of the script's own functions returns; nothing is known of that here."""
        return None

    @staticmethod
    def _rule(operation: Operation, values: list[Value]) -> str:
        node = operation.node
        times = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Mult)
        if times and any(value.kind == "matrix" and value.shape for value in values) and all(v.shape for v in values):
            return "matmul"
        if operation.kind == "in-place":
            if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.MatMult):
                return "matmul"
            target = values[0]
            return (
                "elementwise" if target.is_sequence or (target.kind != "ndarray" and not target.shape) else "in-place"
            )
        return operation.kind

    @staticmethod
    def _joins_lists(operation: Operation, values: list[Value]) -> bool:
        """Whether ``+`` puts two lists together, or ``*`` repeats one: this has nothing to do with NumPy."""
        plain = all(value.kind != "ndarray" for value in values)
        return operation.kind != "stored" and plain and any(value.is_sequence for value in values)

    # ------------------------------------------------------------------ kinds of expressions

    def _unknown(self, node: ast.expr) -> Value | None:
        """Look for misfits in the parts of an expression of which itself nothing is known."""
        if not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            for part in ast.iter_child_nodes(node):
                if isinstance(part, ast.expr):
                    self.value(part)
        return None

    def _Name(self, node: ast.Name) -> Value | None:  # noqa: N802 (named after the node)
        return self.scope.values.get(node.id)

    def _Constant(self, node: ast.Constant) -> Value | None:  # noqa: N802
        if type(node.value) is int:
            return whole_number(node.value)
        return Value((), kind="float") if isinstance(node.value, float) else None

    def _Attribute(self, node: ast.Attribute) -> Value | None:  # noqa: N802
        base = self.value(node.value)
        if base is None or base.shape is None or base.is_sequence:
            return None
        if node.attr == "T":
            return _array(base.shape[::-1], base.kind)
        if node.attr == "shape":
            return numbers(base.shape)
        return whole_number(len(base.shape)) if node.attr == "ndim" else None

    def _Subscript(self, node: ast.Subscript) -> Value | None:  # noqa: N802
        base, index = self.value(node.value), self._index(node.slice)
        if base is None:
            return None
        if base.items is not None and isinstance(index, int) and -len(base.items) <= index < len(base.items):
            return base.items[index]
        shape = None if base.shape is None or index is None else indexed(base.shape, index)
        return None if shape is None else _array(shape, base.kind)

    def _index(self, node: ast.expr) -> object:
        """Return an index as NumPy takes it, None if it is not known well enough; an array stands for its shape."""
        if isinstance(node, ast.Tuple):
            parts = tuple(self._index(part) for part in node.elts)
            return None if any(part is None for part in parts) else parts
        if isinstance(node, ast.Slice):
            ends = [self._end(end) for end in (node.lower, node.upper, node.step)]
            return None if "unknown" in ends else slice(*ends)
        if isinstance(node, ast.Constant) and node.value is Ellipsis:
            return Ellipsis
        is_new = isinstance(node, ast.Constant) and node.value is None
        if is_new or self.scope.imports.numpy(node) == "newaxis":
            return NEW_AXIS
        value = self.value(node)
        if value is not None and value.number is None and value.shape == () and value.kind.startswith("int"):
            return 0  # some whole number: any will do for the shape
        return None if value is None else value.number

    def _end(self, node: ast.expr | None) -> int | str | None:
        value = self.value(node) if node else None
        if node is None:
            return None
        return "unknown" if value is None or value.number is None else value.number

    def _UnaryOp(self, node: ast.UnaryOp) -> Value | None:  # noqa: N802
        value = self.value(node.operand)
        if value is None or isinstance(node.op, ast.Not):
            return None
        if value.number is not None and isinstance(node.op, ast.USub):
            return whole_number(-value.number)
        return None if value.shape is None else _array(value.shape, value.kind)

    def _BinOp(self, node: ast.BinOp) -> Value | None:  # noqa: N802
        left, right = self.value(node.left), self.value(node.right)
        count = _COUNTING.get(type(node.op))
        if left and right and left.number is not None and right.number is not None and count:
            zero = right.number == 0 and isinstance(node.op, ast.FloorDiv)
            return None if zero else whole_number(count(left.number, right.number))
        return self._operation(node)

    def _Compare(self, node: ast.Compare) -> Value | None:  # noqa: N802
        return self._operation(node) if len(node.comparators) == 1 else self._unknown(node)

    def _operation(self, node: ast.expr) -> Value | None:
        operation = operation_of(node, self.scope.imports)
        return self.combined(operation) if operation else self._unknown(node)

    def _List(self, node: ast.List | ast.Tuple) -> Value | None:  # noqa: N802
        items = tuple(self.value(element) for element in node.elts)
        shapes = {item.shape if item else None for item in items}
        one = shapes.pop() if len(shapes) == 1 else None
        kind = type(node).__name__.lower()
        return Value(None if one is None else (len(items), *one), items=items, kind=kind)

    _Tuple = _List

    def _Call(self, node: ast.Call) -> Value | None:  # noqa: N802
        operation = operation_of(node, self.scope.imports)
        if operation is not None:
            return self.combined(operation)
        if any(isinstance(argument, ast.Starred) for argument in node.args) or any(not k.arg for k in node.keywords):
            return self._unknown(node)
        function = self.scope.functions.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if function is not None:
            return self.own_function(function, node)
        return self._numpy_call(node)

    def _numpy_call(self, node: ast.Call) -> Value | None:
        name, arguments = self.scope.imports.numpy(node.func), list(node.args)
        if name is None and isinstance(node.func, ast.Name):
            name = f"builtins.{node.func.id}"
        elif name is None and isinstance(node.func, ast.Attribute) and self.scope.imports.dotted(node.func) is None:
            name, arguments = f"method.{node.func.attr}", [node.func.value, *arguments]
        values = [self.value(argument) for argument in arguments]
        given = [keyword for keyword in node.keywords if keyword.arg and not _is_none(keyword.value)]
        settings = {keyword.arg: self.value(keyword.value) for keyword in given if keyword.arg}
        flags = {keyword.arg for keyword in node.keywords if functions.is_true(keyword.value)}
        call = functions.Call(values, settings, flags & {"keepdims"} != set())
        result = functions.result(name or "", call)
        if result is functions.MISFIT:
            operands = [(argument, value.shape) for argument, value in zip(arguments, values, strict=True) if value]
            raise MisfitError(node, tuple((argument, shape) for argument, shape in operands if shape is not None))
        return result


RULES: dict[str, Callable[..., Shape | None]] = {
    "dot": rules.dot,
    "matmul": rules.matmul,
    "elementwise": rules.elementwise,
    "in-place": rules.in_place,
    "stored": rules.stored,
}
"""The rule of each kind of operation: the shape of the result, or None if the shapes do not go together."""


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _array(shape: Shape, kind: str) -> Value:
    """Return the value for an array that came out of something; a single number is no longer an array."""
    return Value(shape, kind=("matrix" if kind == "matrix" else "ndarray") if shape else "float64")
