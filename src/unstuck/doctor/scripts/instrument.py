"""A script rewritten so that it reports every value it computes and every loop it runs, and otherwise does what it did.

``x = e`` becomes ``x = value(n, e)``; inside an expression every arithmetic operation and every call is reported too, since the
mistake may be there; ``a - b`` reports both operands. An item assignment is reported after the fact and never re-assigned, which
would turn a global name into a local one.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from unstuck.doctor.scripts import hooks
from unstuck.doctor.scripts.expressions import ExpressionHooks
from unstuck.doctor.scripts.repetition import append_loop
from unstuck.doctor.scripts.segments import Segments
from unstuck.doctor.scripts.sites import Loop, Site, SiteKind, Span
from unstuck.doctor.scripts.targets import (
    is_pure,
    own_values,
    reads,
    root_and_indices,
    stored_names,
    takes_off_a_number,
    takes_off_a_value,
    to_load,
)

if TYPE_CHECKING:
    from unstuck.doctor.scripts.source import Source


@dataclass(frozen=True)
class Program:
    """An instrumented script: what to compile, and what the numbers in its hooks stand for."""

    tree: ast.Module
    sites: tuple[Site, ...]
    loops: tuple[Loop, ...]


Wanted: TypeAlias = "tuple[frozenset[int], frozenset[int]]"
"""The sites and the loops that are to be reported."""


@dataclass
class Places:
    """The sites and loops of all modules of a program so far; their numbers are their indices."""

    sites: list[Site] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)


def instrument(source: Source, *, repeat: bool = False) -> Program:
    """Return the instrumented program; with ``repeat`` a step that is written out once is repeated for ever.

    Raises:
        SyntaxError: The script does not parse.
    """
    tree = ast.parse(source.text)
    if repeat:
        append_loop(tree)
    places = Places()
    tree = instrument_tree(tree, source.text, places)
    return Program(tree, tuple(places.sites), tuple(places.loops))


def instrument_tree(
    tree: ast.Module, text: str, places: Places, module: str = "", *, wanted: Wanted | None = None
) -> ast.Module:
    """Rewrite the syntax tree of one module in place, adding what it has to ``places``, and return it.

    With ``wanted`` only those sites and loops are reported; all the others run as fast as they did.
    """
    rewriter = _Rewriter(text, places, module)
    tree.body = rewriter.block(tree.body)
    if wanted is not None:
        hooks.keep_only(tree, *wanted)
    ast.fix_missing_locations(tree)
    return tree


class _Rewriter(ast.NodeTransformer):
    """Rewrites statements; expressions are left to :class:`ExpressionHooks`."""

    def __init__(self, text: str, places: Places, module: str) -> None:
        self._segments = Segments(text)
        self._module = module
        self.sites = places.sites
        self.loops = places.loops
        self._functions: list[str] = []
        self._loops: list[int] = []
        self._expressions = ExpressionHooks(self.site, self._comprehension)

    # ------------------------------------------------------------------ sites

    def site(self, name: str, kind: SiteKind, node: ast.expr | ast.stmt, *, reads_itself: bool = False) -> int:
        """Add a site for the value of ``node`` and return its number."""
        span = Span(
            node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        )
        text = self._segments.of(node) or ast.unparse(node)
        function, loops = ".".join(self._functions), tuple(self._loops)
        self.sites.append(Site(len(self.sites), name, kind, span, function, loops, text, reads_itself, self._module))
        return len(self.sites) - 1

    def _value(self, expression: ast.expr, name: str, kind: SiteKind, *, reads_itself: bool = False) -> ast.expr:
        """Return ``expression`` with its inside reported and its own value reported under ``name``."""
        number = self.site(name, kind, expression, reads_itself=reads_itself)
        return hooks.call(hooks.VALUE, number, self._expressions.inside(expression))

    # ------------------------------------------------------------------ statements

    def block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """Return statements rewritten, each with the reports that follow it."""
        rewritten: list[ast.stmt] = []
        for statement in statements:
            result = self.visit(statement)
            rewritten += result if isinstance(result, list) else [result]
        return rewritten

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        """Report the value, or, for several names at once or an item, what was assigned."""
        target = node.targets[0]
        if isinstance(target, ast.Name | ast.Attribute):
            itself = reads(node.value, target)
            node.value = self._value(node.value, ast.unparse(target), "assigned", reads_itself=itself)
            return [node]
        original = copy.copy(node.value)
        if isinstance(original, ast.Tuple | ast.List):
            original.elts = list(original.elts)
        node.value = self._expressions.whole(node.value)
        return [node, *(report for target in node.targets for report in self._reports(target, original))]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        """Report the value, if there is one."""
        if node.value is not None and isinstance(node.target, ast.Name | ast.Attribute):
            node.value = self._value(node.value, ast.unparse(node.target), "assigned")
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        """Report the target after its change."""
        original = node.value
        node.value = self._expressions.whole(node.value)
        if isinstance(node.target, ast.Subscript):
            reports = self._item_report(node.target, original, reads_itself=True)
            if takes_off_a_number(node):
                number = self.site(ast.unparse(node.target.value), "difference", node)
                whole = to_load(node.target.value)
                node.target.slice = hooks.call(hooks.LESSEN, number, whole, node.target.slice, original)
            return [node, *reports]
        if takes_off_a_value(node):
            number = self.site(ast.unparse(node.target), "difference", node)
            node.value = hooks.call(hooks.TAKE, number, to_load(node.target), original)
        number = self.site(ast.unparse(node.target), "updated", original, reads_itself=True)
        again = hooks.call(hooks.VALUE, number, to_load(node.target))
        return [node, ast.Assign([node.target], again)]

    def _reports(self, target: ast.expr, value: ast.expr | ast.stmt) -> list[ast.stmt]:
        """Return statements that report what an assignment to ``target`` has put there."""
        if isinstance(target, ast.Tuple | ast.List):
            own = own_values(target, value)
            return [
                report for part, given in zip(target.elts, own, strict=True) for report in self._reports(part, given)
            ]
        if isinstance(target, ast.Starred):
            return self._reports(target.value, value)
        if isinstance(target, ast.Subscript):
            return self._item_report(target, value)
        itself = isinstance(value, ast.expr) and reads(value, target)
        number = self.site(ast.unparse(target), "unpacked", value, reads_itself=itself)
        return [ast.Assign([target], hooks.call(hooks.VALUE, number, to_load(target)))]

    def _item_report(
        self, target: ast.Subscript, value: ast.expr | ast.stmt, *, reads_itself: bool = False
    ) -> list[ast.stmt]:
        root, indices = root_and_indices(target)
        if not is_pure(root):
            return []
        itself = reads_itself or (isinstance(value, ast.expr) and reads(value, root))
        number = self.site(ast.unparse(root), "item", value, reads_itself=itself)
        path = ast.Tuple([to_load(index) for index in indices], ast.Load())
        return [hooks.statement(hooks.ITEM, number, to_load(root), path)]

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        """Report the value returned, and of several those that are parts of something."""
        if node.value is not None:
            value = node.value
            node.value = self._value(value, self._functions[-1] if self._functions else "return", "returned")
            self._report_parts(value)
        return node

    def _report_parts(self, node: ast.expr) -> None:
        """Report of several values those that are parts of something: what a gradient is returned as may be only its first row."""
        if isinstance(node, ast.Tuple | ast.List):
            node.elts = [self._reported_part(part) for part in node.elts]
        elif isinstance(node, ast.Dict):
            node.values = [self._reported_part(part) for part in node.values]

    def _reported_part(self, part: ast.expr) -> ast.expr:
        if not isinstance(part, ast.Subscript):
            return part
        return hooks.call(
            hooks.VALUE, self.site(self._segments.of(part) or ast.unparse(part), "expression", part), part
        )

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        """Report what happens inside a call that stands alone."""
        if not isinstance(node.value, ast.Constant):
            node.value = self._expressions.inside(node.value)
        return node

    # ------------------------------------------------------------------ loops

    def visit_For(self, node: ast.For) -> list[ast.stmt]:
        """Report the loop, its iterations and its targets."""
        number = self._begin_loop(node)
        node.iter = hooks.call(hooks.ITERATE, number, self._expressions.whole(node.iter))
        names = [
            ast.Assign(
                [ast.Name(name, ast.Store())],
                hooks.call(hooks.VALUE, self.site(name, "loop-target", node.target), ast.Name(name, ast.Load())),
            )
            for name in stored_names(node.target)
        ]
        node.body = [hooks.statement(hooks.TOP, number), *names, *self.block(node.body)]
        return self._end_loop(node, number)

    def visit_While(self, node: ast.While) -> list[ast.stmt]:
        """Report the loop and its iterations."""
        number = self._begin_loop(node)
        node.test = self._expressions.whole(node.test)
        node.body = [hooks.statement(hooks.TOP, number), *self.block(node.body)]
        return self._end_loop(node, number)

    def _comprehension(self, node: ast.ListComp) -> int:
        """Add the loop of a list comprehension; sites inside of it count as outside, its frame lives no longer than it does."""
        number = self._begin_loop(node)
        self._loops.pop()
        return number

    def _begin_loop(self, node: ast.For | ast.While | ast.ListComp) -> int:
        number = len(self.loops)
        text = self._segments.of(node) or ""
        head = text if isinstance(node, ast.ListComp) else text.split("\n", maxsplit=1)[0]
        self.loops.append(Loop(number, node.lineno, ".".join(self._functions), tuple(self._loops), head, self._module))
        self._loops.append(number)
        return number

    def _end_loop(self, node: ast.For | ast.While, number: int) -> list[ast.stmt]:
        self._loops.pop()
        node.orelse = self.block(node.orelse)
        return [node, hooks.statement(hooks.BOTTOM, number)]

    # ------------------------------------------------------------------ scopes and other blocks

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        """Rewrite the body; loops outside of the function are not around what is in it."""
        outer, self._loops = self._loops, []
        self._functions.append(node.name)
        node.body = self.block(node.body)
        self._functions.pop()
        self._loops = outer
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        """Rewrite the methods."""
        self._functions.append(node.name)
        node.body = [self.visit(part) if isinstance(part, ast.FunctionDef) else part for part in node.body]
        self._functions.pop()
        return node

    def visit_If(self, node: ast.If) -> ast.stmt:
        """Rewrite both branches and the test."""
        node.test = self._expressions.whole(node.test)
        node.body, node.orelse = self.block(node.body), self.block(node.orelse)
        return node

    def visit_With(self, node: ast.With) -> ast.stmt:
        """Rewrite the body."""
        node.body = self.block(node.body)
        return node

    def visit_Try(self, node: ast.Try) -> ast.stmt:
        """Rewrite every part."""
        node.body, node.orelse, node.finalbody = map(self.block, (node.body, node.orelse, node.finalbody))
        for handler in node.handlers:
            handler.body = self.block(handler.body)
        return node

    def visit_Match(self, node: ast.Match) -> ast.stmt:
        """Rewrite the cases."""
        for case in node.cases:
            case.body = self.block(case.body)
        return node
