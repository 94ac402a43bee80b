"""What rules share that own their step: they look at the whole objective, not at one gradient after the other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from unstuck.training.optimizers.base import Rule, Slots

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.arrays import Matrix, Vector
    from unstuck.nets import Network


class Problem(NamedTuple):
    """What is minimised: a network's objective over all rows. The answer goes into ``network.parameters``."""

    network: Network
    inputs: Matrix
    targets: Matrix
    row_weights: Vector | None


@dataclass(frozen=True)
class Minimizer(Rule, ABC):
    """A rule that is given the objective itself and takes as many looks at it as it likes for each step."""

    full_batch_only: ClassVar[bool] = True

    def check(self, network: Network) -> None:
        """Raise an :class:`OptionError` if there is something about ``network`` that this rule cannot respect."""

    @abstractmethod
    def minimize(self, problem: Problem, slots: Slots, max_steps: int, until: Callable[[float], bool]) -> bool:
        """Take up to ``max_steps`` steps, changing the network's parameters in place.

        Args:
            problem: What is minimised.
            slots: What :meth:`start` returned, changed in place.
            max_steps: How many steps at the most.
            until: Called after each step with J at the new parameters; True ends the work.

        Returns:
            Whether it found nothing more to gain.
        """
