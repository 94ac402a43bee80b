"""Data: order, shape, kind and scale of inputs and targets."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from faultbench.operators.base import Mutation, operator
from faultbench.operators.edits import guarded, is_call, swapped, without_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faultbench.subject import Subject

_SCALES = (1000.0, 0.001)


@operator("data", "misaligned-labels no-signal")
def shuffle_one_side(subject: Subject) -> Iterator[Mutation]:
    """Take the rows of one array in their old order, those of the other in the new one."""
    for node in subject.nodes(ast.Subscript):
        index = node.slice
        if not isinstance(node.ctx, ast.Load):
            continue
        if isinstance(index, ast.Subscript) and isinstance(index.slice, ast.Slice):  # X[order[a:b]]
            yield swapped(subject, index, subject.source(index.slice))
        elif isinstance(index, ast.Name) and isinstance(node.value, ast.Name):
            shape = subject.shapes.get(node.lineno, {}).get(index.id)
            rows = subject.shapes.get(node.lineno, {}).get(node.value.id)
            if shape and rows and len(shape) == 1 and shape[0] == rows[0]:  # X[order]
                yield swapped(subject, node, subject.source(node.value))


@operator("data", "broadcast shape-mismatch crash wrong-gradient")
def flat_array(subject: Subject) -> Iterator[Mutation]:
    """Forget to make a column of a vector."""
    lines = subject.early | subject.live
    for node in subject.nodes(ast.Call, lines):
        if is_call(node, "reshape") and isinstance(node.func, ast.Attribute) and _makes_column(node.args):
            yield swapped(subject, node, guarded(subject, node.func.value))
    for entry in subject.nodes(ast.Subscript, lines):
        inner = entry.slice
        if isinstance(inner, ast.Tuple) and subject.source(inner) in (":, None", ":, np.newaxis"):
            yield swapped(subject, entry, guarded(subject, entry.value))
    for keyword in subject.nodes(ast.keyword, lines):
        if keyword.arg == "keepdims" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True:
            yield swapped(subject, keyword.value, "False")


@operator("data", "aliasing wrong-gradient updated-weights")
def alias_for_copy(subject: Subject) -> Iterator[Mutation]:
    """Keep another name of an array instead of a copy."""
    for node in subject.nodes(ast.Call, subject.early | subject.live):
        copied = _copied(subject, node)
        if copied is not None:
            yield swapped(subject, node, subject.source(copied))
    for part in subject.nodes(ast.Subscript, subject.early | subject.live):
        index = part.slice
        is_all = isinstance(index, ast.Slice) and index.lower is None and index.upper is None and index.step is None
        if (
            is_all
            and isinstance(part.ctx, ast.Load)
            and not _is_array(subject, part.value)
            and _is_stored(subject, part)
        ):
            yield swapped(subject, part, subject.source(part.value))


@operator(
    "data",
    "input-scale output-range target-encoding saturation step-too-large step-too-small dead-relu plateau-init non-finite",
)
def scale_data(subject: Subject) -> Iterator[Mutation]:
    """Multiply a data array with a large or a small number."""
    used = {node.id for node in subject.nodes(ast.Name)} - subject.parameter_names
    last: dict[str, ast.stmt] = {}
    for statement in subject.tree.body:
        if isinstance(statement, ast.Assign) and statement.lineno in subject.early:
            for target in statement.targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                last.update({each.id: statement for each in names if isinstance(each, ast.Name) and each.id in used})
    for name, statement in last.items():
        if any(name in held for held in subject.shapes.values()):
            for scale in _SCALES:
                lines = subject.text.splitlines()
                at = statement.end_lineno or statement.lineno
                lines.insert(at, f"{name} = {name} * {scale:g}")
                yield Mutation("\n".join(lines) + "\n", (at, at + 1))


@operator("setting", "not-shuffled")
def drop_shuffle(subject: Subject) -> Iterator[Mutation]:
    """Do not shuffle."""
    for statement in subject.nodes(ast.Expr):
        if is_call(statement.value, "shuffle"):
            yield without_statement(subject, statement)
    for node in subject.nodes(ast.Call):
        if is_call(node, "permutation") and len(node.args) == 1:
            rows = node.args[0]
            text = subject.source(rows)
            yield swapped(subject, node, text if _is_array(subject, rows) else f"np.arange({text})")
        elif is_call(node, "sample") and node.args and is_call(node.args[0], "range"):
            yield swapped(subject, node, f"list({subject.source(node.args[0])})")


def _copied(subject: Subject, node: ast.Call) -> ast.expr | None:
    """Return what a call makes a copy of, None if it is another call."""
    if is_call(node, "copy") and isinstance(node.func, ast.Attribute) and not node.args:
        return node.func.value
    if len(node.args) != 1 or node.keywords or not isinstance(node.args[0], ast.Name | ast.Attribute | ast.Subscript):
        return None
    (copied,) = node.args
    is_copy = (
        is_call(node, "copy", "deepcopy")
        or (is_call(node, "array") and _is_array(subject, copied))
        or (is_call(node, "list", "dict") and _is_stored(subject, node))
    )
    return copied if is_copy else None


def _is_array(subject: Subject, node: ast.expr) -> bool:
    """Whether it is the name of an array."""
    return isinstance(node, ast.Name) and any(node.id in held for held in subject.shapes.values())


def _is_stored(subject: Subject, node: ast.expr) -> bool:
    """Whether it is kept as it is: under a name, or in a list of a comprehension."""
    parent = subject.parents[node]
    return isinstance(parent, ast.Assign | ast.ListComp | ast.DictComp | ast.Dict)


def _makes_column(arguments: list[ast.expr]) -> bool:
    texts = [ast.unparse(each) for each in arguments]
    return texts in (["-1", "1"], ["1", "-1"], ["(-1, 1)"], ["(1, -1)"])
