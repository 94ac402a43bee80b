"""Do the samples come sorted, so that for a while every step sees one class alone?"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import insertion, line_of_training, numpy_name, remedy_of
from unstuck.doctor.checks.target_source import made_at
from unstuck.doctor.checks.training_data import (
    data_of,
    meetings,
    outputs_and_targets,
    samples_axis,
    site_of_inputs,
    window,
)
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.trials import Change

_FEWEST_STEPS = 8
_ONE_CLASS = 0.8
_MOST_CLASSES = 30
_FIRST_AXIS = 0


def check(examination: Examination) -> Iterator[Suspicion]:
    """Which classes does each step see?

    With batches, or one sample at a time, steps of a single class in long runs drag the network from one answer to the next.
    Whether that matters here the trial has to show.
    """
    trace = window(examination)
    if trace is None or examination.learning.window < _FEWEST_STEPS or examination.notes.get("misaligned"):
        return
    classes = [_classes_of(outputs_and_targets(examination, pair)[1]) for pair in meetings(examination, trace)]
    if len(classes) < _FEWEST_STEPS or any(each is None for each in classes):
        return
    steps = [each for each in classes if each is not None]
    everything = frozenset[tuple[float, ...]]().union(*steps)
    single = [next(iter(each)) for each in steps if len(each) == 1]
    if not 1 < len(everything) <= min(_MOST_CLASSES, len(steps) // 3) or len(single) < _ONE_CLASS * len(steps):
        return
    changes = sum(one != two for one, two in pairwise(single))
    expected = (len(single) - 1) * (1 - sum((single.count(each) / len(single)) ** 2 for each in everything))
    if changes > max(len(everything), 0.25 * expected):
        examination.checked.append("The steps see the classes in a mixed order.")
        return
    yield _suspicion(examination, len(steps), len(everything), changes, len(single) / len(steps))


def _classes_of(targets: np.ndarray) -> frozenset[tuple[float, ...]] | None:
    """Return the classes in the targets of a step: whole numbers, or one-hot rows; None if they are amounts."""
    if not np.array_equal(targets, np.round(targets)):
        return None
    if targets.ndim == 2 and min(targets.shape) > 1:  # noqa: PLR2004 (a matrix)
        for axis in (0, 1):
            if np.array_equal(targets.sum(axis), np.ones(targets.shape[1 - axis])) and np.isin(targets, (0, 1)).all():
                return frozenset(tuple(row) for row in np.moveaxis(targets, 1 - axis, 0))
        return None
    flat = targets.ravel()
    if flat.size > 1 and flat.sum() == 1 and np.isin(flat, (0, 1)).all():
        return frozenset([tuple(flat)])
    return frozenset((value,) for value in flat)


def _suspicion(examination: Examination, steps: int, classes: int, changes: int, single: float) -> Suspicion:
    loop, site = examination.found.loop, site_of_inputs(examination)
    taken = (
        None if site is None or examination.found.sites[site].kind == "loop-target" else examination.found.sites[site]
    )
    place = examination.location(loop.line) if taken is None else examination.location_of_site(taken)
    summary = "Go through the rows in a new random order in each epoch, the same for inputs and targets."
    remedy, change = _mixed(examination) or (Remedy(summary), None)
    finding = Finding(
        "not-shuffled",
        f"The rows come sorted: of the {steps} steps of a pass through the data, {single:.0%} see a single class, "
        f"and the class changes only {changes} times. The network learns one answer, then forgets it for the next.",
        place,
        {
            "steps in a pass": steps,
            "classes": classes,
            "changes of class in a pass": changes,
            "steps with a single class": single,
        },
        lines=tuple(dict.fromkeys([place.line, examination.location(loop.line).line])),
        remedies=(remedy,),
    )
    return Suspicion(finding, change, needs_proof=True)


def _mixed(examination: Examination) -> tuple[Remedy, Change] | None:
    """Return the change that mixes rows and targets once, before the training."""
    data, numpy = data_of(examination), numpy_name(examination.tree)
    inputs = next((each for each in data.inputs if not each.steps and made_at(examination, each) is not None), None)
    targets = next((each for each in data.targets if not each.steps and made_at(examination, each) is not None), None)
    if numpy is None or inputs is None or targets is None or line_of_training(examination) is None:
        return None
    axis = samples_axis(examination, inputs)
    if axis != _FIRST_AXIS or not targets.shape or targets.shape[0] != inputs.shape[0]:
        return None
    made = [made_at(examination, each) for each in (inputs, targets)]
    statements = [each.definition.statement for each in made if each is not None and each.definition is not None]
    last = max(statements, key=lambda statement: statement.lineno)
    names = f"{inputs.root}, {targets.root}"
    lines = [
        f"_order = {numpy}.random.default_rng(0).permutation(len({inputs.root}))",
        f"{names} = {inputs.root}[_order], {targets.root}[_order]",
    ]
    edit = insertion(examination, last, lines)
    return (
        None
        if edit is None
        else remedy_of(examination.source, f"Mix the rows, inputs and targets in the same order: {names}.", [edit])
    )
