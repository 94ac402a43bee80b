"""The engine for rules that own their step, L-BFGS and Levenberg-Marquardt: an epoch is one step of theirs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from unstuck.training.optimizers.minimizer import Minimizer, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from unstuck.data.batches import Batches
    from unstuck.nets import Network
    from unstuck.training.engines.base import StepSettings
    from unstuck.training.optimizers.base import Rule
    from unstuck.training.state import TrainingState


class MinimizingEngine:
    """Hands the objective over to a minimizer and listens in on its steps."""

    name = "minimizing"

    def prepare(self, network: Network, optimizer: Rule, batches: Batches, settings: StepSettings) -> None:
        """Take note of what to train; a full batch is all the rows there are."""
        if not isinstance(optimizer, Minimizer):
            raise TypeError(f"{type(optimizer).__name__} is given gradients and needs another engine")
        optimizer.check(network)
        self._minimizer = optimizer
        self._problem = Problem(network, *next(iter(batches.epoch(0))))

    def run(self, state: TrainingState, max_epochs: int, until: Callable[[Sequence[float]], bool]) -> str | None:
        """Run steps; see :meth:`Engine.run`. The loss of an epoch is J after its step.

        No step leads away from where J is not finite, so then the run ends with that.
        """
        network, x, y, row_weights = self._problem

        def after_step(loss: float) -> bool:
            state.epoch, state.step = state.epoch + 1, state.step + 1
            return until([loss])

        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            at_start = network.objective(network.forward(x)[-1], y, row_weights)
            if not math.isfinite(at_start):
                state.epoch += 1
                until([at_start])
                return None
            converged = self._minimizer.minimize(self._problem, state.slots, max_epochs, after_step)
        return "converged" if converged else None
