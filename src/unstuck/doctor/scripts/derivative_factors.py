"""What people multiply a gradient with when they mean the derivative of an activation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def _logistic(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1.0 / (1.0 + np.exp(-np.clip(values, -700, 700)))


FACTORS = {
    "{v}*(1-{v})": lambda v: v * (1 - v),
    "1-{v}**2": lambda v: 1 - v * v,
    "sigmoid'({v})": lambda v: _logistic(v) * (1 - _logistic(v)),
    "tanh'({v})": lambda v: 1 - np.tanh(v) ** 2,
    "({v}>0)": lambda v: (v > 0) * 1.0,
    "({v}<0)": lambda v: (v < 0) * 1.0,
    "{v}": lambda v: v,
    "1-{v}": lambda v: 1 - v,
    "exp(-{v})": lambda v: np.exp(-np.clip(v, -700, 700)),
    "1/{v}": lambda v: 1 / v,
    "{v}**2": lambda v: v * v,
    "sigmoid({v})": _logistic,
    "1/({v}*(1-{v}))": lambda v: 1 / (v * (1 - v)),
    "1+{v}": lambda v: 1 + v,
}
"""Each by its text, with ``{v}`` for a value of the forward pass."""

ACTIVATION_OF = {
    "{v}*(1-{v})": "sigmoid",
    "sigmoid'({v})": "sigmoid",
    "1-{v}**2": "tanh",
    "tanh'({v})": "tanh",
    "({v}>0)": "ReLU",
}
"""Of which activation a factor is the derivative."""

ACTIVATIONS: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "sigmoid": _logistic,
    "tanh": np.tanh,
    "ReLU": lambda v: np.maximum(v, 0),
}
"""These activations."""
