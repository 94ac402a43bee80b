"""An original as the operators see it: its syntax tree, the lines that a training step runs, and the arrays that are there."""

from __future__ import annotations

import ast
import io
import re
import sys
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from faultbench.running.forked import in_fork
from faultbench.running.instrumented import WATCHER, instrumented, loops_of
from faultbench.running.watcher import Enough

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faultbench.originals import Original

_STEPS, _MOST_STEPS = 4, 400
_PATIENCE = 60.0
Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True)
class Subject:
    """An original, parsed and watched for a few steps.

    Attributes:
        original: The script.
        tree: Its syntax tree.
        live: The lines that the first steps run.
        early: The lines that are run before the first step.
        shapes: For each live line the arrays that its frame knows by name, with their shapes.
        parents: The node above each node.
    """

    original: Original
    tree: ast.Module
    live: frozenset[int]
    early: frozenset[int]
    shapes: dict[int, dict[str, tuple[int, ...]]]
    parents: dict[ast.AST, ast.AST] = field(repr=False)

    @property
    def text(self) -> str:
        """The script."""
        return self.original.text

    @property
    def loop(self) -> ast.For | ast.While:
        """The loop of which each pass makes one update."""
        return loops_of(self.tree)[self.original.loop - 1]

    @property
    def parameter_names(self) -> frozenset[str]:
        """Names, attributes and keys by which the parameters are known."""
        found = set(re.findall(r"[A-Za-z_]\w*", " ".join(self.original.parameters)))
        return frozenset(found - {"for", "in", "self", "layer", "layers", "net", "enumerate"})

    def nodes(self, kind: type[Node], lines: frozenset[int] | None = None) -> Iterator[Node]:
        """Yield the nodes of a kind that a training step runs, in the order of the text; those of other lines if ``lines`` says so."""
        wanted = self.live if lines is None else lines
        found: list[Any] = [node for node in ast.walk(self.tree) if isinstance(node, kind)]
        found = [node for node in found if getattr(node, "lineno", 0) in wanted and not self._is_shown(node)]
        yield from sorted(found, key=lambda node: (node.lineno, node.col_offset, node.end_col_offset))

    def source(self, node: ast.AST) -> str:
        """Return the text of a node."""
        return ast.get_source_segment(self.text, node) or ""

    def replaced(self, node: ast.AST, new: str) -> str:
        """Return the script with other text in the place of a node."""
        begin, end = self.span(node)
        return self.text[:begin] + new + self.text[end:]

    def span(self, node: Any) -> tuple[int, int]:
        """Return where a node begins and ends in the text."""
        lines = self.text.splitlines(keepends=True)
        starts = np.concatenate([[0], np.cumsum([len(line) for line in lines])]).tolist()

        def place(line: int, column: int) -> int:  # columns are bytes of UTF-8
            return int(starts[line - 1]) + len(lines[line - 1].encode()[:column].decode())

        return place(node.lineno, node.col_offset), place(node.end_lineno, node.end_col_offset)

    def statement(self, node: ast.AST) -> ast.stmt:
        """Return the statement that a node is part of."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def body_of(self, statement: ast.stmt) -> list[ast.stmt]:
        """Return the list of statements that a statement stands in."""
        parent = self.parents[statement]
        for name in ("body", "orelse", "finalbody"):
            body = getattr(parent, name, None)
            if isinstance(body, list) and statement in body:
                return body
        return [statement]

    def _is_shown(self, node: ast.AST) -> bool:
        """Whether it is part of what is printed only."""
        while node in self.parents:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                return True
            node = self.parents[node]
        return False


@cache
def subject_of(original: Original) -> Subject:
    """Parse a script and watch its first steps."""
    tree = ast.parse(original.text)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    seen = in_fork(partial(_watch, original), _PATIENCE) or {"live": [], "early": [], "shapes": {}}
    shapes = {int(line): {name: tuple(shape) for name, shape in held.items()} for line, held in seen["shapes"].items()}
    return Subject(original, tree, frozenset(seen["live"]), frozenset(seen["early"]), shapes, parents)


class _Trace:
    """Notes which lines are run, before the first step and in the first few, to the end of an epoch."""

    def __init__(self) -> None:
        self.steps = self.losses = 0
        self.early: set[int] = set()
        self.live: set[int] = set()
        self.shapes: dict[int, dict[str, tuple[int, ...]]] = {}

    def top(self, _: Any) -> None:
        self.steps += 1
        if (self.steps > _STEPS and self.losses > 1) or self.steps > _MOST_STEPS:
            raise Enough

    def loss(self, value: Any) -> Any:
        self.losses += 1
        return value

    def begin(self) -> None:
        self.losses += 1  # an epoch begins

    def part(self, _: Any) -> None:
        pass

    def __call__(self, frame: Any, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != "<script>":
            return None
        if event == "line":
            line = frame.f_lineno
            if not self.steps:
                self.early.add(line)
            else:
                self.live.add(line)
                held = {name: value.shape for name, value in frame.f_locals.items() if isinstance(value, np.ndarray)}
                self.shapes.setdefault(line, {}).update(held)
        return self


def _watch(original: Original) -> dict[str, Any]:
    trace = _Trace()
    code = compile(instrumented(original.text, original), "<script>", "exec")
    sys.stdout = io.StringIO()
    sys.settrace(trace)
    try:
        exec(code, {"__name__": "__main__", WATCHER: trace})  # noqa: S102 (a script of our own, in a process of its own)
    except Enough:
        pass
    finally:
        sys.settrace(None)
    shapes = {line: {name: list(shape) for name, shape in held.items()} for line, held in trace.shapes.items()}
    return {"live": sorted(trace.live), "early": sorted(trace.early), "shapes": shapes}
