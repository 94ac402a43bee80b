"""What happens to shapes in statements that follow each other, and in the script's own functions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.shapes.expressions import Evaluator
from unstuck.doctor.checks.shapes.operations import operation_of
from unstuck.doctor.checks.shapes.scope import MisfitError
from unstuck.doctor.scripts.targets import reads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.checks.shapes.scope import Value

_DEEPEST = 6


class FunctionOverError(Exception):
    """A function has returned: what it returned is ``value``."""

    def __init__(self, value: Value | None) -> None:
        super().__init__()
        self.value = value


class Interpreter(Evaluator):
    """Runs statements on what is known of the shapes: each once, loops as if they had a single iteration."""

    def run(self, statements: Sequence[ast.stmt]) -> None:
        """Run statements, changing what the scope knows.

        Raises:
            MisfitError: Known shapes do not go together, or a variable that is updated from itself changes its shape.
        """
        for statement in statements:
            self._statement(statement)

    def own_function(self, function: ast.FunctionDef, node: ast.Call) -> Value | None:
        """Return what one of the script's own functions returns, by running its body on the shapes of the arguments."""
        arguments = {name.arg: self.value(value) for name, value in zip(function.args.args, node.args, strict=False)}
        arguments |= {keyword.arg: self.value(keyword.value) for keyword in node.keywords if keyword.arg}
        if self.scope.depth >= _DEEPEST or function.args.vararg or function.args.kwarg:
            return None
        unknown = dict.fromkeys((name.arg for name in [*function.args.args, *function.args.kwonlyargs]), None)
        inner = type(self)(self.scope.inside({**unknown, **arguments}))
        try:
            inner.run(function.body)
        except FunctionOverError as returned:
            return returned.value
        return None

    # ------------------------------------------------------------------ statements

    def _statement(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign):
            self._assign(statement)
        elif isinstance(statement, ast.AnnAssign):
            self._bind(statement.target, self.value(statement.value) if statement.value else None)
        elif isinstance(statement, ast.AugAssign):
            operation = operation_of(statement, self.scope.imports)
            value = self.combined(operation) if operation else None
            self._keep_shape(statement.target, value, statement)
            self._bind(statement.target, value)
        elif isinstance(statement, ast.Return):
            raise FunctionOverError(self.value(statement.value) if statement.value else None)
        elif isinstance(statement, ast.Expr):
            self.value(statement.value)
        elif isinstance(statement, ast.Raise):
            raise FunctionOverError(None)
        else:
            self._block(statement)

    def _assign(self, statement: ast.Assign) -> None:
        target = statement.targets[0]
        operation = operation_of(statement, self.scope.imports)
        if operation is not None:
            self.combined(operation)
            return
        value = self.value(statement.value)
        if isinstance(target, ast.Name | ast.Attribute) and reads(statement.value, target):
            self._keep_shape(target, value, statement)
        for each in statement.targets:
            self._bind(each, value)

    def _keep_shape(self, target: ast.expr, value: Value | None, statement: ast.stmt) -> None:
        """Object to ``W = W - step`` if it would give ``W`` another shape; numbers may become anything."""
        old = self.value(target)
        if old is not None and value is not None and old.shape and value.shape is not None and not old.is_sequence:
            is_update = isinstance(statement, ast.AugAssign) or isinstance(
                statement.value if isinstance(statement, ast.Assign) else None, ast.BinOp
            )
            if is_update and old.shape != value.shape:
                raise MisfitError(statement, ((target, old.shape),))

    def _bind(self, target: ast.expr, value: Value | None) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            items = value.items if value and value.items and len(value.items) == len(target.elts) else None
            for position, element in enumerate(target.elts):
                self._bind(element, items[position] if items else None)
        elif isinstance(target, ast.Name | ast.Attribute):
            name = self.name(target)
            inside = (f"{name}.", f"{name}[")
            for known in [known for known in self.scope.values if known.startswith(inside)]:
                del self.scope.values[known]
            self.scope.values[name] = value

    def _block(self, statement: ast.stmt) -> None:
        """Run both branches of an ``if``, the body of a loop once; what they assign is unknown where they differ."""
        for part in ast.iter_child_nodes(statement):
            if isinstance(part, ast.expr) and not isinstance(part, ast.Name | ast.Tuple):
                self.value(part)
        if isinstance(statement, ast.For):
            self._bind(statement.target, None)
        if isinstance(statement, ast.If | ast.For | ast.While):
            before = dict(self.scope.values)
            after = []
            for body in (statement.body, statement.orelse):
                self.scope.values.clear()
                self.scope.values.update(before)
                self._branch(body)
                after.append(dict(self.scope.values))
            first, second = after
            common = {name: value for name, value in first.items() if second.get(name, value) == value}
            self.scope.values.clear()
            self.scope.values.update({**dict.fromkeys([*first, *second], None), **common})
        elif isinstance(statement, ast.With):
            self.run(statement.body)

    def _branch(self, body: list[ast.stmt]) -> None:
        """Run a branch; if it returns, what comes after it is another case."""
        try:
            self.run(body)
        except FunctionOverError:
            for node in body:
                for name in ast.walk(node):
                    if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                        self.scope.values[name.id] = None
