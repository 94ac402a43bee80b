"""Momentum that remembers a position instead of a velocity: the heavy ball (Polyak 1964), ``x + mu (x - x_before) - rate g``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from unstuck.doctor.scripts.matching import made_of_two

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.script_step import StepVariable

    Numbers: TypeAlias = NDArray[np.float64]

_NEAR = 0.3  # it may have been stored after a first part of the step


@dataclass(frozen=True)
class _Fit:
    """Updates as ``multiple`` of the gradient and ``momentum`` of the move, and what is left over, relative to them."""

    multiple: float
    momentum: float
    rest: float

    def holds(self, tolerance: float) -> bool:
        """Whether nothing is left over, and the momentum keeps a share of the move; an update with the wrong sign turns both."""
        return self.rest < tolerance and 0 < -np.sign(self.multiple) * self.momentum < 1


def remembers_position(found: Identified, variable: StepVariable) -> bool:
    """Whether something of the shape of a parameter holds, at the end of the step, where the parameter has been in it."""
    start = variable.start
    if start is None:
        return False
    ends = (
        found.own.ends.get(other.index)
        for other in found.step.variables
        if other.index != variable.index and other.shape == variable.shape
    )
    return any(end is not None and np.linalg.norm(end - start) <= _NEAR * np.linalg.norm(start) for end in ends)


def multiples(differences: Mapping[int, tuple[Numbers, ...]], tolerance: float) -> dict[int, float]:
    """Return the multiple of the gradient that the updates of parameters hold besides a share of what these have moved.

    Args:
        differences: Of each parameter's updates, gradients and values from one state to the next, in which the position that is
            remembered is gone.
        tolerance: What may be left over, relative to the updates.

    Returns:
        The multiples, negative where the step goes down the gradient, of the parameters whose updates are made of these two. One of
        so few numbers that anything fits is judged with the momentum of the others.
    """
    fits = {index: _fit(*of_one) for index, of_one in differences.items()}
    told = {index: found for index, found in fits.items() if found is not None and found.holds(tolerance)}
    momenta = [sign * abs(found.momentum) for found in told.values() for sign in (1, -1)]
    for index in differences.keys() - told.keys():
        with_others = [_fit_with(momentum, *differences[index]) for momentum in momenta]
        told.update((index, found) for found in with_others if found.holds(tolerance))
    return {index: found.multiple for index, found in told.items()}


def _fit(updates: Numbers, gradients: Numbers, moves: Numbers) -> _Fit | None:
    known = np.isfinite(gradients) & np.isfinite(updates)
    if known.sum() < 3 or not np.any(updates[known]):  # noqa: PLR2004 (two unknowns fit two equations always)
        return None
    return _Fit(*made_of_two(updates[known], gradients[known], moves[known]))


def _fit_with(momentum: float, updates: Numbers, gradients: Numbers, moves: Numbers) -> _Fit:
    known = np.isfinite(gradients) & np.isfinite(updates)
    own, down = (updates - momentum * moves)[known], gradients[known]
    size = float(down @ down)
    if not size or not np.any(updates[known]):
        return _Fit(0.0, momentum, 1.0)
    multiple = float(own @ down) / size
    return _Fit(multiple, momentum, float(np.linalg.norm(own - multiple * down) / np.linalg.norm(updates[known])))
