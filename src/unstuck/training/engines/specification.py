"""A training as the kernels are told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.kernels import kernels
from unstuck.seeding import Stream
from unstuck.training.engines.kernel_terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.arrays import Floats
    from unstuck.data.batches import ArrayBatches
    from unstuck.nets import Network
    from unstuck.training.engines.base import StepSettings
    from unstuck.training.optimizers.base import Rule


def specify(
    network: Network,
    optimizer: Rule,
    batches: ArrayBatches,
    settings: StepSettings,
    parameters: Floats,
    best: Floats,
    slots: Sequence[Floats],
    previous_loss: Floats | None,
) -> Any:
    """Return a specification that holds on to its arrays.

    Args:
        network: Its layers, loss and penalties.
        optimizer: The rule of learning.
        batches: The rows.
        settings: Clipping.
        parameters: What to train, in place: shape ``(n_parameters,)``, for many networks ``(networks, n_parameters)``.
        best: Where the best parameters go, of the same shape.
        slots: What the rule remembers, each of the same shape.
        previous_loss: The one number more that some rules remember, shape ``(1,)`` or ``(networks,)``.
    """
    terms = terms_of(network, optimizer)
    module: Any = kernels()
    make = module.Float32Specification if network.dtype == "float32" else module.Float64Specification
    return make(
        layers=terms.layers, loss=terms.loss, loss_settings=terms.loss_settings, l1=network.l1, l2=network.l2,
        optimizer=terms.optimizer, settings=terms.settings, nesterov=terms.nesterov, centered=terms.centered,
        clip_norm=settings.clip_norm or 0.0, clip_value=settings.clip_value or 0.0, max_norm=network.max_norm or 0.0,
        inputs=np.ascontiguousarray(batches.inputs), targets=np.ascontiguousarray(batches.targets),
        weights=None if batches.row_weights is None else np.ascontiguousarray(batches.row_weights),
        batch=batches.batch_size, shuffled=batches.shuffle and not batches.is_full, seed=batches.seed, stream=int(Stream.SHUFFLE),
        parameters=parameters, best=best, slots=list(slots), previous_loss=previous_loss,
    )  # fmt: skip
