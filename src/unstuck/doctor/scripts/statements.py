"""Statements of a script, and edits that move or change them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.findings import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.sites import Site


def blocks(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield every list of statements of a tree."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block


def block_of(tree: ast.AST, line: int) -> tuple[list[ast.stmt], int] | None:
    """Return the innermost block with a statement that spans ``line``, and the statement's index in it."""
    found: tuple[list[ast.stmt], int] | None = None
    smallest = 1 << 30
    for block in blocks(tree):
        for index, statement in enumerate(block):
            end = statement.end_lineno or statement.lineno
            if statement.lineno <= line <= end and end - statement.lineno < smallest:
                found, smallest = (block, index), end - statement.lineno
    return found


def statement_at(tree: ast.AST, line: int) -> ast.stmt | None:
    """Return the innermost statement that spans a line."""
    found = block_of(tree, line)
    return None if found is None else found[0][found[1]]


def enclosing(block: list[ast.stmt], line: int) -> int | None:
    """Return which statement of a block holds a line, however deep."""
    for index, statement in enumerate(block):
        if statement.lineno <= line <= (statement.end_lineno or statement.lineno):
            return index
    return None


def whole_lines(examination: Examination, statement: ast.stmt) -> str:
    """Return the lines of a statement with their line feeds."""
    lines = examination.source.text.splitlines(keepends=True)
    return "".join(lines[statement.lineno - 1 : statement.end_lineno])


def move_after(examination: Examination, moved: int, last: int) -> tuple[Edit, ...]:
    """Return the edits that move the statement at line ``moved`` behind the statement at line ``last``; none if they share no block."""
    source = block_of(examination.tree, moved)
    if source is None or examination.repeated:
        return ()
    block, index = source
    target = enclosing(block, last)
    if target is None or target <= index or _shares_lines(block, index) or _shares_lines(block, target):
        return ()
    statement, behind = block[index], block[target]
    text = whole_lines(examination, statement)
    end = (behind.end_lineno or behind.lineno) + 1
    lines = examination.source.text.count("\n") + (not examination.source.text.endswith("\n"))
    if end > lines:
        return ()
    return (
        Edit(examination.location(statement.lineno, 0, (statement.end_lineno or statement.lineno) + 1, 0), text, ""),
        Edit(examination.location(end, 0, end, 0), "", text),
    )


def _shares_lines(block: list[ast.stmt], index: int) -> bool:
    """Whether a statement shares a line with its neighbours."""
    statement = block[index]
    before = block[index - 1] if index else None
    after = block[index + 1] if index + 1 < len(block) else None
    return (before is not None and (before.end_lineno or before.lineno) >= statement.lineno) or (
        after is not None and after.lineno <= (statement.end_lineno or statement.lineno)
    )


def flip_sign(examination: Examination, site: Site) -> tuple[Edit, ...]:
    """Return the edit that turns the sign of an update: ``-=`` for ``+=``, ``a - b`` for ``a + b`` and the other way round."""
    statement = statement_at(examination.tree, site.span.line)
    lines = examination.source.text.encode().splitlines()
    if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add | ast.Sub):
        old, new = ("+=", "-=") if isinstance(statement.op, ast.Add) else ("-=", "+=")
        start: ast.expr = statement.target
        end: ast.expr = statement.value
    elif (
        isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.BinOp)
        and isinstance(statement.value.op, ast.Add | ast.Sub)
    ):
        old, new = ("+", "-") if isinstance(statement.value.op, ast.Add) else ("-", "+")
        if not isinstance(statement.value.right, ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.BinOp):
            return ()
        start, end = statement.value.left, statement.value.right
    else:
        return ()
    if start.end_lineno != end.lineno or start.end_lineno is None or start.end_col_offset is None:
        return ()
    between = lines[start.end_lineno - 1][start.end_col_offset : end.col_offset]
    position = between.find(old.encode())
    if position < 0:
        return ()
    column = start.end_col_offset + position
    return (Edit(examination.location(start.end_lineno, column, start.end_lineno, column + len(old)), old, new),)
