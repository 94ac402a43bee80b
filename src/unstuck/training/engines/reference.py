"""The engine to read: one step after the other, in NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.seeding import Draw
from unstuck.training.optimizers.base import Optimizer, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from unstuck.data.batches import Batches
    from unstuck.nets import Network
    from unstuck.training.engines.base import StepSettings
    from unstuck.training.state import TrainingState


class ReferenceEngine:
    """Runs epochs in plain NumPy: for each batch forward, backward, update."""

    name = "reference"

    def prepare(self, network: Network, optimizer: Rule, batches: Batches, settings: StepSettings) -> None:
        """Take note of what to train, and allocate the gradient."""
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"{type(optimizer).__name__} owns its steps and needs another engine")
        self._network, self._optimizer, self._batches, self._settings = network, optimizer, batches, settings
        self._gradient = np.empty_like(network.parameters)

    def run(self, state: TrainingState, max_epochs: int, until: Callable[[Sequence[float]], bool]) -> str | None:
        """Run epochs; see :meth:`Engine.run`. Overflow shows as a loss that is not finite, not as a warning."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for _ in range(max_epochs):
                if until([self._epoch(state)]):
                    break
        return None

    def _epoch(self, state: TrainingState) -> float:
        """Run one epoch, or what is left of it, and return its loss: the mean over its rows."""
        network, batches = self._network, self._batches
        optimizer = self._optimizer.scaled(state.rate_factor)
        for batch in batches.epoch(state.epoch, start=state.batch):
            draw = Draw(self._settings.seed, state.epoch, state.batch)
            loss, gradient = network.loss_and_gradient(*batch, gradient=self._gradient, draw=draw)
            state.loss_sum += loss * (len(batch.targets) / batches.n_rows)
            state.batch += 1
            if batches.is_full and self._settings.reached(loss):
                break
            self._settings.clip(gradient)
            state.step += 1
            optimizer.update(network.parameters, gradient, state.slots, loss, state.step)
            network.keep_max_norm()
        mean = state.loss_sum
        state.epoch, state.batch, state.loss_sum = state.epoch + 1, 0, 0.0
        return mean
