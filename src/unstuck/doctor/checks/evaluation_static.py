"""Is the network judged by the wrong data, or by a number that cannot be the accuracy?"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import edits, operator_change, short_text_of
from unstuck.doctor.checks.evaluation_words import ACCURACY, TESTING, TRAINING, evaluation_finding, without
from unstuck.doctor.checks.name_reads import looks_names_up
from unstuck.doctor.checks.overlapping_rows import overlaps
from unstuck.doctor.checks.provenance import names_read, parameter_steps
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.places import line_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.findings import Evidence
    from unstuck.doctor.scripts.source import Source

_SAYS_TEST = re.compile(r"\b(?:test|validation|valid|held.?out)\w*\b", re.IGNORECASE)
_FITTING = frozenset(["fit", "partial_fit"])
_WHOLE = 100


@dataclass(frozen=True)
class _Pair:
    """The training half and the test half of something that one call returned."""

    train: ast.Name
    test: ast.Name
    statement: ast.Assign


def check(tree: ast.Module, source: Source) -> Iterator[Finding]:
    """Does it train on the test data, call something test accuracy that is none, or count the accuracy wrongly?

    Only what the syntax tree proves: names merely say which half of a split is which. That it trains on the test data needs a
    training half that nothing reads, and a parameter whose update was made of the test half.
    """
    if looks_names_up(tree):
        return
    pairs = list(_pairs(tree))
    read = set(names_read(tree))
    yield from _trains_on_test(tree, pairs, read, source)
    yield from _no_test(tree, pairs, read, source)
    yield from overlaps(tree, read, source)
    yield from _whole_division(tree, source)
    yield from _compared_with_itself(tree, source)


# ---------------------------------------------------------------------- training and test data


def _pairs(tree: ast.Module) -> Iterator[_Pair]:
    """Yield what belongs together: names that one call gave their values, the same but for the word for training or testing."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and len(node.targets) == 1):
            continue
        names = [part for part in ast.walk(node.targets[0]) if isinstance(part, ast.Name)]
        for one in names:
            for other in names:
                trained, tested = without(TRAINING, one.id), without(TESTING, other.id)
                if one is not other and trained is not None and trained == tested:
                    yield _Pair(one, other, node)


def _trains_on_test(tree: ast.Module, pairs: list[_Pair], read: set[str], source: Source) -> Iterator[Finding]:
    swapped = [pair for pair in pairs if pair.train.id not in read and pair.test.id in read]
    steps = parameter_steps(tree) if swapped else []
    for pair in swapped:
        used = [step.statement for step in steps if pair.test.id in step.sources]
        used += [call for call in ast.walk(tree) if isinstance(call, ast.Expr) and _fits(call.value, pair.test.id)]
        if not used:
            continue
        first = min(used, key=lambda statement: statement.lineno)
        readers = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and _reads(node, pair.test.id)]
        message = (
            f"The network is trained on the test data: {pair.test.id} goes into the update of "
            f"{line_name(source, first.lineno)}, and {pair.train.id} is never read."
        )
        evidence: Evidence = {
            f"uses of {pair.train.id}": 0,
            f"uses of {pair.test.id}": len(readers),
            "update": ast.unparse(first),
        }
        summary = f"Train on {pair.train.id}, and keep {pair.test.id} for judging the result."
        yield evaluation_finding(
            message, readers[0], source, evidence, [pair.statement.lineno, first.lineno], Remedy(summary)
        )
        return


def _reads(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)


def _fits(node: ast.expr, name: str) -> bool:
    """Whether a call fits a model of a library to a variable."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _FITTING):
        return False
    return any(isinstance(argument, ast.Name) and argument.id == name for argument in node.args)


def _no_test(tree: ast.Module, pairs: list[_Pair], read: set[str], source: Source) -> Iterator[Finding]:
    """Is something printed as test accuracy although nothing reads any test data?"""
    unread = [pair for pair in pairs if pair.test.id not in read and pair.train.id in read]
    if not unread or any(TESTING.search(name) for name in read):
        return
    bound = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    if any(TESTING.search(name) for name in bound):
        return
    pair = unread[0]
    for node in ast.walk(tree):
        is_print = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        if not (is_print and isinstance(node, ast.Call)):
            continue
        texts = [
            part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)
        ]
        values = [part for part in ast.walk(node) if isinstance(part, ast.Name) and part is not node.func]
        if values and any(_SAYS_TEST.search(text) and ACCURACY.search(text) for text in texts):
            message = f"This is printed as the accuracy on test data, but nothing reads {pair.test.id}, so it is not measured on it."
            evidence: Evidence = {f"uses of {pair.test.id}": 0}
            remedy = Remedy(f"Predict {pair.test.id} and compare with its own targets.")
            yield evaluation_finding(message, node, source, evidence, [pair.statement.lineno], remedy)
            return


# ---------------------------------------------------------------------- the number itself


def _whole_division(tree: ast.Module, source: Source) -> Iterator[Finding]:
    """Is an accuracy worked out with ``//``, which leaves 0 unless everything is right?"""
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Assign) else None
        if value is None or not isinstance(node, ast.Assign) or not ACCURACY.search(ast.unparse(node.targets[0])):
            continue
        for part in [value, getattr(value, "left", None), getattr(value, "right", None)]:
            if isinstance(part, ast.BinOp) and isinstance(part.op, ast.FloorDiv) and _is_count(part.left, tree):
                text = short_text_of(source, part)
                name = ast.unparse(node.targets[0])
                message = f"{name} is 0 unless every answer is right, since // in {text} drops the decimals."
                evidence: Evidence = {"expression": text, "operator": "//"}
                remedy = Remedy("Write / instead of //.", edits(source, operator_change(source, part, "//", "/")))
                yield evaluation_finding(message, part, source, evidence, [], remedy)


def _is_count(node: ast.expr, tree: ast.Module) -> bool:
    """Whether a number counts something, and was not made a percentage before."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", getattr(node.func, "attr", "")) in {"sum", "int", "count_nonzero"}
    if not isinstance(node, ast.Name):
        return False
    for statement in ast.walk(tree):
        if isinstance(statement, ast.Assign | ast.AugAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            large = any(
                isinstance(part, ast.Constant) and isinstance(part.value, int | float) and part.value >= _WHOLE
                for part in ast.walk(statement.value)
            )
            if large and any(ast.unparse(target) == node.id for target in targets):
                return False
    return True


def _compared_with_itself(tree: ast.Module, source: Source) -> Iterator[Finding]:
    """Is the accuracy the mean of ``y == y``?"""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        sides: tuple[ast.expr, ast.expr] | None = None
        first = node.args[0] if node.args else None
        if name in {"mean", "sum", "average"} and isinstance(first, ast.Compare) and isinstance(first.ops[0], ast.Eq):
            sides = (first.left, first.comparators[0])
        elif name == "accuracy_score" and len(node.args) > 1:
            sides = (node.args[0], node.args[1])
        if (
            sides
            and ast.unparse(sides[0]) == ast.unparse(sides[1])
            and not any(isinstance(p, ast.Call) for s in sides for p in ast.walk(s))
        ):
            text = short_text_of(source, node)
            what = short_text_of(source, sides[0])
            message = f"{text} compares {what} with itself, which is always equal."
            evidence: Evidence = {"both sides": what}
            yield evaluation_finding(
                message, node, source, evidence, [], Remedy("Compare the predictions with the targets.")
            )
