"""RMSProp: gradient descent with a rate for each weight, from the size of its recent gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.limits import check_fraction, check_positive
from unstuck.training.optimizers.base import OPTIMIZERS, Slots
from unstuck.training.optimizers.first_order import FirstOrder

if TYPE_CHECKING:
    from unstuck.arrays import Vector


@dataclass(frozen=True)
class RMSProp(FirstOrder):
    r"""RMSProp: each gradient over the root of a moving mean of its squares.

    .. math::
        s_i &\leftarrow \alpha s_i + (1 - \alpha)\, g_i^2 \\
        m_i &\leftarrow \alpha m_i + (1 - \alpha)\, g_i \quad \text{(if centered; otherwise } m_i = 0 \text{)} \\
        v_i &\leftarrow \mu v_i + \frac{g_i}{\sqrt{s_i - m_i^2} + \varepsilon} \\
        w_i &\leftarrow w_i - \eta\, v_i

    with :math:`s = m = v = 0` at the start.

    Args:
        learning_rate: :math:`\eta`, at least 0.
        smoothing: :math:`\alpha`, at least 0 and below 1; the mean reaches about :math:`1 / (1 - \alpha)` steps back.
        epsilon: :math:`\varepsilon`, above 0; bounds the step where past gradients are close to zero.
        momentum: :math:`\mu`, at least 0 and below 1.
        centered: Divide by the standard deviation of recent gradients, not by their root mean square.
        weight_decay: Decoupled weight decay, see :class:`FirstOrder`.

    Raises:
        OptionError: A setting outside its limits.

    Source: Tieleman and Hinton, *Lecture 6.5: rmsprop, divide the gradient by a running average of its recent
    magnitude*, Coursera: Neural Networks for Machine Learning, 2012; centered: Graves, *Generating sequences with
    recurrent neural networks*, arXiv:1308.0850, 2013, equations 38 to 41.
    Differs: ``torch.optim.RMSprop`` is this rule, except that its centered form gives NaN once rounding takes
    :math:`s_i - m_i^2` below zero (a constant gradient does it within 400 steps at :math:`\alpha = 0.9`); here that
    counts as zero. Keras has rate 0.001, :math:`\alpha = 0.9` and :math:`\varepsilon = 10^{-7}` inside the root.

    The mean starts at zero and is not corrected for that, so that the first step is :math:`1 / \sqrt{1 - \alpha}` times
    the learning rate. On E = (w - 1)^2 / 2:

    >>> from unstuck.training.optimizers import RMSProp, trace
    >>> trace(RMSProp(), start=3.0, steps=3)
    [2.9, 2.830943, 2.775349]
    """

    learning_rate: float = 0.01
    smoothing: float = 0.99
    epsilon: float = 1e-8
    momentum: float = 0.0
    centered: bool = False

    slots = ("mean_square", "mean", "velocity")

    def __post_init__(self) -> None:
        """Check the settings."""
        super().__post_init__()
        check_fraction("smoothing", self.smoothing)
        check_positive("epsilon", self.epsilon)
        check_fraction("momentum", self.momentum)

    def update(self, weights: Vector, gradient: Vector, slots: Slots, loss: float, step: int) -> None:
        """Move ``weights`` one step, in place; see :meth:`Optimizer.update`."""
        self.decay(weights)
        slots.mean_square *= self.smoothing
        slots.mean_square += (1.0 - self.smoothing) * gradient**2
        spread = slots.mean_square
        if self.centered:
            slots.mean *= self.smoothing
            slots.mean += (1.0 - self.smoothing) * gradient
            # no variance is below zero, but the difference can be, by rounding
            spread = np.maximum(slots.mean_square - slots.mean**2, 0.0)
        slots.velocity *= self.momentum
        slots.velocity += gradient / (np.sqrt(spread) + self.epsilon)
        weights -= self.learning_rate * slots.velocity


OPTIMIZERS.register("rmsprop", RMSProp)
