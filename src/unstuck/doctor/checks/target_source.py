"""Where the targets of a script are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import last_definition, line_of_training, place_of
from unstuck.doctor.checks.training_data import data_of, outputs_and_targets
from unstuck.doctor.scripts.trace import same_sums
from unstuck.doctor.scripts.values import sums

if TYPE_CHECKING:
    from unstuck.doctor.checks.definitions import Definition
    from unstuck.doctor.findings import Location
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site


@dataclass(frozen=True)
class Made:
    """Where an array of data is made.

    Attributes:
        name: What the script calls it.
        location: The expression that gives it its value.
        definition: The statement of the module that does, if it is one.
    """

    name: str
    location: Location
    definition: Definition | None


def targets_made(examination: Examination) -> Made | None:
    """Return where the targets are made: outside of the training, else within the step."""
    for variable in data_of(examination).targets:
        made = made_at(examination, variable)
        if made is not None:
            return made
    site = targets_in_step(examination)
    return None if site is None else Made(site.name, examination.location_of_site(site), None)


def made_at(examination: Examination, variable: StepVariable) -> Made | None:
    """Return where a variable of the module gets the value that it has in the training."""
    definition = last_definition(examination.tree, variable.root, line_of_training(examination))
    if definition is None or variable.steps:
        return None
    return Made(variable.root, place_of(examination, definition.value), definition)


def targets_in_step(examination: Examination) -> Site | None:
    """Return the last place of the step that gives a name to what the outputs are compared with."""
    found = examination.found
    if found.pair is None or found.pair.key not in found.own.pairs:
        return None
    _, targets = outputs_and_targets(examination, found.own.pairs[found.pair.key])
    return _last_site(examination, np.asarray(targets))


def output_site(examination: Examination) -> Site | None:
    """Return the first place of the step at which the outputs appear, the call or the product that makes them."""
    found, probe = examination.found, examination.probes[0]
    if found.pair is None or found.pair.key not in probe.trace.pairs:
        return None
    outputs, _ = outputs_and_targets(examination, probe.trace.pairs[found.pair.key])
    looks, size = sums(outputs.ravel()), outputs.size
    keys = [
        key
        for key, seen in probe.trace.sums.items()
        if int(np.prod(probe.trace.shapes[key])) == size and same_sums(seen, looks)
    ]
    keys = [key for key in keys if found.sites[key[0]].kind != "loop-target"]
    return found.sites[min(keys, key=lambda key: probe.trace.order[key])[0]] if keys else None


def _last_site(examination: Examination, value: np.ndarray) -> Site | None:
    found = examination.found
    looks, size = sums(value.ravel().astype(np.float64)), value.size
    keys = [
        key
        for key, seen in found.own.sums.items()
        if int(np.prod(found.own.shapes[key])) == size
        and same_sums(seen, looks)
        and found.sites[key[0]].kind in ("assigned", "unpacked", "loop-target")
        and found.pair is not None and found.own.order[key] < found.own.order[found.pair.key]
    ]  # fmt: skip
    return found.sites[max(keys, key=lambda key: found.own.order[key])[0]] if keys else None
