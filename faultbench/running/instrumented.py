"""A script's syntax tree with two hooks: at the top of the training step, and wherever the loss gets a value."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faultbench.originals import Original

WATCHER = "__watcher__"


def loops_of(tree: ast.AST) -> list[ast.For | ast.While]:
    """Return the loops of a script in the order of its text."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.For | ast.While)]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def instrumented(text: str, original: Original) -> ast.Module:
    """Return the script as it is run: ``top`` is called with the parameters before each update, ``loss`` with each loss.

    Raises:
        SyntaxError: It does not parse.
        IndexError: It has fewer loops than the original.
    """
    tree = ast.parse(text)
    loop = loops_of(tree)[original.loop - 1]
    tree = _Losses(original.loss).visit(tree)
    listed = ", ".join(original.parameters)
    loop.body.insert(0, ast.parse(f"{WATCHER}.top(lambda: [{listed}])").body[0])
    return ast.fix_missing_locations(tree)


class _Losses(ast.NodeTransformer):
    def __init__(self, name: str) -> None:
        self.name = name
        self.inside: list[str] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.inside.append(node.name)
        self.generic_visit(node)
        self.inside.pop()
        return node

    def visit_Return(self, node: ast.Return) -> ast.Return:
        if node.value is not None and self.inside and self.inside[-1] == self.name:
            node.value = _call("loss", node.value)
        return node

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        if len(node.targets) != 1 or not self._is_loss(node.targets[0]):
            return [node]
        begins = isinstance(node.value, ast.Constant)  # a sum that is built from here on
        return [_statement("begin"), node] if begins else [node, _statement("loss", node.targets[0])]

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        return [node, _statement("part", node.target)] if self._is_loss(node.target) else [node]

    def _is_loss(self, target: ast.expr) -> bool:
        if isinstance(target, ast.Name):
            return target.id == self.name
        return isinstance(target, ast.Attribute) and target.attr == self.name


def _statement(hook: str, target: ast.expr | None = None) -> ast.stmt:
    value = None if target is None else ast.parse(ast.unparse(target), mode="eval").body
    return ast.Expr(_call(hook, value))


def _call(hook: str, value: ast.expr | None) -> ast.Call:
    function = ast.Attribute(ast.Name(WATCHER, ast.Load()), hook, ast.Load())
    return ast.Call(function, [] if value is None else [value], [])
