"""Gradient descent, with or without momentum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.errors import OptionError
from unstuck.limits import check_fraction
from unstuck.training.optimizers.base import OPTIMIZERS, Slots
from unstuck.training.optimizers.first_order import FirstOrder

if TYPE_CHECKING:
    from unstuck.arrays import Vector


@dataclass(frozen=True)
class GradientDescent(FirstOrder):
    r"""Gradient descent: a step along the negative gradient, or along a velocity that gathers gradients.

    .. math::
        v &\leftarrow \mu v + g \\
        w &\leftarrow w - \eta \begin{cases} g + \mu v & \text{with nesterov} \\ v & \text{otherwise} \end{cases}

    with :math:`v = 0` at the start. Without momentum, :math:`v` is the gradient.

    Args:
        learning_rate: :math:`\eta`, at least 0.
        momentum: :math:`\mu`, at least 0 and below 1.
        nesterov: Look one step of momentum ahead.
        weight_decay: Decoupled weight decay, see :class:`FirstOrder`.

    Raises:
        OptionError: A setting outside its limits, or ``nesterov`` without momentum.

    Source: Cauchy, *Méthode générale pour la résolution des systèmes d'équations simultanées*, Comptes Rendus 25
    (1847), 536-538; Polyak, *Some methods of speeding up the convergence of iteration methods*, USSR Computational
    Mathematics and Mathematical Physics 4 (1964), 1-17; Nesterov's as in Sutskever, Martens, Dahl and Hinton, *On the
    importance of initialization and momentum in deep learning*, ICML 2013, 1139-1147.
    Differs: ``torch.optim.SGD`` is this rule with rate 0.001. Keras and scikit-learn keep :math:`-\eta v` instead of
    :math:`v`: the same while the rate stays, but under a schedule their old gradients keep the rate of their day.

    On E = (w - 1)^2 / 2:

    >>> from unstuck.training.optimizers import GradientDescent, trace
    >>> trace(GradientDescent(), start=3.0, steps=3)
    [2.8, 2.62, 2.458]
    >>> trace(GradientDescent(momentum=0.9), start=3.0, steps=3)
    [2.8, 2.44, 1.972]
    >>> trace(GradientDescent(momentum=0.9, nesterov=True), start=3.0, steps=3)
    [2.62, 2.1502, 1.654642]
    """

    learning_rate: float = 0.1
    momentum: float = 0.0
    nesterov: bool = False

    slots = ("velocity",)

    def __post_init__(self) -> None:
        """Check the settings."""
        super().__post_init__()
        check_fraction("momentum", self.momentum)
        if self.nesterov and self.momentum == 0:
            raise OptionError(
                "nesterov needs a momentum above 0. Got nesterov=True with momentum=0.\n"
                "  Set momentum, such as momentum=0.9, or leave nesterov out."
            )

    def update(self, weights: Vector, gradient: Vector, slots: Slots, loss: float, step: int) -> None:
        """Move ``weights`` one step, in place; see :meth:`Optimizer.update`."""
        self.decay(weights)
        slots.velocity *= self.momentum
        slots.velocity += gradient
        direction = gradient + self.momentum * slots.velocity if self.nesterov else slots.velocity
        weights -= self.learning_rate * direction


OPTIMIZERS.register("gd", GradientDescent)
