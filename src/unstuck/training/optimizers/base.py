"""What every optimizer declares: its settings, the arrays it remembers between steps, and one step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from unstuck.errors import OptionError
from unstuck.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.arrays import Precision, Vector


class Slots:
    """The arrays an optimizer remembers between steps, by name: ``slots.velocity`` and so on.

    Assigning to a name copies into its array, so that whoever holds the array sees the change.
    """

    def __init__(self, **arrays: Vector) -> None:
        object.__setattr__(self, "_arrays", arrays)

    def __getattr__(self, name: str) -> Vector:
        """Return the array called ``name``."""
        try:
            arrays: dict[str, Vector] = object.__getattribute__(self, "_arrays")
            return arrays[name]
        except KeyError:
            raise AttributeError(f"no slot called {name!r}") from None

    def __setattr__(self, name: str, value: Vector | float) -> None:
        """Copy ``value`` into the array called ``name``."""
        array = getattr(self, name)
        if array is not value:
            array[...] = value

    def items(self) -> Iterator[tuple[str, Vector]]:
        """Names and arrays, in the order of their declaration."""
        arrays: dict[str, Vector] = object.__getattribute__(self, "_arrays")
        yield from arrays.items()


@dataclass(frozen=True)
class Rule:
    """A rule of learning: an :class:`Optimizer`, which is given gradients, or a minimizer, which asks for what it needs."""

    slots: ClassVar[tuple[str, ...]] = ()
    """Names of the arrays of shape ``(n_parameters,)`` that it remembers; zero at first unless :meth:`start` differs."""

    scalar_slots: ClassVar[tuple[str, ...]] = ()
    """Names of the single numbers that it remembers, each an array of shape ``(1,)``."""

    full_batch_only: ClassVar[bool] = False
    """Whether the rule makes sense only with the gradient over all rows."""

    def start(self, n_parameters: int, dtype: Precision = "float64") -> Slots:
        """Return the slots as they are before the first step."""
        arrays = {name: np.zeros(n_parameters, dtype) for name in self.slots}
        return Slots(**arrays, **{name: np.zeros(1, dtype) for name in self.scalar_slots})


@dataclass(frozen=True)
class Optimizer(Rule, ABC):
    """A rule that moves the weights by one step for each gradient."""

    @abstractmethod
    def update(self, weights: Vector, gradient: Vector, slots: Slots, loss: float, step: int) -> None:
        """Move ``weights`` one step, in place.

        Args:
            weights: All parameters, shape ``(n_parameters,)``.
            gradient: dJ/dw at ``weights``, shape ``(n_parameters,)``; not changed.
            slots: What :meth:`start` returned, changed in place.
            loss: J at ``weights``.
            step: The number of this step, from 1.
        """

    def scaled(self, factor: float) -> Self:
        """Return this optimizer with its learning rate multiplied by ``factor``, which a schedule sets.

        Raises:
            OptionError: It has no learning rate.
        """
        if factor == 1.0:
            return self
        rate = getattr(self, "learning_rate", None)
        if rate is None:
            raise OptionError(
                f"{type(self).__name__} has no learning rate, so a schedule cannot change it.\n"
                "  Leave the schedule out, or choose gd, adagrad, rmsprop, adam or adamw."
            )
        return replace(self, learning_rate=float(rate * factor))  # type: ignore[call-arg]  # checked just above


OPTIMIZERS: Registry[Rule] = Registry("optimizer", Rule)
"""Every rule of learning by name."""


def trace(optimizer: Optimizer, start: float, steps: int) -> list[float]:
    """Return where ``steps`` steps lead on E = (w - 1)^2 / 2, rounded to six digits: an optimizer at its plainest."""
    weights = np.array([start])
    slots = optimizer.start(1)
    path = []
    for step in range(1, steps + 1):
        optimizer.update(weights, weights - 1.0, slots, float((weights[0] - 1.0) ** 2 / 2), step)
        path.append(round(float(weights[0]), 6))
    return path
