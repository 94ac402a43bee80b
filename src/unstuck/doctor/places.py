"""Where something stands in what the user has, which may be a notebook or a session pasted with its prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from unstuck.doctor.findings import Location
from unstuck.doctor.scripts.sites import Span
from unstuck.doctor.scripts.source import Place

if TYPE_CHECKING:
    import ast

    from unstuck.doctor.scripts.source import Source

Spanning: TypeAlias = "ast.expr | ast.stmt | ast.alias | ast.arg | ast.keyword | Span"
"""What has a beginning and an end in the program's text."""


def span_of(node: Spanning) -> Span:
    """Return where a node of the syntax tree stands in the program's text.

    >>> import ast
    >>> span_of(ast.parse("x = a + b").body[0])
    Span(line=1, column=0, end_line=1, end_column=9)
    """
    if isinstance(node, Span):
        return node
    end_line = node.lineno if node.end_lineno is None else node.end_lineno
    end_column = node.col_offset if node.end_col_offset is None else node.end_col_offset
    return Span(node.lineno, node.col_offset, end_line, end_column)


def location_of(source: Source, node: Spanning) -> Location:
    """Return where a node or a span of ``source.text`` stands for the user: lines of the file, in a notebook of its cell.

    Columns are those of ``source.text`` as the syntax tree counts them, in bytes of UTF-8.

    >>> from unstuck.doctor.scripts.source import source_of
    >>> location_of(source_of("x = 1"), Span(1, 4, 1, 5))
    Location(file='<script>', line=1, column=4, end_line=1, end_column=5, cell=None)
    """
    span = span_of(node)
    start, end = _place(source, span.line), _place(source, span.end_line)
    return Location(file_name(source), start.line, span.column, end.line, span.end_column, start.cell)


def file_name(source: Source) -> str:
    """Return what the script is called: the name of its file, or ``<script>`` for text."""
    return source.path.name if source.path else "<script>"


def line_of(source: Source, line: int) -> int:
    """Return the user's number for a line of ``source.text``; one past the end counts as the last."""
    return _place(source, line).line


def line_name(source: Source, line: int) -> str:
    """Return how a message calls a line of ``source.text``, such as ``line 3`` or ``line 3 of cell 2``."""
    place = _place(source, line)
    return f"line {place.line}" if place.cell is None else f"line {place.line} of cell {place.cell}"


def lines_of_text(source: Source, location: Location) -> tuple[int, int] | None:
    """Return the first and the last line of ``source.text`` for a location, or None if it is not in this source."""
    numbers = {(place.line, place.cell): number for number, place in enumerate(source.places, 1)}
    first = numbers.get((location.line, location.cell))
    if first is None:
        return None
    end_line = location.line if location.end_line is None else location.end_line
    return first, numbers.get((end_line, location.cell), first)


def _place(source: Source, line: int) -> Place:
    if not source.places:
        return Place(1)
    return source.places[min(max(line, 1), len(source.places)) - 1]
