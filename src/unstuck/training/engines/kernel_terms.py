"""Networks and rules of learning in the terms of the kernels; the numbers are those of ``kernels/specification.hpp``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unstuck.nets import Network, losses
from unstuck.nets.kernel_layers import LayerTerms, kernel_layers, what_layers_lack
from unstuck.training.optimizers import (
    Adagrad,
    Adam,
    AdamW,
    GradientDescent,
    IRpropMinus,
    IRpropPlus,
    RMSProp,
    RpropMinus,
    RpropPlus,
)

if TYPE_CHECKING:
    from unstuck.training.optimizers.base import Rule

_LOSSES: tuple[type, ...] = (
    losses.SquaredError, losses.HalfSum, losses.AbsoluteError, losses.Huber, losses.Quantile, losses.Poisson, losses.Poisson,
    losses.BinaryCrossEntropy, losses.CategoricalCrossEntropy, losses.Focal, losses.Focal,
)  # fmt: skip
_SETTINGS: dict[type, tuple[int, tuple[str, ...]]] = {
    GradientDescent: (0, ("learning_rate", "momentum")),
    Adagrad: (1, ("learning_rate", "epsilon")),
    RMSProp: (2, ("learning_rate", "smoothing", "epsilon", "momentum")),
    Adam: (3, ("learning_rate", "beta1", "beta2", "epsilon")),
    AdamW: (3, ("learning_rate", "beta1", "beta2", "epsilon")),
    RpropMinus: (4, ("first_step", "grow", "shrink", "smallest_step", "largest_step")),
    RpropPlus: (5, ("first_step", "grow", "shrink", "smallest_step", "largest_step")),
    IRpropMinus: (6, ("first_step", "grow", "shrink", "smallest_step", "largest_step")),
    IRpropPlus: (7, ("first_step", "grow", "shrink", "smallest_step", "largest_step")),
}
_N_SETTINGS = 8


@dataclass(frozen=True)
class Terms:
    """What the kernels are told of a network and a rule; ``lacks`` says in words what they cannot be told."""

    layers: list[LayerTerms]
    loss: int
    loss_settings: list[float]
    optimizer: int
    settings: list[float]
    nesterov: bool
    centered: bool
    lacks: str | None


def terms_of(network: Network, optimizer: Rule) -> Terms:
    """Translate a network and a rule."""
    lacks = _what_lacks(network, optimizer)
    if lacks is not None:
        return Terms([], 0, [], 0, [], nesterov=False, centered=False, lacks=lacks)
    kind, names = _SETTINGS[type(optimizer)]
    settings = [float(getattr(optimizer, name)) for name in names]
    settings += [0.0] * (_N_SETTINGS - 1 - len(settings)) + [float(getattr(optimizer, "weight_decay", 0.0))]
    return Terms(
        kernel_layers(network.layers), *_loss(network.loss), kind, settings,
        nesterov=bool(getattr(optimizer, "nesterov", False)), centered=bool(getattr(optimizer, "centered", False)), lacks=None,
    )  # fmt: skip


def _what_lacks(network: Network, optimizer: Rule) -> str | None:
    if type(network) is not Network:
        return f"the kernels know no {type(network).__name__}"
    lacks = what_layers_lack(network.layers)
    if lacks is not None:
        return lacks
    if type(network.loss) not in _LOSSES:
        return f"the kernels know no loss {type(network.loss).__name__}"
    if type(optimizer) not in _SETTINGS:
        return f"the kernels know no optimizer {type(optimizer).__name__}"
    return None


def _loss(loss: Any) -> tuple[int, list[float]]:
    """Return the number of a loss and its settings."""
    number = _LOSSES.index(type(loss))
    match loss:
        case losses.Huber():
            return number, [loss.threshold]
        case losses.Quantile():
            return number, [loss.q]
        case losses.Poisson():
            return number + (not loss.log_input), []
        case losses.Focal(alpha=None):
            return number, [loss.gamma]
        case losses.Focal():
            return number + 1, [loss.gamma, float(loss.alpha or 0.0)]
        case _:
            return number, []
