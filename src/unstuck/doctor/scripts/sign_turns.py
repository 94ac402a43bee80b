"""Where on its way to a parameter a gradient takes the wrong sign."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.matching import compare

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.trace import Key
    from unstuck.doctor.scripts.wrong_values import Backward

_EXACT = 1e-5
_ENOUGH = 3


@dataclass(frozen=True)
class Signed:
    """A value of the backward pass that is a gradient, or the negative of one.

    Attributes:
        key: The value.
        sign: 1 for the gradient, -1 for its negative.
    """

    key: Key
    sign: int


def signs_on_the_way(
    probes: Sequence[Probe], loss: str, backward: Backward, parameter: int, leave_out: Container[Key]
) -> list[Signed]:
    """Return the values that drive the update of a parameter and are gradients up to a factor, with their signs, in order.

    Args:
        probes: The states to look at.
        loss: The loss that is descended.
        backward: What is known about the backward pass.
        parameter: The number of the parameter.
        leave_out: Values that are no gradients even where they look like one: steps with the memory of earlier steps in them.
    """
    meant = _gradients(probes, loss, backward, parameter)
    found = []
    for key in backward.drivers[parameter]:
        if key in leave_out:
            continue
        observed = _stacked([probe.trace.values.get(key) for probe in probes])
        if observed is None or observed.size < _ENOUGH or not np.ptp(observed):
            continue
        for gradient in meant:
            match = compare(observed, gradient) if gradient.size == observed.size else None
            if match is not None and match.error < _EXACT and match.scale:
                found.append(Signed(key, 1 if match.scale > 0 else -1))
                break
    return found


def last_turn(signs: Sequence[Signed]) -> Signed | None:
    """Return the last value whose sign is not that of the one before it; None if all signs are the same."""
    turns = [after for before, after in pairwise(signs) if before.sign != after.sign]
    return turns[-1] if turns else None


def subtracted_at(probes: Sequence[Probe], parameter: int) -> Key | None:
    """Return the first subtraction in which a parameter is what is subtracted, as the bias in ``x @ W - b``; None if there is none."""
    order = probes[0].trace.order
    for key in sorted(probes[0].trace.pairs, key=lambda key: order.get(key, 1 << 60)):
        if key in order and all(_subtracts(probe, key, parameter) for probe in probes):
            return key
    return None


def _subtracts(probe: Probe, key: Key, parameter: int) -> bool:
    pair, values = probe.trace.pairs.get(key), probe.values[parameter]
    return pair is not None and pair.right.size == values.size and np.array_equal(pair.right.ravel(), values.ravel())


def _gradients(probes: Sequence[Probe], loss: str, backward: Backward, parameter: int) -> list[NDArray[np.float64]]:
    """Return the gradients with respect to the parameter and to every value of the forward pass, of all probes one after the other.

    What is computed first comes first: where the loss is made of ``targets - outputs``, the gradient with respect to the outputs
    decides about the sign.
    """
    order = probes[0].trace.order
    own = [_stacked([probe.gradients[loss].get(parameter) for probe in probes])]
    keys = sorted(backward.gradients[0], key=lambda key: order.get(key, 0))
    others = [_stacked([each.get(key) for each in backward.gradients]) for key in keys]
    return [gradient for gradient in (*own, *others) if gradient is not None and np.any(gradient)]


def _stacked(parts: Sequence[NDArray[np.float64] | None]) -> NDArray[np.float64] | None:
    known = [part.ravel() for part in parts if part is not None]
    return np.concatenate(known) if len(known) == len(parts) and known else None
