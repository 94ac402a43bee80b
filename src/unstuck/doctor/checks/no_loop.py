"""Does the script take one step and end?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.findings import Edit, Finding, Remedy
from unstuck.doctor.scripts.repetition import append_loop, appended_loop
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.identified import Identified

_EPOCHS = 1000
_INDENT = "    "


def check(examination: Examination) -> Iterator[Suspicion]:
    """Where no loop trains anything, but the script computes new parameters from a prediction, there is a step and no loop."""
    if not examination.repeated or _compares_a_parameter(examination.found):
        return
    statements, block = _statements_of_step(examination)
    if not statements:
        return
    found = examination.found
    updates = sorted(
        {site.span.line for variable in found.parameters if (site := examination.update_site(variable)) is not None}
    )
    first = min((line for line in updates), default=statements[0].lineno)
    calls = [] if _hold(statements, updates) else [statement.lineno for statement in statements]
    names = ", ".join(variable.name for variable in found.parameters)
    remedy = Remedy(
        f"Put the forward pass, the gradients and the updates into a loop: for epoch in range({_EPOCHS}):",
        _indented(examination, statements, block),
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
            lines=tuple(dict.fromkeys(examination.location(line).line for line in (updates or [first]) + calls)),
            remedies=(remedy,),
        )
    )


def _compares_a_parameter(found: Identified) -> bool:
    """Whether what meets the targets is a parameter itself, as a position that moves to a goal is: no net predicts anything."""
    pair = None if found.pair is None else found.own.pairs.get(found.pair.key)
    if pair is None or found.pair is None:
        return False
    outputs = pair.right if found.pair.target == "left" else pair.left
    return any(
        variable.start is not None and outputs.shape == variable.shape and np.array_equal(outputs, variable.start)
        for variable in found.parameters
    )


def _hold(statements: Sequence[ast.stmt], lines: Sequence[int]) -> bool:
    """Whether the updates stand among the statements themselves, not in a function that they call."""
    return all(any(each.lineno <= line <= (each.end_lineno or each.lineno) for each in statements) for line in lines)


def _statements_of_step(examination: Examination) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """Return the statements that a loop has to go around, and all those among which they stand in the script."""
    tree = ast.parse(examination.source.text)
    append_loop(tree)
    appended = appended_loop(tree)
    if appended is None:
        return [], []
    loop, block = appended
    return loop.body, [statement for statement in block if statement is not loop]


def _indented(examination: Examination, statements: Sequence[ast.stmt], block: Sequence[ast.stmt]) -> tuple[Edit, ...]:
    """Return the edit that puts statements into a loop; none if they share lines with others.

    What stands between them and makes a parameter, such as ``W2 = np.zeros(...)`` below the first product, goes before the loop;
    if it needs what the step computes, such as its shape, all until then stays where it is, and the loop computes it again.
    """
    lines = examination.source.text.splitlines()
    spans = [(statement.lineno, statement.end_lineno or statement.lineno) for statement in statements]
    inside = {line for first, last in spans for line in range(first, last + 1)}
    first, last = min(inside), max(inside)
    between = [statement for statement in block if first <= statement.lineno <= last and statement.lineno not in inside]
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
    if between and _can_move(block, between, inside, first):
        text = [line for statement in between for line in lines[statement.lineno - 1 : statement.end_lineno]]
    else:
        text = lines[first - 1 : stays]
    moved = {
        line
        for statement in between
        for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    }
    text.append(f"{' ' * statements[0].col_offset}for epoch in range({_EPOCHS}):")
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


def _can_move(block: Sequence[ast.stmt], between: Sequence[ast.stmt], inside: set[int], first: int) -> bool:
    """Whether statements may go before the loop: nothing that they read is made in it, but for shapes, which stay."""
    made = {
        node.id
        for statement in block
        if statement.lineno in inside and statement.lineno >= first
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    earlier = {
        node.id
        for statement in block
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
