"""Adam and AdamW: moving means of the gradient and of its square, corrected for their start at zero."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from unstuck.limits import check_fraction, check_positive
from unstuck.training.optimizers.base import OPTIMIZERS, Slots
from unstuck.training.optimizers.first_order import FirstOrder

if TYPE_CHECKING:
    from unstuck.arrays import Vector


@dataclass(frozen=True)
class Adam(FirstOrder):
    r"""Adam: a moving mean of the gradient over the root of a moving mean of its square.

    At step :math:`t`, counted from 1:

    .. math::
        m_i &\leftarrow \beta_1 m_i + (1 - \beta_1)\, g_i \\
        s_i &\leftarrow \beta_2 s_i + (1 - \beta_2)\, g_i^2 \\
        w_i &\leftarrow w_i - \eta\, \frac{m_i / (1 - \beta_1^t)}{\sqrt{s_i / (1 - \beta_2^t)} + \varepsilon}

    with :math:`m = s = 0` at the start, which the two denominators make up for.

    Args:
        learning_rate: :math:`\eta`, at least 0; about the largest step that a weight takes.
        beta1: :math:`\beta_1`, at least 0 and below 1.
        beta2: :math:`\beta_2`, at least 0 and below 1.
        epsilon: :math:`\varepsilon`, above 0; bounds the step where past gradients are close to zero.
        weight_decay: Decoupled weight decay, see :class:`FirstOrder`.

    Raises:
        OptionError: A setting outside its limits.

    Source: Kingma and Ba, *Adam: a method for stochastic optimization*, ICLR 2015 (arXiv:1412.6980), algorithm 1.
    Differs: ``torch.optim.Adam`` is this rule, but adds its weight decay to the gradient. Keras and scikit-learn add
    :math:`\varepsilon` to :math:`\sqrt{s_i}` before the correction, as the paper's section 2 does for speed: at step 1
    that acts like an :math:`\varepsilon` that is :math:`1 / \sqrt{1 - \beta_2}`, about 32 times, as large.

    On E = (w - 1)^2 / 2:

    >>> from unstuck.training.optimizers import Adam, trace
    >>> trace(Adam(learning_rate=0.1), start=3.0, steps=3)
    [2.9, 2.800166, 2.700623]
    """

    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    slots = ("mean", "mean_square")

    def __post_init__(self) -> None:
        """Check the settings."""
        super().__post_init__()
        check_fraction("beta1", self.beta1)
        check_fraction("beta2", self.beta2)
        check_positive("epsilon", self.epsilon)

    def update(self, weights: Vector, gradient: Vector, slots: Slots, loss: float, step: int) -> None:
        """Move ``weights`` one step, in place; see :meth:`Optimizer.update`."""
        self.decay(weights)
        slots.mean *= self.beta1
        slots.mean += (1.0 - self.beta1) * gradient
        slots.mean_square *= self.beta2
        slots.mean_square += (1.0 - self.beta2) * gradient**2
        mean = slots.mean / (1.0 - self.beta1**step)
        mean_square = slots.mean_square / (1.0 - self.beta2**step)
        weights -= self.learning_rate * mean / (np.sqrt(mean_square) + self.epsilon)


@dataclass(frozen=True)
class AdamW(Adam):
    r"""Adam with weight decay from the start: :class:`Adam`, but ``weight_decay`` is 0.01 unless set.

    .. math:: w_i \leftarrow w_i - \eta\, \lambda\, w_i \text{, and then as Adam}

    Args:
        learning_rate: :math:`\eta`, at least 0.
        beta1: See :class:`Adam`.
        beta2: See :class:`Adam`.
        epsilon: See :class:`Adam`.
        weight_decay: :math:`\lambda`, at least 0.

    Raises:
        OptionError: A setting outside its limits.

    Source: Loshchilov and Hutter, *Decoupled weight decay regularization*, ICLR 2019 (arXiv:1711.05101), algorithm 2.
    Differs: ``torch.optim.AdamW`` is this rule; in the paper the decay is not multiplied by the base learning rate.

    On E = (w - 1)^2 / 2:

    >>> from unstuck.training.optimizers import AdamW, trace
    >>> trace(AdamW(learning_rate=0.1), start=3.0, steps=3)
    [2.897, 2.794276, 2.691955]
    """

    weight_decay: float = field(default=0.01, kw_only=True)


OPTIMIZERS.register("adam", Adam)
OPTIMIZERS.register("adamw", AdamW)
