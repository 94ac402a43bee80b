"""The edits between two expressions, each as deep in them as it can be."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import Any

_PLACE = "…"
_PRODUCTS = (ast.Mult, ast.Div, ast.MatMult, ast.Pow)


@dataclass(frozen=True)
class NodeEdit:
    """A part of a statement that something else takes the place of.

    Attributes:
        parent: What the part belongs to, in the first version.
        field: Which of its parts.
        index: Which entry, where that is a list; otherwise None.
        old: The part; a list where all entries are replaced.
        new: What comes instead, of the second version.
        statement: The statement around it, in the first version.
        other: The statement in the second version.
    """

    parent: ast.AST
    field: str
    index: int | None
    old: Any
    new: Any
    statement: ast.AST
    other: ast.AST


def key_of(node: Any) -> str:
    """Return what is the same for two parts of syntax trees that mean the same."""
    if isinstance(node, list):
        return f"[{', '.join(map(key_of, node))}]"
    return ast.dump(node) if isinstance(node, ast.AST) else repr(node)


def replacement_key(edit: NodeEdit) -> str:
    """Return what is the same for the same edit elsewhere.

    Of ``x`` that becomes ``x * rate`` that is what is around ``x``, and names of variables do not count in longer expressions: the
    same was done for ``dW1`` and for ``dW2``.
    """
    old, new = key_of(edit.old), key_of(edit.new)
    kind = type(edit.parent).__name__ if isinstance(edit.old, ast.operator | ast.cmpop) else ""
    if not isinstance(edit.old, ast.expr) or not isinstance(edit.new, ast.expr):
        return f"{kind} {old} -> {new}"
    if old in new:
        return f"wrap {new.replace(old, _PLACE, 1)}"
    if new in old:
        return f"unwrap {old.replace(new, _PLACE, 1)}"
    if isinstance(edit.old, ast.Name | ast.Constant) or isinstance(edit.new, ast.Name | ast.Constant):
        return f"{old} -> {new}"
    return _without_variables(edit.old, edit.new)


def _without_variables(old: ast.expr, new: ast.expr) -> str:
    """Return an edit with every variable replaced by a number, that of its first appearance; functions and modules stay."""
    names: dict[str, str] = {}
    texts = []
    for node in (copy.deepcopy(old), copy.deepcopy(new)):
        kept = {id(root) for call in ast.walk(node) if isinstance(call, ast.Call) for root in ast.walk(call.func)}
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and id(part) not in kept:
                part.id = names.setdefault(part.id, f"_{len(names)}")
        texts.append(key_of(node))
    return " -> ".join(texts)


def field_edits(
    parent: ast.AST, field: str, old: Any, new: Any, statement: ast.AST, other: ast.AST
) -> list[NodeEdit] | None:
    """Return the edits between the same part of two nodes; None if it is a name or a text, so that the nodes themselves differ."""
    if isinstance(old, ast.AST) and isinstance(new, ast.AST):
        return _node_edits(NodeEdit(parent, field, None, old, new, statement, other))
    if isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new) or not all(isinstance(node, ast.AST) for node in (*old, *new)):
            return [] if key_of(old) == key_of(new) else None
        found = [
            _node_edits(NodeEdit(parent, field, at, one, two, statement, other))
            for at, (one, two) in enumerate(zip(old, new, strict=True))
        ]
        return [edit for edits in found for edit in edits]
    return [] if key_of(old) == key_of(new) else None


def _node_edits(whole: NodeEdit) -> list[NodeEdit]:
    """Return the edits within a part, or the replacement of the whole part where they do not make sense one by one."""
    old, new = whole.old, whole.new
    if key_of(old) == key_of(new):
        return []
    if type(old) is not type(new) or _is_wrapped(old, new) or _is_permuted(old, new) or _is_data(old):
        return [whole]
    inside: list[NodeEdit] = []
    changed = 0
    for name in old._fields:
        if isinstance(getattr(old, name, None), ast.expr_context):
            continue
        found = field_edits(old, name, getattr(old, name, None), getattr(new, name, None), whole.statement, whole.other)
        if found is None:
            return [whole]
        changed += bool(found)
        inside += found
    if changed > 1 and isinstance(old, ast.BinOp) and isinstance(old.op, _PRODUCTS):
        return [whole]  # two factors of a formula are changed together
    everything = sum(not isinstance(part, ast.expr_context) for part in ast.iter_child_nodes(old))
    return [whole] if changed > 1 and changed >= everything else inside


def _is_wrapped(old: ast.AST, new: ast.AST) -> bool:
    """Whether one is part of the other."""
    inner, outer = sorted((key_of(old), key_of(new)), key=len)
    return isinstance(old, ast.expr) and inner in outer


def _is_permuted(old: ast.AST, new: ast.AST) -> bool:
    """Whether the parts are the same in another order."""
    parts = [sorted(key_of(part) for part in ast.iter_child_nodes(node)) for node in (old, new)]
    return parts[0] == parts[1]


def _is_data(node: ast.AST) -> bool:
    """Whether it is a list of literal numbers."""
    allowed = (ast.List, ast.Tuple, ast.Constant, ast.UnaryOp, ast.unaryop, ast.expr_context)
    return isinstance(node, ast.List | ast.Tuple) and all(isinstance(part, allowed) for part in ast.walk(node))
