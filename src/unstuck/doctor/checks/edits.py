"""Changes of a script's text: made to see whether they help, and handed to the user as edits."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.doctor.findings import Edit
from unstuck.doctor.places import location_of, span_of
from unstuck.doctor.scripts.sites import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from unstuck.doctor.places import Spanning
    from unstuck.doctor.scripts.source import Source

_LONGEST = 60


@dataclass(frozen=True)
class Change:
    """What stands at ``span`` of the program's text is replaced by ``new``."""

    span: Span
    new: str


def replace(node: Spanning, new: str) -> Change:
    """Return the change that puts ``new`` in the place of ``node``."""
    return Change(span_of(node), new)


def insert(line: int, column: int, new: str) -> Change:
    """Return the change that puts ``new`` before a column, in bytes of UTF-8, of a line."""
    return Change(Span(line, column, line, column), new)


def changed(text: str, changes: Iterable[Change]) -> str:
    """Return ``text`` with changes made, which must not overlap.

    >>> changed("x = a", [Change(Span(1, 4, 1, 5), "b"), insert(1, 0, "# ")])
    '# x = b'
    """
    content = text.encode()
    starts = _line_starts(content)
    for change in sorted(changes, key=lambda change: (change.span.line, change.span.column), reverse=True):
        first, last = _offsets(starts, change.span)
        content = content[:first] + change.new.encode() + content[last:]
    return content.decode()


def are_apart(changes: Iterable[Change]) -> bool:
    """Whether no change is made within another.

    >>> are_apart([Change(Span(1, 4, 1, 9), "b"), Change(Span(1, 6, 1, 7), "c")])
    False
    """
    ordered = sorted(changes, key=lambda change: (change.span.line, change.span.column))
    ends = [(change.span.end_line, change.span.end_column) for change in ordered]
    return all(end <= (later.span.line, later.span.column) for end, later in zip(ends, ordered[1:], strict=False))


def text_with(source: Source, node: Spanning, changes: Iterable[Change]) -> str:
    """Return the text of a node after changes within it."""
    content = source.text.encode()
    first, last = _offsets(_line_starts(content), span_of(node))
    after = changed(source.text, changes).encode()
    return after[first : len(after) - (len(content) - last)].decode()


def edits(source: Source, changes: Iterable[Change]) -> tuple[Edit, ...]:
    """Return changes as edits of what the user has, in the order of the text."""
    content = source.text.encode()
    starts = _line_starts(content)
    made = []
    for change in sorted(changes, key=lambda change: (change.span.line, change.span.column)):
        first, last = _offsets(starts, change.span)
        made.append(Edit(location_of(source, change.span), content[first:last].decode(), change.new))
    return tuple(made)


def text_of(source: Source, node: ast.expr | ast.stmt) -> str:
    """Return the text of a node as its author wrote it."""
    return ast.get_source_segment(source.text, node) or ast.unparse(node)


def short_text_of(source: Source, node: ast.expr | ast.stmt) -> str:
    """Return the text of a node on one line of at most 60 characters."""
    return shortened(text_of(source, node))


def comma_after(source: Source, node: ast.expr) -> Change:
    """Return the change that puts a comma after an expression, and a space if there is none."""
    end = span_of(node)
    following = source.text.split("\n")[end.end_line - 1].encode()[end.end_column :]
    return insert(end.end_line, end.end_column, "," if following[:1] in {b" ", b""} else ", ")


def operator_change(source: Source, node: ast.BinOp, old: str, new: str) -> tuple[Change, ...]:
    """Return the change of the operator between two operands from ``old`` to ``new``; none if it cannot be told apart."""
    start, end = span_of(node.left), span_of(node.right)
    between = Span(start.end_line, start.end_column, end.line, end.column)
    content = source.text.encode()
    first, last = _offsets(_line_starts(content), between)
    text = content[first:last]
    if between.line != between.end_line or text.count(old.encode()) != 1:
        return ()
    column = between.column + text.index(old.encode())
    return (Change(Span(between.line, column, between.line, column + len(old.encode())), new),)


def shortened(text: str) -> str:
    r"""Return text on one line of at most 60 characters, its middle left out if need be.

    >>> shortened("np.array([[0,\n   1]])")
    'np.array([[0, 1]])'
    """
    line = " ".join(text.split())
    half = _LONGEST // 2 - 1
    return line if len(line) <= _LONGEST else f"{line[:half]}…{line[-half:]}"


def parses(text: str) -> bool:
    """Whether ``text`` is a program.

    >>> parses("x = 1"), parses("x = ")
    (True, False)
    """
    return parsed(text) is not None


def parsed(text: str) -> ast.Module | None:
    """Return the syntax tree of ``text``, or None if it is no program."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape in a string is no concern here
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _line_starts(content: bytes) -> list[int]:
    starts = [0]
    for line in content.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _offsets(starts: list[int], span: Span) -> tuple[int, int]:
    return starts[span.line - 1] + span.column, starts[span.end_line - 1] + span.end_column
