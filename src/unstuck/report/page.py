"""A page of a terminal: paragraphs and columns, broken where the width ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from unstuck.report.wording import NO_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

_NARROWEST = 40
_WIDEST = 200
_WIDEST_PROSE = 100
_GAP = 3
_NARROWEST_COLUMN = 6
_HELD = "\ue000"  # of private use, so it is in no text of a report


class Page:
    """Collects lines, none wider than the console.

    Args:
        console: Whose width counts, between 40 and 200.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self.width = min(max(console.width, _NARROWEST), _WIDEST)
        self.lines: list[Text] = []

    def blank(self) -> None:
        """Leave a line empty, unless it would be the first or the second in a row."""
        if self.lines and self.lines[-1].plain:
            self.lines.append(Text())

    def add(self, lines: Iterable[Text], indent: int = 0) -> None:
        """Add lines as they are."""
        for line in lines:
            line.rstrip()
            self.lines.append(Text(" " * indent) + line if line.plain else line)

    def prose(self, text: str | Text, style: str = "", *, indent: int = 0, hang: int = 0) -> None:
        """Add a paragraph, its lines indented, those after the first by ``hang`` more; at most 100 cells wide, which reads well."""
        text = Text(text, style) if isinstance(text, str) else text
        wide = min(self.width, _WIDEST_PROSE) - indent
        lines = self.wrap(text, wide)
        if hang and len(lines) > 1:
            rest = text[len(lines[0].plain) :]
            lines[1:] = self.wrap(rest[len(rest.plain) - len(rest.plain.lstrip()) :], wide - hang)
        for number, line in enumerate(lines):
            self.add([line], indent + hang if number else indent)

    def columns(self, rows: Sequence[Sequence[Text]], *, indent: int = 0, right: Sequence[int] = ()) -> None:
        """Add rows whose entries stand below each other.

        Args:
            rows: Each of as many entries.
            indent: Of the whole.
            right: Which columns end at the same place, counted from 0; the others begin there.
        """
        widths = self._widths(rows, indent)
        for row in rows:
            parts = [self.wrap(entry, width) for entry, width in zip(row, widths, strict=True)]
            for at in range(max(map(len, parts))):
                line = Text()
                for column, (part, width) in enumerate(zip(parts, widths, strict=True)):
                    entry = part[at].copy() if at < len(part) else Text()
                    entry.align("right" if column in right else "left", width)
                    line += Text(" " * _GAP if column else "") + entry
                self.add([line], indent)

    def wrap(self, text: Text, width: int) -> list[Text]:
        """Return a text in lines of at most ``width`` cells; a longer word is broken, a space that must not break is not."""
        text = text.copy()
        text.plain = text.plain.replace(NO_BREAK, _HELD)  # to rich every space is a chance
        lines = list(text.wrap(self._console, width, overflow="fold")) or [Text()]
        for line in lines:
            line.plain = line.plain.replace(_HELD, " ")
        return lines

    def _widths(self, rows: Sequence[Sequence[Text]], indent: int) -> list[int]:
        """Return the widths of columns: what they need, the widest shortened until all fit."""
        widths = [max(entry.cell_len for entry in column) for column in zip(*rows, strict=True)]
        room = self.width - indent - _GAP * (len(widths) - 1)
        while sum(widths) > room and max(widths) > _NARROWEST_COLUMN:
            widths[widths.index(max(widths))] -= 1
        return widths

    def print(self) -> None:
        """Print the page, one line at a time, just as it is, without empty lines at its end."""
        while self.lines and not self.lines[-1].plain:
            self.lines.pop()
        for line in self.lines:
            self._console.print(line, soft_wrap=True, markup=False, highlight=False, emoji=False)
