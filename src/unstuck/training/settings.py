"""Settings of a training that depend on each other: which go together, and what fits where none is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unstuck.data.batches import BatchSize, check_batch_size
from unstuck.errors import OptionError
from unstuck.training.optimizers import OPTIMIZERS, Minimizer, Rule
from unstuck.training.schedules import Constant, Schedule

if TYPE_CHECKING:
    from unstuck.nets import Network
    from unstuck.training.engines import StepSettings

_USUAL_BATCH = 32


def make_optimizer(given: str | Rule, learning_rate: float | None) -> Rule:
    """Return the optimizer called ``given``, with ``learning_rate`` if there is one.

    Raises:
        OptionError: Unknown, without a learning rate, or one that is made already together with a learning rate.
    """
    if learning_rate is None:
        return OPTIMIZERS.create(given)
    if isinstance(given, Rule):
        raise OptionError(
            f"learning_rate={learning_rate:g} goes with an optimizer given by name.\n"
            f"  Set it where the optimizer is made: {type(given).__name__}(learning_rate={learning_rate:g})."
        )
    return OPTIMIZERS.create(given, learning_rate=learning_rate)


def fitting_batch_size(batch_size: BatchSize | None, optimizer: Rule) -> BatchSize:
    """Return ``batch_size``, or what suits the optimizer where it is None.

    Raises:
        OptionError: It is no batch size, or the optimizer needs all rows.
    """
    if batch_size is None:
        return "full" if optimizer.full_batch_only else _USUAL_BATCH
    check_batch_size(batch_size)
    if optimizer.full_batch_only and batch_size != "full":
        raise OptionError(
            f"{OPTIMIZERS.describe(optimizer)} needs the gradient over all rows, but batch_size is {batch_size}.\n"
            "  Use batch_size='full', or an optimizer for mini-batches such as adam or rmsprop."
        )
    return batch_size


def check_random_layers(network: Network, optimizer: Rule) -> None:
    """Raise an :class:`OptionError` if the optimizer needs the same objective at every step, but a layer draws random numbers."""
    for number, layer in enumerate(network.layers, 1):
        if layer.is_random and optimizer.full_batch_only:
            raise OptionError(
                f"{OPTIMIZERS.describe(optimizer)} needs the same objective at every step, "
                f"but layer {number} ({layer.describe()}) draws random numbers.\n"
                "  Take the layer out and use l2 instead, or an optimizer such as adam."
            )


def check_schedule(schedule: Schedule, optimizer: Rule) -> None:
    """Raise an :class:`OptionError` if there is no learning rate that the schedule could change."""
    if not isinstance(schedule, Constant) and not hasattr(optimizer, "learning_rate"):
        raise OptionError(
            f"{OPTIMIZERS.describe(optimizer)} has no learning rate, so a schedule cannot change it.\n"
            "  Leave the schedule out, or choose gd, adagrad, rmsprop, adam or adamw."
        )


def check_clipping(settings: StepSettings, optimizer: Rule) -> None:
    """Raise an :class:`OptionError` if gradients shall be clipped that the optimizer does not hand out."""
    for name in ("clip_norm", "clip_value"):
        if getattr(settings, name) is not None and isinstance(optimizer, Minimizer):
            raise OptionError(
                f"{OPTIMIZERS.describe(optimizer)} owns its steps, so {name} cannot change their gradients.\n"
                f"  Leave {name} out, or choose another optimizer."
            )
