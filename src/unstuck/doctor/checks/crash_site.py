"""Where in the syntax tree a script crashed."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import parsed, short_text_of
from unstuck.doctor.checks.imports import Imports
from unstuck.doctor.places import line_name, location_of, span_of
from unstuck.doctor.scripts.sites import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.crash import Crash
    from unstuck.doctor.findings import Location
    from unstuck.doctor.scripts.source import Source


@dataclass(frozen=True)
class CrashSite:
    """A crash together with what stands at its line.

    Attributes:
        crash: The crash.
        source: The script.
        tree: Its syntax tree; empty if it does not parse.
        statements: The innermost statements on the line of the crash, in order; none if the line is unknown.
    """

    crash: Crash
    source: Source
    tree: ast.Module
    statements: tuple[ast.stmt, ...]

    @cached_property
    def imports(self) -> Imports:
        """What the script imports."""
        return Imports(self.tree)

    @cached_property
    def span(self) -> Span | None:
        """Where the expression that failed stands, if the crash knows."""
        crash = self.crash
        if crash.line is None or crash.column is None or crash.end_line is None or crash.end_column is None:
            return None
        return Span(crash.line, crash.column, crash.end_line, crash.end_column)

    @cached_property
    def node(self) -> ast.expr | ast.stmt | None:
        """The expression or statement that failed, if exactly one stands where the crash says."""
        found = [node for node in self.walk() if span_of(node) == self.span]
        expressions = [node for node in found if isinstance(node, ast.expr)]
        return (expressions or found or [None])[0]

    def walk(self) -> Iterator[ast.expr | ast.stmt]:
        """Yield the statements on the line and the expressions in them, outer ones first; of a block only its head."""
        for statement in self.statements:
            yield statement
            for part in heads(statement):
                yield from (node for node in ast.walk(part) if isinstance(node, ast.expr))

    def failing(self) -> Iterator[ast.expr | ast.stmt]:
        """Yield what may have failed: all of :meth:`walk` that lies within the crash's span, innermost first."""
        nodes = [node for node in self.walk() if self.span is None or _within(span_of(node), self.span)]
        return reversed(nodes)

    @property
    def location(self) -> Location | None:
        """The expression that failed, else the statement, else the line."""
        if self.span is not None:
            return location_of(self.source, self.span)
        if self.statements:
            return location_of(self.source, head_span(self.statements[0]))
        if self.crash.line is not None:
            return location_of(self.source, Span(self.crash.line, 0, self.crash.line, 0))
        return None

    @property
    def text(self) -> str:
        """What failed, as the script has it, shortened."""
        if self.node is not None:
            return short_text_of(self.source, self.node)
        lines = self.source.text.split("\n")
        return lines[self.crash.line - 1].strip() if self.crash.line and self.crash.line <= len(lines) else ""

    @property
    def line_name(self) -> str:
        """What a message calls the line."""
        return "an unknown line" if self.crash.line is None else line_name(self.source, self.crash.line)


def site_of(crash: Crash, source: Source) -> CrashSite:
    """Return where ``crash`` happened in ``source``."""
    tree = parsed(source.text) or ast.Module([], [])
    return CrashSite(crash, source, tree, tuple(_innermost(tree, crash.line)))


def heads(statement: ast.stmt) -> list[ast.AST]:
    """Return the parts of a statement that run on its own line: all of it, or of a block its head."""
    parts: list[ast.AST] = []
    for field, value in ast.iter_fields(statement):
        if field not in {"body", "orelse", "finalbody", "handlers", "cases"}:
            parts += [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, ast.AST)]
    return parts


def head_span(statement: ast.stmt) -> Span:
    """Return where a statement stands, or of a block its head, up to the colon excluded."""
    span = span_of(statement)
    if not getattr(statement, "body", None):
        return span
    ends = [span_of(part) for part in heads(statement) if isinstance(part, ast.expr)]
    end = max(((part.end_line, part.end_column) for part in ends), default=(span.line, span.column))
    return Span(span.line, span.column, *end)


def _innermost(tree: ast.Module, line: int | None) -> Iterator[ast.stmt]:
    """Yield the statements, and of blocks the heads, that cover ``line``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and line is not None:
            span = head_span(node)
            if span.line <= line <= span.end_line:
                yield node


def _within(inner: Span, outer: Span) -> bool:
    starts_inside = (inner.line, inner.column) >= (outer.line, outer.column)
    return starts_inside and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
