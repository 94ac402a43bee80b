"""Which change makes the shapes go together, here and in what follows."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import changed, edits, parsed
from unstuck.doctor.checks.shapes.candidates import Candidate, Failure, candidates
from unstuck.doctor.checks.shapes.context import context_of
from unstuck.doctor.checks.shapes.scope import MisfitError
from unstuck.doctor.checks.shapes.statements import FunctionOverError, Interpreter
from unstuck.doctor.findings import Remedy

if TYPE_CHECKING:
    from unstuck.doctor.scripts.source import Source

_MOST = 3


def remedies(failure: Failure, statement: ast.stmt, source: Source, *, editable: bool) -> tuple[Remedy, ...]:
    """Return what makes the shapes go together.

    A change is tried on the text of the script, and the shapes are followed through the statement and through all that comes
    after it in the same function. The remedy has an edit only if exactly one change survives that; what goes further than
    changing an operand counts only if nothing simpler survives.

    Args:
        failure: The operation that failed.
        statement: The statement it is part of.
        source: The script.
        editable: Whether to change this place at all: not where it has worked before.
    """
    made = _without_duplicates(list(candidates(failure, source)), source)
    fitting = [candidate for candidate in made if _fits(candidate, failure, statement, source, and_the_rest=False)]
    lasting = [candidate for candidate in fitting if _fits(candidate, failure, statement, source, and_the_rest=True)]
    chosen = [candidate for candidate in lasting if candidate.rank == min(each.rank for each in lasting)]
    if len(chosen) == 1 and editable:
        return (Remedy(chosen[0].summary, edits(source, chosen[0].changes)),)
    possible = chosen or [candidate for candidate in fitting if candidate.rank == 0]
    return tuple(Remedy(candidate.summary) for candidate in possible[:_MOST])


def _without_duplicates(made: list[Candidate], source: Source) -> list[Candidate]:
    by_text: dict[str, Candidate] = {}
    for candidate in made:
        by_text.setdefault(changed(source.text, candidate.changes), candidate)
    return list(by_text.values())


def _fits(candidate: Candidate, failure: Failure, statement: ast.stmt, source: Source, *, and_the_rest: bool) -> bool:
    """Whether the shapes go together after a change: in the statement, and if wanted in what follows."""
    tree = parsed(changed(source.text, candidate.changes))
    again = _same_statement(tree, statement) if tree else None
    if tree is None or again is None:
        return False
    scope = failure.scope.copy()
    scope.values.update(candidate.values)
    interpreter = Interpreter(scope)
    try:
        interpreter.run([again])
        if and_the_rest:
            interpreter.run(context_of(tree, again).rest(again))
    except FunctionOverError:
        return True
    except MisfitError:
        return False
    return True


def _same_statement(tree: ast.Module, statement: ast.stmt) -> ast.stmt | None:
    """Return the statement that begins where ``statement`` did before the change."""
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.stmt)):
        same_kind = type(node) is type(statement)
        if same_kind and (node.lineno, node.col_offset) == (statement.lineno, statement.col_offset):
            return node
    return None
