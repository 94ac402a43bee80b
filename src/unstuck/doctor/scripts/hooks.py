"""The calls that an instrumented program makes, under names that no script has."""

from __future__ import annotations

import ast

VALUE = "__unstuck_value__"
"""``(site, value) -> value``: a value has appeared."""

DIFFERENCE = "__unstuck_difference__"
"""``(site, left, right) -> left - right``: a subtraction, with both operands."""

ITEM = "__unstuck_item__"
"""``(site, root, indices)``: something inside ``root`` was assigned to, in place."""

ITERATE = "__unstuck_iterate__"
"""``(loop, iterable) -> iterable``: what a ``for`` loop runs over."""

TOP = "__unstuck_top__"
"""``(loop)``: an iteration begins."""

BOTTOM = "__unstuck_bottom__"
"""``(loop)``: the loop is over."""

NAMES = (VALUE, DIFFERENCE, ITEM, ITERATE, TOP, BOTTOM)


def call(hook: str, number: int, *arguments: ast.expr) -> ast.Call:
    """Return the syntax of a call of ``hook``."""
    return ast.Call(ast.Name(hook, ast.Load()), [ast.Constant(number), *arguments], [])


def statement(hook: str, number: int, *arguments: ast.expr) -> ast.Expr:
    """Return the syntax of a call of ``hook`` as a statement."""
    return ast.Expr(call(hook, number, *arguments))
