"""Everything a training run has to remember to go on where it was."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unstuck.arrays import Vector
    from unstuck.training.optimizers import Slots
    from unstuck.training.schedules import Memory


@dataclass
class Best:
    """The best parameters so far, by the number that is watched."""

    parameters: Vector
    """Those at the start, until an epoch has a finite score."""
    score: float = math.inf
    epoch: int = 0
    """Which epoch they are from, 0 for none."""
    waited: int = 0
    """Epochs since it was last beaten."""

    def offer(self, score: float, epoch: int, parameters: Vector, min_delta: float = 0.0) -> None:
        """Keep ``parameters`` if ``score`` is lower than the best by more than ``min_delta``, else count the wait.

        A score that is NaN beats nothing.
        """
        if score < self.score - min_delta:
            self.score, self.epoch, self.waited = score, epoch, 0
            self.parameters[:] = parameters
        else:
            self.waited += 1


@dataclass
class TrainingState:
    """What changes during training, besides the network's parameters."""

    slots: Slots
    best: Best
    epoch: int = 0
    """Epochs completed."""
    batch: int = 0
    """Batches done of the present epoch."""
    step: int = 0
    """Updates made."""
    rate_factor: float = 1.0
    """What the schedule multiplies the learning rate by in this epoch."""
    loss_sum: float = 0.0
    """Losses of the present epoch's batches so far, each times its share of the rows."""
    schedule: Memory = field(default_factory=dict)
    """What the schedule remembers."""
