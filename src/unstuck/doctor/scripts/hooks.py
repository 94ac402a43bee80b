"""The calls that an instrumented program makes, under names that no script has."""

from __future__ import annotations

import ast

VALUE = "__unstuck_value__"
"""``(site, value) -> value``: a value has appeared."""

DIFFERENCE = "__unstuck_difference__"
"""``(site, left, right) -> left - right``: a subtraction, with both operands."""

SUBTRACT = "__unstuck_subtract__"
"""``(site, function, left, right) -> function(left, right)``: the same, written as a call of ``np.subtract``."""

LESSEN = "__unstuck_lessen__"
"""``(site, root, index, amount) -> index``: ``root[index] -= amount`` comes next, a subtraction with both operands too."""

TAKE = "__unstuck_take__"
"""``(site, left, right) -> right``: ``left -= right`` is being done, a subtraction with both operands once more."""

DOT = "__unstuck_dot__"
"""``(left, right) -> left.dot(right)``: the one product that NumPy does not tell an operand of another type about."""

ITEM = "__unstuck_item__"
"""``(site, root, indices)``: something inside ``root`` was assigned to, in place."""

ITERATE = "__unstuck_iterate__"
"""``(loop, iterable) -> iterable``: what a ``for`` loop runs over."""

WALK = "__unstuck_walk__"
"""``(loop, iterable) -> iterable``: what a comprehension runs over; its iterations begin and it ends without further hooks."""

TOP = "__unstuck_top__"
"""``(loop)``: an iteration begins."""

BOTTOM = "__unstuck_bottom__"
"""``(loop)``: the loop is over."""

NAMES = (VALUE, DIFFERENCE, SUBTRACT, LESSEN, TAKE, DOT, ITEM, ITERATE, WALK, TOP, BOTTOM)

_REPORTS = (VALUE, DIFFERENCE, SUBTRACT, LESSEN, TAKE, ITERATE, WALK)
"""Those that return a value."""


class _Keeper(ast.NodeTransformer):
    """Takes out every report of a site that is not wanted."""

    def __init__(self, sites: frozenset[int], loops: frozenset[int]) -> None:
        self._sites = sites
        self._loops = loops

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Put the value in the place of its report."""
        self.generic_visit(node)
        if not isinstance(node.func, ast.Name) or node.func.id not in _REPORTS:
            return node
        number, *arguments = node.args
        wanted = self._loops if node.func.id in (ITERATE, WALK) else self._sites
        if isinstance(number, ast.Constant) and number.value in wanted:
            return node
        if node.func.id == DIFFERENCE:
            return ast.copy_location(ast.BinOp(arguments[0], ast.Sub(), arguments[1]), node)
        if node.func.id == SUBTRACT:
            return ast.copy_location(ast.Call(arguments[0], arguments[1:], []), node)
        if node.func.id in (LESSEN, TAKE):
            return arguments[1]
        return arguments[0]

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """Take out the report of an item, or of a loop."""
        self.generic_visit(node)
        value = node.value
        if (
            not isinstance(value, ast.Call)
            or not isinstance(value.func, ast.Name)
            or value.func.id not in (ITEM, TOP, BOTTOM)
        ):
            return node
        number = value.args[0]
        wanted = self._sites if value.func.id == ITEM else self._loops
        return (
            node if isinstance(number, ast.Constant) and number.value in wanted else ast.copy_location(ast.Pass(), node)
        )

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Take out an assignment that only gives a name its own value again."""
        self.generic_visit(node)
        target = node.targets[0]
        if len(node.targets) == 1 and isinstance(target, ast.Name | ast.Attribute):
            return ast.copy_location(ast.Pass(), node) if ast.unparse(target) == ast.unparse(node.value) else node
        return node


def keep_only(tree: ast.Module, sites: frozenset[int], loops: frozenset[int]) -> None:
    """Take every report out of an instrumented tree but those of these sites and loops."""
    _Keeper(sites, loops).visit(tree)


def call(hook: str, number: int, *arguments: ast.expr) -> ast.Call:
    """Return the syntax of a call of ``hook``."""
    return ast.Call(ast.Name(hook, ast.Load()), [ast.Constant(number), *arguments], [])


def statement(hook: str, number: int, *arguments: ast.expr) -> ast.Expr:
    """Return the syntax of a call of ``hook`` as a statement."""
    return ast.Expr(call(hook, number, *arguments))
