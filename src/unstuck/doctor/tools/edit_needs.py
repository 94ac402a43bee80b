"""Which edits need which others: a name must be given a value before it is used, and a function be called as it is defined."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from unstuck.doctor.tools.scopes import Scopes
from unstuck.doctor.tools.version_edits import BlockEdit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from unstuck.doctor.tools.expression_edits import NodeEdit
    from unstuck.doctor.tools.version_edits import VersionEdit

_SHOWING = ("matplotlib", "mpl_toolkits", "pylab", "seaborn", "tqdm", "IPython", "time", "datetime", "logging")
_BINDING = (
    ast.Assign,
    ast.AnnAssign,
    ast.AugAssign,
    ast.FunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
    ast.Pass,
)


def needs(before: ast.Module, after: ast.Module, edits: Sequence[VersionEdit]) -> list[frozenset[int]]:
    """Return for each edit the numbers of all that must be made with it, itself among them."""
    scopes = Scopes(before, after)
    used_before, bound_before = Counter(scopes.used([before])), Counter(scopes.bound([before]))
    facts = [_Facts(edit, scopes) for edit in edits]
    direct = [
        {
            other
            for other, theirs in enumerate(facts)
            if any(name not in bound_before and name in theirs.bound for name in own.used)
            or any(
                bound_before[name] <= own.freed[name]
                and used_before[name] > own.spared[name]
                and (name in theirs.spared or name in theirs.bound)
                for name in own.freed
            )
            or own.signatures & theirs.calls
            or own.calls & theirs.signatures
            or own.targets & theirs.heads
            or own.heads & theirs.targets
        }
        for own in facts
    ]
    return [_closure(number, direct) for number in range(len(edits))]


def only_prepares(before: ast.Module, after: ast.Module, edit: VersionEdit) -> bool:
    """Whether an edit only gives values to names that the script did not have, or takes away names that it no longer has."""
    scopes = Scopes(before, after)
    facts = _Facts(edit, scopes)
    gone, come = _nodes(edit, "old"), _nodes(edit, "new")
    if (
        not all(isinstance(part, BlockEdit) for part in edit.parts)
        or (gone and come)
        or not all(isinstance(node, _BINDING) for node in (*gone, *come))
    ):
        return False
    elsewhere = set(scopes.bound([after if gone else before]))
    return bool(facts.freed or facts.bound) and not elsewhere & {*facts.freed, *facts.bound}


def only_shows(trees: Iterable[ast.Module], edit: VersionEdit) -> bool:
    """Whether an edit concerns only statements that print or plot."""
    showing = {"print", "display"} | {name for tree in trees for name in _names_of_showing_modules(tree)}
    return all(_is_showing(statement, showing) for part in edit.parts for statement in _statements(part))


def _names_of_showing_modules(tree: ast.Module) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in _SHOWING:
                    yield alias.asname or alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in _SHOWING:
            for alias in node.names:
                yield alias.asname or alias.name


def _is_showing(statement: ast.AST, showing: set[str]) -> bool:
    if isinstance(statement, ast.Import):
        return all(alias.name.split(".")[0] in _SHOWING for alias in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "").split(".")[0] in _SHOWING
    if isinstance(statement, ast.If):
        return all(_is_showing(inner, showing) for inner in (*statement.body, *statement.orelse))
    if isinstance(statement, ast.Pass):
        return True
    call = statement.value if isinstance(statement, ast.Expr | ast.Assign) else None
    function = call.func if isinstance(call, ast.Call) else None
    while isinstance(function, ast.Attribute | ast.Call | ast.Subscript):
        function = function.func if isinstance(function, ast.Call) else function.value
    return isinstance(function, ast.Name) and function.id in showing


def _statements(part: BlockEdit | NodeEdit) -> tuple[ast.AST, ...]:
    return (*part.old, *part.new) if isinstance(part, BlockEdit) else (part.statement, part.other)


class _Facts:
    """The names that an edit uses and binds anew, and those it gives up.

    Attributes:
        used: Names that it uses more often than before.
        bound: Names that it binds more often than before.
        spared: Names that it uses less often, and by how much.
        freed: Names that it binds less often, and by how much.
        signatures: Functions whose arguments it changes.
        calls: Functions that it calls with more or fewer arguments.
        targets: Loops whose targets it changes.
        heads: Loops in whose heads it changes something.
    """

    def __init__(self, edit: VersionEdit, scopes: Scopes) -> None:
        old, new = _nodes(edit, "old"), _nodes(edit, "new")
        used = Counter(scopes.used(old)), Counter(scopes.used(new))
        bound = Counter(scopes.bound(old)), Counter(scopes.bound(new))
        self.used, self.spared = used[1] - used[0], used[0] - used[1]
        self.bound, self.freed = bound[1] - bound[0], bound[0] - bound[1]
        single = [part for part in edit.parts if not isinstance(part, BlockEdit)]
        self.signatures = {getattr(part.parent, "name", "") for part in single if isinstance(part.old, ast.arguments)}
        self.calls = {name for name, _ in set(_forms_of_calls(old)) ^ set(_forms_of_calls(new))}
        self.heads = {id(part.statement) for part in single if isinstance(part.statement, ast.For)}
        self.targets = {
            id(part.statement)
            for part in single
            if isinstance(part.statement, ast.For) and _is_in(part.old, part.statement.target)
        }


def _is_in(node: ast.AST, root: ast.AST) -> bool:
    return any(part is node for part in ast.walk(root))


def _nodes(edit: VersionEdit, side: str) -> list[ast.AST]:
    """Return what goes (``old``) or comes (``new``)."""
    found = [getattr(part, side) for part in edit.parts]
    flat = [node for nodes in found for node in (nodes if isinstance(nodes, list | tuple) else [nodes])]
    return [node for node in flat if isinstance(node, ast.AST)]


def _forms_of_calls(nodes: Iterable[ast.AST]) -> Iterable[tuple[str, int]]:
    for root in nodes:
        for node in ast.walk(root):
            if isinstance(node, ast.Call):
                yield _last_name(node.func), len(node.args) + len(node.keywords)


def _last_name(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _closure(number: int, direct: Sequence[set[int]]) -> frozenset[int]:
    reached, waiting = {number}, [number]
    while waiting:
        for other in direct[waiting.pop()] - reached:
            reached.add(other)
            waiting.append(other)
    return frozenset(reached)
