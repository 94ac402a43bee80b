"""Which variables of a step may be parameters, or what an optimizer remembers."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.other_values import disturbed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.script_step import ScriptStep, StepVariable
    from unstuck.doctor.scripts.sites import Loop, Site

ASSIGNMENTS = ("assigned", "updated", "item", "unpacked")
LARGEST = 1 << 18


def loop_targets(loop: Loop, sites: Sequence[Site]) -> set[str]:
    """Return the names that loops within a step, and the step's own loop, give one value after the other."""
    return {site.name for site in sites if site.kind == "loop-target"} | _comprehension_targets(loop)


def candidates_of(
    step: ScriptStep, sites: Sequence[Site], changed: Collection[str], targets: Collection[str]
) -> list[StepVariable]:
    """Return the variables that may be parameters or the optimizer's: those that change, and those updated from themselves.

    Args:
        step: The step.
        sites: Sites that run within the loop.
        changed: Names of the variables that were seen to change.
        targets: Names that loops give one value after the other.
    """
    updated = {
        root_of(site.name)
        for site in sites
        if site.kind in ASSIGNMENTS and (site.reads_itself or site.kind == "updated")
    }
    return [
        variable
        for variable in step.variables
        if not (variable.is_integer and variable.shape == ())
        and variable.size <= LARGEST
        and not (variable.root in targets and not variable.steps)
        and (variable.name in changed or last_name(variable) in updated or variable.root in updated)
        and not _lists_others(variable, step.variables)
        and not _is_fleeting_part(variable, sites)
    ]


def _is_fleeting_part(variable: StepVariable, sites: Sequence[Site]) -> bool:
    """Whether it is a part of a larger array that the step gives this name anew: what the step before left in it is that array's."""
    return variable.is_part and any(
        site.kind in ("assigned", "unpacked") and site.name == variable.name and not site.reads_itself for site in sites
    )


def _lists_others(variable: StepVariable, variables: Sequence[StepVariable]) -> bool:
    """Whether a list only holds arrays that have names of their own: what is done to one is done to the other."""
    if variable.is_array or variable.start is None or len(variable.shape) < 2 or not np.any(variable.start):  # noqa: PLR2004 (a list of arrays)
        return False
    others = [
        other.start
        for other in variables
        if other is not variable and other.is_array and other.root != variable.root and other.start is not None
    ]
    return all(any(np.array_equal(entry, other) for other in others) for entry in variable.start)


def moving_names(step: ScriptStep) -> list[str]:
    """Return the arrays that a step changes once each is a little other than it is: what starts at zero may never move by itself."""
    rng = np.random.default_rng(12)
    values = {
        variable.index: disturbed(variable.start, rng)
        for variable in step.variables
        if variable.start is not None and not variable.is_integer and variable.shape != () and variable.size <= LARGEST
    }
    ends = step.replay(state=step.define_state(values), ends=list(values), record=False).ends
    return [
        variable.name
        for variable in step.variables
        if variable.index in ends
        and ends[variable.index].shape == variable.shape
        and _is_moved(ends[variable.index], variable.index, values)
    ]


def _is_moved(end: NDArray[np.float64], own: int, values: dict[int, NDArray[np.float64]]) -> bool:
    """Whether a variable holds new numbers; those that another one was given are in it because the two share their memory."""
    start = values[own]
    new = end[(end != start) & ~(np.isnan(end) & np.isnan(start))]
    others = [numbers.ravel() for index, numbers in values.items() if index != own]
    return bool(new.size) and not (others and np.isin(new, np.concatenate(others)).all())


def _comprehension_targets(loop: Loop) -> set[str]:
    """Return the names that run through a list comprehension; none for a statement."""
    if not loop.text.startswith("["):
        return set()
    tree = ast.parse(loop.text, mode="eval")
    targets = [part.target for node in ast.walk(tree) if isinstance(node, ast.ListComp) for part in node.generators]
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def root_of(name: str) -> str:
    """Return what a name begins with, such as ``net`` of ``net.W[0]``."""
    return re.split(r"[.\[]", name.removeprefix("self."))[0]


def last_name(variable: StepVariable) -> str:
    """Return the last attribute on the way to a variable, such as ``W`` of ``net.layers[0].W``."""
    names = [str(key) for kind, key in variable.steps if kind != "item"]
    return names[-1] if names else variable.root
