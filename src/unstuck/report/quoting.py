"""Lines of code on a terminal: cropped to what matters, carets below, wide characters counted as two cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.report.changes import Change
    from unstuck.report.script import Excerpt

_BAR = " │ "
_CUT = "…"
_GAP = "⋮"
_LEAD = 4
_SIGN_STYLES = {"-": "red", "+": "green"}


def quote(excerpt: Excerpt, width: int, digits: int, caret_style: str) -> Iterator[Text]:
    """Yield an excerpt with carets below what is wrong.

    Long lines are cropped, all at the same column, so that what is wrong can be seen.

    Args:
        excerpt: The lines.
        width: So many cells may be used.
        digits: How wide the line numbers are.
        caret_style: Of the carets.
    """
    gutter = " " * (digits + 2) + _BAR
    room = width - len(gutter)
    offset = _offset(excerpt, room)
    for line in excerpt:
        if line is None:
            yield Text(f"  {_GAP:>{digits}}", "dim")
            continue
        shown = crop(line.text, offset, room)
        yield Text.assemble((f"  {line.number:>{digits}}{_BAR}", "dim"), (shown, "" if line.mark else "dim"))
        if line.mark:
            begin, end = (cell - offset for cell in _marked_cells(line.text, line.mark))
            begin, end = min(max(begin, 0), room - 1), min(end, room)
            yield Text.assemble((gutter, "dim"), (" " * begin + "^" * max(end - begin, 1), caret_style))


def show_changes(changes: Sequence[Change], width: int, digits: int) -> Iterator[Text]:
    """Yield lines that go and come, whole: what does not fit goes on in the next line."""
    cell = None
    for change in changes:
        if change.cell != cell:
            cell = change.cell
            yield Text(f"cell {cell}", "dim")
        style = _SIGN_STYLES[change.sign]
        code = Text(change.text, style)
        if change.changed:
            code.stylize(f"bold {style}", *change.changed)
        gutter = Text.assemble((change.sign, style), (f" {change.number:>{digits}}{_BAR}", "dim"))
        for part in fold(code, width - gutter.cell_len):
            yield gutter + part
            gutter = Text.assemble((" " * (digits + 2) + _BAR, "dim"))


def crop(text: str, offset: int, room: int) -> str:
    """Return what can be seen of a line from cell ``offset`` on in ``room`` cells, with an ellipsis where something is cut off.

    >>> crop("abcdefghij", 2, 5)
    '…def…'
    """
    cells = [cell for character in text for cell in _cells_of(character)]
    if offset == 0 and len(cells) <= room:
        return text
    window = cells[offset : offset + room]
    if not window:
        return _CUT if text.strip() else ""
    if window[0] == "":  # the second half of a wide character
        window[0] = " "
    if offset and text.strip():
        window[0] = _CUT
        window[1:2] = [" "] if window[1:2] == [""] else window[1:2]
    if offset + room < len(cells):
        if window[-1] == "":
            window[-2] = " "
        window[-1] = _CUT
    return "".join(window).rstrip()


def fold(text: Text, room: int) -> list[Text]:
    """Return a text in parts of at most ``room`` cells, broken behind a space where there is one in the second half of a part.

    >>> [str(part) for part in fold(Text("w = w - 0.1 * gradient"), 12)]
    ['w = w - 0.1 ', '* gradient']
    """
    breaks = [0]
    used, space = 0, 0
    for at, character in enumerate(text.plain):
        used += cell_len(character)
        if used > room:
            breaks.append(space if space - breaks[-1] > room // 2 else at)
            used = _width(text.plain[breaks[-1] : at + 1])
        space = at + 1 if character == " " else space
    return list(text.divide(breaks[1:]))


def _cells_of(character: str) -> list[str]:
    """Return what each cell of a character holds: the character in the first, nothing in the second of a wide one."""
    width = cell_len(character)
    return [character, *[""] * (width - 1)]


def _width(text: str) -> int:
    """Return how many cells a text takes, character by character, as most terminals do it."""
    return sum(map(cell_len, text))


def _marked_cells(text: str, mark: tuple[int, int]) -> tuple[int, int]:
    """Return the cells, from and to (excluded), of what is marked; behind the end of the text every character takes one."""
    begin, end = mark
    first = _width(text[:begin])
    return first, max(_width(text[:end]) + max(end - len(text), 0), first + 1)


def _offset(excerpt: Excerpt, room: int) -> int:
    """Return at which cell the lines are cropped on the left: 0 if what is wrong can be seen without."""
    marked = [(line.text, line.mark) for line in excerpt if line and line.mark]
    longest = max((_width(text) for text, _ in marked), default=0)
    if longest <= room:
        return 0
    spans = [_marked_cells(text, mark) for text, mark in marked]
    begin, end = min(span[0] for span in spans), max(span[1] for span in spans)
    if end < room:
        return 0
    centred = (begin + end - room) // 2
    return max(min(centred, longest - room, begin - _LEAD), 0)
