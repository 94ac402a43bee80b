"""The remedy that needs no text: descend the true gradient, with steps as long as those the script takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.held_updates import sites_by_parameter
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from unstuck.doctor.scripts.examination import Examination


def descend_true_gradient(examination: Examination, loss: str | None = None) -> Change | None:
    """Return the change that replaces every update by a multiple of the true gradient; None where the tape does not hold."""
    loss = loss or examination.taped_loss
    if loss not in (examination.prober.trusted or ()):
        return None
    return Change("descend the true gradient", {"gradient": loss, "rates": rates(examination, loss)})


def rates(examination: Examination, loss: str) -> list[float]:
    """Return for each parameter how long its updates are, measured in its gradients."""
    found = []
    for variable in examination.found.parameters:
        lengths = []
        for probe in examination.probes:
            update, gradient = probe.updates.get(variable.index), probe.gradients.get(loss, {}).get(variable.index)
            if update is None or gradient is None:
                continue
            known = np.isfinite(gradient) & np.isfinite(update)
            size = float(np.linalg.norm(gradient[known]))
            if size:
                lengths.append(float(np.linalg.norm(update[known])) / size)
        found.append(float(np.median(lengths)) if lengths else 0.0)
    typical = float(np.median([rate for rate in found if rate > 0])) if any(found) else 0.0
    return [rate if rate > 0 else typical for rate in found]


def all_held(examination: Examination) -> dict[str, list[int]]:
    """Return what holds every update back to the end of the step, as a trial wants it."""
    found = examination.found
    held = sites_by_parameter((number, found.sites_of(variable)) for number, variable in enumerate(found.parameters))
    return {str(site): numbers for site, numbers in held.items()}
