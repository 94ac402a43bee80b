"""Where a script gives a parameter its first value, and that expression with another scale."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.edits import text_of
from unstuck.doctor.checks.initial_expressions import initial_expressions
from unstuck.doctor.findings import Edit
from unstuck.doctor.places import location_of, span_of

if TYPE_CHECKING:
    from unstuck.doctor.findings import Location
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable

_DRAWS = frozenset(
    {"rand", "randn", "random", "normal", "uniform", "standard_normal", "random_sample", "gauss", "normalvariate"}
)
_CONSTANTS = frozenset({"zeros", "ones", "full"})
_MATRIX = 2
_SEVERAL = 2


def is_matrix(variable: StepVariable) -> bool:
    """Whether a parameter has two axes, as weights have."""
    return len(variable.shape) >= _MATRIX


def is_vector(variable: StepVariable) -> bool:
    """Whether all numbers of a parameter lie along one axis."""
    return variable.size == max(variable.shape, default=1)


def location_of_initial(examination: Examination, variable: StepVariable) -> Location | None:
    """Return where a parameter gets its first value, None if the text does not tell."""
    expressions = initial_expressions(examination, variable)
    if not expressions:
        site = examination.first_assignment(variable.root) if not variable.steps else None
        return None if site is None or site.module else examination.location_of_site(site)
    return location_of(examination.source, expressions[0])


def draw_in(expression: ast.expr) -> ast.Call | None:
    """Return the call in an expression that draws random numbers, None if there is none or more than one."""
    calls = [node for node in ast.walk(expression) if isinstance(node, ast.Call) and _called(node) in _DRAWS]
    return calls[0] if len(calls) == 1 else None


def _called(node: ast.Call) -> str:
    return (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )


def literal_factor(expression: ast.expr) -> ast.Constant | None:
    """Return the number that random numbers are multiplied with: the ``0.01`` of ``np.random.randn(5, 2) * 0.01``."""
    for node in ast.walk(expression):
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
            continue
        for factor, other in ((node.left, node.right), (node.right, node.left)):
            if (
                isinstance(factor, ast.Constant)
                and isinstance(factor.value, int | float)
                and draw_in(other) is not None
            ):
                return factor
    return None


def edit_of(examination: Examination, node: ast.expr, new: str) -> Edit:
    """Return the edit that puts ``new`` in the place of ``node``."""
    return Edit(location_of(examination.source, span_of(node)), text_of(examination.source, node), new)


def factor_edits(examination: Examination, variables: list[StepVariable], factor: str) -> tuple[Edit, ...]:
    """Return edits that put another factor in the place of the literal one, nothing unless it is there for every parameter."""
    made: dict[Edit, None] = {}
    for variable in variables:
        factors = [literal_factor(expression) for expression in initial_expressions(examination, variable)]
        if not factors or None in factors:
            return ()
        made |= {edit_of(examination, node, factor): None for node in factors if node is not None}
    return tuple(made)


def redrawn(expression: ast.expr, deviation: str) -> str | None:
    """Return an expression for normal random numbers of the shape that an initial expression has, None where it is not certain.

    >>> redrawn(ast.parse("np.zeros((2, 3)) + 1", mode="eval").body, "0.5")
    'np.random.randn(2, 3) * 0.5'
    """
    calls = [
        node for node in ast.walk(expression) if isinstance(node, ast.Call) and _called(node) in _DRAWS | _CONSTANTS
    ]
    if len(calls) != 1 or not isinstance(calls[0].func, ast.Attribute) or not _is_scaled_only(expression, calls[0]):
        return None
    call = calls[0]
    shape = _shape_arguments(call)
    if shape is None:
        return None
    owner = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    name = _called(call)
    if name in _CONSTANTS:
        return f"{owner}.random.randn({', '.join(shape)}) * {deviation}"
    if owner.endswith("random") or name in ("rand", "randn", "random_sample"):
        return f"{owner}.randn({', '.join(shape)}) * {deviation}"
    return f"{owner}.normal(size=({', '.join(shape)})) * {deviation}"


def _is_scaled_only(expression: ast.expr, call: ast.Call) -> bool:
    """Whether an expression is a call with numbers around it."""
    if expression is call:
        return True
    if isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.Mult | ast.Div | ast.Add | ast.Sub):
        for inner, other in ((expression.left, expression.right), (expression.right, expression.left)):
            if any(node is call for node in ast.walk(inner)) and not isinstance(other, ast.Call):
                return _is_scaled_only(inner, call)
    return isinstance(expression, ast.UnaryOp) and _is_scaled_only(expression.operand, call)


def _shape_arguments(call: ast.Call) -> list[str] | None:
    name = _called(call)
    keyword = next((entry.value for entry in call.keywords if entry.arg in ("size", "shape")), None)
    if name in ("rand", "randn"):
        return (
            [ast.unparse(argument) for argument in call.args]
            if len(call.args) == _SEVERAL and not call.keywords
            else None
        )
    position = {"uniform": 2, "normal": 2}.get(name, 0)
    shape = keyword if keyword is not None else call.args[position] if len(call.args) > position else None
    if isinstance(shape, ast.Tuple) and len(shape.elts) == _SEVERAL:
        return [ast.unparse(entry) for entry in shape.elts]
    return None


def redraw_edits(examination: Examination, weights: list[tuple[StepVariable, int]]) -> tuple[Edit, ...]:
    """Return edits that draw weights at 1/sqrt(fan-in), given the axis of the fan-in of each; nothing where one is not certain."""
    made: dict[Edit, None] = {}
    for variable, axis in weights:
        expressions = initial_expressions(examination, variable)
        for expression in expressions:
            bare = redrawn(expression, "1")
            if bare is None or len(variable.shape) != _SEVERAL:
                return ()
            arguments = ast.parse(bare, mode="eval").body
            inputs = _fan_in_text(arguments, axis)
            text = redrawn(expression, "").removesuffix(" * ") if inputs else None  # type: ignore[union-attr]  # it was not None above
            if text is None:
                return ()
            made[edit_of(examination, expression, f"{text} / {inputs} ** 0.5")] = None
        if not expressions:
            return ()
    # one expression may draw several layers: it has one text only
    return tuple(made) if len({(edit.location.line, edit.location.column) for edit in made}) == len(made) else ()


def _fan_in_text(product: ast.expr, axis: int) -> str | None:
    call = next((node for node in ast.walk(product) if isinstance(node, ast.Call)), None)
    if call is None:
        return None
    shape = call.args or (
        call.keywords[0].value.elts if call.keywords and isinstance(call.keywords[0].value, ast.Tuple) else []
    )
    if axis >= len(shape):
        return None
    text = ast.unparse(shape[axis])
    return text if isinstance(shape[axis], ast.Name | ast.Constant | ast.Attribute | ast.Subscript) else f"({text})"


def deviation(variable: StepVariable) -> float:
    """Return the standard deviation around zero of a parameter where the step starts."""
    return float("nan") if variable.start is None else float(np.sqrt(np.mean(variable.start**2)))
