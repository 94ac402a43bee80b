"""Loss functions: what a row costs, and how that changes with the outputs."""

from unstuck.nets.losses.base import LOSSES, Loss
from unstuck.nets.losses.classification import BinaryCrossEntropy, CategoricalCrossEntropy
from unstuck.nets.losses.focal import Focal
from unstuck.nets.losses.regression import AbsoluteError, HalfSum, Huber, Poisson, Quantile, SquaredError

__all__ = [
    "LOSSES",
    "AbsoluteError",
    "BinaryCrossEntropy",
    "CategoricalCrossEntropy",
    "Focal",
    "HalfSum",
    "Huber",
    "Loss",
    "Poisson",
    "Quantile",
    "SquaredError",
]

LOSSES.register_all(
    {
        "mse": SquaredError,
        "half_sum": HalfSum,
        "mae": AbsoluteError,
        "huber": Huber,
        "quantile": Quantile,
        "poisson": Poisson,
        "bce": BinaryCrossEntropy,
        "ce": CategoricalCrossEntropy,
        "focal": Focal,
    }
)
