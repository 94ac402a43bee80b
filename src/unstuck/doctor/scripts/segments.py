"""The text of syntax nodes, looked up fast: ``ast.get_source_segment`` splits the whole source anew for each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Segments:
    r"""A source, split once.

    >>> import ast
    >>> text = "loss = (y -\n  target)"
    >>> Segments(text).of(ast.parse(text).body[0].value.right)
    'target'
    """

    def __init__(self, text: str) -> None:
        self._lines = [line.encode() for line in _LINE.findall(text)]

    def of(self, node: ast.expr | ast.stmt) -> str | None:
        """Return the text of a node, None if it has no place in the source."""
        if node.end_lineno is None or node.end_col_offset is None or node.end_lineno > len(self._lines):
            return None
        lines = self._lines[node.lineno - 1 : node.end_lineno]
        lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        return b"".join(lines).decode()
