"""A script whose training loop is left after some steps, frozen there: what it computes from then on can be asked for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from unstuck.doctor.scripts.agent import frame_of_script
from unstuck.doctor.scripts.checkpoint_server import CheckpointServer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from unstuck.doctor.scripts.messages import Channel


class AfterTraining(CheckpointServer):
    """Runs the script into its training loop, leaves that after some steps, and serves.

    A ``for`` loop is told that it is over, and so are those around it; a ``while`` loop has to come to its own end.

    Args:
        channel: To the controller.
        loop: The training loop.
        parents: The loops around it.
        steps: How many steps to take before the loop is left.
        seconds: After how long to give up.
        fork: Whether a question is answered in a fork.
    """

    def __init__(
        self, channel: Channel, loop: int, parents: list[int], steps: int, seconds: float, *, fork: bool
    ) -> None:
        super().__init__(channel, [], fork=fork)
        self._to_leave = channel
        self._training = loop
        self._parents = frozenset(parents)
        self._most = steps
        self._steps = 0
        self._deadline = time.monotonic() + seconds

    def iterate(self, loop: int, iterable: Iterable[Any]) -> Iterable[Any]:
        """Let the training loop and those around it end early."""
        return self._until_enough(iterable) if loop == self._training or loop in self._parents else iterable

    def _until_enough(self, iterable: Iterable[Any]) -> Iterator[Any]:
        iterator = iter(iterable)
        while self._steps < self._most:
            try:
                entry = next(iterator)
            except StopIteration:
                return
            yield entry

    def top(self, loop: int) -> None:
        """Count the steps; give up where they take too long."""
        if loop == self._training:
            self._steps += 1
        if time.monotonic() > self._deadline:
            self._to_leave.send({"ready": False, "error": None})
            self._deadline = float("inf")

    def bottom(self, loop: int) -> None:
        """Serve once the loop has been left."""
        if loop == self._training and self._steps >= self._most:
            self._serve(frame_of_script(), loop, self._steps)
