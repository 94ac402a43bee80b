"""Settings: rates, numbers of steps, first weights."""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING

from faultbench.operators.base import operator
from faultbench.operators.edits import guarded, is_call, swapped
from faultbench.running.oracle import original_start, update_factor
from faultbench.running.runs import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faultbench.operators.base import Mutation
    from faultbench.subject import Subject

_LARGE, _SMALL = (1000.0, 100.0, 10.0), (0.1, 0.01, 0.001)
_DRAWS = ("randn", "normal", "standard_normal", "uniform", "rand", "random", "gauss")
_FEW_STEPS = 300
_TOO_LARGE = "step-too-large saturation dead-relu non-finite sum-not-mean"
_TOO_SMALL = "step-too-small too-few-steps plateau-init"


@operator("setting", _TOO_LARGE)
def rate_too_large(subject: Subject) -> Iterator[Mutation]:
    """Take a learning rate that is 10, 100 or 1,000 times as large."""
    yield from _rates(subject, _LARGE)


@operator("setting", _TOO_SMALL)
def rate_too_small(subject: Subject) -> Iterator[Mutation]:
    """Take a learning rate that is 10, 100 or 1,000 times as small."""
    yield from _rates(subject, _SMALL)


@operator("setting", "too-few-steps step-too-small no-loop")
def few_steps(subject: Subject) -> Iterator[Mutation]:
    """Stop after a thirtieth of the steps."""
    for node in subject.nodes(ast.Constant, subject.early | subject.live):
        if (
            isinstance(node.value, int)
            and not isinstance(node.value, bool)
            and node.value >= _FEW_STEPS
            and _counts(subject, node)
        ):
            yield swapped(subject, node, str(max(1, node.value // 30)))


@operator("start", "symmetric-init plateau-init frozen-parameter")
def zero_start(subject: Subject) -> Iterator[Mutation]:
    """Begin with weights that are all zero."""
    yield from _drawn_as(subject, "0 * {}")


@operator("start", "symmetric-init plateau-init")
def equal_start(subject: Subject) -> Iterator[Mutation]:
    """Begin with weights that are all the same."""
    yield from _drawn_as(subject, "(0.5 + 0 * {})")


@operator("start", "integer-truncation crash frozen-parameter symmetric-init plateau-init")
def whole_numbers(subject: Subject) -> Iterator[Mutation]:
    """Begin with arrays of whole numbers."""
    for node in _draws(subject):
        yield swapped(subject, node, f"{guarded(subject, node)}.astype(int)")
    for node in subject.nodes(ast.Call, subject.early):
        is_made = is_call(node, "zeros", "ones", "zeros_like", "full") and not any(
            each.arg == "dtype" for each in node.keywords
        )
        if is_made and not isinstance(subject.statement(node), ast.Expr):
            yield swapped(subject, node, f"{subject.source(node)[:-1]}, dtype=int)")


@operator("start", "saturation plateau-init dead-relu step-too-small step-too-large non-finite")
def large_start(subject: Subject) -> Iterator[Mutation]:
    """Begin with weights that are 100 times as large."""
    yield from _drawn_as(subject, "100 * {}")


@operator("start", "plateau-init step-too-small too-few-steps symmetric-init")
def small_start(subject: Subject) -> Iterator[Mutation]:
    """Begin with weights that are a hundredth."""
    yield from _drawn_as(subject, "0.01 * {}")


def _rates(subject: Subject, factors: tuple[float, ...]) -> Iterator[Mutation]:
    """Multiply the numbers that do nothing but scale the update; the script itself tells which, by doing it."""
    for node in subject.nodes(ast.Constant, subject.early | subject.live):
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 100:  # noqa: PLR2004 (rates are small)
            continue
        found = update_factor(subject.original, subject.replaced(node, repr(value * 2)))
        if found is not None and math.isclose(found, 2.0, rel_tol=1e-3):
            for factor in factors:
                yield swapped(subject, node, f"{value * factor:g}")


def _draws(subject: Subject) -> Iterator[ast.expr]:
    """Yield the calls that draw weights."""
    for node in subject.nodes(ast.Call, subject.early):
        if is_call(node, *_DRAWS) and _moves_start(subject, node):
            yield node


def _drawn_as(subject: Subject, form: str) -> Iterator[Mutation]:
    """Put each call that draws weights into a form, such as ``0 * {}``."""
    for node in _draws(subject):
        yield swapped(subject, node, form.format(subject.source(node)))


def _moves_start(subject: Subject, node: ast.expr) -> bool:
    """Whether other numbers from a call, drawn in the same order, make other first parameters, and other data do not."""
    changed = run(subject.replaced(node, f"1.5 * {guarded(subject, node)}"), subject.original, states=[])
    return changed.start is not None and changed.start != original_start(subject.original)


def _counts(subject: Subject, node: ast.Constant) -> bool:
    """Whether a number says how often a loop runs."""
    statement = subject.statement(node)
    if isinstance(statement, ast.For | ast.While):
        return True
    if isinstance(statement, ast.Assign) and statement.value is node:
        wanted = {subject.source(target) for target in statement.targets}
        loops = [each for each in ast.walk(subject.tree) if isinstance(each, ast.For | ast.While)]
        heads = [each.iter if isinstance(each, ast.For) else each.test for each in loops]
        return any(
            subject.source(each) in wanted for head in heads for each in ast.walk(head) if isinstance(each, ast.expr)
        )
    parent = subject.parents.get(node)
    return isinstance(parent, ast.Call | ast.keyword)
