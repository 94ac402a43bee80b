"""How large the gradient is at the first layer, against the last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.weight_roles import weights_of

if TYPE_CHECKING:
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable

_SAME_WAY = 0.999


@dataclass(frozen=True)
class Depth:
    """The layers of weights, first to last, and the size of the gradient of each where the script starts.

    Attributes:
        layers: The weights.
        sizes: The root mean square of their gradients.
    """

    layers: tuple[StepVariable, ...]
    sizes: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The size at the first layer over that at the last."""
        return self.sizes[0] / max(self.sizes[-1], 1e-300)


def depth_of(examination: Examination) -> Depth | None:
    """Return the gradients at the start; None for less than three layers, or where an update is no multiple of its gradient."""
    found = examination.found
    matches = examination.verdicts.matches.get(examination.descended, {})
    entries: list[tuple[int, StepVariable, float]] = []
    for variable in weights_of(examination):
        match, end = matches.get(variable.index), found.own.ends.get(variable.index)
        places = [found.own.order[key] for key in found.dependents.get(variable.index, ()) if key in found.own.order]
        if (
            match is None
            or abs(match.cosine) < _SAME_WAY
            or end is None
            or variable.start is None
            or end.shape != variable.shape
            or not places
        ):
            return None
        entries.append((min(places), variable, float(np.sqrt(np.mean(((end - variable.start) / match.scale) ** 2)))))
    if len(entries) < 3:  # noqa: PLR2004 (two layers are no depth)
        return None
    # the first of all layers is the one on whose change the values of all the others depend
    entries.sort(key=lambda entry: -len(found.dependents.get(entry[1].index, ())))
    entries.sort(key=lambda entry: entry[0])
    return Depth(tuple(entry[1] for entry in entries), tuple(entry[2] for entry in entries))
