"""The function of a script that computes a wrong derivative for those who call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.backward_values import squeezed
from unstuck.doctor.scripts.first_wrong import is_gradient
from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.wrong_values import right_value

if TYPE_CHECKING:
    from unstuck.doctor.scripts.probes import Probe, Prober
    from unstuck.doctor.scripts.trace import Key
    from unstuck.doctor.scripts.wrong_values import Backward, Wrong

_RIGHT = 1e-6


def returned_factor(prober: Prober, probes: list[Probe], loss: str, backward: Backward, wrong: Wrong) -> Key | None:
    """Return what a function has returned that a wrong value is a multiple of; None if there is no such value.

    Put right where it is returned, it puts the wrong value right. Gradients that come back from later layers are not meant, nor
    functions that the forward pass calls too.
    """
    probe = probes[0]
    observed = probe.trace.values.get(wrong.key)
    if observed is None:
        return None
    right = right_value(probe, loss, backward.gradients[0], wrong.meant, wrong.transposed).reshape(observed.shape)
    forward = {key[0] for key in backward.gradients[0]}
    for key in reversed(backward.drivers[wrong.parameters[0]]):
        returned = probe.trace.values.get(key)
        if (
            returned is None
            or prober.found.sites[key[0]].kind != "returned"
            or key[0] in forward
            or key == wrong.key
            or probe.trace.order[key] > probe.trace.order[wrong.key]
            or squeezed(returned.shape) != squeezed(observed.shape)
            or is_gradient(probes, backward, key)
        ):
            continue
        with np.errstate(all="ignore"):
            ratio = np.where(observed, right / observed, 1.0).reshape(returned.shape)
        trace = prober.step.replay(
            state=probe.state,
            values=[wrong.key],
            ends=[wrong.parameters[0]],
            hold=prober.all_holds(),
            replace={key: returned * ratio},
        )
        repaired = trace.values.get(wrong.key)
        if repaired is not None and compare(repaired.ravel(), right.ravel()).error < _RIGHT:
            return key
    return None
