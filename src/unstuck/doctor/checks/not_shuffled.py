"""Do the samples come sorted, so that for a while every step sees one class alone?"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import insertion_before, line_of_training, numpy_name, remedy_of
from unstuck.doctor.checks.scopes import function_around, names_given, statement_at
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
    import ast
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trials import Change

_FEWEST_STEPS = 8
_ONE_CLASS = 0.8
_MOST_CLASSES = 30


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
    """Return the change that mixes samples and targets once, before the training."""
    data, numpy = data_of(examination), numpy_name(examination.tree)
    inputs = next((each for each in data.inputs if _is_named(each)), None)
    targets = next((each for each in data.targets if _is_named(each)), None)
    if numpy is None or inputs is None or targets is None:
        return None
    axes, before = _axes_of_samples(examination, inputs, targets), _where_named(examination, inputs.root, targets.root)
    if axes is None or before is None:
        return None
    names = f"{inputs.root}, {targets.root}"
    mixed = [f"{each.root}[{':, ' * axis}_order]" for each, axis in zip((inputs, targets), axes, strict=True)]
    count = f"{inputs.root}.shape[{axes[0]}]" if axes[0] else f"len({inputs.root})"
    lines = [
        f"_order = {numpy}.random.default_rng(0).permutation({count})",
        f"{names} = {', '.join(mixed)}",
    ]
    summary = f"Mix the samples, inputs and targets in the same order: {names}."
    remedy, change = remedy_of(examination.source, summary, [insertion_before(before, lines)])
    return remedy, replace(change, rest=examination.learning.window)


def _is_named(variable: StepVariable) -> bool:
    return variable.is_array and not variable.steps and bool(variable.shape)


def _axes_of_samples(examination: Examination, inputs: StepVariable, targets: StepVariable) -> tuple[int, int] | None:
    """Return along which axes the samples of inputs and of targets lie; None if their shapes do not tell."""
    axis = samples_axis(examination, inputs)
    if axis is None:
        return None
    count = inputs.shape[axis]
    fitting = [each for each, length in enumerate(targets.shape) if length == count]
    return (axis, axis if axis in fitting else fitting[0]) if fitting else None


def _where_named(examination: Examination, *names: str) -> ast.stmt | None:
    """Return the statement before which all names can be given new values for the training; None if there is no such place.

    That is the outermost loop of the function that trains, if the names are its own, else the statement of the module that trains.
    """
    loop = examination.found.loop
    if loop.module:
        return None
    if not loop.function:
        return statement_at(examination.tree, line_of_training(examination))
    function = function_around(examination.tree, loop.line)
    if function is None or not set(names) <= names_given(function):
        return None
    outer = examination.found.loops[loop.outer[0]] if loop.outer else loop
    return statement_at(function, outer.line)
