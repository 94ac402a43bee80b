"""The user's script as a report quotes it: lines found by their place, and the lines around one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from unstuck.doctor.patch import characters
from unstuck.doctor.scripts.source import Place, source_of
from unstuck.report.wording import NO_BREAK, clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from unstuck.doctor.findings import Location

_AROUND = 1
_MOST_MARKED = 6
_MOST_RELATED = 4


@dataclass(frozen=True)
class CodeLine:
    """A line of the script, printable.

    Attributes:
        number: As the user counts it.
        text: The line.
        mark: The characters that are wrong, from and to (excluded); None if none are. They may lie behind the end of the line.
    """

    number: int
    text: str
    mark: tuple[int, int] | None = None


Excerpt = tuple[CodeLine | None, ...]
"""Lines of the script; None where some are left out in between."""


@dataclass(frozen=True)
class Script:
    """The lines of a script, or of all code cells of a notebook one after the other.

    Attributes:
        lines: The lines as the user has them.
        places: Where each stands in the user's file; without it, it is a script whose lines are numbered from 1.
    """

    lines: tuple[str, ...]
    places: tuple[Place, ...] = ()

    def row(self, line: int, cell: int | None = None) -> int | None:
        """Return the index in :attr:`lines` of what the user calls this line, or None if it is not there."""
        return self._rows.get(Place(line, cell))

    def cell(self, number: int | None) -> range:
        """Return the indices of a cell's lines; of the script's, for None."""
        rows = sorted(row for place, row in self._rows.items() if place.cell == number)
        return range(rows[0], rows[-1] + 1) if rows else range(0)

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """The lines as Python reads them, without prompts and with ASCII punctuation: what columns and edits speak of."""
        plain = tuple(source_of("".join(f"{line}\n" for line in self.lines)).text.splitlines())
        return plain if len(plain) == len(self.lines) else self.lines

    @cached_property
    def _rows(self) -> dict[Place, int]:
        places = self.places or [Place(number) for number in range(1, len(self.lines) + 1)]
        return {place: row for row, place in enumerate(places) if row < len(self.lines)}

    def excerpt(self, location: Location, related: Iterable[int] = ()) -> Excerpt:
        """Return the lines of a place with one before and one after, and up to four related lines of the same cell.

        Args:
            location: What is wrong. Its columns are offsets in UTF-8, as those of :mod:`ast`.
            related: Other lines to be shown, as the user counts them in that cell.
        """
        first = self.row(location.line, location.cell)
        if first is None:
            return ()
        own = self.cell(location.cell)
        last = min(first + (location.end_line or location.line) - location.line, own[-1])
        marked = {row: self._mark(row, first, last, location) for row in _abridged(range(first, last + 1))}
        near = [row for row in range(first - _AROUND, last + _AROUND + 1) if row < first or row > last]
        far = [
            row for line in related if (row := self.row(line, location.cell)) is not None and not first <= row <= last
        ]
        shown = sorted({*marked, *(row for row in (*near, *far[:_MOST_RELATED]) if row in own)})
        lines = [self._code_line(row, location.line - first, marked.get(row)) for row in shown]
        return _with_gaps(lines)

    def _code_line(self, row: int, shift: int, mark: tuple[int, int] | None) -> CodeLine:
        return CodeLine(row + shift, clean(self.lines[row]), mark)

    def _mark(self, row: int, first: int, last: int, location: Location) -> tuple[int, int] | None:
        """Return the characters of a line that belong to the place, in the line as it is shown."""
        line = self.lines[row]
        if row != first and not line.strip():
            return None
        begin, end = len(line) - len(line.lstrip()), len(line.rstrip())
        empty = location.end_column is None or (last == first and location.end_column <= location.column)
        whole = empty and location.column == 0
        if row == first and not whole:
            begin = self._column(row, location.column)
            end = begin + 1 if empty else end
        if row == last and not empty and location.end_column is not None:
            end = self._column(row, location.end_column)
        start = len(clean(line[:begin]))
        return start, max(len(clean(line[:end])), start + 1)

    def _column(self, row: int, offset: int) -> int:
        """Return the character of the user's line at an offset in the plain one, which may lack a prompt."""
        prompt = max(len(self.lines[row]) - len(self.plain[row]), 0)
        return characters(self.plain[row], offset) + prompt


def name_place(place: Location | None) -> str:
    """Return how a place is called: ``line 15``, in a notebook ``line 3 of cell 2``; nothing for None. Its spaces do not break."""
    if place is None:
        return ""
    name = f"line {place.line}" if place.cell is None else f"line {place.line} of cell {place.cell}"
    return name.replace(" ", NO_BREAK)


def _abridged(rows: range) -> list[int]:
    """Return the rows, but of a long expression only the first few and the last."""
    return list(rows) if len(rows) <= _MOST_MARKED else [*rows[: _MOST_MARKED - 2], rows[-1]]


def _with_gaps(lines: list[CodeLine]) -> Excerpt:
    shown: list[CodeLine | None] = [*lines[:1]]
    for before, line in pairwise(lines):
        if line.number != before.number + 1:
            shown.append(None)
        shown.append(line)
    return tuple(shown)
