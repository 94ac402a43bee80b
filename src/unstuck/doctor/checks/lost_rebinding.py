"""Does a loop over the parameters give a new value to its own variable, where nobody sees it?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import text_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.places import line_of, location_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.source import Source


def check(tree: ast.Module, source: Source) -> Iterator[Finding]:
    """``for w, g in zip(W, gW): w = w - rate * g`` leaves every array in ``W`` as it was.

    Only where the last statement of the loop assigns to a name that the loop itself sets, from that name and another that the loop sets, by
    a subtraction or an addition, and nothing reads the name afterwards.
    """
    for loop in ast.walk(tree):
        if not isinstance(loop, ast.For) or not loop.body:
            continue
        targets = {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}
        lost = []
        for statement in reversed(loop.body):
            name = _rebound(statement, targets)
            if name is None:
                break
            lost.append((statement, name))
        for statement, name in reversed(lost):
            if not _is_read_elsewhere(tree, name, loop) and len(targets) > 1:
                yield _finding(source, loop, statement, name)


def _rebound(statement: ast.stmt, targets: set[str]) -> str | None:
    """Return the loop's variable that a statement gives a value worked out from itself and another of the loop's variables."""
    if (
        not isinstance(statement, ast.Assign)
        or len(statement.targets) != 1
        or not isinstance(statement.targets[0], ast.Name)
    ):
        return None
    name, value = statement.targets[0].id, statement.value
    if name not in targets or not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Sub | ast.Add):
        return None
    if not isinstance(value.left, ast.Name) or value.left.id != name:
        return None
    others = {node.id for node in ast.walk(value.right) if isinstance(node, ast.Name)} & targets
    return name if others - {name} else None


def _is_read_elsewhere(tree: ast.Module, name: str, loop: ast.For) -> bool:
    """Whether the name is read anywhere after the loop, in the same text, before another loop sets it."""
    own = {id(node) for node in ast.walk(loop)}
    bound = {
        id(node)
        for other in ast.walk(tree)
        if isinstance(
            other, ast.For | ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp | ast.FunctionDef | ast.Lambda
        )
        and other is not loop
        and name in _bound_by(other)
        for node in ast.walk(other)
    }
    return any(
        isinstance(node, ast.Name)
        and node.id == name
        and isinstance(node.ctx, ast.Load)
        and id(node) not in own
        and id(node) not in bound
        for node in ast.walk(tree)
    )


def _bound_by(node: ast.AST) -> set[str]:
    if isinstance(node, ast.For):
        return {part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)}
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        return {argument.arg for argument in node.args.args}
    generators: list[ast.comprehension] = getattr(node, "generators", [])
    return {part.id for generator in generators for part in ast.walk(generator.target) if isinstance(part, ast.Name)}


def _finding(source: Source, loop: ast.For, statement: ast.stmt, name: str) -> Finding:
    over = text_of(source, loop.iter)
    return Finding(
        fault="frozen-parameter",
        message=(
            f"Line {line_of(source, statement.lineno)} gives a new array to the name {name} only: what {over} "
            "holds stays as it was, so no parameter ever changes."
        ),
        location=location_of(source, statement),
        evidence={"statements that read the new value": 0},
        parameter=name,
        severity="fatal",
        lines=(line_of(source, statement.lineno),),
        remedies=(Remedy(f"Change the array itself, {name} -= ..., or store the new one at its place in the list."),),
    )
