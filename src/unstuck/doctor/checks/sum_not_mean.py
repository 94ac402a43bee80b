"""Does the update add up the gradients of the rows where their mean is meant?"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.findings import Edit, Remedy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site

_MANY = 8
_SAME = 1e-4
_MOST_SINGLES = 12
_FACTORS = (1.0, 2.0, 0.5)
_TOTALS = {"half_sum": 1.0, "bce": 1.0, "ce": 1.0, "softmax-ce-0": 1.0, "softmax-ce-1": 1.0}


@dataclass(frozen=True)
class Summed:
    """A sum over rows.

    Attributes:
        rows: How many rows a step shows.
        rate_for_mean: What the gradient of the mean loss is multiplied with in effect.
    """

    rows: int
    rate_for_mean: float


def rows_summed(examination: Examination) -> Summed | None:
    """Return how many rows are added up, None where the update belongs to the mean or it cannot be told.

    The update is a multiple of the gradient of the loss summed over rows. If that multiple is the learning rate, or 1, nothing
    has been divided by the number of rows; if it is the learning rate divided by the rows, the mean is meant. What the updates
    are proportional to is a learning rate; where none is held in a variable, a number that something is multiplied by may be one.
    """
    found = examination.found
    pair = None if found.pair is None else found.own.pairs.get(found.pair.key)
    if pair is None:
        return None
    rows = rows_of(examination)
    if rows < _MANY:
        return None
    factors = []
    for loss in _TOTALS:
        matches = examination.verdicts.matches.get(loss, {})
        scales = [
            matches[variable.index].scale
            for variable in found.parameters
            if variable.index in matches and matches[variable.index].error < _SAME
        ]
        if scales and len(scales) == len(found.parameters):
            factors = [-scale for scale in scales]
            break
    if not factors or min(factors) <= 0 or max(factors) / min(factors) > 1 + 1e-3:
        return None
    factor = float(np.median(factors))
    rates = rates_of(examination, examination.found.parameters) or _multipliers(examination.tree)
    as_sum = any(is_among(factor / times, rates | {1.0}) for times in _FACTORS)
    as_mean = any(is_among(factor * rows / times, rates - {1.0}) for times in _FACTORS)
    return Summed(rows, factor * rows) if as_sum and not as_mean else None


def rows_of(examination: Examination) -> int:
    """Return how many rows the outputs of one step have."""
    found = examination.found
    pair = None if found.pair is None else found.own.pairs.get(found.pair.key)
    if pair is None:
        return 1
    shape = np.shape(pair.left) if np.size(pair.left) >= np.size(pair.right) else np.shape(pair.right)
    lengths = {length for variable in found.parameters for length in variable.shape}
    unlike = [length for length in shape if length not in lengths]
    return max(unlike) if unlike else 1


def is_among(number: float, numbers: set[float]) -> bool:
    """Whether a number is one of some numbers, up to rounding."""
    return any(abs(number - other) <= _SAME * abs(other) for other in numbers)


def rates_of(examination: Examination, parameters: Sequence[StepVariable]) -> set[float]:
    """Return the values of single numbers that the updates of some parameters are proportional to."""
    found = examination.found
    indices = [variable.index for variable in parameters if variable.start is not None]
    rates = set()
    singles = [
        variable
        for variable in found.step.variables
        if variable.shape == () and variable.start is not None and variable.start != 0
    ]
    for variable in singles[:_MOST_SINGLES]:
        if variable.start is None or not np.isfinite(variable.start):
            continue
        doubled = found.step.replay(shift={variable.index: variable.start}, ends=indices, record=False)
        if all(index in doubled.ends and index in found.own.ends for index in indices) and all(
            _is_doubled(found.step.variables[index].start, found.own.ends[index], doubled.ends[index])
            for index in indices
        ):
            rates.add(abs(float(variable.start)))
    return rates


def _is_doubled(start: NDArray[np.float64] | None, end: NDArray[np.float64], doubled: NDArray[np.float64]) -> bool:
    if start is None or start.shape != end.shape or start.shape != doubled.shape:
        return False
    once, twice = end - start, doubled - start
    return bool(np.any(once)) and float(np.linalg.norm(twice - 2 * once)) <= _SAME * float(np.linalg.norm(twice))


def _multipliers(tree: ast.Module) -> set[float]:
    """Return the numbers that the script multiplies or divides something by."""
    products = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Mult | ast.Div)
    ]
    sides = [
        side
        for node in products
        for side in ((node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,))
    ]
    return {
        abs(float(side.value))
        for side in sides
        if isinstance(side, ast.Constant) and isinstance(side.value, int | float) and side.value
    }


def sum_remedy(examination: Examination, rows: int) -> Remedy:
    """Return the remedy: to divide what the update takes off by the number of rows."""
    return Remedy(
        f"Divide the gradient by the number of rows, {rows}, or the learning rate by as much.",
        _changed_updates(examination, f" / {rows}", ""),
    )


def multiplied(examination: Examination, factor: float) -> tuple[Edit, ...]:
    """Return the edits that multiply every update by a factor; none where they cannot be told from the text."""
    return _changed_updates(examination, "", f"{factor:g} * ")


def _changed_updates(examination: Examination, after: str, before: str) -> tuple[Edit, ...]:
    edits: dict[Edit, None] = {}
    for variable in examination.found.parameters:
        site = examination.update_site(variable)
        edit = None if site is None or site.module else changed_update(examination, site, after, before)
        if edit is None:
            return ()
        edits[edit] = None
    return tuple(edits)


def changed_update(examination: Examination, site: Site, after: str, before: str) -> Edit | None:
    """Return the edit of the added or subtracted part of the update at a site, None if there are several or none."""
    statements = [
        node
        for node in ast.walk(examination.tree)
        if isinstance(node, ast.Assign | ast.AugAssign)
        and node.lineno <= site.span.line
        and (node.end_lineno or 0) >= site.span.end_line
    ]
    if len(statements) != 1:
        return None
    statement = statements[0]
    taken = None
    if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Sub | ast.Add):
        taken = statement.value
    elif (
        isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.BinOp)
        and isinstance(statement.value.op, ast.Sub | ast.Add)
    ):
        taken = statement.value.right
    text = None if taken is None else ast.get_source_segment(examination.source.text, taken)
    if taken is None or text is None:
        return None
    simple = isinstance(taken, ast.Name | ast.Call | ast.Subscript | ast.Attribute) or (
        isinstance(taken, ast.BinOp) and isinstance(taken.op, ast.Mult | ast.Div)
    )
    place = examination.location(taken.lineno, taken.col_offset, taken.end_lineno, taken.end_col_offset)
    return Edit(place, text, f"{before}{text}{after}" if simple else f"{before}({text}){after}")
