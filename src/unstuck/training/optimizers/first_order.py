"""What the rules with a learning rate share: that rate, and weight decay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unstuck.limits import check_not_negative
from unstuck.training.optimizers.base import Optimizer

if TYPE_CHECKING:
    from unstuck.arrays import Vector


@dataclass(frozen=True)
class FirstOrder(Optimizer):
    r"""A rule with a learning rate and decoupled weight decay.

    Before the rule itself moves them, all weights shrink towards zero:

    .. math:: w \leftarrow w - \eta\, \lambda\, w

    Args:
        learning_rate: :math:`\eta`, at least 0; a rate of 0, where a schedule may end, stands still.
        weight_decay: :math:`\lambda`, at least 0.

    Raises:
        OptionError: One of them is below 0 or no finite number.

    Source: Loshchilov and Hutter, *Decoupled weight decay regularization*, ICLR 2019, algorithm 2, which leaves the
    base learning rate out of the decay; here the whole rate is in it, as in ``torch.optim.AdamW``.
    Differs: ``torch.optim.SGD``, ``Adagrad``, ``RMSprop`` and ``Adam`` by default add :math:`\lambda w` to the gradient
    instead. For gradient descent without momentum that is the same; a rule that divides by the size of past gradients
    then decays weights less where their gradients are large.
    """

    learning_rate: float
    weight_decay: float = field(default=0.0, kw_only=True)

    def __post_init__(self) -> None:
        """Check the settings."""
        check_not_negative("learning_rate", self.learning_rate)
        check_not_negative("weight_decay", self.weight_decay)

    def decay(self, weights: Vector) -> None:
        """Shrink ``weights`` in place; the first line of every rule."""
        weights *= 1.0 - self.learning_rate * self.weight_decay
