"""Where in the forward pass something belongs that is trained like a bias, but not added to anything."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import remedy_of
from unstuck.doctor.checks.edits import replace, text_of
from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.sensitivities import sensitivities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.findings import Remedy
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trace import Key
    from unstuck.doctor.scripts.trials import Change

_SAME = 1e-5
_NUDGE = 1e-3
_MOSTLY = 0.9


def place_of_bias(examination: Examination, variable: StepVariable) -> Key | None:
    """Return the first value of the forward pass whose gradient, summed over the rows, a variable is moved down.

    By a multiple of it, or by something that is made of one, as an optimizer is. None where there is no such value, or where the
    tape does not follow the script.
    """
    loss = examination.taped_loss
    if loss not in (examination.prober.trusted or ()) or variable.start is None:
        return None
    gradients = [sensitivities(examination.prober, probe, loss) for probe in examination.probes]
    updates = _updates(examination, variable)
    if updates is None:
        return None
    stacked_updates = np.concatenate([each.ravel() for each in updates])
    driving = list(_driving(examination, variable, updates[0], set(gradients[0])))
    order = examination.probes[0].trace.order
    computed = [key for key in gradients[0] if examination.site_of(key).kind != "loop-target"]
    for key in sorted(computed, key=lambda key: order[key]):
        expected = [_summed(each.get(key), variable.shape) for each in gradients]
        if any(each is None for each in expected):
            continue
        stacked = np.concatenate([each.ravel() for each in expected if each is not None])
        is_down = float(np.mean(np.sign(stacked_updates) == -np.sign(stacked))) > _MOSTLY
        if is_down and any(compare(values, stacked).error < _SAME for values in (stacked_updates, *driving)):
            return key
    return None


def _updates(examination: Examination, variable: StepVariable) -> list[NDArray[np.float64]] | None:
    """Return what the step adds to a variable at each probe."""
    replay = examination.found.step.replay
    ends = [
        replay(state=probe.state, ends=[variable.index], record=False).ends.get(variable.index)
        for probe in examination.probes
    ]
    known = [end - variable.start for end in ends if end is not None and variable.start is not None]
    return known if len(known) == len(ends) and all(each.shape == variable.shape for each in known) else None


def _driving(
    examination: Examination, variable: StepVariable, update: NDArray[np.float64], forward: set[Key]
) -> Iterator[NDArray[np.float64]]:
    """Yield the values of the backward pass that the update of a variable is made of, over all probes."""
    probes = examination.probes
    for key, values in probes[0].trace.values.items():
        if key in forward or any(
            key not in probe.trace.values or probe.trace.values[key].size != variable.size for probe in probes
        ):
            continue
        shift = {key: np.full(values.shape, _NUDGE)}
        moved = examination.found.step.replay(state=probes[0].state, add=shift, ends=[variable.index], record=False)
        end = moved.ends.get(variable.index)
        if end is not None and variable.start is not None and not np.array_equal(end - variable.start, update):
            yield np.concatenate([probe.trace.values[key].ravel() for probe in probes])


def _summed(gradient: NDArray[np.float64] | None, shape: tuple[int, ...]) -> NDArray[np.float64] | None:
    """Return the gradient with respect to something of a shape that is added to a value; None if it cannot be added."""
    if gradient is None or not np.any(gradient):
        return None
    if gradient.size == int(np.prod(shape)):
        return gradient
    try:
        if np.broadcast_shapes(shape, gradient.shape) != gradient.shape:
            return None
    except ValueError:
        return None
    summed = gradient.sum(tuple(range(gradient.ndim - len(shape))))
    axes = tuple(axis for axis, length in enumerate(shape) if length == 1)
    return np.asarray(summed.sum(axes, keepdims=True))


def added_there(examination: Examination, variable: StepVariable, key: Key) -> tuple[Remedy, Change] | None:
    """Return the remedy that adds a variable to a value of the forward pass, with its trial; None if the text has no name for it there."""
    site = examination.site_of(key)
    name = _name_at(examination, variable, site)
    nodes = [
        node
        for node in ast.walk(examination.tree)
        if isinstance(node, ast.BinOp | ast.Call)
        and (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        == (site.span.line, site.span.column, site.span.end_line, site.span.end_column)
    ]
    if name is None or site.module or len(nodes) != 1:
        return None
    text = f"{text_of(examination.source, nodes[0])} + {name}"
    is_alone = not any(
        nodes[0] in ast.iter_child_nodes(node)
        for node in ast.walk(examination.tree)
        if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Attribute | ast.Subscript | ast.Compare)
    )
    return remedy_of(examination.source, f"Add {name} there.", [replace(nodes[0], text if is_alone else f"({text})")])


def _name_at(examination: Examination, variable: StepVariable, place: Site) -> str | None:
    """Return what a variable is called at a place: its global name, or ``self.b`` in another method of the same class."""
    if not variable.steps and variable.root in _module_names(examination.tree):
        is_local = any(
            site.function == place.function and site.name == variable.root and site.kind in ("assigned", "unpacked")
            for site in examination.found.sites
        )
        return None if place.function and is_local else variable.root
    if not place.function and variable.root in _module_names(examination.tree):
        return variable.name
    if len(variable.steps) != 1 or variable.steps[0][0] != "attribute":
        return None
    own = f"self.{variable.steps[0][1]}"
    owner = place.function.rpartition(".")[0]
    made_there = any(site.name == own and site.function.rpartition(".")[0] == owner for site in examination.found.sites)
    return own if owner and made_there else None


def _module_names(tree: ast.Module) -> set[str]:
    return {
        node.id
        for statement in tree.body
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
