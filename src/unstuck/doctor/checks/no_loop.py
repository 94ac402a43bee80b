"""Does the script take one step and end?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.findings import Edit, Finding, Remedy
from unstuck.doctor.scripts.repetition import STEP_VARIABLE, append_loop
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.doctor.scripts.examination import Examination

_EPOCHS = 1000
_INDENT = "    "


def check(examination: Examination) -> Iterator[Suspicion]:
    """Where no loop trains anything, but the script computes new parameters from a prediction, there is a step and no loop."""
    if not examination.repeated:
        return
    statements = _statements_of_step(examination)
    if not statements:
        return
    found = examination.found
    updates = sorted(
        {site.span.line for variable in found.parameters if (site := examination.update_site(variable)) is not None}
    )
    first = min((line for line in updates), default=statements[0].lineno)
    names = ", ".join(variable.name for variable in found.parameters)
    remedy = Remedy(
        f"Put the forward pass, the gradients and the updates into a loop: for epoch in range({_EPOCHS}):",
        _indented(examination, statements),
    )
    yield Suspicion(
        Finding(
            fault="no-loop",
            message=(
                f"The script updates {names} once and ends: there is no training loop around the step. Learning takes "
                "hundreds or thousands of steps."
            ),
            location=examination.location(first),
            evidence={"steps taken": 1, "updated parameters": [variable.name for variable in found.parameters]},
            severity="fatal",
            lines=tuple(examination.location(line).line for line in updates or [first]),
            remedies=(remedy,),
        )
    )


def _statements_of_step(examination: Examination) -> list[ast.stmt]:
    """Return the statements that a loop has to go around, as they stand in the script."""
    tree = ast.parse(examination.source.text)
    if not append_loop(tree):
        return []
    loop = next(
        (
            node
            for node in tree.body
            if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and node.target.id == STEP_VARIABLE
        ),
        None,
    )
    return [] if loop is None else loop.body


def _indented(examination: Examination, statements: Sequence[ast.stmt]) -> tuple[Edit, ...]:
    """Return the edit that puts statements into a loop; none if they share lines with others.

    What stands between them and makes a parameter, such as ``W2 = np.zeros(...)`` below the first product, goes before the loop;
    if it needs what the step computes, such as its shape, all until then stays where it is, and the loop computes it again.
    """
    lines = examination.source.text.splitlines()
    spans = [(statement.lineno, statement.end_lineno or statement.lineno) for statement in statements]
    inside = {line for first, last in spans for line in range(first, last + 1)}
    first, last = min(inside), max(inside)
    own = {id(statement) for statement in examination.tree.body}
    between = [
        statement
        for statement in examination.tree.body
        if id(statement) in own and first <= statement.lineno <= last and statement.lineno not in inside
    ]
    if any((statement.end_lineno or statement.lineno) in inside for statement in between) or len(
        {span[0] for span in spans}
    ) < len(spans):
        return ()
    if any(_is_inside_a_string(statement) for statement in statements):
        return ()
    if any(
        examination.source.places[number - 1].line - number != examination.source.places[first - 1].line - first
        for number in range(first, last + 1)
    ):
        return ()
    stays = max((statement.end_lineno or statement.lineno for statement in between), default=first - 1)
    if between and _can_move(examination.tree, between, inside, first):
        text = [line for statement in between for line in lines[statement.lineno - 1 : statement.end_lineno]]
    else:
        text = lines[first - 1 : stays]
    moved = {
        line
        for statement in between
        for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    }
    text.append(f"for epoch in range({_EPOCHS}):")
    text += [
        _INDENT + line if line.strip() else line
        for number, line in enumerate(lines[first - 1 : last], first)
        if number not in moved
    ]
    old = "\n".join(lines[first - 1 : last])
    return (Edit(examination.location(first, 0, last, len(lines[last - 1].encode())), old, "\n".join(text)),)


def _is_inside_a_string(statement: ast.stmt) -> bool:
    """Whether a statement holds a string of several lines, which must not be indented."""
    return any(
        isinstance(node, ast.Constant) and isinstance(node.value, str) and node.lineno != node.end_lineno
        for node in ast.walk(statement)
    )


def _can_move(tree: ast.Module, between: Sequence[ast.stmt], inside: set[int], first: int) -> bool:
    """Whether statements may go before the loop: nothing that they read is made in it, but for shapes, which stay."""
    made = {
        node.id
        for statement in tree.body
        if statement.lineno in inside and statement.lineno >= first
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    earlier = {
        node.id
        for statement in tree.body
        if statement.lineno < first
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    read = {
        node.id
        for statement in between
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return not read & (made - earlier)
