"""Watches a training while it runs, and says so, once, when nothing comes of it."""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.networks.setup import Outcome, Setup, relative_errors
from unstuck.training.callbacks import Callback

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.arrays import Matrix, Vector
    from unstuck.doctor.networks.suspicions import Suspicion
    from unstuck.training.history import Row
    from unstuck.training.trainer import Trainer

_LOG = logging.getLogger(__name__)
_MOST_ROWS = 512
_NOTHING = 0.9
_CLEARLY = 0.7
_LOOKS = (0.5, 1.0)


class Monitor(Callback):
    """Looks at a training four times: after a tenth, a quarter, half and all of its epochs.

    Where nine tenths of the error is left, or the loss is no longer a finite number, it measures what the doctor measures, and tells in a
    sentence what was measured and what may help. It tries nothing: that is what :func:`unstuck.diagnose` is for.

    Args:
        stops: Whether to end a training of which nothing can come: one that has learned nothing after a quarter of its epochs
            (default no).
        say: What takes the sentence; by default it is logged as a warning.

    Attributes:
        said: The sentence, empty if there was nothing to say.
        fault: The code of what is suspected, empty if nothing is.
    """

    is_patient = True

    def __init__(self, *, stops: bool = False, say: Callable[[str], None] | None = None) -> None:
        self.stops = stops
        self.said = ""
        self.fault = ""
        self._say = say
        self._start: Vector | None = None
        self._first, self._epochs = 0, 1
        self._curve: list[float] = []
        self._looks: list[float] = []

    def on_start(self, trainer: Trainer) -> None:
        """Remember where the training starts."""
        self._start = trainer.network.parameters.copy()
        self._first, self._epochs = trainer.state.epoch, max(1, trainer.last_epoch - trainer.state.epoch)
        self._curve, self._looks = [], list(_LOOKS)

    def on_epoch(self, trainer: Trainer, row: Row) -> bool | None:
        """Look, if it is time to."""
        loss, share = float(row["loss"]), (int(row["epoch"]) - self._first) / self._epochs
        self._curve.append(loss)
        if math.isfinite(loss) and share < self._looks[0]:
            return None
        self._looks = [look for look in self._looks if look > share] or [math.inf]
        if loss < _CLEARLY * self._curve[0] or (trainer.history and loss < _CLEARLY * trainer.history[0]["loss"]):
            return None
        return self._look(trainer, loss, share)

    def on_end(self, trainer: Trainer) -> None:
        """Look once more at a training that has ended because its numbers are no longer finite."""
        if trainer.history.stopped_by == "non-finite" and not self.said:
            self._tell(trainer, math.inf, 1.0)

    def describe(self) -> str:
        """What messages call it."""
        return "the monitor"

    def _look(self, trainer: Trainer, loss: float, share: float) -> bool:
        left = self._left(trainer) if math.isfinite(loss) else math.inf
        if left <= _NOTHING:
            return False
        if not self.said:
            self._tell(trainer, left, share)
        return self.stops and bool(self.said)

    def _left(self, trainer: Trainer) -> float:
        x, y = (rows[:_MOST_ROWS] for rows in trainer.training_rows)
        with np.errstate(all="ignore"):
            return relative_errors(self._setup(trainer, x, y), trainer.network)[0]

    def _tell(self, trainer: Trainer, left: float, share: float) -> None:
        suspicion = self._suspicion(trainer, left)
        if share < 1 and not (suspicion is not None and suspicion.is_measured):
            return
        state = "its numbers are no longer finite" if left == math.inf else f"{left:.0%} of the error is left"
        self.said = f"after {share:.0%} of the epochs {state}."
        if suspicion is not None:
            from unstuck.doctor.networks.wording import say  # noqa: PLC0415 (most trainings learn)

            self.fault = suspicion.fault
            self.said += f" {suspicion.message} This may help: {say(suspicion.changes[0], 'unstuck')}"
        if self._say is None:
            _LOG.warning("%s", self.said)
        else:
            self._say(self.said)

    def _suspicion(self, trainer: Trainer, left: float) -> Suspicion | None:
        """Return what the evidence speaks for first."""
        from unstuck.doctor.networks.evidence import gather  # noqa: PLC0415 (most trainings learn)
        from unstuck.doctor.networks.suspicions import Case, suspicions  # noqa: PLC0415 (as above)

        setup = self._setup(trainer, *trainer.training_rows)
        outcome = Outcome(left, math.nan, tuple(self._curve), trainer.network, "")
        with np.errstate(all="ignore"):
            return next(suspicions(Case(setup, outcome, gather(setup, outcome))), None)

    def _setup(self, trainer: Trainer, x: Matrix, y: Matrix) -> Setup:
        start = trainer.network if self._start is None else trainer.network.at(self._start)
        return Setup(start, x, y, len(x), trainer.optimizer, trainer.batch_size, self._epochs)
