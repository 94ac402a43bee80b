"""Resilient backpropagation, in the four forms that Igel and Hüsken (2003) tell apart.

Each weight has its own step size, adapted by the sign of its gradient alone. The four forms are one as long as the sign
stays. When the sign of a weight's gradient changes, its last step was too long; the step size shrinks, and then

- ``rprop-`` goes back by the smaller step,
- ``rprop+`` takes the last step back,
- ``irprop+`` takes the last step back if the error grew, and stands still otherwise,
- ``irprop-`` stands still.

The latter three then remember a zero gradient, so that the step size stays as it is at the next step.
"""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from unstuck.errors import OptionError
from unstuck.limits import check_between, check_positive
from unstuck.training.optimizers.base import OPTIMIZERS, Optimizer, Slots

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.arrays import Precision, Vector


@dataclass(frozen=True)
class Rprop(Optimizer, ABC):
    r"""What the four forms share: how the step sizes adapt.

    .. math::
        \Delta_i \leftarrow \begin{cases}
            \min(\eta^+ \Delta_i, \Delta_{\max}) & g_i\, g_i^{\text{prev}} > 0 \\
            \max(\eta^- \Delta_i, \Delta_{\min}) & g_i\, g_i^{\text{prev}} < 0 \\
            \Delta_i & \text{otherwise}
        \end{cases}

    Full batch only: the sign of a mini-batch gradient is noise.

    Args:
        first_step: :math:`\Delta_i` at the start.
        grow: :math:`\eta^+`, above 1.
        shrink: :math:`\eta^-`, between 0 and 1.
        smallest_step: :math:`\Delta_{\min}`, above 0.
        largest_step: :math:`\Delta_{\max}`.

    Raises:
        OptionError: A setting outside its limits, or a first step outside smallest and largest step.
    """

    first_step: float = 0.1
    grow: float = 1.2
    shrink: float = 0.5
    smallest_step: float = 1e-6
    largest_step: float = 50.0

    slots: ClassVar[tuple[str, ...]] = ("step_size", "previous_gradient")
    full_batch_only = True

    def __post_init__(self) -> None:
        """Check the settings."""
        check_positive("first_step", self.first_step)
        check_between("grow", self.grow, 1.0, inf)
        check_between("shrink", self.shrink, 0.0, 1.0)
        check_positive("smallest_step", self.smallest_step)
        check_positive("largest_step", self.largest_step)
        if not self.smallest_step <= self.first_step <= self.largest_step:
            raise OptionError(
                f"first_step must be from smallest_step={self.smallest_step!r} to largest_step={self.largest_step!r}."
                f" Got {self.first_step!r} instead."
            )

    def start(self, n_parameters: int, dtype: Precision = "float64") -> Slots:
        """Return the slots before the first step: all step sizes are ``first_step``, all else is zero."""
        slots = super().start(n_parameters, dtype)
        slots.step_size = self.first_step
        return slots

    def _adapt_step_sizes(self, gradient: Vector, slots: Slots) -> NDArray[np.bool_]:
        """Grow or shrink each step size in place, and return for which weights the sign of the gradient has changed."""
        # the sign of one of them will do: the product of two small gradients would underflow to zero
        agreement = np.sign(gradient) * slots.previous_gradient
        slots.step_size[agreement > 0] *= self.grow
        slots.step_size[agreement < 0] *= self.shrink
        np.clip(slots.step_size, self.smallest_step, self.largest_step, out=slots.step_size)
        return agreement < 0


@dataclass(frozen=True)
class RpropMinus(Rprop):
    r"""Resilient backpropagation without weight backtracking: Rprop-.

    .. math:: w_i \leftarrow w_i - \operatorname{sign}(g_i)\, \Delta_i

    with :math:`\Delta_i` adapted first. Arguments and errors: see :class:`Rprop`.

    Source: Riedmiller, *Advanced supervised learning in multi-layer perceptrons*, Computer Standards & Interfaces 16
    (1994), 265-278; named so by Igel and Hüsken, *Empirical evaluation of the improved Rprop learning algorithms*,
    Neurocomputing 50 (2003), 105-123.

    On E = (w - 1)^2 / 2, around w = 0.92011, where the sign of the gradient changes first:

    >>> from unstuck.training.optimizers import RpropMinus, trace
    >>> trace(RpropMinus(), start=3.0, steps=13)[7:]
    [1.350092, 0.92011, 1.135101, 1.027605, 0.898611, 0.963108]
    """

    def update(self, weights: Vector, gradient: Vector, slots: Slots, loss: float, step: int) -> None:
        """Move ``weights`` one step, in place; see :meth:`Optimizer.update`."""
        self._adapt_step_sizes(gradient, slots)
        slots.previous_gradient = gradient
        weights -= np.sign(gradient) * slots.step_size


@dataclass(frozen=True)
class IRpropMinus(Rprop):
    r"""Resilient backpropagation without weight backtracking, improved: iRprop-.

    .. math::
        g_i \leftarrow \begin{cases}
            0 & g_i\, g_i^{\text{prev}} < 0 \\
            g_i & \text{otherwise}
        \end{cases}
        \qquad w_i \leftarrow w_i - \operatorname{sign}(g_i)\, \Delta_i

    with :math:`\Delta_i` adapted first. Arguments and errors: see :class:`Rprop`.

    Source: Igel and Hüsken, *Empirical evaluation of the improved Rprop learning algorithms*, Neurocomputing 50 (2003),
    105-123.
    Differs: ``torch.optim.Rprop`` is this rule with first step 0.01; FANN's "iRPROP-" always steps upwards after a sign
    change, grows steps where a gradient is zero and keeps weights within 1500; ``optax.rprop`` applies each step one
    iteration late.

    On E = (w - 1)^2 / 2, around w = 0.92011, where the sign of the gradient changes first:

    >>> from unstuck.training.optimizers import IRpropMinus, trace
    >>> trace(IRpropMinus(), start=3.0, steps=13)[7:]
    [1.350092, 0.92011, 0.92011, 1.135101, 1.135101, 1.027605]
    """

    def update(self, weights: Vector, gradient: Vector, slots: Slots, loss: float, step: int) -> None:
        """Move ``weights`` one step, in place; see :meth:`Optimizer.update`."""
        changed = self._adapt_step_sizes(gradient, slots)
        slots.previous_gradient = np.where(changed, 0.0, gradient)
        weights -= np.sign(slots.previous_gradient) * slots.step_size


@dataclass(frozen=True)
class RpropPlus(Rprop):
    r"""Resilient backpropagation with weight backtracking: Rprop+, the first of the family.

    .. math::
        \Delta w_i \leftarrow \begin{cases}
            -\Delta w_i^{\text{prev}} \text{, and then } g_i \leftarrow 0 & g_i\, g_i^{\text{prev}} < 0 \\
            -\operatorname{sign}(g_i)\, \Delta_i & \text{otherwise}
        \end{cases}
        \qquad w_i \leftarrow w_i + \Delta w_i

    with :math:`\Delta_i` adapted first. Arguments and errors: see :class:`Rprop`.

    Source: Riedmiller and Braun, *A direct adaptive method for faster backpropagation learning: the RPROP algorithm*,
    IEEE International Conference on Neural Networks 1993, 586-591.

    On E = (w - 1)^2 / 2, around w = 0.92011, where the sign of the gradient changes first:

    >>> from unstuck.training.optimizers import RpropPlus, trace
    >>> trace(RpropPlus(), start=3.0, steps=13)[7:]
    [1.350092, 0.92011, 1.350092, 1.135101, 0.877112, 1.135101]
    """

    slots = (*Rprop.slots, "previous_update")

    def update(self, weights: Vector, gradient: Vector, slots: Slots, loss: float, step: int) -> None:
        """Move ``weights`` one step, in place; see :meth:`Optimizer.update`."""
        changed = self._adapt_step_sizes(gradient, slots)
        slots.previous_gradient = np.where(changed, 0.0, gradient)
        forward = -np.sign(slots.previous_gradient) * slots.step_size
        slots.previous_update = np.where(changed, -slots.previous_update, forward)
        weights += slots.previous_update


@dataclass(frozen=True)
class IRpropPlus(Rprop):
    r"""Resilient backpropagation with weight backtracking, improved: iRprop+.

    .. math::
        \Delta w_i \leftarrow \begin{cases}
            -\Delta w_i^{\text{prev}} \text{, and then } g_i \leftarrow 0 &
                g_i\, g_i^{\text{prev}} < 0 \text{ and } E > E^{\text{prev}} \\
            0 \text{, and then } g_i \leftarrow 0 &
                g_i\, g_i^{\text{prev}} < 0 \text{ and } E \le E^{\text{prev}} \\
            -\operatorname{sign}(g_i)\, \Delta_i & \text{otherwise}
        \end{cases}
        \qquad w_i \leftarrow w_i + \Delta w_i

    with :math:`\Delta_i` adapted first. Arguments and errors: see :class:`Rprop`.
    :math:`E`, the loss over all rows, is compared in the precision of the weights.

    Source: Igel and Hüsken, *Empirical evaluation of the improved Rprop learning algorithms*, Neurocomputing 50 (2003),
    105-123.

    On E = (w - 1)^2 / 2, around w = 0.92011, where the sign of the gradient changes first:

    >>> from unstuck.training.optimizers import IRpropPlus, trace
    >>> trace(IRpropPlus(), start=3.0, steps=13)[7:]
    [1.350092, 0.92011, 0.92011, 1.135101, 0.92011, 1.027605]
    """

    slots = (*Rprop.slots, "previous_update")
    scalar_slots = ("previous_loss",)

    def update(self, weights: Vector, gradient: Vector, slots: Slots, loss: float, step: int) -> None:
        """Move ``weights`` one step, in place; see :meth:`Optimizer.update`."""
        changed = self._adapt_step_sizes(gradient, slots)
        take_back = changed & (slots.previous_loss < float(loss))
        slots.previous_loss = loss
        slots.previous_gradient = np.where(changed, 0.0, gradient)
        forward = -np.sign(slots.previous_gradient) * slots.step_size
        slots.previous_update = np.where(take_back, -slots.previous_update, forward)
        weights += slots.previous_update


OPTIMIZERS.register("rprop-", RpropMinus)
OPTIMIZERS.register("irprop-", IRpropMinus)
OPTIMIZERS.register("rprop+", RpropPlus)
OPTIMIZERS.register("irprop+", IRpropPlus)
