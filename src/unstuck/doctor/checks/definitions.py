"""Where the names of a script get their values, and changes of its text made there."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import Change as TextChange
from unstuck.doctor.checks.edits import changed, edits, insert
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import span_of
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from unstuck.doctor.findings import Location
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.source import Source

_VIEWS = frozenset(
    ["reshape", "astype", "copy", "ravel", "flatten", "squeeze", "transpose", "array", "asarray", "float32", "float64"]
)


@dataclass(frozen=True)
class Definition:
    """A statement that gives a name its value.

    Attributes:
        name: The name.
        statement: The statement.
        value: The expression that the name gets, of several names at once its own part where that can be told.
    """

    name: str
    statement: ast.Assign | ast.AnnAssign | ast.AugAssign
    value: ast.expr

    @property
    def line(self) -> int:
        """The first line."""
        return self.statement.lineno

    @property
    def names_read(self) -> set[str]:
        """The names that the value is made of."""
        return {node.id for node in ast.walk(self.value) if isinstance(node, ast.Name) and node.id != self.name}


def definitions(tree: ast.Module) -> list[Definition]:
    """Return everything that the statements of the module, outside of functions, give names to, in the order of the text."""
    found = [each for statement in _statements(tree.body) for each in _of_statement(statement)]
    return sorted(found, key=lambda definition: (definition.line, definition.statement.col_offset))


def last_definition(tree: ast.Module, name: str, before: int | None = None) -> Definition | None:
    """Return the last definition of a name, before a line if one is given."""
    found = [each for each in definitions(tree) if each.name == name and (before is None or each.line < before)]
    return found[-1] if found else None


def origin(tree: ast.Module, definition: Definition) -> Definition:
    """Return the definition that first made the numbers: through slices, reshapes and other names."""
    for _ in range(10):
        root = _viewed(definition.value)
        earlier = None if root is None else last_definition(tree, root, definition.line)
        if earlier is None:
            return definition
        definition = earlier
    return definition


def line_of_training(examination: Examination) -> int | None:
    """Return the line of the module at which the training begins; None in another file.

    That is the outermost loop, or the statement that calls the function it stands in.
    """
    loop = examination.found.loop
    if loop.module:
        return None
    if not loop.function:
        outer = loop.outer[0] if loop.outer else loop.number
        return examination.found.loops[outer].line
    name = loop.function.split(".")[-1]
    callers = [
        statement.lineno
        for statement in examination.tree.body
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        and any(isinstance(node, ast.Call) and _called(node) == name for node in ast.walk(statement))
    ]
    return min(callers, default=None)


def numpy_name(tree: ast.Module) -> str | None:
    """Return what the script calls NumPy; None if it does not import it as a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "numpy":
                    return alias.asname or "numpy"
    return None


def insertion(examination: Examination, after: ast.stmt, lines: Iterable[str]) -> TextChange | None:
    """Return the change that puts lines behind a statement, indented as it is; None where the statement shares its line."""
    text = examination.source.text.splitlines()
    end = after.end_lineno or after.lineno
    rest = text[end - 1].encode()[after.end_col_offset :].decode().strip()
    if (rest and not rest.startswith("#")) or end >= len(text):
        return None
    indent = " " * after.col_offset
    return insert(end + 1, 0, "".join(f"{indent}{line}\n" for line in lines))


def insertion_before(statement: ast.stmt, lines: Iterable[str]) -> TextChange:
    """Return the change that puts lines before a compound statement, which begins its line, indented as it is."""
    indent = " " * statement.col_offset
    return insert(statement.lineno, 0, "".join(f"{indent}{line}\n" for line in lines))


def remedy_of(source: Source, summary: str, changes: Iterable[TextChange]) -> tuple[Remedy, Change]:
    """Return a remedy that changes the text, and how to run the script with it."""
    made = list(changes)
    return Remedy(summary, edits(source, made)), Change(summary, text=changed(source.text, made))


def expression_at(examination: Examination, site: Site) -> ast.expr | None:
    """Return the expression of the script's own text that gives a site its value; None in another file, or where it is no expression."""
    if site.module:
        return None
    expressions = (node for node in ast.walk(examination.tree) if isinstance(node, ast.expr))
    return next((node for node in expressions if span_of(node) == site.span), None)


def place_of(examination: Examination, node: ast.expr | ast.stmt) -> Location:
    """Return where a node of the syntax tree stands in the user's file."""
    return examination.location(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def is_called(node: ast.AST, *names: str) -> bool:
    """Whether a node is a call of a function or method of one of these names."""
    return isinstance(node, ast.Call) and _called(node) in names


def _called(node: ast.Call) -> str:
    return (
        node.func.id
        if isinstance(node.func, ast.Name)
        else node.func.attr
        if isinstance(node.func, ast.Attribute)
        else ""
    )


def _viewed(value: ast.expr) -> str | None:
    """Return the name whose numbers a value shows, perhaps in another shape."""
    while True:
        if isinstance(value, ast.Name):
            return value.id
        if (isinstance(value, ast.Attribute) and value.attr == "T") or isinstance(value, ast.Subscript):
            value = value.value
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _VIEWS:
            is_method = not (isinstance(value.func.value, ast.Name) and value.func.value.id in ("np", "numpy"))
            if not is_method and not value.args:
                return None
            value = value.func.value if is_method else value.args[0]
        else:
            return None


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run in the module itself."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            continue
        for part in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(statement, part, []))


def _of_statement(statement: ast.stmt) -> Iterator[Definition]:
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from _of_target(target, statement.value, statement)
    elif isinstance(statement, ast.AnnAssign | ast.AugAssign) and statement.value is not None:
        yield from _of_target(statement.target, statement.value, statement)


def _of_target(
    target: ast.expr, value: ast.expr, statement: ast.Assign | ast.AnnAssign | ast.AugAssign
) -> Iterator[Definition]:
    if isinstance(target, ast.Name):
        yield Definition(target.id, statement, value)
    elif isinstance(target, ast.Tuple | ast.List):
        matched = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
        for index, element in enumerate(target.elts):
            part = value.elts[index] if matched and isinstance(value, ast.Tuple | ast.List) else value
            yield from _of_target(element, part, statement)
