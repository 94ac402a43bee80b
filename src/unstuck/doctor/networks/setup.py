"""A training as a whole: network, rows, rule and length; what is diagnosed, and what a remedy changes."""

from __future__ import annotations

import logging
import math
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.nets.losses import Poisson
from unstuck.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from unstuck.arrays import Matrix
    from unstuck.data.batches import BatchSize
    from unstuck.nets import Layer, Network
    from unstuck.training.history import Row
    from unstuck.training.optimizers import Rule
    from unstuck.training.schedules import Schedule

_POINTS = 60
_HALF = 0.5
_HOLDS = 0.8


@dataclass(frozen=True)
class Setup:
    """How a network is trained.

    Attributes:
        network: Layers, loss, penalties and precision; its parameters are where the training starts, unless they are drawn.
        inputs: Shape ``(rows, n_in)``.
        targets: Shape ``(rows, n_out)``.
        n_training: So many rows, the first, are trained on; the others tell whether more than these has been learned.
        optimizer: The rule of learning.
        batch_size: Rows a step.
        epochs: How often all rows are seen.
        is_drawn: Whether the first weights come from the seed, so that another seed draws others.
        shuffles: Whether the rows are shuffled before each epoch.
        schedule: How the learning rate changes from epoch to epoch.
    """

    network: Network
    inputs: Matrix
    targets: Matrix
    n_training: int
    optimizer: Rule
    batch_size: BatchSize | None
    epochs: int
    is_drawn: bool = True
    shuffles: bool = True
    schedule: str | Schedule = "constant"

    def with_layers(self, layers: Sequence[Layer], loss: Any = None) -> Setup:
        """Return the setup with other layers, their weights drawn."""
        old = self.network
        chosen = old.loss if loss is None else loss
        network = type(old)(layers, chosen, l1=old.l1, l2=old.l2, max_norm=old.max_norm, dtype=old.dtype, seed=old.seed)
        return replace(self, network=network, is_drawn=True)

    def with_rate(self, factor: float) -> Setup:
        """Return the setup with a learning rate so many times as large."""
        return replace(self, optimizer=replace(self.optimizer, learning_rate=self.rate * factor))  # type: ignore[call-arg]

    @property
    def rate(self) -> float:
        """The learning rate, NaN where the rule has none."""
        return float(getattr(self.optimizer, "learning_rate", math.nan))

    @property
    def steps(self) -> int:
        """Updates in all."""
        rows = self.n_training
        batch = rows if self.batch_size in ("full", None) and self.optimizer.full_batch_only else self.batch_size
        size = rows if batch == "full" else min(rows, int(batch or 32))
        return self.epochs * -(-rows // size)

    def start(self, seed: int | None = None) -> Network:
        """Return the network that the training begins with; ``seed`` draws other first weights, if weights are drawn."""
        network = self.network.copy()
        return network.reset(seed) if self.is_drawn and seed is not None else network


@dataclass(frozen=True)
class Outcome:
    """What a training came to.

    Attributes:
        left: The share of the squared error of the best constant guess that is left on the rows of the training: 1 is no better than
            that, 0 is perfect; infinite if the training has left the finite numbers.
        held_out: The same on the rows held out, NaN where there are none.
        curve: The losses of some epochs.
        network: What was trained.
        ended: Why it ended, by the code of :class:`unstuck.training.stopping.Stop`.
    """

    left: float
    held_out: float
    curve: tuple[float, ...]
    network: Network
    ended: str

    def is_much_better_than(self, other: Outcome, *, by_heart: bool = False) -> bool:
        """Whether at most half as much is left, and, unless learning by heart will do, it holds for other rows as well."""
        if not self.left <= _HALF * other.left:
            return False
        return by_heart or math.isnan(self.held_out) or self.held_out <= _HOLDS * min(other.held_out, 1.0)


def train(
    setup: Setup, seed: int | None = None, callbacks: Sequence[Callable[[Trainer, Row], bool | None]] = ()
) -> Outcome:
    """Train; ``seed`` draws weights and order, None takes the setup's own."""
    network = setup.start(seed)
    trainer = Trainer(
        network,
        optimizer=setup.optimizer,
        batch_size=setup.batch_size,
        shuffle=setup.shuffles,
        schedule=setup.schedule,
        seed=setup.network.seed if seed is None else seed,
        restore_best=False,
        history_every=max(1, setup.epochs // _POINTS),
        callbacks=callbacks,
    )
    n = setup.n_training
    with np.errstate(all="ignore"), quiet():
        history = trainer.fit(setup.inputs[:n], setup.targets[:n], setup.epochs)
        curve = tuple(float(row["loss"]) for row in history)
        code = str(history.stopped_by)
        if code == "non-finite":
            return Outcome(math.inf, math.inf, curve, network, code)
        left, held_out = relative_errors(setup, network)
    return Outcome(left, held_out, curve, network, code)


def relative_errors(setup: Setup, network: Network) -> tuple[float, float]:
    """Return the squared error over that of the mean of the targets, on the rows of the training and on those held out.

    The squared distance serves every loss, so that a remedy may change the loss and be compared all the same.
    """
    outputs, y, n = network.predict(setup.inputs).astype(np.float64), setup.targets.astype(np.float64), setup.n_training
    if isinstance(network.loss, Poisson) and network.loss.log_input:  # the outputs are logarithms
        with np.errstate(over="ignore"):
            outputs = np.exp(outputs)
    mean = y[:n].mean(axis=0)

    def share(rows: slice) -> float:
        error, spread = np.square(outputs[rows] - y[rows]).sum(), np.square(y[rows] - mean).sum()
        found = float(error / spread) if spread > 0 else float(error > 0)
        return found if math.isfinite(found) else math.inf

    return share(slice(n)), share(slice(n, None)) if n < len(y) else math.nan


@contextmanager
def quiet() -> Iterator[None]:
    """Say nothing of trainings that diverge: here they are what is looked for."""
    log = logging.getLogger("unstuck")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)
