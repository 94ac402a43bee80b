"""What an engine is: it turns batches into updates, many epochs a call."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from unstuck.limits import check_count, check_positive

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from unstuck.arrays import Vector
    from unstuck.data.batches import Batches
    from unstuck.nets import Network
    from unstuck.training.optimizers.base import Rule
    from unstuck.training.state import TrainingState


@dataclass(frozen=True)
class StepSettings:
    """What an engine has to know about a step besides network and optimizer.

    Args:
        clip_norm: Gradients longer than this are shortened to it (default no limit).
        clip_value: Each entry of a gradient is cut off at plus and minus this (default no limit).
        target_loss: With a full batch, an epoch that begins at or below this loss makes no update (default none).
        seed: From which random layers draw.
        every: At which epochs ``until`` wants to be called: those that this divides (default 1); None where the engine may choose.
        keeps_best: Whether the engine keeps the best parameters by the loss of each epoch itself (default no).
        min_delta: By how much a loss has to be lower to be the best (default 0).
        patience: After how many epochs without a better loss to hand back (default never).
        threads: On how many threads to run at most (default as many as there are cores).

    Raises:
        OptionError: A limit that is not above 0.
    """

    clip_norm: float | None = None
    clip_value: float | None = None
    target_loss: float | None = None
    seed: int = 0
    every: int | None = 1
    keeps_best: bool = False
    min_delta: float = 0.0
    patience: int | None = None
    threads: int | None = None

    def __post_init__(self) -> None:
        for name in ("clip_norm", "clip_value"):
            if getattr(self, name) is not None:
                check_positive(name, getattr(self, name))
        if self.threads is not None:
            check_count("threads", self.threads)

    def clip(self, gradient: Vector) -> None:
        """Clip ``gradient`` in place, first by value, then by norm."""
        if self.clip_value is not None:
            np.clip(gradient, -self.clip_value, self.clip_value, out=gradient)
        if self.clip_norm is not None:
            norm = math.sqrt(float(gradient @ gradient))
            if norm > self.clip_norm:
                gradient *= self.clip_norm / norm

    def reached(self, loss: float) -> bool:
        """Whether ``loss`` is at or below the target."""
        return self.target_loss is not None and loss <= self.target_loss


class Engine(Protocol):
    """Runs epochs."""

    name: str

    def prepare(self, network: Network, optimizer: Rule, batches: Batches, settings: StepSettings) -> None:
        """Make ready for a run: buffers, compiled code."""
        ...

    def run(self, state: TrainingState, max_epochs: int, until: Callable[[Sequence[float]], bool]) -> str | None:
        """Run up to ``max_epochs`` epochs, changing the network's parameters and ``state``.

        Args:
            state: Where the run stands; an epoch that was begun is finished first.
            max_epochs: How many epochs at the most.
            until: Called every so often with the losses of the epochs since the last call; True ends the run.

        Returns:
            Why the engine itself ended the run early (``"converged"``), or None.
        """
        ...
