"""Would the network learn if its layers had biases?"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np

from unstuck.doctor.checks.edits import Change as TextChange
from unstuck.doctor.checks.edits import changed, insert, parses, replace
from unstuck.doctor.checks.taped_biases import products_of, with_taped_biases
from unstuck.doctor.checks.weight_roles import weights_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.constants import constants_of
from unstuck.doctor.scripts.idle_state import last_name
from unstuck.doctor.scripts.statements import statement_at
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable

_PRODUCTS = frozenset(["dot", "matmul"])
_NEARLY_PERFECT = 0.95


@dataclass(frozen=True)
class _Product:
    """A product of the forward pass.

    Attributes:
        node: Where it stands.
        weight: The operand that is the weight.
        other: The operand that is what comes in.
        variable: The weight.
        is_right: Whether the weight is the right operand.
    """

    node: ast.BinOp | ast.Call
    weight: ast.expr
    other: ast.expr
    variable: StepVariable
    is_right: bool


def check(examination: Examination) -> Iterator[Suspicion]:
    """No parameter is added to a product, no input is constant, and the run is not perfect: try it with biases.

    That a bias is missing is never a finding in itself, since many networks learn well without.
    """
    learning = examination.learning
    if learning.closed(examination.written) > _NEARLY_PERFECT:
        return
    parameters = examination.found.parameters
    products = products_of(examination)
    if not products or len(weights_of(examination)) < len(parameters) or _has_a_constant_input(examination):
        return
    places = [examination.location_of_site(examination.site_of(key)) for key in products]
    names = " and ".join(variable.name for variable in parameters)
    finding = Finding(
        fault="missing-bias",
        message=(
            f"Nothing is added to the products with {names}: no layer has a bias, so no unit can move its threshold "
            "away from zero."
        ),
        location=places[0],
        evidence={
            "parameters that are added and not multiplied": 0,
            "share of the gap to a perfect fit that is closed without biases": learning.closed(examination.written),
        },
        parameter=parameters[0].name,
        lines=tuple(sorted({place.line for place in places})),
        remedies=(
            Remedy(
                "Add a bias to each product, one number for each unit, starting at zero; its gradient is the sum "
                "of the layer's delta over the rows."
            ),
            Remedy("Append a column of ones to the inputs, with a row of weights for it."),
        ),
    )
    change = _with_biases(examination, _products(examination)) or with_taped_biases(examination)
    yield Suspicion(finding, change, needs_proof=True)


def _products(examination: Examination) -> list[_Product]:
    """Return the products with a parameter in the forward pass, in its order."""
    found = examination.found
    end = None if found.pair is None else found.base.order.get(found.pair.key)
    nodes = {
        (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset): node
        for node in ast.walk(examination.tree)
        if isinstance(node, ast.BinOp | ast.Call)
    }
    products: dict[int, _Product] = {}
    for key in sorted(found.base.order, key=lambda key: found.base.order[key]):
        if end is not None and found.base.order[key] > end:
            break
        span = found.sites[key[0]].span
        node = nodes.get((span.line, span.column, span.end_line, span.end_column))
        if node is None or found.sites[key[0]].module or id(node) in products:
            continue
        operands = _operands(node)
        if operands is None:
            continue
        for weight, other, is_right in ((operands[1], operands[0], True), (operands[0], operands[1], False)):
            variable = _parameter(examination, weight)
            if (
                variable is not None
                and key in found.dependents.get(variable.index, set())
                and _parameter(examination, other) is None
            ):
                products[id(node)] = _Product(node, weight, other, variable, is_right)
                break
    return list(products.values())


def _operands(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return node.left, node.right
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _PRODUCTS
        and not node.keywords
    ):
        if len(node.args) == 2:  # noqa: PLR2004 (np.dot(a, b))
            return node.args[0], node.args[1]
        if len(node.args) == 1:
            return node.func.value, node.args[0]
    return None


def _parameter(examination: Examination, node: ast.expr) -> StepVariable | None:
    """Return the parameter that an operand is, by its name, attribute or key; transposed or not."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        node = node.value
    if isinstance(node, ast.Name):
        name = node.id
    elif isinstance(node, ast.Attribute):
        name = node.attr
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        name = str(node.slice.value)
    else:
        return None
    return next((variable for variable in examination.found.parameters if last_name(variable) == name), None)


def _are_all_weights(examination: Examination, products: list[_Product]) -> bool:
    """Whether every parameter is multiplied, so that none can be a bias."""
    multiplied = {product.variable.index for product in products}
    return all(variable.index in multiplied for variable in examination.found.parameters)


def _has_a_constant_input(examination: Examination) -> bool:
    """Whether a column of the inputs is the same for all samples and not zero: then its weights are biases."""
    targets = examination.learning.targets
    samples = None if targets is None else len(targets)
    for constant in constants_of(examination):
        values = constant.variable.start
        if not constant.moves_outputs or values is None or values.ndim < 2 or constant.is_like_a_weight:  # noqa: PLR2004 (a matrix)
            continue
        flat = values.reshape(values.shape[0], -1)
        table = flat.T if samples is not None and len(flat) != samples and flat.shape[1] == samples else flat
        if len(table) > 1 and np.any((table == table[0]).all(0) & (table[0] != 0)):
            return True
    return False


# ---------------------------------------------------------------------- the trial


def _with_biases(examination: Examination, products: list[_Product]) -> Change | None:
    """Return the trial of the script with something added to each product that works like a bias; None where its text does not allow it.

    ``X @ W`` becomes ``X @ W + ones @ B``, and ``B`` is updated by the update of ``W`` with ``ones`` in the place of ``X``: right for
    rows and columns and every form of the update. ``ones`` holds one over the root of its width, so that the rate stays the same.
    """
    if not _are_all_weights(examination, products):
        return None
    if examination.repeated or any(place.cell is not None for place in examination.source.places):
        return None
    changes: list[TextChange] = []
    for product in products:
        made = _creation_statement(examination, product)
        site = examination.update_site(product.variable)
        update = None if site is None or site.module else statement_at(examination.tree, site.span.line)
        if (
            made is None
            or not isinstance(update, ast.Assign | ast.AugAssign)
            or not isinstance(product.weight, ast.Name | ast.Attribute)
        ):
            return None
        new = _update_of_bias(examination, product, update)
        if new is None:
            return None
        bias = _bias_name(product.weight)
        added = copy.deepcopy(product.node)
        text = ast.unparse(
            _Swap({ast.unparse(product.weight): bias, ast.unparse(product.other): _ones(product)}).visit(added)
        )
        changes += [
            replace(product.node, f"({ast.unparse(product.node)} + {text})"),
            insert(
                (made.end_lineno or made.lineno) + 1,
                0,
                f"{' ' * made.col_offset}{bias} = 0.0 * {ast.unparse(product.weight)}\n",
            ),
            insert((update.end_lineno or update.lineno) + 1, 0, f"{' ' * update.col_offset}{new}\n"),
        ]
    if not any(
        isinstance(node, ast.Import) and any(alias.name == "numpy" and alias.asname == "np" for alias in node.names)
        for node in ast.walk(examination.tree)
    ):
        return None
    text = changed(examination.source.text + "\n", changes)
    return Change("a bias for each layer", text=text) if parses(text) else None


def _bias_name(weight: ast.expr) -> str:
    return f"{ast.unparse(weight)}_bias"


def _ones(product: _Product) -> str:
    shape = product.variable.shape
    width = shape[0] if product.is_right else shape[-1]
    return f"np.full(np.shape({ast.unparse(product.other)}), {1 / float(np.sqrt(width))!r})"


def _creation_statement(examination: Examination, product: _Product) -> ast.stmt | None:
    """Return the statement that first gives a weight its value, alone on its lines."""
    name = ast.unparse(product.weight)
    for node in ast.walk(examination.tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and ast.unparse(node.targets[0]) == name:
            return node
    return None


def _update_of_bias(examination: Examination, product: _Product, update: ast.Assign | ast.AugAssign) -> str | None:
    """Return the update of a weight written again for its bias: what comes in replaced by ones."""
    other, weight = ast.unparse(product.other), ast.unparse(product.weight)
    statement = copy.deepcopy(update)
    if not _contains(statement.value, other):
        for node in ast.walk(statement.value):
            value = _value_of(examination, node, update) if isinstance(node, ast.Name) else None
            if value is not None and _contains(value, other):
                statement.value = _swapped(statement.value, {ast.unparse(node): ast.unparse(value)})
                break
        else:
            return None
    swapped = _swapped(statement, {other: _ones(product), weight: _bias_name(product.weight)})
    target = swapped.target if isinstance(swapped, ast.AugAssign) else swapped.targets[0]
    text = ast.unparse(ast.fix_missing_locations(swapped))
    return text if ast.unparse(target) == _bias_name(product.weight) else None


def _value_of(examination: Examination, node: ast.Name, before: ast.stmt) -> ast.expr | None:
    """Return the last expression that a name was given before a statement."""
    values = [
        entry.value
        for entry in ast.walk(examination.tree)
        if isinstance(entry, ast.Assign)
        and len(entry.targets) == 1
        and ast.unparse(entry.targets[0]) == node.id
        and entry.lineno < before.lineno
    ]
    return max(values, key=lambda value: value.lineno, default=None)


def _contains(node: ast.AST, text: str) -> bool:
    return any(isinstance(part, ast.expr) and ast.unparse(part) == text for part in ast.walk(node))


_Node = TypeVar("_Node", bound=ast.AST)


def _swapped(node: _Node, texts: dict[str, str]) -> _Node:
    """Return a node in which every expression with one of these texts is replaced by another."""
    return cast("_Node", _Swap(texts).visit(node))


class _Swap(ast.NodeTransformer):
    """Replaces expressions by their text."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def visit(self, node: ast.AST) -> ast.AST:
        """Replace an expression, or look inside."""
        new = (
            self._texts.get(ast.unparse(node))
            if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.BinOp)
            else None
        )
        if new is None:
            return super().generic_visit(node)
        made = ast.parse(new, mode="eval").body
        if isinstance(made, ast.Name | ast.Attribute | ast.Subscript) and isinstance(
            node, ast.Name | ast.Attribute | ast.Subscript
        ):
            made.ctx = node.ctx
        return made
