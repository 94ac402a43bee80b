"""Biases that a script does not have, added to its products while it runs, and trained by the tape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.doctor.scripts.taped import TapedStep

_FIRST = 1_000_000  # variables of the script have smaller numbers


class AddedBiases:
    """One number for each unit, zero at the beginning.

    Args:
        sites: For each site of a product the axis along which its units lie, how many units there are, and the number of its weights
            among the parameters. A product without an axis is that of one unit; how often it has appeared within the step says
            which.
    """

    def __init__(self, sites: dict[int, tuple[int | None, int, int]]) -> None:
        self.sites = sites
        self._values: dict[tuple[int, int], NDArray[np.float64]] = {}
        self._leaves: dict[tuple[int, int], tuple[int, Any]] = {}
        self._seen: dict[int, int] = {}

    def begin_step(self) -> None:
        """Count from the first unit again."""
        self._seen = {}
        self._leaves = {}

    def added(self, site: int, value: Any, tape: TapedStep) -> Any:
        """Return a product with its biases, which are followed from here on."""
        axis, units, _ = self.sites[site]
        seen = self._seen[site] = self._seen.get(site, -1) + 1
        key = (site, seen % units if axis is None else 0)
        if key not in self._values:
            shape = [1] * np.ndim(value)
            if axis is not None:
                shape[axis] = np.shape(value)[axis]
            self._values[key] = np.zeros(shape)
        if key not in self._leaves:
            number = _FIRST + len(self._leaves)
            self._leaves[key] = (number, tape.follow(number, self._values[key]))
        return value + self._leaves[key][1]

    def descend(self, gradients: dict[str, NDArray[np.float64]], rates: list[float]) -> None:
        """Take a step with the rates of the weights."""
        for key, (number, _) in self._leaves.items():
            gradient = gradients.get(str(number))
            if gradient is not None:
                self._values[key] = self._values[key] - rates[self.sites[key[0]][2]] * gradient
