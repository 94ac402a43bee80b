"""The tape of one step: which values of the script lie on it, and the gradient of each candidate loss with respect to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import asarray  # as it is before scripts on the tape get another

from unstuck.doctor.scripts.surrogates import Meetings, pair_gradients
from unstuck.doctor.scripts.tape import Node, Recording, Tracked, gradients, leaf, plain
from unstuck.doctor.scripts.tape_lifts import keep_on_tape
from unstuck.doctor.scripts.variables import as_floats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Key = tuple[int, int]

REPORTED = "reported"


class TapedStep:
    """Follows a step from its parameters to its losses."""

    def __init__(self, *, repeats: bool = False) -> None:
        keep_on_tape()
        Recording.is_on = True
        self._leaves: dict[int, list[Node]] = {}
        self._shapes: dict[int, tuple[int, ...]] = {}
        self._nodes: dict[tuple[int, int], Node] = {}
        self._losses: list[Node] = []
        self._meetings: list[tuple[Node, NDArray[np.float64], NDArray[np.float64]]] = []
        self._met = Meetings(repeats=repeats)

    def follow(self, variable: int, value: Any) -> Any:
        """Return a parameter to be put in the place of ``value``, or ``value`` itself if it cannot be followed."""
        if type(value) is np.ndarray and value.dtype.kind == "f":
            return self._leaf(variable, asarray(value, np.float64), value.shape)
        if isinstance(value, list) and value and as_floats(value) is not None:
            self._follow_list(variable, value, np.shape(value))
        elif isinstance(value, float):
            return self._leaf(variable, np.array(value), ())
        return value

    def _follow_list(self, variable: int, values: list[Any], shape: tuple[int, ...]) -> None:
        """Put leaves into nested lists, in the order of their numbers."""
        for index, entry in enumerate(values):
            if isinstance(entry, list):
                self._follow_list(variable, entry, shape)
            elif isinstance(entry, np.ndarray | float | int):
                values[index] = self._leaf(variable, np.array(entry, np.float64), shape)

    def _leaf(self, variable: int, numbers: NDArray[np.float64], shape: tuple[int, ...]) -> Tracked:
        tracked = leaf(numbers)
        self._add_leaf(variable, tracked, shape)
        return tracked

    def _add_leaf(self, variable: int, tracked: Tracked, shape: tuple[int, ...]) -> None:
        if tracked.node is not None:
            self._leaves.setdefault(variable, []).append(tracked.node)
            self._shapes[variable] = shape

    def note(self, key: tuple[int, int], value: Any) -> None:
        """Remember where a value lies on the tape."""
        if isinstance(value, Tracked) and value.node is not None:
            self._nodes[key] = value.node

    def note_loss(self, value: Any) -> None:
        """Remember the reported loss."""
        if isinstance(value, Tracked) and value.node is not None:
            self._losses.append(value.node)

    def rest(self) -> None:
        """Put nothing more on the tape: the loss is known."""
        Recording.is_on = False

    def note_pair(self, outputs: Any, targets: Any) -> None:
        """Remember a meeting of outputs and targets."""
        target_numbers = as_floats(targets)
        if isinstance(outputs, Tracked) and outputs.node is not None and target_numbers is not None:
            numbers = np.array(plain(outputs), np.float64)
            if self._met.is_new(numbers, target_numbers):
                self._meetings.append((outputs.node, numbers, target_numbers))

    def report(self, losses: list[str], *, accumulates: bool, everything: bool) -> dict[str, Any]:
        """Return for each loss the gradients by variable, and with ``everything`` by value (``site:occurrence``) too."""
        return {
            name: self._gradients(self._seeds(name, accumulates=accumulates), everything=everything) for name in losses
        }

    def _seeds(self, loss: str, *, accumulates: bool) -> list[tuple[Node, NDArray[Any]]]:
        if loss == REPORTED:
            nodes = self._losses[-1:] if accumulates else self._losses
            return [(node, np.ones(node.shape)) for node in nodes]
        seeds = []
        for node, outputs, targets in self._meetings:
            gradient = pair_gradients(outputs, targets, loss)
            if gradient is not None:
                seeds.append((node, gradient))
        return seeds

    def _gradients(self, seeds: list[tuple[Node, NDArray[Any]]], *, everything: bool) -> dict[str, Any]:
        if not seeds:
            return {"variables": {}, "values": {}}
        with np.errstate(all="ignore"):
            found = gradients(seeds)
        variables = {
            str(variable): np.stack(
                [asarray(found.get(node, np.zeros(node.shape)), np.float64) for node in nodes]
            ).reshape(self._shapes[variable])
            for variable, nodes in self._leaves.items()
        }
        values = (
            {
                f"{site}:{occurrence}": asarray(found[node], np.float64)
                for (site, occurrence), node in self._nodes.items()
                if node in found
            }
            if everything
            else {}
        )
        return {"variables": variables, "values": values}
