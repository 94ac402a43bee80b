"""Activation functions: each gives its value and its backward rule."""

from unstuck.nets.activations.base import ACTIVATIONS, Activation
from unstuck.nets.activations.rectifiers import Elu, Gelu, LeakyRelu, Relu, Selu, Silu, Softplus
from unstuck.nets.activations.saturating import HardSigmoid, Identity, Sigmoid, Softmax, Softsign, Tanh, sigmoid

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "Elu",
    "Gelu",
    "HardSigmoid",
    "Identity",
    "LeakyRelu",
    "Relu",
    "Selu",
    "Sigmoid",
    "Silu",
    "Softmax",
    "Softplus",
    "Softsign",
    "Tanh",
    "sigmoid",
]

ACTIVATIONS.register_all(
    {
        "identity": Identity,
        "sigmoid": Sigmoid,
        "tanh": Tanh,
        "softsign": Softsign,
        "hard_sigmoid": HardSigmoid,
        "softmax": Softmax,
        "relu": Relu,
        "leaky_relu": LeakyRelu,
        "elu": Elu,
        "selu": Selu,
        "gelu": Gelu,
        "silu": Silu,
        "softplus": Softplus,
    }
)
