"""Networks of this package: from a network, rows and settings to the setup of a training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.networks.setup import Setup
from unstuck.limits import check_count
from unstuck.training.trainer import Trainer

if TYPE_CHECKING:
    from unstuck.arrays import Matrix
    from unstuck.data.batches import BatchSize
    from unstuck.nets import Network
    from unstuck.training.optimizers import Rule
    from unstuck.training.schedules import Schedule

_FEWEST_TO_HOLD_OUT = 50
_HELD_OUT = 0.2


def setup_of(
    network: Network,
    inputs: Any,
    targets: Any,
    *,
    optimizer: str | Rule = "adam",
    learning_rate: float | None = None,
    batch_size: BatchSize | None = None,
    epochs: int = 100,
    shuffle: bool = True,
    schedule: str | Schedule = "constant",
) -> Setup:
    """Return the training of a network with the settings of :func:`unstuck.train`.

    A network whose parameters are those that its seed draws is diagnosed from there, and other seeds draw others; one with other
    parameters, trained or set by hand, is diagnosed from these.

    Raises:
        OptionError: An unknown name, or a number outside its limits.
        ShapeError: Arrays that do not fit.
        DataError: Values that cannot be trained on.
    """
    check_count("epochs", epochs)
    x, y = network.check(inputs, targets)
    trainer = Trainer(
        network.copy(), optimizer=optimizer, learning_rate=learning_rate, batch_size=batch_size, schedule=schedule
    )
    drawn = network.copy().reset()
    is_drawn = bool(np.array_equal(drawn.parameters, network.parameters))
    x, y, n_training = hold_out(x, y)
    return Setup(
        network, x, y, n_training, trainer.optimizer, trainer.batch_size, epochs, is_drawn, shuffle, trainer.schedule
    )


def hold_out(x: Matrix, y: Matrix) -> tuple[Matrix, Matrix, int]:
    """Return the rows in a random order and how many of them, the first, are for training: four fifths, or all if there are few."""
    if len(x) < _FEWEST_TO_HOLD_OUT:
        return x, y, len(x)
    order = np.random.default_rng(0).permutation(len(x))
    return x[order], y[order], round(len(x) * (1 - _HELD_OUT))
