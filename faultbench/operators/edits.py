"""Changes of a script's text that several operators make."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from faultbench.operators.base import Mutation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from faultbench.subject import Subject

_TIGHT = ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.Constant


def swapped(subject: Subject, node: ast.AST, new: str, also: Iterable[int] = ()) -> Mutation:
    """Put other text in the place of a node; its lines, and those of ``also``, are where the mistake is."""
    lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)  # type: ignore[attr-defined]
    return Mutation(subject.replaced(node, new), (*lines, *also))


def guarded(subject: Subject, node: ast.expr) -> str:
    """Return the text of an expression, in parentheses where it needs them to stand in for another."""
    text = subject.source(node)
    return text if isinstance(node, _TIGHT) else f"({text})"


def without_statement(subject: Subject, statement: ast.stmt) -> Mutation:
    """Leave a statement out; its neighbours, and every line that uses the names it assigns, are where the mistake is."""
    begin, end = statement.lineno, statement.end_lineno or statement.lineno
    lines = subject.text.splitlines()
    indent = lines[begin - 1][: statement.col_offset]
    body = subject.body_of(statement)
    kept = [*lines[: begin - 1], *([f"{indent}pass"] if len(body) == 1 else []), *lines[end:]]
    removed = end - begin + 1 - (len(body) == 1)

    def moved(line: int) -> int:
        return line if line < begin else max(begin, line - removed)

    used = {moved(line) for line in lines_that_use(subject, assigned_tokens(statement))}
    return Mutation("\n".join(kept) + "\n", tuple(sorted({begin - 1, begin, *used})))


def moved_before(subject: Subject, statement: ast.stmt, before: ast.stmt, along: Iterable[ast.stmt] = ()) -> Mutation:
    """Move a statement up (or down), after those ``along`` with it, to stand right before another; they are where the mistake is."""
    lines = subject.text.splitlines()
    there = lines[before.lineno - 1][: before.col_offset]
    block: list[str] = []
    taken: set[int] = set()
    for each in (*along, statement):
        begin, end = each.lineno, each.end_lineno or each.lineno
        block += [there + line[each.col_offset :] for line in lines[begin - 1 : end]]
        taken |= set(range(begin, end + 1))
    rest = [line for number, line in enumerate(lines, 1) if number not in taken]
    at = before.lineno - 1 - sum(number < before.lineno for number in taken)
    text = "\n".join([*rest[:at], *block, *rest[at:]]) + "\n"
    return Mutation(text, (*range(at + 1, at + 1 + len(block)), at + len(block) + 1))


def assigned_tokens(statement: ast.stmt) -> set[str]:
    """Return the names, attributes and keys that a statement assigns."""
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AugAssign | ast.AnnAssign):
        targets = [statement.target]
    else:
        return set()
    return {token for target in targets for token in tokens(target)}


def all_assigned(statement: ast.stmt) -> set[str]:
    """Return what a statement changes: what it and the statements inside of it assign, and what a loop over it updates in place."""
    inside = [node for node in ast.walk(statement) if isinstance(node, ast.stmt)]
    found = {token for each in inside for token in assigned_tokens(each)}
    for loop in inside:
        if isinstance(loop, ast.For):
            if tokens(loop.target) & found:  # for v, g in zip(velocities, gradients): v *= 0.9
                found |= {token for node in ast.walk(loop.iter) for token in tokens(node)}
            found |= tokens(loop.target)
    return found


def tokens(target: ast.AST) -> set[str]:
    """Return by what a target is known: a name, an attribute, or a literal key."""
    if isinstance(target, ast.Name):
        return {target.id}
    if isinstance(target, ast.Attribute):
        return {target.attr}
    if isinstance(target, ast.Subscript):
        is_key = isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str)
        return {target.slice.value} if is_key else tokens(target.value)  # type: ignore[attr-defined]
    if isinstance(target, ast.Tuple | ast.List):
        return {token for element in target.elts for token in tokens(element)}
    if isinstance(target, ast.Starred):
        return tokens(target.value)
    return set()


def lines_that_use(subject: Subject, wanted: set[str]) -> set[int]:
    """Return the lines on which one of some names, attributes or keys stands."""
    return {
        node.lineno
        for node in ast.walk(subject.tree)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and tokens(node) & wanted
    }


def is_call(node: ast.AST, *names: str) -> bool:
    """Whether a node calls a function or method of one of some names."""
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    return (function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")) in names
