"""The mistakes that are made in right scripts, each an edit of the syntax tree's places in the text."""

from faultbench.operators import (
    activations,
    data,
    optimizers,
    order,
    products,
    settings,
    signs,
    sums,
)
from faultbench.operators.base import OPERATORS, Mutation, Operator

__all__ = [
    "OPERATORS",
    "Mutation",
    "Operator",
    "activations",
    "data",
    "optimizers",
    "order",
    "products",
    "settings",
    "signs",
    "sums",
]
