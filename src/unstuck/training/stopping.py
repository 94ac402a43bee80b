"""When to stop before the last epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from unstuck.limits import check_count, check_finite, check_not_negative, check_positive

if TYPE_CHECKING:
    from unstuck.arrays import Matrix
    from unstuck.nets import Network
    from unstuck.training.state import Best


class Stop(NamedTuple):
    """Why training ended: a code and a sentence."""

    code: str
    sentence: str


@dataclass(frozen=True)
class StoppingRules:
    """The rules of one run; every one of them is off unless it is set.

    Args:
        target_loss: Stop at a training loss of at most this.
        tolerance: Stop when every output of every row is closer than this to its target (FANN's bit-fail).
        patience: Stop after this many epochs without a better watched number.
        min_delta: By how much better it has to be to count (default 0).
        time_limit: Stop after this many seconds.

    Raises:
        OptionError: A number outside its limits.
    """

    target_loss: float | None = None
    tolerance: float | None = None
    patience: int | None = None
    min_delta: float = 0.0
    time_limit: float | None = None

    def __post_init__(self) -> None:
        if self.target_loss is not None:
            check_finite("target_loss", self.target_loss)
        for name in ("tolerance", "time_limit"):
            if getattr(self, name) is not None:
                check_positive(name, getattr(self, name))
        if self.patience is not None:
            check_count("patience", self.patience)
        check_not_negative("min_delta", self.min_delta)

    def check(self, loss: float, best: Best, started: float) -> Stop | None:
        """Return the reason to stop after an epoch with this loss, or None."""
        if not math.isfinite(loss):
            return Stop("non-finite", "the loss is no longer a finite number")
        if self.target_loss is not None and loss <= self.target_loss:
            return Stop("target-loss", f"the loss has reached {self.target_loss:g}")
        if self.patience is not None and best.waited >= self.patience:
            return Stop("patience", f"nothing has improved for {self.patience} epochs")
        if self.time_limit is not None and perf_counter() - started >= self.time_limit:
            return Stop("time", f"the time limit of {self.time_limit:g} s is over")
        return None

    def within_tolerance(self, network: Network, x: Matrix, y: Matrix) -> Stop | None:
        """Return the reason to stop if every output is within the tolerance, else None."""
        if self.tolerance is not None and np.abs(network.forward(x)[-1].activation - y).max() < self.tolerance:
            return Stop("tolerance", f"every output is within {self.tolerance:g} of its target")
        return None


def keeps_best(restore_best: bool | None, stop: Stop, best: Best, *, by_default: bool) -> bool:
    """Return whether to end with the best parameters; those at the start are better than none that are finite.

    Args:
        restore_best: What was asked for; None for nothing.
        stop: Why the training ended.
        best: What would be kept.
        by_default: What to do where nothing was asked for.
    """
    if stop.code == "non-finite":
        return True
    keep = by_default if restore_best is None else restore_best
    return (keep or stop.code == "interrupted") and best.epoch > 0
