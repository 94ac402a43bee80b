"""The expressions that somebody may have meant who wrote another: one part of it is replaced, dropped, turned round, or missing."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import Change, operator_change, replace, text_of
from unstuck.doctor.checks.readable_names import is_reference, pure_functions, readable, references

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from unstuck.doctor.scripts.source import Source

_DERIVATIVES = ("{x} * (1 - {x})", "1 - {x} ** 2", "({x} > 0)")
_OPPOSITE = {ast.Add: (ast.Sub(), "+", "-"), ast.Sub: (ast.Add(), "-", "+")}


@dataclass(frozen=True)
class OtherExpression:
    """An expression that may have been meant.

    Attributes:
        text: The expression.
        changes: How the script's text becomes that.
        mistake: Which mistake of a gradient it is to have written what is there.
        words: What is wrong then.
    """

    text: str
    changes: tuple[Change, ...]
    mistake: str
    words: str


def other_expressions(source: Source, tree: ast.Module, expression: ast.expr) -> list[OtherExpression]:
    """Return what may have been meant by an expression of a script, the smaller changes first."""
    names = readable(tree, expression)
    functions = pure_functions(tree)
    found = [
        *_other_references(expression, names),
        *_turned(expression),
        *_other_operators(source, expression),
        *_without_a_factor(expression),
        *_other_functions(expression, functions),
        *_with_a_factor(source, expression, names, functions),
        *_with_a_factor_of_a_term(expression, names),
    ]
    return list({each.text: each for each in reversed(found)}.values())[::-1]


def _other_references(expression: ast.expr, names: Iterable[str]) -> Iterator[OtherExpression]:
    """Yield the expression with another value in the place of one, or of all that are the same."""
    parts = list(references(expression))
    texts = [ast.unparse(part) for part in parts]
    for part, old in zip(parts, texts, strict=True):
        same = [other for other, text in zip(parts, texts, strict=True) if text == old]
        for new in (name for name in [*names, *_neighbours(part)] if name != old):
            words = f"{new} belongs in the place of {old}"
            yield _replaced(expression, [(part, new)], "wrong-operand", words)
            if len(same) > 1 and part is same[0]:
                yield _replaced(expression, [(other, new) for other in same], "wrong-operand", words)


def _neighbours(part: ast.expr) -> Iterator[str]:
    """Yield what stands before and behind an entry of a list."""
    if isinstance(part, ast.Subscript) and not isinstance(part.slice, ast.Slice | ast.Tuple):
        root, index = ast.unparse(part.value), ast.unparse(part.slice)
        if isinstance(part.slice, ast.Name | ast.BinOp | ast.UnaryOp | ast.Constant) and not index.startswith(
            ("'", '"')
        ):
            yield from (f"{root}[{index} - 1]", f"{root}[{index} + 1]")


def _turned(expression: ast.expr) -> Iterator[OtherExpression]:
    """Yield the expression with one array turned round, or as it is where it was turned round."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Attribute) and node.attr == "T":
            inner = ast.unparse(node.value)
            words = f"{inner} must not be turned round"
            yield _replaced(expression, [(node, inner)], "missing-transpose", words)
    for part in references(expression):
        text = ast.unparse(part)
        yield _replaced(expression, [(part, f"{text}.T")], "missing-transpose", f"{text} has to be turned round")


def _other_operators(source: Source, expression: ast.expr) -> Iterator[OtherExpression]:
    """Yield the expression with one sign turned, or a product of another kind."""
    for node in ast.walk(expression):
        if isinstance(node, ast.BinOp) and type(node.op) in _OPPOSITE:
            op, old, new = _OPPOSITE[type(node.op)]
            changes = operator_change(source, node, old, new)
            text = _unparsed(expression, node, ast.BinOp(node.left, op, node.right))
            if changes:
                yield OtherExpression(
                    text, changes, "sign-of-one-term", f"the sign before {ast.unparse(node.right)} is wrong"
                )
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = ast.unparse(node.operand)
            words = f"the sign before {inner} is wrong"
            yield _replaced(expression, [(node, inner)], "sign-of-one-term", words)


def _without_a_factor(expression: ast.expr) -> Iterator[OtherExpression]:
    """Yield the expression without one of its factors, divisors or powers."""
    for node in ast.walk(expression):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.Pow):
            kept = [(node.left, node.right)]
            if isinstance(node.op, ast.Mult):
                kept.append((node.right, node.left))
            for stays, goes in kept:
                kind = "power" if isinstance(node.op, ast.Pow) else "factor"
                words = f"it has the {kind} {ast.unparse(goes)} too many"
                yield _replaced(expression, [(node, ast.unparse(stays))], "extra-factor", words)


def _other_functions(expression: ast.expr, functions: Iterable[str]) -> Iterator[OtherExpression]:
    """Yield the expression with another function of the script, or with none."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords and is_reference(node.func):
            old = ast.unparse(node.func)
            for new in (name for name in functions if name != old):
                words = f"{new} belongs in the place of {old}"
                yield _replaced(expression, [(node.func, new)], "wrong-activation-derivative", words)
            if old in functions or isinstance(node.args[0], ast.Name):
                inner = ast.unparse(node.args[0])
                yield _replaced(expression, [(node, inner)], "extra-factor", f"{old} does not belong there")


def _with_a_factor(
    source: Source, expression: ast.expr, names: Iterable[str], functions: Iterable[str]
) -> Iterator[OtherExpression]:
    """Yield the expression with one factor more: the derivative of an activation, or any value."""
    known = list(names)
    derivatives = [f"{function}({name})" for function in functions for name in known]
    derivatives += [formula.format(x=name) for name in known for formula in _DERIVATIVES]
    whole = text_of(source, expression)
    is_factor = is_reference(expression) or isinstance(expression, ast.Call) or (
        isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.Mult | ast.Div | ast.MatMult)
    )  # fmt: skip
    before = whole if is_factor else f"({whole})"
    plain = ast.unparse(expression)
    for factor in [*derivatives, *known]:
        is_derivative = factor not in known
        after = f"({factor})" if factor.startswith("1 -") else factor
        yield OtherExpression(
            f"({plain}) * {after}",
            (replace(expression, f"{before} * {after}"),),
            "missing-activation-derivative" if is_derivative else "missing-factor",
            f"the factor {factor} is missing",
        )


def _with_a_factor_of_a_term(expression: ast.expr, names: Iterable[str]) -> Iterator[OtherExpression]:
    """Yield the expression with a value as a factor of one of its terms."""
    sums = [
        node for node in ast.walk(expression) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
    ]
    for term in [side for node in sums for side in (node.left, node.right)]:
        if isinstance(term, ast.BinOp) and isinstance(term.op, ast.Add | ast.Sub):
            continue
        for name in names:
            words = f"the factor {name} is missing"
            yield _replaced(expression, [(term, f"{name} * {ast.unparse(term)}")], "missing-factor", words)


def _replaced(expression: ast.expr, parts: list[tuple[ast.expr, str]], mistake: str, words: str) -> OtherExpression:
    """Return the expression with parts replaced; what is no name, call or bracket is put in brackets."""
    tree = expression
    changes = []
    for part, new in parts:
        inner = ast.parse(new, mode="eval").body
        needs_brackets = isinstance(inner, ast.BinOp | ast.UnaryOp | ast.Compare | ast.IfExp) and part is not expression
        changes.append(replace(part, f"({new})" if needs_brackets else new))
    replacements = {id(part): ast.parse(new, mode="eval").body for part, new in parts}
    return OtherExpression(ast.unparse(_with(tree, replacements)), tuple(changes), mistake, words)


def _unparsed(expression: ast.expr, part: ast.expr, new: ast.expr) -> str:
    """Return the text of an expression with another part."""
    return ast.unparse(_with(expression, {id(part): new}))


def _with(expression: ast.expr, replacements: dict[int, ast.expr]) -> ast.expr:
    """Return a copy of a tree with nodes replaced, by their identity."""
    if id(expression) in replacements:
        return replacements[id(expression)]
    keeping = {id(new): new for new in replacements.values()}
    return copy.deepcopy(expression, {**replacements, **keeping})  # what is in the memo counts as copied
