"""A run in which every training step sees the same example, drawn the same way."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.agent import frame_of_script
from unstuck.doctor.scripts.one_sample import tile
from unstuck.doctor.scripts.trial_run import TrialRun
from unstuck.doctor.scripts.variables import Variable, as_floats, read, scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

    from numpy.typing import NDArray

_LARGEST_COMPARED = 1 << 18


class FrozenRun(TrialRun):
    """A trial whose data stand still.

    Args:
        order: As for a trial, and ``freeze``: a loop whose every pass has the entry of one, or None; if it is the training loop, it
            never ends. ``entry``: which, from 0. ``tile``: variables at the top of the step, as ``[name, steps, axis, sample]``, in
            which every sample is to be that one.
        finish: Sends the report, with ``held``: whether every step had the same targets, and ``first`` and ``last``: outputs and
            targets of the first and of the last step.
    """

    def __init__(self, order: dict[str, Any], finish: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(order, lambda report: finish(report | self._more()))
        self._freeze: int | None = order["freeze"]
        self._entry: int = order["entry"]
        self._chosen: list[Any] = []
        self._tile = [
            (Variable(name, tuple((kind, key) for kind, key in steps)), axis, sample)
            for name, steps, axis, sample in order["tile"]
        ]
        self._generators: list[tuple[Any, Any]] | None = None
        self._global_states: tuple[Any, Any] | None = None
        self._same_targets = True
        self._first_targets: list[NDArray[np.float64]] = []
        self._meeting = 0
        self._first: dict[str, NDArray[np.float64]] | None = None
        self._last: dict[str, NDArray[np.float64]] | None = None

    def iterate(self, loop: int, iterable: Iterable[Any]) -> Iterable[Any]:
        """Let every pass of a loop have the same entry."""
        return (
            self._same(iterable, endless=loop == self._loop)
            if loop == self._freeze
            else super().iterate(loop, iterable)
        )

    def _same(self, iterable: Iterable[Any], *, endless: bool) -> Iterator[Any]:
        entries = iter(iterable)
        before = list(itertools.islice(entries, self._entry + 1))
        self._chosen = self._chosen or before[-1:]
        yield from self._chosen * len(before)
        for _ in itertools.repeat(None) if endless and self._chosen else entries:
            yield from self._chosen

    def top(self, loop: int) -> None:
        """Put the data and the random generators back to where they were in the first step."""
        super().top(loop)
        if loop != self._loop:
            return
        self._meeting = 0
        frame = frame_of_script()
        for variable, axis, sample in self._tile:
            tile(read(frame, variable), axis, sample)
        self._same_draws(frame)

    def _same_draws(self, frame: FrameType) -> None:
        """Let every step draw the same random numbers."""
        if self._generators is None:
            found = [value for value in scope(frame).values() if isinstance(value, np.random.Generator)]
            self._generators = [(generator, generator.bit_generator.state) for generator in found]
            self._global_states = np.random.get_state(), random.getstate()  # noqa: NPY002 (the script's own generator)
            return
        for generator, state in self._generators:
            generator.bit_generator.state = state
        if self._global_states is not None:
            np.random.set_state(self._global_states[0])  # noqa: NPY002 (as above)
            random.setstate(self._global_states[1])

    def difference(self, site: int, left: Any, right: Any) -> Any:
        """See whether outputs meet the same targets in every step."""
        if self._pair is not None and site == self._pair[0]:
            outputs, targets = as_floats(left), as_floats(right)
            if self._pair[1] == "left":
                outputs, targets = targets, outputs
            if outputs is not None and targets is not None and targets.size <= _LARGEST_COMPARED:
                self._compare(outputs, targets)
        return super().difference(site, left, right)

    def _compare(self, outputs: NDArray[np.float64], targets: NDArray[np.float64]) -> None:
        if self._meeting == len(self._first_targets) and self._steps == 0:
            self._first_targets.append(targets.copy())
        elif self._meeting < len(self._first_targets):
            self._same_targets &= np.array_equal(targets, self._first_targets[self._meeting])
        self._meeting += 1
        self._last = {"outputs": outputs.copy(), "targets": targets.copy()}
        self._first = self._first or self._last

    def _more(self) -> dict[str, Any]:
        return {"held": self._same_targets, "first": self._first, "last": self._last}
