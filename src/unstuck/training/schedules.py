"""How the learning rate changes from epoch to epoch, as a factor of the optimizer's own."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Self, TypeAlias

from unstuck.limits import check_between, check_count, check_fraction, check_positive
from unstuck.registry import Registry

Memory: TypeAlias = dict[str, float]
"""What a schedule remembers between epochs: plain numbers by name, kept in the training state."""


@dataclass(frozen=True)
class Schedule(ABC):
    """A factor of the learning rate for each epoch."""

    @abstractmethod
    def factor(self, epoch: int, memory: Memory) -> float:
        """Return the factor for ``epoch``, counted from 0."""

    def observe(self, loss: float, memory: Memory) -> None:
        """Take note of the monitored loss after an epoch."""

    def for_run(self, epochs: int) -> Self:
        """Return this schedule with whatever depends on the length of the run filled in."""
        return self


SCHEDULES: Registry[Schedule] = Registry("schedule", Schedule)
"""Every schedule by name."""


@dataclass(frozen=True)
class Constant(Schedule):
    """The factor is 1 throughout."""

    def factor(self, epoch: int, memory: Memory) -> float:
        """Return 1."""
        return 1.0


@dataclass(frozen=True)
class Step(Schedule):
    """Multiply by ``gamma`` (default 0.1) every ``every`` epochs (default 30). As ``torch.optim.lr_scheduler.StepLR``."""

    every: int = 30
    gamma: float = 0.1

    def __post_init__(self) -> None:
        check_count("every of step", self.every)
        check_positive("gamma of step", self.gamma)

    def factor(self, epoch: int, memory: Memory) -> float:
        """Return ``gamma ** (epoch // every)``."""
        return float(self.gamma ** (epoch // self.every))


@dataclass(frozen=True)
class Exponential(Schedule):
    """Multiply by ``gamma`` (default 0.95) every epoch. As ``torch.optim.lr_scheduler.ExponentialLR``."""

    gamma: float = 0.95

    def __post_init__(self) -> None:
        check_positive("gamma of exponential", self.gamma)

    def factor(self, epoch: int, memory: Memory) -> float:
        """Return ``gamma ** epoch``."""
        return float(self.gamma**epoch)


@dataclass(frozen=True)
class Cosine(Schedule):
    r"""From 1 down to ``floor`` (default 0) along half a cosine over ``epochs`` (default: the whole run), then ``floor``.

    The factor is :math:`f + (1 - f) (1 + \cos(\pi\, t / T)) / 2`. As ``torch.optim.lr_scheduler.CosineAnnealingLR`` up to epoch T.

    Source: Loshchilov and Hutter, *SGDR: stochastic gradient descent with warm restarts*, ICLR 2017, without the restarts.
    """

    epochs: int | None = None
    floor: float = 0.0

    def __post_init__(self) -> None:
        if self.epochs is not None:
            check_count("epochs of cosine", self.epochs)
        check_fraction("floor of cosine", self.floor)

    def factor(self, epoch: int, memory: Memory) -> float:
        """Return the factor above."""
        done = min(epoch / self.epochs, 1.0) if self.epochs else 0.0
        return self.floor + (1 - self.floor) * (1 + math.cos(math.pi * done)) / 2

    def for_run(self, epochs: int) -> Self:
        """Fill in the length of the run."""
        return self if self.epochs else replace(self, epochs=epochs)


@dataclass(frozen=True)
class WarmUp(Schedule):
    """Rise evenly to 1 over ``epochs`` (default 5), starting at 1 / (epochs + 1), then follow ``then`` (default constant)."""

    epochs: int = 5
    then: str | Schedule = "constant"

    def __post_init__(self) -> None:
        check_count("epochs of warm_up", self.epochs)
        SCHEDULES.create(self.then)  # an unknown name is refused here, not at the first epoch

    @property
    def following(self) -> Schedule:
        """The schedule after the rise."""
        return SCHEDULES.create(self.then)

    def factor(self, epoch: int, memory: Memory) -> float:
        """Return ``(epoch + 1) / (epochs + 1)`` while rising."""
        if epoch < self.epochs:
            return (epoch + 1) / (self.epochs + 1)
        return self.following.factor(epoch - self.epochs, memory)

    def observe(self, loss: float, memory: Memory) -> None:
        """Pass the loss on."""
        self.following.observe(loss, memory)

    def for_run(self, epochs: int) -> Self:
        """Give the rest of the run to the schedule that follows."""
        return replace(self, then=self.following.for_run(max(epochs - self.epochs, 1)))


@dataclass(frozen=True)
class Plateau(Schedule):
    """Multiply by ``gamma`` (default 0.1) when the loss has not fallen for more than ``patience`` epochs (default 10).

    To have fallen means below the best by more than the share ``threshold`` (default 1e-4). The loss is the validation loss where
    there is one. As ``torch.optim.lr_scheduler.ReduceLROnPlateau``.
    """

    patience: int = 10
    gamma: float = 0.1
    threshold: float = 1e-4

    def __post_init__(self) -> None:
        check_count("patience of plateau", self.patience, least=0)
        check_between("gamma of plateau", self.gamma, 0, 1)
        check_fraction("threshold of plateau", self.threshold)

    def factor(self, epoch: int, memory: Memory) -> float:
        """Return the product of all reductions so far."""
        return memory.get("factor", 1.0)

    def observe(self, loss: float, memory: Memory) -> None:
        """Count the epochs without a better loss, and reduce when there were too many."""
        if loss < memory.get("best", math.inf) * (1 - self.threshold):
            memory["best"], memory["waited"] = loss, 0.0
            return
        memory["waited"] = memory.get("waited", 0.0) + 1
        if memory["waited"] > self.patience:
            memory["factor"], memory["waited"] = memory.get("factor", 1.0) * self.gamma, 0.0


SCHEDULES.register_all(
    {
        "constant": Constant,
        "step": Step,
        "exponential": Exponential,
        "cosine": Cosine,
        "warm_up": WarmUp,
        "plateau": Plateau,
    }
)
