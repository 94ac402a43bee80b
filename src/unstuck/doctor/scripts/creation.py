"""Where in a script a variable is made, and from what."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.doctor.scripts.script_step import StepVariable

_DRAWS = frozenset(
    [
        *("randn", "rand", "normal", "uniform", "standard_normal", "random", "random_sample", "ranf", "sample"),
        *("gauss", "normalvariate", "triangular", "laplace", "logistic", "standard_cauchy"),
    ]
)
"""Functions that draw real numbers at random, by the last part of their names."""


def creation_of(tree: ast.AST, variable: StepVariable) -> ast.expr | None:
    """Return the expression that a variable is made by, the first in the text; None if it cannot be told.

    Args:
        tree: The script's.
        variable: A name, an attribute, or an entry of a dictionary or list that is written out, filled or made by a comprehension.
    """
    steps = list(variable.steps)
    while steps and steps[-1][0] == "item" and not isinstance(steps[-1][1], str):
        steps.pop()
    indices = [key for kind, key in variable.steps[len(steps) :] if kind == "item"]
    if steps and steps[-1][0] == "item":
        found = _entry(tree, str(steps[-1][1]))
    else:
        found = next(_assigned(tree, str(steps[-1][1]) if steps else variable.root, is_attribute=bool(steps)), None)
    return None if found is None else _part(found, indices)


def _assigned(tree: ast.AST, name: str, *, is_attribute: bool) -> Iterator[ast.expr]:
    """Yield what is assigned to a name or to an attribute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            pairs = [pair for target in node.targets for pair in _pairs(target, node.value)]
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            pairs = [(node.target, node.value)]
        else:
            continue
        for target, value in pairs:
            named = (
                isinstance(target, ast.Attribute) and target.attr == name
                if is_attribute
                else isinstance(target, ast.Name) and target.id == name
            )
            if named:
                yield value


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if (
        isinstance(target, ast.Tuple | ast.List)
        and isinstance(value, ast.Tuple | ast.List)
        and len(target.elts) == len(value.elts)
    ):
        for one, other in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, other)
    else:
        yield target, value


def _entry(tree: ast.AST, key: str) -> ast.expr | None:
    """Return what a dictionary holds under a key that is written out."""
    return next((value for node in ast.walk(tree) for name, value in _entries(node) if name == key), None)


def _entries(node: ast.AST) -> Iterator[tuple[object, ast.expr]]:
    """Yield the keys that a dictionary or an assignment writes out, with their values."""
    if isinstance(node, ast.Dict):
        yield from (
            (key.value, value)
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant)
        )
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                yield target.slice.value, node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        yield from ((keyword.arg, keyword.value) for keyword in node.keywords)


def _part(node: ast.expr, indices: Sequence[Any]) -> ast.expr:
    for index in indices:
        if isinstance(node, ast.List | ast.Tuple) and isinstance(index, int) and index < len(node.elts):
            node = node.elts[index]
        elif isinstance(node, ast.ListComp):
            node = node.elt
    return node


def draws_in(node: ast.AST | None) -> set[str]:
    """Return the functions that an expression draws real numbers at random with, as it calls them.

    >>> sorted(draws_in(ast.parse("0.1 * np.random.randn(2, 3)")))
    ['np.random.randn']
    """
    if node is None:
        return set()
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
    return {text for call in calls if (text := ast.unparse(call.func)).rpartition(".")[2] in _DRAWS}
