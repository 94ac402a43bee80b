"""The edits of a remedy as lines that go and lines that come."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from unstuck.doctor.patch import apply_edits
from unstuck.errors import UsageError
from unstuck.report.wording import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from unstuck.doctor.findings import Edit
    from unstuck.report.script import Script


@dataclass(frozen=True)
class Change:
    """A line that goes or comes, printable.

    Attributes:
        sign: ``-`` for one that goes, ``+`` for one that comes.
        number: Its number before, or after, the change.
        text: The whole line.
        changed: Which characters are different, from and to (excluded), if the line has a counterpart; otherwise None.
        cell: In a notebook the code cell.
    """

    sign: Literal["-", "+"]
    number: int
    text: str
    changed: tuple[int, int] | None = None
    cell: int | None = None


def changes_of(edits: Sequence[Edit], script: Script) -> tuple[Change, ...]:
    """Return what ``edits`` change in ``script``, cell by cell.

    Where the script is not known, or is not what the edits were made for, their own words are all there is to show.
    """
    found: list[Change] = []
    for cell in dict.fromkeys(edit.location.cell for edit in edits):
        own = [edit for edit in dict.fromkeys(edits) if edit.location.cell == cell]
        lines = [script.plain[row] for row in script.cell(cell)]
        try:
            after = apply_edits("".join(f"{line}\n" for line in lines), own).splitlines()
        except UsageError:
            found += [change for edit in own for change in _literal(edit)]
            continue
        shift = 0
        for first, last, growth in _regions(own):
            new = after[first + shift : last + shift + growth]
            found += _difference(lines[first:last], new, first + 1, first + shift + 1, cell)
            shift += growth
    return tuple(found)


def _regions(edits: Iterable[Edit]) -> list[tuple[int, int, int]]:
    """Return which lines the edits touch, from and to (excluded) and counted from 0, and by how many these become more."""
    regions: list[tuple[int, int, int]] = []
    for first, last, growth in sorted(map(_region, edits)):
        if regions and first < regions[-1][1]:
            before = regions.pop()
            regions.append((before[0], max(before[1], last), before[2] + growth))
        else:
            regions.append((first, last, growth))
    return regions


def _region(edit: Edit) -> tuple[int, int, int]:
    first, breaks = edit.location.line - 1, edit.old.count("\n")
    whole = edit.location.column == 0 and all(text[-1:] in {"", "\n"} for text in (edit.old, edit.new))
    return first, first + breaks + (not whole), edit.new.count("\n") - breaks


def _difference(old: list[str], new: list[str], old_number: int, new_number: int, cell: int | None) -> Iterator[Change]:
    """Yield what makes ``old`` lines ``new``; their first have these numbers."""
    for what, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        gone, come = [clean(line) for line in old[i:i_end]], [clean(line) for line in new[j:j_end]]
        spans = _spans(gone, come)
        for at, line in enumerate(gone):
            yield Change("-", old_number + i + at, line, spans[at][0] if spans else None, cell)
        for at, line in enumerate(come):
            yield Change("+", new_number + j + at, line, spans[at][1] if spans else None, cell)


def _spans(gone: list[str], come: list[str]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return for each pair of a line and what it becomes which characters of them differ; nothing where they are no pairs."""
    if len(gone) != len(come):
        return []
    spans = []
    for old, new in zip(gone, come, strict=True):
        begin, end = _shared(old, new)
        spans.append(((begin, len(old) - end), (begin, len(new) - end)))
    return spans


def _shared(before: str, after: str) -> tuple[int, int]:
    """Return how many characters are the same at the beginning, and how many of the rest at the end."""
    shorter = min(len(before), len(after))
    begin = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    end = next((at for at in range(shorter - begin) if before[-1 - at] != after[-1 - at]), shorter - begin)
    return begin, end


def _literal(edit: Edit) -> Iterator[Change]:
    for at, line in enumerate(edit.old.splitlines()):
        yield Change("-", edit.location.line + at, clean(line), cell=edit.location.cell)
    for at, line in enumerate(edit.new.splitlines()):
        yield Change("+", edit.location.line + at, clean(line), cell=edit.location.cell)
