"""The engine that runs whole epochs in the compiled kernels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.data.batches import ArrayBatches
from unstuck.kernels import find_gemm, kernels
from unstuck.training.engines.kernel_terms import terms_of
from unstuck.training.engines.sizes import Sizes, is_small, thread_count
from unstuck.training.engines.specification import specify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from unstuck.data.batches import Batches
    from unstuck.nets import Network
    from unstuck.training.engines.base import StepSettings
    from unstuck.training.optimizers.base import Rule
    from unstuck.training.state import TrainingState

_SECONDS_A_CALL = 0.05
_EPOCHS_A_CALL = 1 << 16


class CompiledEngine:
    """Runs epochs in C++: small networks with the samples side by side in vectors, larger ones around BLAS products.

    Between two calls of ``until`` it runs as many epochs as ``settings.every`` says, or, where that is None, about a twentieth of
    a second's.
    """

    name = "compiled"

    @staticmethod
    def lacks(network: Network, optimizer: Rule, batches: Batches) -> str | None:
        """Return what the kernels cannot run of a training, in words, or None if they can run it."""
        if kernels() is None:
            return "the compiled kernels are not part of this installation"
        if not isinstance(batches, ArrayBatches):
            return f"the kernels take rows from arrays, not from {type(batches).__name__}"
        return terms_of(network, optimizer).lacks

    def prepare(self, network: Network, optimizer: Rule, batches: Batches, settings: StepSettings) -> None:
        """Hand arrays and settings over to the kernels."""
        if not isinstance(batches, ArrayBatches):
            raise TypeError(f"{type(batches).__name__} needs another engine")
        self._network, self._optimizer, self._batches, self._settings = network, optimizer, batches, settings

    def run(self, state: TrainingState, max_epochs: int, until: Callable[[Sequence[float]], bool]) -> str | None:
        """Run epochs; see :meth:`Engine.run`. Overflow shows as a loss that is not finite, not as a warning."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            self._run(state, max_epochs, until)
        return None

    def _run(self, state: TrainingState, max_epochs: int, until: Callable[[Sequence[float]], bool]) -> None:
        keeps_best, every = self._settings.keeps_best, self._settings.every
        best = state.best.parameters if keeps_best else np.empty_like(state.best.parameters)
        training = self._start(state, best)
        progress = self._progress_of(state)
        target = -math.inf if self._settings.target_loss is None else self._settings.target_loss
        left = max_epochs
        while left > 0:
            losses: Sequence[float] = training.run(
                epochs=min(left, _EPOCHS_A_CALL if every is None else every - state.epoch % every),
                rate_factor=state.rate_factor,
                target_loss=target,
                min_delta=self._settings.min_delta,
                patience=self._settings.patience or 0 if keeps_best else 0,
                seconds=_SECONDS_A_CALL if every is None else math.inf,
                progress=progress,
            )
            left -= len(losses)
            state.epoch, state.batch, state.step, state.loss_sum = (
                progress.epoch, progress.batch, progress.step, progress.loss_sum,
            )  # fmt: skip
            if keeps_best:
                state.best.score, state.best.epoch, state.best.waited = (
                    progress.best_score, progress.best_epoch, progress.waited,
                )  # fmt: skip
            if until(losses):
                break

    def _progress_of(self, state: TrainingState) -> Any:
        module: Any = kernels()
        progress = module.Progress()
        progress.epoch, progress.batch, progress.step, progress.loss_sum = (
            state.epoch,
            state.batch,
            state.step,
            state.loss_sum,
        )
        progress.best_score, progress.best_epoch, progress.waited = (
            state.best.score,
            state.best.epoch,
            state.best.waited,
        )
        return progress

    def _start(self, state: TrainingState, best: Any) -> Any:
        """Return the kernels' training for arrays that stay where they are while it runs."""
        network, batches, settings = self._network, self._batches, self._settings
        sizes = Sizes.of(network, batches.batch_size)
        gemm = None if is_small(sizes) else find_gemm("s" if network.dtype == "float32" else "d")
        slots = dict(state.slots.items())
        module: Any = kernels()
        make = module.Float32Training if network.dtype == "float32" else module.Float64Training
        return make(
            specify(
                network, self._optimizer, batches, settings, network.parameters, best,
                [slots[name] for name in type(self._optimizer).slots], slots.get("previous_loss"),
            ),
            gemm=0 if gemm is None else gemm.address,
            wide=gemm is None or gemm.is_wide,
            threads=thread_count(sizes, settings.threads),
        )  # fmt: skip
