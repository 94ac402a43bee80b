"""The edits between two versions of a script, as small as they can be tried alone."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, TypeAlias

from unstuck.doctor.tools.expression_edits import NodeEdit, field_edits, key_of, replacement_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BINDING = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.FunctionDef, ast.ClassDef)
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


@dataclass(frozen=True)
class BlockEdit:
    """Statements that others take the place of; either may be none.

    Attributes:
        parent: What the statements stand in, in the first version.
        field: Which of its blocks.
        start: From which statement.
        stop: To which one (excluded).
        old: These statements.
        new: What comes instead, of the second version.
    """

    parent: ast.AST
    field: str
    start: int
    stop: int
    old: tuple[ast.AST, ...]
    new: tuple[ast.AST, ...]

    @property
    def key(self) -> str:
        """The same for the same edit elsewhere."""
        return f"{' '.join(map(key_of, self.old))} -> {' '.join(map(key_of, self.new))}"


Part: TypeAlias = "BlockEdit | NodeEdit"
"""An edit in one place."""


@dataclass(frozen=True)
class VersionEdit:
    """One edit: the same change, made in one place or in several.

    Attributes:
        parts: Its places.
    """

    parts: tuple[Part, ...]


def without_docstrings(tree: ast.Module) -> ast.Module:
    """Take out, in place, every statement that is only a text: nothing depends on it."""
    for node in ast.walk(tree):
        for name in _BLOCKS:
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                block[:] = [statement for statement in block if not _is_text(statement)] or (
                    [ast.Pass()] if name == "body" else []
                )
    return tree


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def version_edits(before: ast.Module, after: ast.Module) -> list[VersionEdit]:
    """Return the edits that turn one version into the other, in the order of the script.

    Comments and spacing are in no syntax tree. A statement that was moved is one edit. The same edit made in several places, such as
    ``0.03`` that becomes ``0.3`` in every update, is one edit.

    >>> edits = version_edits(ast.parse("w -= 0.1 * g; b -= 0.1 * h"), ast.parse("w += 0.2 * g; b += 0.2 * h"))
    >>> [[type(part.new).__name__ for part in edit.parts] for edit in edits]
    [['Add', 'Add'], ['Constant', 'Constant']]
    """
    parts = [
        piece
        for part in _block_edits(before, "body", before.body, after.body)
        for piece in _pieces(part, before, after)
    ]
    groups: dict[str, list[Part]] = {}
    for part in _with_moves(parts):
        key = part.key if isinstance(part, BlockEdit) else replacement_key(part)
        groups.setdefault(f"move {key_of(_only(part))}" if _is_moved(part, parts) else key, []).append(part)
    return [VersionEdit(tuple(group)) for group in groups.values()]


# ---------------------------------------------------------------------- statements


def _block_edits(parent: ast.AST, field: str, before: list[Any], after: list[Any]) -> Iterator[Part]:
    """Yield the edits between two blocks: equal statements first, then such as do the same thing in another way."""
    for what, i, i_end, j, j_end in _opcodes([key_of(node) for node in before], [key_of(node) for node in after]):
        if what == "equal":
            continue
        inner = _opcodes([_subject(node) for node in before[i:i_end]], [_subject(node) for node in after[j:j_end]])
        for sort, k, k_end, m, m_end in inner:
            if sort == "equal":
                for one, other in zip(before[i + k : i + k_end], after[j + m : j + m_end], strict=True):
                    yield from _statement_edits(parent, field, before.index(one), one, other)
            else:
                yield BlockEdit(
                    parent, field, i + k, i + k_end, tuple(before[i + k : i + k_end]), tuple(after[j + m : j + m_end])
                )


def _opcodes(before: Sequence[str], after: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _subject(node: ast.AST) -> str:
    """Return what a statement is about: statements about the same thing are compared with each other."""
    match node:
        case ast.Assign(targets=targets):
            return f"= {' = '.join(map(ast.unparse, targets))}"
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return f"= {ast.unparse(target)}"
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return f"def {name}"
        case ast.Expr(value=ast.Call(func=function)):
            return f"call {ast.unparse(function)}"
    return type(node).__name__


def _statement_edits(parent: ast.AST, field: str, index: int, one: Any, other: Any) -> Iterator[Part]:
    """Yield the edits between two statements about the same thing."""
    if type(one) is not type(other):
        yield BlockEdit(parent, field, index, index + 1, (one,), (other,))
        return
    if key_of(one) == key_of(other):
        return
    inside: list[Part] = []
    for name in one._fields:
        old, new = getattr(one, name, None), getattr(other, name, None)
        if name in _BLOCKS and isinstance(old, list) and isinstance(new, list):
            inside += _block_edits(one, name, old, new)
            continue
        found = field_edits(one, name, old, new, one, other)
        if found is None:  # a name, or a number of entries
            yield BlockEdit(parent, field, index, index + 1, (one,), (other,))
            return
        inside += found
    yield from inside


def _pieces(part: Part, before: ast.Module, after: ast.Module) -> list[Part]:
    """Return statements that only come, or only go, so that each that gives a value to a name of its own stands alone.

    Such a statement does nothing by itself; it is made with whatever uses the name. The others stay together.
    """
    if not isinstance(part, BlockEdit) or (part.old and part.new):
        return [part]
    nodes, known = (part.old, _names_bound(after)) if part.old else (part.new, _names_bound(before))
    alone = [isinstance(node, _BINDING) and not _names_bound(node) & known for node in nodes]
    runs: list[list[int]] = []
    for at in range(len(nodes)):
        if runs and not alone[at] and not alone[runs[-1][-1]]:
            runs[-1].append(at)
        else:
            runs.append([at])
    if part.new:
        return [
            BlockEdit(part.parent, part.field, part.start, part.stop, (), tuple(part.new[at] for at in run))
            for run in runs
        ]
    return [
        BlockEdit(
            part.parent,
            part.field,
            part.start + run[0],
            part.start + run[-1] + 1,
            tuple(part.old[at] for at in run),
            (),
        )
        for run in runs
    ]


def _names_bound(root: ast.AST) -> set[str]:
    names = {node.id for node in ast.walk(root) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return names | {node.name for node in ast.walk(root) if isinstance(node, ast.FunctionDef | ast.ClassDef)}


# ---------------------------------------------------------------------- moves


def _with_moves(parts: list[Part]) -> Iterator[Part]:
    """Yield the parts with every moved statement by itself."""
    moved = _moved(parts)
    for part in parts:
        if isinstance(part, BlockEdit) and any(key_of(node) in moved for node in (*part.old, *part.new)):
            yield from _split(part, moved)
        else:
            yield part


def _moved(parts: list[Part]) -> Counter[str]:
    """Return the statements that go in one place and come in another."""
    gone = Counter(key_of(node) for part in parts if isinstance(part, BlockEdit) for node in part.old)
    come = Counter(key_of(node) for part in parts if isinstance(part, BlockEdit) for node in part.new)
    return gone & come


def _is_moved(part: Part, parts: list[Part]) -> bool:
    return isinstance(part, BlockEdit) and len(part.old) + len(part.new) == 1 and key_of(_only(part)) in _moved(parts)


def _only(part: Part) -> ast.AST:
    return (*part.old, *part.new)[0] if isinstance(part, BlockEdit) else part.old


def _split(part: BlockEdit, moved: Counter[str]) -> Iterator[BlockEdit]:
    """Yield an edit in pieces: each moved statement, and what stands together of the others."""
    rest_old = [node for node in part.old if key_of(node) not in moved]
    rest_new = [node for node in part.new if key_of(node) not in moved]
    whole = len(rest_old) == len(part.old) or not rest_old or not rest_new
    for offset, node in enumerate(part.old):
        if key_of(node) in moved or whole:
            at = part.start + offset
            yield BlockEdit(part.parent, part.field, at, at + 1, (node,), ())
    for node in part.new:
        if key_of(node) in moved or whole:
            yield BlockEdit(part.parent, part.field, part.stop, part.stop, (), (node,))
    if not whole:
        offsets = [offset for offset, node in enumerate(part.old) if key_of(node) not in moved]
        first, last = part.start + offsets[0], part.start + offsets[-1] + 1
        if last - first == len(rest_old):
            yield BlockEdit(part.parent, part.field, first, last, tuple(rest_old), tuple(rest_new))
        else:
            for offset, node in zip(offsets, rest_old, strict=True):
                yield BlockEdit(part.parent, part.field, part.start + offset, part.start + offset + 1, (node,), ())
            yield BlockEdit(part.parent, part.field, part.stop, part.stop, (), tuple(rest_new))
