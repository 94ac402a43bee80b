"""Reports of the values inside an expression."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Protocol

from unstuck.doctor.scripts import hooks
from unstuck.doctor.scripts.targets import is_pure

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.doctor.scripts.sites import SiteKind

_SILENT_CALLS = frozenset(
    [
        *("print", "input", "open", "exit", "quit", "repr", "format", "id", "callable", "isinstance", "type", "super"),
        *("len", "range", "zip", "enumerate", "reversed", "sorted", "map", "filter", "iter", "next"),
        *("int", "str", "bool", "list", "tuple", "dict", "set", "hasattr", "getattr", "setattr"),
        *("locals", "globals", "vars"),
    ]
)
"""Calls whose results are of no interest; what is computed for them is."""

_COUNTING = frozenset(["range", "len", "enumerate"])
"""Calls inside of which only indices are computed."""


class AddSite(Protocol):
    """Adds a site and returns its number."""

    def __call__(self, name: str, kind: SiteKind, node: ast.expr) -> int:
        """Add a site for the value of ``node``."""
        ...


class ExpressionHooks(ast.NodeTransformer):
    """Wraps every arithmetic operation and every call of an expression in a report of its value."""

    def __init__(self, site: AddSite, loop: Callable[[ast.ListComp], int]) -> None:
        self._site = site
        self._loop = loop

    def whole(self, node: ast.expr) -> ast.expr:
        """Return ``node`` with its own value and those inside reported."""
        rewritten: ast.expr = self.visit(node)
        return rewritten

    def inside(self, node: ast.expr) -> ast.expr:
        """Return ``node`` with the values inside reported, but not its own: its assignment does that, unless it is a difference."""
        if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Sub):
            return self._operands(node)
        if isinstance(node, ast.Call) and not _is_subtraction(node):
            return self._arguments(node)
        return self.whole(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Report the result of an operation; of a subtraction both operands too."""
        if _is_constant(node):
            return node
        text = ast.unparse(node)
        if isinstance(node.op, ast.Sub):
            number = self._site(text, "difference", node)
            self._operands(node)
            return hooks.call(hooks.DIFFERENCE, number, node.left, node.right)
        number = self._site(text, "expression", node)
        return hooks.call(hooks.VALUE, number, self._operands(node))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Report the result of a call, unless it is of no interest."""
        if isinstance(node.func, ast.Name) and node.func.id in _COUNTING:
            return node
        if isinstance(node.func, ast.Name) and node.func.id in _SILENT_CALLS:
            return self._arguments(node)
        if _is_subtraction(node):
            number = self._site(ast.unparse(node), "difference", node)
            function = node.func
            self._arguments(node)
            return hooks.call(hooks.SUBTRACT, number, function, *node.args)
        number = self._site(ast.unparse(node), "expression", node)
        return hooks.call(hooks.VALUE, number, self._arguments(node))

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Look into what is indexed, not into the index."""
        node.value = self.visit(node.value)
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        """Report the iterations of a comprehension that calls something: there are networks that are trained in one."""
        if len(node.generators) == 1 and any(isinstance(part, ast.Call) for part in ast.walk(node.elt)):
            number = self._loop(node)
            self.generic_visit(node)
            generator = node.generators[0]
            generator.iter = hooks.call(hooks.WALK, number, generator.iter)
            return node
        self.generic_visit(node)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """Leave texts alone."""
        return node

    def _operands(self, node: ast.BinOp) -> ast.BinOp:
        node.left, node.right = self.visit(node.left), self.visit(node.right)
        return node

    def _arguments(self, node: ast.Call) -> ast.Call:
        """Rewrite the arguments, and what a method is called on; ``a.dot(b)`` becomes a call that knows of tapes."""
        if isinstance(node.func, ast.Attribute):
            node.func.value = self.visit(node.func.value)
        node.args = [self.visit(argument) for argument in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        if _is_dot(node) and isinstance(node.func, ast.Attribute):
            return ast.copy_location(ast.Call(ast.Name(hooks.DOT, ast.Load()), [node.func.value, *node.args], []), node)
        return node


def _is_subtraction(node: ast.Call) -> bool:
    """Whether a call may be ``np.subtract(a, b)``."""
    is_named = isinstance(node.func, ast.Attribute) and node.func.attr == "subtract" and is_pure(node.func.value)
    are_two = len(node.args) == 2 and not any(isinstance(argument, ast.Starred) for argument in node.args)  # noqa: PLR2004 (from what and what)
    return is_named and are_two and not node.keywords


def _is_dot(node: ast.Call) -> bool:
    is_method = isinstance(node.func, ast.Attribute) and node.func.attr == "dot"
    return is_method and len(node.args) == 1 and not node.keywords and not isinstance(node.args[0], ast.Starred)


def _is_constant(node: ast.expr) -> bool:
    """Whether an expression is made of literal numbers alone."""
    return not any(isinstance(part, ast.Name | ast.Call | ast.Attribute) for part in ast.walk(node))


def is_plain_difference(expression: str) -> bool:
    """Whether a text is one name minus another, or a list of such differences."""
    each = re.fullmatch(r"\[(.+?) for .+\]", expression, re.DOTALL)
    return re.fullmatch(r"[\w.\[\],: ]+ - [\w.\[\],: ]+", expression if each is None else each[1]) is not None


def is_call(expression: str) -> bool:
    """Whether a text is a call, and nothing is computed with what it returns."""
    try:
        return isinstance(ast.parse(expression, mode="eval").body, ast.Call)
    except SyntaxError:
        return False


def has_literal(expression: str) -> bool:
    """Whether one side of a subtraction is a literal number."""
    return re.fullmatch(r"\(?\s*[\d.]+\s*-.*|.*-\s*[\d.]+\s*\)?", expression, re.DOTALL) is not None
