"""Values of a backward pass that are not what they should be, and what they should be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.trace import Key


@dataclass(frozen=True)
class Entry:
    """One entry of a parameter.

    Attributes:
        parameter: The number of the parameter.
        position: Of the entry, counted through.
    """

    parameter: int
    position: int


@dataclass(frozen=True)
class Wrong:
    """A value of the backward pass that is not what it should be.

    Attributes:
        key: The value.
        meant: What it should be the gradient with respect to: a value of the forward pass, a parameter by its number, or an entry of one.
        transposed: Whether it is laid out the other way round.
        parameters: The parameters whose update becomes right with it.
        times: How often its line has to be put right within the step, from that time on: once for each sample or batch of a loop.
        stride: How often the line of what is meant runs from one such time to the next: once for each layer.
    """

    key: Key
    meant: Key | int | Entry
    transposed: bool
    parameters: tuple[int, ...]
    times: int = 1
    stride: int = 1

    def each_time(self) -> list[Wrong]:
        """Return it for each time that its line has to be put right."""
        if self.times == 1 or isinstance(self.meant, int | Entry):
            return [self]
        (site, first), (meant, begin) = self.key, self.meant
        return [
            replace(self, key=(site, first + later), meant=(meant, begin + later * self.stride), times=1)
            for later in range(self.times)
        ]


@dataclass(frozen=True)
class Backward:
    """What is known about the backward pass.

    Attributes:
        gradients: For each probe dJ/dV of every value that the loss depends on.
        drivers: For each parameter the values that drive its update, in order.
    """

    gradients: list[dict[Key, NDArray[np.float64]]]
    drivers: dict[int, list[Key]]


def right_value(
    probe: Probe, loss: str, gradients: dict[Key, NDArray[np.float64]], meant: Key | int | Entry, transposed: bool
) -> NDArray[np.float64]:
    """Return what a value should be, up to a factor."""
    if isinstance(meant, Entry):
        return np.asarray(probe.gradients[loss][meant.parameter].ravel()[meant.position])
    gradient = probe.gradients[loss][meant] if isinstance(meant, int) else gradients[meant]
    return gradient.T if transposed else gradient
