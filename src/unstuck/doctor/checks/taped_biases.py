"""The trial with biases that needs no text: they are added to the products while the script runs, and the tape trains them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.weight_roles import fan_in_axis
from unstuck.doctor.scripts.trials import Change
from unstuck.doctor.scripts.true_descent import rates

if TYPE_CHECKING:
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Key

_PRODUCTS = frozenset(["dot", "matmul", "inner", "vdot", "einsum"])
_MATRIX = 2


def with_taped_biases(examination: Examination) -> Change | None:
    """Return the change that adds a bias to each unit; None where the tape does not hold or a weight enters by no product."""
    loss = examination.taped_loss
    products = products_of(examination)
    if loss not in (examination.prober.trusted or ()) or not products:
        return None
    biases = []
    for number, (variable, key) in enumerate(zip(examination.found.parameters, products, strict=True)):
        place = _units(examination, variable, key)
        if place is None:
            return None
        biases.append([key[0], *place, number])
    return Change("a bias for each unit", {"gradient": loss, "rates": rates(examination, loss), "biases": biases})


def products_of(examination: Examination) -> list[Key]:
    """Return for each parameter the product by which it enters the forward pass; nothing if one enters by none."""
    taken: set[int] = set()
    products: list[Key] = []
    for variable in examination.found.parameters:
        key = _product_of(examination, variable, taken)
        if key is None:
            return []
        taken.add(key[0])
        products.append(key)
    return products


def _product_of(examination: Examination, variable: StepVariable, taken: set[int]) -> Key | None:
    """Return the first product that depends on a weight, and is no other weight's."""
    found = examination.found
    spans = {
        (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        for node in ast.walk(examination.tree)
        if _is_product(node) and isinstance(node, ast.expr)
    }
    keys = [
        key
        for key in found.dependents.get(variable.index, ())
        if key in found.base.order and key[0] not in taken and not found.sites[key[0]].module
        and _span(examination, key) in spans
    ]  # fmt: skip
    return min(keys, key=lambda key: found.base.order[key], default=None)


def _is_product(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.MatMult)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _PRODUCTS


def _span(examination: Examination, key: Key) -> tuple[int, int, int, int]:
    span = examination.found.sites[key[0]].span
    return span.line, span.column, span.end_line, span.end_column


def _units(examination: Examination, variable: StepVariable, key: Key) -> tuple[int | None, int] | None:
    """Return the axis of a product along which its units lie, None for one unit at a time, and how many there are."""
    if len(variable.shape) > _MATRIX or not variable.shape:
        return None
    units = variable.shape[1 - fan_in_axis(examination, variable)] if len(variable.shape) == _MATRIX else 1
    shape = examination.found.base.shapes[key]
    if shape == () or units == 1:
        return None, units
    axes = [axis for axis, length in enumerate(shape) if length == units]
    return (axes[0] if fan_in_axis(examination, variable) else axes[-1], units) if axes else None
