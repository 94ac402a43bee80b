"""Where a number that an expression reads is written out, through names, attributes, keys, defaults and arguments."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from unstuck.doctor.checks.settings import is_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DEEPEST = 5
_Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"


class NumberOrigins:
    r"""Follows what an expression reads back to numbers in the text.

    >>> tree = ast.parse("rate = 0.5\ndef train(w, eta=0.1):\n    w -= eta * w\ntrain(1, eta=rate)")
    >>> origins = NumberOrigins(tree)
    >>> [(number.lineno, number.value) for number in origins.of(ast.parse("eta", mode="eval").body, tree.body[1])]
    [(1, 0.5), (2, 0.1)]

    Args:
        tree: The script.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._around: dict[int, _Function | None] = {}
        self._class_of: dict[int, ast.ClassDef] = {}
        self._note(tree, None)

    def function_around(self, node: ast.AST) -> _Function | None:
        """Return the innermost function that a node stands in."""
        return self._around.get(id(node))

    def of(self, node: ast.expr, within: ast.AST | None, depth: int = 0) -> list[ast.expr]:
        """Return the numbers that an expression stands for: what a call passes comes before the default that it replaces.

        Args:
            node: A number written out, a name, an attribute or an entry with a fixed key; anything else stands for no number.
            within: The function that it stands in, None for the module.
            depth: How many steps were taken to come here.
        """
        if is_number(node):
            return [node]
        if depth > _DEEPEST:
            return []
        found: list[ast.expr] = []
        for value in self._values(node, within):
            found += [each for each in self.of(value, self.function_around(value), depth + 1) if each not in found]
        return found

    def _values(self, node: ast.expr, within: ast.AST | None) -> Iterator[ast.expr]:
        match node:
            case ast.Name(id=name):
                yield from self._of_name(name, within)
            case ast.Attribute(attr=name):
                yield from self._of_attribute(name)
            case ast.Subscript(slice=ast.Constant(value=str(key))):
                yield from self._of_key(key)
            case ast.Call(func=ast.Name(id="float" | "int"), args=[inner]):
                yield inner

    def _of_name(self, name: str, within: ast.AST | None) -> Iterator[ast.expr]:
        scope = within
        while isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            local = [value for target, value in self._assigned(scope) if _is_named(target, name)]
            argument = next((each for each in _arguments(scope) if each.arg == name), None)
            if argument is not None:
                yield from self._passed(scope, name)
            yield from local
            if local or argument is not None:
                return
            scope = self.function_around(scope)
        yield from (value for target, value in self._assigned(None) if _is_named(target, name))

    def _of_attribute(self, name: str) -> Iterator[ast.expr]:
        """Yield what is assigned to an attribute of that name, or passed for a field of a class."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.ClassDef) and any(_is_named(target, name) for target, _ in _pairs(node.body)):
                yield from self._keywords({node.name}, name)
                yield from (value for target, value in _pairs(node.body) if _is_named(target, name))
        for function in self._functions():
            for target, value in self._assigned(function):
                if isinstance(target, ast.Attribute) and target.attr == name:
                    yield value

    def _of_key(self, key: str) -> Iterator[ast.expr]:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Dict):
                for each, value in zip(node.keys, node.values, strict=True):
                    if isinstance(each, ast.Constant) and each.value == key:
                        yield value
        yield from self._keywords({"dict"}, key)

    def _passed(self, function: _Function, name: str) -> Iterator[ast.expr]:
        """Yield what calls pass for an argument, then its default."""
        owner = self._class_of.get(id(function))
        called = {function.name} if owner is None or function.name != "__init__" else {owner.name}
        names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        position = names.index(name) - (owner is not None) if name in names else None
        for call in self._calls(called):
            if position is not None and 0 <= position < len(call.args):
                yield call.args[position]
        yield from self._keywords(called, name)
        defaults = function.args.defaults
        if name in names[len(names) - len(defaults) :]:
            yield defaults[names.index(name) - len(names)]
        for each, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
            if each.arg == name and default is not None:
                yield default

    def _keywords(self, called: set[str], name: str) -> Iterator[ast.expr]:
        yield from (keyword.value for call in self._calls(called) for keyword in call.keywords if keyword.arg == name)

    def _calls(self, called: set[str]) -> Iterator[ast.Call]:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
                if name in called:
                    yield node

    def _assigned(self, scope: _Function | None) -> Iterator[tuple[ast.expr, ast.expr]]:
        """Yield what is assigned within a function but not in functions within it; None for the module."""
        statements = [
            node
            for node in ast.walk(self._tree if scope is None else scope)
            if isinstance(node, ast.Assign | ast.AnnAssign) and self.function_around(node) is scope
        ]
        yield from _pairs(statements)

    def _functions(self) -> Iterator[_Function | None]:
        yield None
        yield from (node for node in ast.walk(self._tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def _note(self, node: ast.AST, around: _Function | None) -> None:
        """Remember for every node the function around it, and for every method its class."""
        for child in ast.iter_child_nodes(node):
            self._around[id(child)] = around
            is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            if is_function and isinstance(node, ast.ClassDef):
                self._class_of[id(child)] = node
            self._note(child, child if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else around)


def _arguments(function: _Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _is_named(target: ast.expr, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name


def _pairs(statements: Sequence[ast.stmt]) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield each target of assignments with what it is given."""
    for statement in statements:
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            yield statement.target, statement.value
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Tuple | ast.List) and isinstance(statement.value, ast.Tuple | ast.List):
                    yield from zip(target.elts, statement.value.elts, strict=False)
                else:
                    yield target, statement.value
