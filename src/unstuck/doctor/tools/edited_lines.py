"""The lines that an edit between two versions takes away and brings, each as its author has it."""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from unstuck.doctor.checks.edits import Change, changed, parses, replace
from unstuck.doctor.scripts.sites import Span
from unstuck.doctor.tools.version_edits import BlockEdit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from unstuck.doctor.scripts.source import Source
    from unstuck.doctor.tools.expression_edits import NodeEdit
    from unstuck.doctor.tools.version_edits import VersionEdit

_LOOSE = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda)
_TIGHT = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Attribute, ast.Subscript)
_SYMBOLS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**", ast.FloorDiv: "//", ast.Mod: "%",
    ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>",
}  # fmt: skip


@dataclass(frozen=True)
class EditedLine:
    """A line that goes or comes.

    Attributes:
        sign: ``-`` for one of the first version that goes, ``+`` for one that comes.
        line: Its number: of one that comes in the second version, of one that was changed only in part in the first.
        text: The line.
        cell: In a notebook the code cell.
    """

    sign: Literal["-", "+"]
    line: int
    text: str
    cell: int | None = None


def edited_lines(before: Source, after: Source, edits: Iterable[VersionEdit]) -> tuple[EditedLine, ...]:
    """Return what edits take away and bring, place by place in the order of the first version."""
    lines: dict[tuple[int, int, int], list[EditedLine]] = {}
    statements: dict[int, list[NodeEdit]] = defaultdict(list)
    for number, part in enumerate(part for edit in edits for part in edit.parts):
        if isinstance(part, BlockEdit):
            lines[_start(part), 0, number] = [*_quoted("-", before, part.old), *_quoted("+", after, part.new)]
        else:
            statements[id(part.statement)].append(part)
    for parts in statements.values():
        first, last = _span(parts[0].statement)
        lines[first, 1, 0] = [*_range("-", before, first, last), *_changed_in_part(before, after, parts)]
    return tuple(line for _, found in sorted(lines.items(), key=lambda entry: entry[0]) for line in found)


def _start(part: BlockEdit) -> int:
    """Return the line of the first version at which an edit of statements stands, for what is only inserted the line before which."""
    block = getattr(part.parent, part.field)
    if part.start < len(block):
        return getattr(block[part.start], "lineno", 1)
    return (getattr(block[-1], "end_lineno", None) or 1) + 1 if block else getattr(part.parent, "lineno", 1) + 1


def _quoted(sign: Literal["-", "+"], source: Source, nodes: Sequence[ast.AST]) -> Iterator[EditedLine]:
    spans = [(getattr(node, "lineno", 0), getattr(node, "end_lineno", None) or 0) for node in nodes]
    for first, last in spans:
        if 0 < first <= last:
            yield from _range(sign, source, first, last)


def _range(sign: Literal["-", "+"], source: Source, first: int, last: int) -> Iterator[EditedLine]:
    for number in range(first, last + 1):
        text = source.original[number - 1]
        if text.strip() and not text.lstrip().startswith("#"):
            yield EditedLine(sign, source.places[number - 1].line, text, source.places[number - 1].cell)


def _span(statement: ast.AST) -> tuple[int, int]:
    """Return the lines of a statement; of a compound one those of its head."""
    first: int = getattr(statement, "lineno", 1)
    body = getattr(statement, "body", None)
    if isinstance(body, list) and body and getattr(body[0], "lineno", first) > first:
        return first, body[0].lineno - 1
    return first, getattr(statement, "end_lineno", None) or first


def _changed_in_part(before: Source, after: Source, parts: list[NodeEdit]) -> Iterator[EditedLine]:
    """Yield the lines of a statement of the first version with edits made in it."""
    first, last = _span(parts[0].statement)
    changes = [_change(before, after, part) for part in parts]
    text = None if None in changes else changed(before.text, [change for change in changes if change is not None])
    if text is None or not parses(text):
        yield from _range("+", after, *_span(parts[0].other))
        return
    lines = text.splitlines()
    growth = len(lines) - len(before.text.splitlines())
    place = before.places[first - 1]
    for offset, line in enumerate(lines[first - 1 : last + growth]):
        yield EditedLine("+", place.line + offset, line, place.cell)


def _change(before: Source, after: Source, part: NodeEdit) -> Change | None:
    """Return an edit as a change of the first version's text; None where it has no place of its own."""
    if isinstance(part.old, ast.operator) and isinstance(part.new, ast.operator):
        return _operator_change(before, part)
    if not isinstance(part.old, ast.expr) or not isinstance(part.new, ast.expr):
        return None
    text = ast.get_source_segment(after.text, part.new)
    if text is None:
        return None
    needs_brackets = (
        isinstance(part.new, _LOOSE) and isinstance(part.parent, _TIGHT) and not isinstance(part.old, _LOOSE)
    )
    return replace(part.old, f"({text})" if needs_brackets else text)


def _operator_change(before: Source, part: NodeEdit) -> Change | None:
    """Return the change of an operator, which stands between its operands."""
    match part.parent:
        case ast.BinOp(left=left, right=right) | ast.AugAssign(target=left, value=right):
            if left.end_lineno != right.lineno or left.end_col_offset is None:
                return None
            line = before.text.splitlines()[right.lineno - 1].encode()
            between = line[left.end_col_offset : right.col_offset].decode()
        case _:
            return None
    old, new = _SYMBOLS[type(part.old)], _SYMBOLS[type(part.new)]
    span = Span(right.lineno, left.end_col_offset, right.lineno, right.col_offset)
    return Change(span, between.replace(old, new, 1))
