"""Are rows of the training data among the test data?"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import short_text_of
from unstuck.doctor.checks.evaluation_words import TESTING, TRAINING, evaluation_finding, without
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import line_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.findings import Evidence, Finding
    from unstuck.doctor.scripts.source import Source


@dataclass(frozen=True)
class _Part:
    """A variable that is a stretch of the rows or columns of another one, ``X[10:60]``; the end is None for all the rest."""

    name: str
    node: ast.Subscript
    axis: int
    first: int
    last: int | None

    def shares(self, other: _Part) -> bool:
        """Whether both hold some rows or columns of the same array."""
        if ast.unparse(self.node.value) != ast.unparse(other.node.value) or self.axis != other.axis:
            return False
        first = max(self.first, other.first)
        return all(last is None or first < last for last in (self.last, other.last))


def overlaps(tree: ast.Module, read: set[str], source: Source) -> Iterator[Finding]:
    """Are a training part and a test part cut out of the same array so that they overlap?

    Proved by the numbers written in the slices. Only where both parts are used, and each variable and the array itself get
    their values a single time.
    """
    stored = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    parts = [part for part in _parts(tree) if part.name in read and stored.count(part.name) == 1]
    for one in parts:
        for other in parts:
            trained, tested = without(TRAINING, one.name), without(TESTING, other.name)
            array = one.node.value
            is_one_array = isinstance(array, ast.Name) and stored.count(array.id) == 1
            if trained is None or trained != tested or not is_one_array or not one.shares(other):
                continue
            place = line_name(source, one.node.lineno)
            message = (
                f"{other.name} holds rows that the network is trained on: {short_text_of(source, other.node)} "
                f"and {short_text_of(source, one.node)}, which is {one.name} in {place}, overlap."
            )
            evidence: Evidence = {one.name: ast.unparse(one.node), other.name: ast.unparse(other.node)}
            remedy = Remedy(f"Begin {other.name} where {one.name} ends.")
            yield evaluation_finding(message, other.node, source, evidence, [one.node.lineno], remedy)
            return


def _parts(tree: ast.Module) -> Iterator[_Part]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        target, value = node.targets[0], node.value
        pairs = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            pairs = list(zip(target.elts, value.elts, strict=True))
        for name, part in pairs:
            if isinstance(name, ast.Name) and isinstance(part, ast.Subscript):
                found = _part(name.id, part)
                if found is not None:
                    yield found


def _part(name: str, node: ast.Subscript) -> _Part | None:
    """Return the stretch that a subscript cuts out along a single axis, if its ends are numbers written out."""
    slices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    cuts = [(axis, each) for axis, each in enumerate(slices) if not _is_everything(each)]
    if len(cuts) != 1 or not isinstance(cuts[0][1], ast.Slice) or cuts[0][1].step is not None:
        return None
    axis, cut = cuts[0][0], cuts[0][1]
    ends = [0 if cut.lower is None else _number(cut.lower), None if cut.upper is None else _number(cut.upper)]
    if ends[0] is None or (cut.upper is not None and ends[1] is None):
        return None
    return _Part(name, node, axis, ends[0], ends[1])


def _is_everything(node: ast.expr) -> bool:
    return isinstance(node, ast.Slice) and node.lower is None and node.upper is None and node.step is None


def _number(node: ast.expr) -> int | None:
    """Return a whole number written out that counts from the beginning."""
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None
