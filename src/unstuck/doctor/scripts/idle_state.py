"""Variables that a step trains and that nothing in the following steps depends on."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trace import Key, Pair

_CARRIES = 0.9999
_NUDGE = 0.1
_SECONDS = 1.5
_LONGEST = 12


def is_idle(examination: Examination, variable: StepVariable) -> bool:
    """Whether something is updated like a parameter and carries over in full, but no output, loss or other parameter depends on it.

    Looked at over up to twelve steps, from a state drawn at random.
    """
    found = examination.found
    if variable.is_integer or variable.start is None or not has_a_length_of_a_parameter(examination, variable):
        return False
    others = [other.index for other in (*found.parameters, *found.state)]
    state = examination.probes[0].state
    shift = (
        _NUDGE * np.random.default_rng(51).normal(size=variable.shape) * max(1.0, float(np.abs(variable.start).max()))
    )
    steps = max(1, min(_LONGEST, int(_SECONDS / max(1e-3, examination.pace))))
    follow: dict[str, Any] = {} if found.loss is None else {"loss": found.loss.key[0]}
    base = found.step.replay(state=state, ends=others, pairs=True, record=False, steps=steps, **follow)
    moved = found.step.replay(
        state=state, shift={variable.index: shift}, ends=others, pairs=True, record=False, steps=steps, **follow
    )
    if (
        variable.index not in base.ends
        or variable.index not in moved.ends
        or base.ends[variable.index].shape != variable.shape
    ):
        return False
    carried = moved.ends[variable.index] - base.ends[variable.index]
    if float(np.vdot(carried, shift)) < _CARRIES * float(np.vdot(shift, shift)):
        return False
    if (
        moved.ends_changed_from(base) - {variable.index}
        or moved.loss != base.loss
        or _pairs_differ(examination, moved.pairs, base.pairs)
    ):
        return False
    return _is_trained(examination, variable)


def has_a_length_of_a_parameter(examination: Examination, variable: StepVariable) -> bool:
    """Whether a shape could be that of a weight or bias of this network."""
    lengths = {length for parameter in examination.found.parameters for length in parameter.shape if length > 1}
    has_one = any(parameter.size == 1 or 1 in parameter.shape for parameter in examination.found.parameters)
    return variable.shape != () and (bool(lengths & set(variable.shape)) or (variable.size == 1 and has_one))


def is_read_elsewhere(tree: ast.AST, variable: StepVariable) -> bool:
    """Whether the text reads a name, an attribute or a written-out key anywhere but where it is updated from itself."""
    name = last_name(variable)
    own: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(name in _names(target) for target in targets):
                own |= {id(part) for part in ast.walk(node)}
        elif isinstance(node, ast.Global | ast.Nonlocal):
            own.add(id(node))
    return any(name in _own_name(node) for node in ast.walk(tree) if id(node) not in own)


def last_name(variable: StepVariable) -> str:
    """Return the last written name on the way to a variable: ``W`` of ``net.layers[0].W``."""
    names = [str(key) for kind, key in variable.steps if kind == "attribute" or isinstance(key, str)]
    return names[-1] if names else variable.root


def is_called(site: Site, variable: StepVariable) -> bool:
    """Whether a place in the text may be one where a variable gets a value, by the name of the variable or of what holds it."""
    attributes = [str(key) for kind, key in variable.steps if kind == "attribute"]
    return site.name.rpartition(".")[2].partition("[")[0] in {
        last_name(variable),
        attributes[-1] if attributes else variable.root,
    }


def _names(target: ast.expr) -> set[str]:
    return {name for node in ast.walk(target) for name in _own_name(node, store=True)}


def _own_name(node: ast.AST, *, store: bool = False) -> set[str]:
    """Return the name that a node itself reads, or with ``store`` also writes."""
    if isinstance(node, ast.Name):
        return {node.id} if store or not isinstance(node.ctx, ast.Store) else set()
    if isinstance(node, ast.Attribute):
        return {node.attr} if store or not isinstance(node.ctx, ast.Store) else set()
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return {node.slice.value} if store or not isinstance(node.ctx, ast.Store) else set()
    return set()


def _pairs_differ(examination: Examination, first: Mapping[Key, Pair], second: Mapping[Key, Pair]) -> bool:
    pair = examination.found.pair
    if pair is None:
        return False
    keys = [key for key in second if key[0] == pair.key[0]]
    return any(
        key not in first or not np.array_equal(first[key].left, second[key].left) or not np.array_equal(first[key].right, second[key].right)
        for key in keys
    )  # fmt: skip


def _is_trained(examination: Examination, variable: StepVariable) -> bool:
    """Whether its update depends on the parameters, as a gradient does."""
    found = examination.found
    ends = [
        found.step.replay(state=probe.state, ends=[variable.index], record=False).ends.get(variable.index)
        for probe in examination.probes[:2]
    ]
    return len(ends) == 2 and ends[0] is not None and ends[1] is not None and not np.array_equal(ends[0], ends[1])  # noqa: PLR2004 (two states)
