"""The edits between two versions that are worth a trial, each with all that it needs."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.doctor.tools.edit_needs import needs, only_prepares, only_shows
from unstuck.doctor.tools.edited_lines import edited_lines
from unstuck.doctor.tools.variants import number_nodes
from unstuck.doctor.tools.version_edits import VersionEdit, version_edits, without_docstrings

if TYPE_CHECKING:
    from unstuck.doctor.scripts.source import Source
    from unstuck.doctor.tools.edited_lines import EditedLine


@dataclass(frozen=True)
class Candidate:
    """An edit as it is tried.

    Attributes:
        number: From 1, in the order of the script.
        edits: All that is made: the edit and what it needs.
        lines: What is shown as the edit.
        needs: Numbers of other candidates that it contains.
        shows_only: Whether it concerns only what is printed or plotted, so that it need not be tried.
    """

    number: int
    edits: tuple[VersionEdit, ...]
    lines: tuple[EditedLine, ...]
    needs: tuple[int, ...]
    shows_only: bool


@dataclass(frozen=True)
class Versions:
    """Two versions of a script.

    Attributes:
        before: The first one's tree, its nodes numbered.
        after: That of the second.
        edits: All edits between them.
        candidates: What is worth a trial.
    """

    before: ast.Module
    after: ast.Module
    edits: tuple[VersionEdit, ...]
    candidates: tuple[Candidate, ...]


def compare_texts(before: Source, after: Source) -> Versions:
    """Return the edits between two scripts, both of which parse."""
    trees = without_docstrings(ast.parse(before.text)), without_docstrings(ast.parse(after.text))
    number_nodes(trees[0], second=False)
    number_nodes(trees[1], second=True)
    edits = version_edits(*trees)
    return Versions(*trees, tuple(edits), tuple(_candidates(before, after, trees, edits)))


def _candidates(
    before: Source, after: Source, trees: tuple[ast.Module, ast.Module], edits: list[VersionEdit]
) -> list[Candidate]:
    closures = needs(*trees, edits)
    shows = [only_shows(trees, edit) for edit in edits]
    leads = [
        number
        for number, edit in enumerate(edits)
        if not (
            only_prepares(*trees, edit)
            and any(number in other or other <= closures[number] for at, other in enumerate(closures) if at != number)
        )
    ]
    groups = list(dict.fromkeys(closures[number] for number in leads))
    numbers = {group: number for number, group in enumerate(groups, 1)}
    found = []
    for group in groups:
        inner = [other for other in groups if other < group]
        own = sorted(group - frozenset().union(*inner)) or sorted(group)
        found.append(
            Candidate(
                numbers[group], tuple(edits[at] for at in sorted(group)), edited_lines(before, after, [edits[at] for at in own]),
                tuple(numbers[other] for other in inner), all(shows[at] for at in group),
            )
        )  # fmt: skip
    return found
