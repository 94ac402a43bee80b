"""What happened, epoch by epoch."""

from __future__ import annotations

import math
from typing import TypeAlias

Row: TypeAlias = dict[str, float]
"""One epoch: ``epoch`` (from 1), ``loss``, and whatever else was measured, such as ``validation_loss``."""


class History(list[Row]):
    """A list of dictionaries, one for each recorded epoch.

    ``loss`` is J including penalties: over a full batch at the epoch's start, before the update; otherwise the mean
    over the epoch's batches. For a minimizer (``lbfgs``, ``lm``) it is J after its step.
    ``validation_loss`` and metrics are measured after the epoch's last update.

    Attributes:
        stopped: Why the training ended, in words.
        stopped_by: The same as a code: ``epochs``, ``target-loss``, ``tolerance``, ``patience``, ``time``, ``callback``, ``interrupted``,
            ``non-finite``, ``converged``, ``error``.
        seconds: How long the training took, in all.
        best_epoch: The epoch whose parameters were kept, 0 for those at the start, or None for the last.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stopped = "not started"
        self.stopped_by = ""
        self.seconds = 0.0
        self.best_epoch: int | None = None

    def column(self, name: str) -> list[float]:
        """Return one value for each recorded epoch, NaN where it was not measured."""
        return [row.get(name, math.nan) for row in self]

    def names(self) -> list[str]:
        """Return what was measured, in the order of its first appearance."""
        return list(dict.fromkeys(name for row in self for name in row if name != "epoch"))
