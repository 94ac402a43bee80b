"""What is what in a training step: found by changing one thing and looking at what changes with it, not by names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from unstuck.doctor.scripts.expressions import has_literal
from unstuck.doctor.scripts.identified import Identified, PairAt
from unstuck.doctor.scripts.influence import Influence
from unstuck.doctor.scripts.other_values import disturbed, drawn_afresh, drawn_small
from unstuck.doctor.scripts.reported_loss import find_loss
from unstuck.doctor.scripts.step_candidates import candidates_of, loop_targets, moving_names

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import ReportedLoss
    from unstuck.doctor.scripts.script_step import ScriptStep, StepVariable
    from unstuck.doctor.scripts.sites import Loop, Site

_LARGE = 30.0


def identify(
    step: ScriptStep,
    sites: Sequence[Site],
    loops: Sequence[Loop],
    changed: Collection[str],
    inside: Collection[int],
    histories: dict[int, NDArray[np.float64]],
    *,
    is_finite: bool = True,
) -> Identified | None:
    """Return what is what in a step; None if nothing in it is trained.

    Args:
        step: The step.
        sites: All places of the script.
        loops: All loops of the script.
        changed: Names of the variables that were seen to change from iteration to iteration.
        inside: Sites that run within the loop.
        histories: For each site whose value is one number, its values over the first run.
        is_finite: Whether the first run saw finite numbers only; others are put right before small weights are tried.
    """
    within = [sites[site] for site in inside]
    targets = loop_targets(loops[step.loop], within)
    candidates = candidates_of(step, within, changed, targets)
    found = _identified(step, sites, loops, within, histories, candidates)
    if any(not variable.is_finite for variable in step.variables):
        return found  # where NaN hides what depends on what, other values show nothing
    more = candidates_of(step, within, {*changed, *moving_names(step)}, targets)
    if len(more) > len(candidates):
        wider = _identified(step, sites, loops, within, histories, more)
        if wider is not None and (found is None or _shows_more(wider, found)):
            found = wider
    for other in (drawn_afresh, *([drawn_small] if is_finite and _has_large_numbers(step) else [])):
        found = found or _identified(step, sites, loops, within, histories, more, other)
    return found


def _has_large_numbers(step: ScriptStep) -> bool:
    """Whether an array of the step, such as inputs that are not scaled, holds numbers with which ordinary weights make all units flat."""
    starts = (variable.start for variable in step.variables if variable.shape != () and variable.start is not None)
    return any(float(np.max(np.abs(np.nan_to_num(start)))) > _LARGE for start in starts)


def _shows_more(wider: Identified, found: Identified) -> bool:
    return len(wider.parameters) > len(found.parameters)


def _identified(
    step: ScriptStep,
    sites: Sequence[Site],
    loops: Sequence[Loop],
    within: Sequence[Site],
    histories: dict[int, NDArray[np.float64]],
    candidates: Sequence[StepVariable],
    other: Callable[[NDArray[np.float64], np.random.Generator], NDArray[np.float64]] = disturbed,
) -> Identified | None:
    """Return what is what in a step if some of the candidates are parameters, as seen from a state with other values."""
    if not candidates:
        return None
    own = step.replay(ends=[variable.index for variable in candidates], pairs=True)
    if not own.ends:
        return None
    influence = Influence(step, sites, within, candidates, own, other=other)
    carrying = [variable for variable in candidates if variable.index in influence.carrying]
    if not carrying:
        return None
    cut = influence.first_update(carrying)
    pair = _find_pair(influence, carrying, cut)
    loss = find_loss(influence, carrying, cut, pair, histories)
    if pair is None and loss is None:
        return None
    parameters = [
        variable
        for variable in carrying
        if influence.reaches(variable, pair, loss, cut) and not _is_sum_of_losses(influence, variable, loss)
    ]
    parameters = [variable for variable in parameters if not influence.is_memory(variable, parameters)]
    parameters = [variable for variable in parameters if not influence.is_made_anew(variable, parameters)]
    if not any(variable.index in influence.moved for variable in parameters):
        return None
    return Identified(
        step, tuple(sites), tuple(loops), tuple(parameters),
        tuple(variable for variable in carrying if variable not in parameters), (),
        {variable.index: key for variable in parameters if (key := influence.update_key(variable)) is not None},
        loss, pair, own, influence.base, influence.state, influence.dependents,
        is_certain=influence.keeps(parameters) and (pair is not None or influence.follows(parameters)),
    )  # fmt: skip


def _is_sum_of_losses(influence: Influence, variable: StepVariable, loss: ReportedLoss | None) -> bool:
    """Whether a variable that carries over is the reported loss itself, added up from step to step."""
    key = influence.update_key(variable)
    return loss is not None and variable.shape == () and key is not None and key[0] == loss.key[0]


def _find_pair(influence: Influence, carrying: Sequence[StepVariable], cut: int) -> PairAt | None:
    """Return the first subtraction of which exactly one operand depends on the parameters and which drives the updates."""
    for key in sorted(influence.base.pairs, key=lambda key: influence.base.order.get(key, 1 << 60)):
        if key not in influence.base.order or has_literal(influence.sites[key[0]].expression):
            continue
        left, right = influence.sides(key, carrying)
        if left == right:
            continue
        pair = influence.base.pairs[key]
        target: Literal["left", "right"] = "right" if left else "left"
        output, expected = (pair.left, pair.right) if left else (pair.right, pair.left)
        if expected.size == 1 and output.size > 1:
            continue
        if influence.base.order[key] > cut and not influence.appeared_before(cut, output):
            continue
        if influence.is_new_value(pair, carrying):
            continue
        if influence.moves_updates(key, carrying):
            return PairAt(key, target, influence.repeats(key, carrying))
    return None
