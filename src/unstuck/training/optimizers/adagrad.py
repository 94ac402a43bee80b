"""Adagrad: gradient descent with a rate for each weight, which only falls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.limits import check_positive
from unstuck.training.optimizers.base import OPTIMIZERS, Slots
from unstuck.training.optimizers.first_order import FirstOrder

if TYPE_CHECKING:
    from unstuck.arrays import Vector


@dataclass(frozen=True)
class Adagrad(FirstOrder):
    r"""Adagrad: each gradient over the root of the sum of all its squares so far.

    .. math::
        s_i &\leftarrow s_i + g_i^2 \\
        w_i &\leftarrow w_i - \eta\, \frac{g_i}{\sqrt{s_i} + \varepsilon}

    with :math:`s = 0` at the start.

    Args:
        learning_rate: :math:`\eta`, at least 0; about the size of the first step of each weight.
        epsilon: :math:`\varepsilon`, above 0; keeps a weight without any gradient from dividing zero by zero.
        weight_decay: Decoupled weight decay, see :class:`FirstOrder`.

    Raises:
        OptionError: A setting outside its limits.

    Source: Duchi, Hazan and Singer, *Adaptive subgradient methods for online learning and stochastic optimization*,
    Journal of Machine Learning Research 12 (2011), 2121-2159; the diagonal case.
    Differs: ``torch.optim.Adagrad`` is this rule. Keras starts :math:`s` at 0.1, so that its first steps are
    shorter where gradients are small, and adds :math:`\varepsilon = 10^{-7}` inside the root.

    On E = (w - 1)^2 / 2:

    >>> from unstuck.training.optimizers import Adagrad, trace
    >>> trace(Adagrad(learning_rate=0.1), start=3.0, steps=3)
    [2.9, 2.831125, 2.775822]
    """

    learning_rate: float = 0.01
    epsilon: float = 1e-10

    slots = ("sum_of_squares",)

    def __post_init__(self) -> None:
        """Check the settings."""
        super().__post_init__()
        check_positive("epsilon", self.epsilon)

    def update(self, weights: Vector, gradient: Vector, slots: Slots, loss: float, step: int) -> None:
        """Move ``weights`` one step, in place; see :meth:`Optimizer.update`."""
        self.decay(weights)
        slots.sum_of_squares += gradient**2
        weights -= self.learning_rate * gradient / (np.sqrt(slots.sum_of_squares) + self.epsilon)


OPTIMIZERS.register("adagrad", Adagrad)
