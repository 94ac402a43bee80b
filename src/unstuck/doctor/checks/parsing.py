"""Where a script stops being Python, and whether a change gets the parser further."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import Change, changed, parsed
from unstuck.doctor.scripts.sites import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_STRING = re.compile(r"'''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|#[^\n]*", re.DOTALL)


@dataclass(frozen=True)
class Slip:
    """The first place at which a text is no Python.

    Attributes:
        said: What Python says of it.
        kind: The name of the exception.
        text: The whole text.
        line: The line, from 1.
        column: Where in it, from 0, in bytes of UTF-8.
        end_line: Where it ends; the same as the beginning if unknown.
        end_column: Likewise.
    """

    said: str
    kind: str
    text: str
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def lines(self) -> list[str]:
        """All lines of the text."""
        return self.text.split("\n")

    @property
    def line_text(self) -> str:
        """The line that is wrong."""
        return self.lines[self.line - 1]

    @property
    def before(self) -> str:
        """What stands on that line before the place."""
        return self.line_text.encode()[: self.column].decode(errors="ignore")

    @property
    def after(self) -> str:
        """What stands on that line from the place on."""
        return self.line_text.encode()[self.column :].decode(errors="ignore")

    @property
    def span(self) -> Span:
        """The place."""
        return Span(self.line, self.column, self.end_line, self.end_column)


@dataclass(frozen=True)
class Explained:
    """What is wrong at a slip, and what to do about it.

    Attributes:
        message: In plain words.
        remedy: What to do, empty if that is in the message.
        changes: The same as changes of the text.
        span: What is wrong, if it is not the place that Python names.
        lines: Other lines that have to do with it.
    """

    message: str
    remedy: str = ""
    changes: tuple[Change, ...] = ()
    span: Span | None = None
    lines: tuple[int, ...] = ()


def slip_of(error: SyntaxError, text: str) -> Slip:
    """Return where ``text`` is wrong, by the error that parsing it has raised."""
    lines = text.split("\n")
    line = min(max(error.lineno or 1, 1), len(lines))
    column = _column(lines[line - 1], error.offset)
    has_end = error.end_lineno is not None and error.end_offset is not None and error.end_offset > 0
    end_line = min(error.end_lineno or line, len(lines)) if has_end else line
    end_column = _column(lines[end_line - 1], error.end_offset) if has_end else column
    end_line, end_column = max((end_line, end_column), (line, column))
    return Slip(str(error.msg), type(error).__name__, text, line, column, end_line, end_column)


def _column(line: str, offset: int | None) -> int:
    """Return a column in bytes, from 0, for one in characters, from 1."""
    return len(line[: max((offset or 1) - 1, 0)].encode())


def first_slip(text: str) -> Slip | None:
    """Return the first place at which ``text`` is no Python, None if it is Python.

    >>> first_slip("x = 1") is None, first_slip("x = )").said
    (True, "unmatched ')'")
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return slip_of(error, text)
    return None


def gets_past(text: str, changes: Iterable[Change], line: int) -> bool:
    """Whether changes make a text Python, or at least move its first slip to a later line than ``line``."""
    slip = first_slip(changed(text, changes))
    return slip is None or slip.line > line


def only_one(slip: Slip, tried: Sequence[Sequence[Change]]) -> tuple[Change, ...]:
    """Return the one of several changes that gets past the slip; none if several do and mean different things."""
    working: dict[str, tuple[Change, ...]] = {}
    for changes in tried:
        if gets_past(slip.text, changes, slip.line):
            text = changed(slip.text, changes)
            tree = parsed(text)
            working.setdefault(ast.dump(tree) if tree else text, tuple(changes))
    return next(iter(working.values())) if len(working) == 1 else ()


def mended(text: str, mend: Callable[[Slip], str | None]) -> str:
    """Return ``text`` with one slip after the other mended, for as long as ``mend`` returns a new text for it."""
    for _ in range(text.count("\n") + 1):
        slip = first_slip(text)
        new = mend(slip) if slip else None
        if slip is None or new is None:
            break
        following = first_slip(new)
        if following is not None and (following.line, following.column) <= (slip.line, slip.column):
            break
        text = new
    return text


def line_changes(old: str, new: str) -> tuple[Change, ...]:
    """Return the smallest change of each line that turns ``old`` into ``new``, which must have as many lines.

    >>> line_changes("print a", "print(a)")
    (Change(span=Span(line=1, column=5, end_line=1, end_column=7), new='(a)'),)
    """
    changes = []
    for number, (before, after) in enumerate(zip(old.split("\n"), new.split("\n"), strict=True), 1):
        if before == after:
            continue
        start = 0
        while start < min(len(before), len(after)) and before[start] == after[start]:
            start += 1
        end = 0
        while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
            end += 1
        first, last = len(before[:start].encode()), len(before[: len(before) - end].encode())
        changes.append(Change(Span(number, first, number, last), after[start : len(after) - end]))
    return tuple(changes)


def without_strings(text: str) -> str:
    """Return ``text`` with what is inside strings and comments blanked; lengths and lines stay.

    >>> without_strings("x = 'a(' # (")
    'x =         '
    """
    return _STRING.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
