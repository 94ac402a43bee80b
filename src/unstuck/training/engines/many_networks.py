"""Many small networks of one shape, trained side by side in the compiled kernels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.blas import core_count
from unstuck.kernels import kernels
from unstuck.training.engines.compiled import CompiledEngine
from unstuck.training.engines.sizes import Sizes, is_small
from unstuck.training.engines.specification import specify
from unstuck.training.state import Best

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.arrays import Matrix, Vector
    from unstuck.data.batches import ArrayBatches
    from unstuck.nets import Network
    from unstuck.training.engines.base import StepSettings
    from unstuck.training.optimizers.base import Rule

_SECONDS_A_CALL = 0.05
_NETWORKS_IN_A_GROUP = 8
_MOST_BYTES = 4 << 20


@dataclass(frozen=True)
class Outcome:
    """What became of many networks, each array with a row for each.

    Attributes:
        parameters: Those after the last epoch.
        best: For each network the best parameters, with their score, epoch, and the epochs since.
        losses: Of the last epoch, NaN where there was none.
        epochs: How many there were.
        curves: The losses of every so manieth epoch, NaN after the last; None where nobody asked.
        is_interrupted: Whether Ctrl-C came before all was done.
    """

    parameters: Matrix
    best: list[Best]
    losses: Vector
    epochs: Vector
    curves: Matrix | None
    is_interrupted: bool


def lacks_together(network: Network, optimizer: Rule, batches: ArrayBatches) -> str | None:
    """Return why networks cannot be trained side by side, in words, or None if they can."""
    lacks = CompiledEngine.lacks(network, optimizer, batches)
    if lacks is not None:
        return lacks
    if not is_small(Sizes.of(network, batches.batch_size)):
        return "the networks are so large that each is trained by itself"
    units = sum(size for layer in network.layers for size in layer.sizes() if size is not None)
    if 3 * units * batches.batch_size * _NETWORKS_IN_A_GROUP * network.parameters.itemsize > _MOST_BYTES:
        return "the batches are so large that each network is trained by itself"
    return None


def train_together(
    network: Network,
    optimizer: Rule,
    batches: ArrayBatches,
    settings: StepSettings,
    starts: Matrix,
    seeds: Sequence[int],
    epochs: int,
    every: int | None,
) -> Outcome:
    """Train networks from each row of ``starts`` and the seed beside it.

    Args:
        network: Layers, loss and penalties of all of them.
        optimizer: The rule of learning.
        batches: The rows.
        settings: Clipping and the three rules for stopping.
        starts: First parameters, shape ``(networks, n_parameters)``; trained in place.
        seeds: From which each network's shuffling is drawn.
        epochs: How many at the most.
        every: After how many epochs to write the loss down, None for not at all.
    """
    module: Any = kernels()
    make = module.Float32Networks if network.dtype == "float32" else module.Float64Networks
    count = len(starts)
    best = starts.copy()
    start = optimizer.start(network.n_parameters, network.dtype)
    slots = {name: np.repeat(array[None, :], count, axis=0) for name, array in start.items()}
    previous_loss = slots.get("previous_loss")
    losses = np.full(count, np.nan)
    curves = None if every is None else np.full((count, epochs // every), np.nan)
    target = -math.inf if settings.target_loss is None else settings.target_loss
    networks = make(
        specify(
            network, optimizer, batches, settings, starts, best, [slots[name] for name in type(optimizer).slots],
            None if previous_loss is None else previous_loss.ravel(),
        ),
        seeds=np.array(seeds, np.uint64), losses=losses, curves=curves, every=every or 1, epochs=epochs, target_loss=target,
        min_delta=settings.min_delta, patience=settings.patience or 0,
    )  # fmt: skip
    is_interrupted = False
    try:
        while not networks.run(seconds=_SECONDS_A_CALL, threads=settings.threads or core_count()):
            pass
    except KeyboardInterrupt:
        networks.stop()
        is_interrupted = True
    progress = networks.progress()
    kept = [Best(row, each.best_score, each.best_epoch, each.waited) for row, each in zip(best, progress, strict=True)]
    return Outcome(starts, kept, losses, np.array([each.epoch for each in progress]), curves, is_interrupted)
