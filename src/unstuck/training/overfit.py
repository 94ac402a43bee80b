"""The smallest example a network must be able to fit: one row."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.errors import OptionError
from unstuck.limits import check_count
from unstuck.training.optimizers import Adam
from unstuck.training.schedules import Memory, Schedule
from unstuck.training.settings import make_optimizer
from unstuck.training.trainer import Trainer

if TYPE_CHECKING:
    from unstuck.arrays import Matrix
    from unstuck.nets import Layer, Network
    from unstuck.training.optimizers import Rule

_SHARE_LEFT = 0.01
_ROUNDING = 10
_LOWEST_RATE = 1e-5


@dataclass(frozen=True)
class OverfitResult:
    """What became of one row.

    Attributes:
        fits: Whether the loss fell to within 1 % of its way down to the lowest possible value.
        row: Which row it was.
        steps: How many steps were made.
        first: The row's loss at the start.
        last: The row's loss at the end.
        floor: The lowest loss that any outputs could have.
        output: The network's outputs for the row at the end.
        target: What they should be.
    """

    fits: bool
    row: int
    steps: int
    first: float
    last: float
    floor: float
    output: list[float]
    target: list[float]

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        verdict = "fits" if self.fits else "does NOT fit"
        return (
            f"row {self.row}: the network {verdict} it. Loss {self.first:.4g} -> {self.last:.4g} in {self.steps} steps "
            f"(lowest possible {self.floor:.4g}).\n"
            f"  output {_numbers(self.output)}\n  target {_numbers(self.target)}"
        )


def overfit_one(
    network: Network, inputs: Any, targets: Any, *, row: int = 0, steps: int = 1000, optimizer: str | Rule | None = None
) -> OverfitResult:
    """Train a copy of ``network`` on a single row and say whether it can fit it.

    A network that cannot fit one row has a fault that more data will not mend: outputs that cannot reach the target, units that
    are dead or saturated, or a wrong gradient. Penalties and dropout are off.

    Args:
        network: Stays as it is.
        inputs: Shape ``(batch, n_in)``.
        targets: Shape ``(batch, n_out)``.
        row: Which row to fit (default the first).
        steps: How many steps it is given (default 1,000).
        optimizer: Name or instance (default Adam with rate 0.01). A rate falls during the last two thirds of the steps.

    Raises:
        OptionError: There is no such row, or an unknown optimizer.
        ShapeError: Arrays that do not fit.
    """
    check_count("steps", steps)
    x, y = network.check(inputs, targets)
    if not -len(x) <= row < len(x):
        raise OptionError(f"there is no row {row}: X has {len(x)} rows, counted from 0.")
    one_x, one_y = x[[row]], y[[row]]
    twin = _bare(network)
    first = twin.evaluate(one_x, one_y)
    floor = float(twin.loss.floor(one_y).mean())
    rounding = _ROUNDING * float(np.finfo(twin.dtype).eps) * abs(floor)
    target = floor + _SHARE_LEFT * (first - floor) + rounding
    rule = make_optimizer(optimizer or Adam(learning_rate=0.01), None)
    schedule = _Settling(steps) if hasattr(rule, "learning_rate") else "constant"
    # the engine whose losses are those of network.evaluate to the last bit, since the target may be exactly 0
    trainer = Trainer(
        twin, optimizer=rule, schedule=schedule, batch_size="full", target_loss=target, engine="reference"
    )
    trainer.fit(one_x, one_y, steps)
    last = twin.evaluate(one_x, one_y)
    return OverfitResult(
        fits=last <= target,
        row=row % len(x),
        steps=trainer.state.step,
        first=first,
        last=last,
        floor=floor,
        output=_flat(twin.predict(one_x)),
        target=_flat(one_y),
    )


@dataclass(frozen=True)
class _Settling(Schedule):
    """1 for a third of the run, then down to 1e-5 by a constant factor.

    With a constant rate mae and quantile, whose slope does not vanish towards the target, would swing around it for ever.
    """

    steps: int

    def factor(self, epoch: int, memory: Memory) -> float:
        """Return the factor above."""
        done = epoch / self.steps
        return float(_LOWEST_RATE ** max((done - 1 / 3) / (2 / 3), 0.0))


def _bare(network: Network) -> Network:
    """Return a copy without penalties, whose layers draw no random numbers."""
    twin = network.copy()
    twin.l1 = twin.l2 = 0.0
    twin.layers = tuple(_still(layer) for layer in twin.layers)
    return twin


def _still(layer: Layer) -> Layer:
    """Return a copy of ``layer`` that does in training what it does outside of it."""
    twin = copy(layer)
    object.__setattr__(twin, "is_random", False)
    return twin


def _flat(values: Matrix) -> list[float]:
    return [float(value) for value in values[0]]


def _numbers(values: list[float]) -> str:
    return "[" + " ".join(f"{value:.4g}" for value in values) + "]"
