"""How the gradient of each ufunc goes back to its operands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy import asarray  # as it is before scripts on the tape get another

from unstuck.doctor.scripts.tape import Array, Pullback

Rule: TypeAlias = Callable[[list[Any], dict[str, Any], Any], Sequence[Pullback]]
"""From the operands, the keyword arguments and the result to one pullback for each operand."""


def of_ufunc(ufunc: np.ufunc, method: str) -> Rule | None:
    """Return the rule of a ufunc's method, None where there is none."""
    if method == "__call__":
        return _UFUNCS.get(ufunc.__name__)
    if method == "reduce":
        return {"add": _sum, "maximum": _extreme, "minimum": _extreme}.get(ufunc.__name__)
    if method == "outer" and ufunc is np.multiply:
        return outer
    return None


def _elementwise(derivative: Callable[..., Any]) -> Rule:
    def rule(operands: list[Any], settings: dict[str, Any], result: Any) -> list[Pullback]:  # noqa: ARG001 (the rule's signature)
        def pull_back(gradient: Array) -> Array:
            with np.errstate(all="ignore"):
                product: Array = gradient * derivative(operands[0], result)
            return product

        return [pull_back]

    return rule


def _binary(left: Callable[..., Any], right: Callable[..., Any]) -> Rule:
    """The rule of an operation on two operands, from its two partial derivatives."""

    def rule(operands: list[Any], settings: dict[str, Any], result: Any) -> list[Pullback]:  # noqa: ARG001 (the rule's signature)
        first, second = operands

        def to_left(gradient: Array) -> Array:
            with np.errstate(all="ignore"):
                return asarray(gradient * left(first, second, result))

        def to_right(gradient: Array) -> Array:
            with np.errstate(all="ignore"):
                return asarray(gradient * right(first, second, result))

        return [to_left, to_right]

    return rule


def _matmul(operands: list[Any], settings: dict[str, Any], result: Any) -> list[Pullback]:  # noqa: ARG001 (the rule's signature)
    first, second = asarray(operands[0]), asarray(operands[1])
    left = first if first.ndim > 1 else first[np.newaxis]
    right = second if second.ndim > 1 else second[:, np.newaxis]

    def of_matrices(gradient: Array) -> Array:
        gradient = gradient[..., np.newaxis] if second.ndim == 1 else gradient
        return np.expand_dims(gradient, -2) if first.ndim == 1 else gradient

    def to_left(gradient: Array) -> Array:
        part = of_matrices(gradient) @ np.swapaxes(right, -1, -2)
        return part[..., 0, :] if first.ndim == 1 else part

    def to_right(gradient: Array) -> Array:
        part = np.swapaxes(left, -1, -2) @ of_matrices(gradient)
        return part[..., 0] if second.ndim == 1 else part

    return [to_left, to_right]


def _vector_product(operands: list[Any], settings: dict[str, Any], result: Any) -> list[Pullback]:  # noqa: ARG001 (the rule's signature)
    first, second = operands
    return [
        lambda gradient: gradient[..., np.newaxis] * second,
        lambda gradient: gradient[..., np.newaxis] * first,
    ]


def spread(gradient: Array, operand: Any, settings: dict[str, Any]) -> Array:
    """Return a reduced gradient in the shape of what was reduced."""
    axis = settings.get("axis", 0) if "axis" in settings else None
    gradient = asarray(gradient)
    if axis is not None and not settings.get("keepdims"):
        gradient = np.expand_dims(gradient, axis)
    return np.broadcast_to(gradient, np.shape(operand))


def _sum(operands: list[Any], settings: dict[str, Any], result: Any) -> list[Pullback]:  # noqa: ARG001 (the rule's signature)
    settings = {"axis": 0, **settings}
    return [lambda gradient: spread(gradient, operands[0], settings)]


def _extreme(operands: list[Any], settings: dict[str, Any], result: Any) -> list[Pullback]:
    settings = {"axis": 0, **settings}
    is_extreme = operands[0] == spread(result, operands[0], settings)
    share = is_extreme / is_extreme.sum(settings["axis"], keepdims=True)
    return [lambda gradient: spread(gradient, operands[0], settings) * share]


def outer(operands: list[Any], settings: dict[str, Any], result: Any) -> list[Pullback]:  # noqa: ARG001 (the rule's signature)
    """The rule of an outer product."""
    first, second = np.ravel(operands[0]), np.ravel(operands[1])
    return [
        lambda gradient: gradient.reshape(first.size, -1) @ second,
        lambda gradient: first @ gradient.reshape(first.size, -1),
    ]


_UFUNCS: dict[str, Rule] = {
    "add": _binary(lambda a, b, r: 1.0, lambda a, b, r: 1.0),
    "subtract": _binary(lambda a, b, r: 1.0, lambda a, b, r: -1.0),
    "multiply": _binary(lambda a, b, r: b, lambda a, b, r: a),
    "divide": _binary(lambda a, b, r: 1.0 / b, lambda a, b, r: -r / b),
    "true_divide": _binary(lambda a, b, r: 1.0 / b, lambda a, b, r: -r / b),
    "power": _binary(
        lambda a, b, r: b * np.power(asarray(a, np.float64), b - 1.0), lambda a, b, r: r * np.log(np.abs(a) + 1e-300)
    ),
    "maximum": _binary(lambda a, b, r: a > b, lambda a, b, r: b >= a),
    "minimum": _binary(lambda a, b, r: a < b, lambda a, b, r: b <= a),
    "fmax": _binary(lambda a, b, r: a > b, lambda a, b, r: b >= a),
    "logaddexp": _binary(lambda a, b, r: np.exp(a - r), lambda a, b, r: np.exp(b - r)),
    "matmul": _matmul,
    "vecdot": _vector_product,
    "negative": _elementwise(lambda a, r: -1.0),
    "positive": _elementwise(lambda a, r: 1.0),
    "exp": _elementwise(lambda a, r: r),
    "expm1": _elementwise(lambda a, r: r + 1.0),
    "log": _elementwise(lambda a, r: 1.0 / a),
    "log2": _elementwise(lambda a, r: 1.0 / (a * np.log(2.0))),
    "log10": _elementwise(lambda a, r: 1.0 / (a * np.log(10.0))),
    "log1p": _elementwise(lambda a, r: 1.0 / (1.0 + a)),
    "tanh": _elementwise(lambda a, r: 1.0 - r * r),
    "sinh": _elementwise(lambda a, r: np.cosh(a)),
    "cosh": _elementwise(lambda a, r: np.sinh(a)),
    "sin": _elementwise(lambda a, r: np.cos(a)),
    "cos": _elementwise(lambda a, r: -np.sin(a)),
    "arctan": _elementwise(lambda a, r: 1.0 / (1.0 + a * a)),
    "sqrt": _elementwise(lambda a, r: 0.5 / r),
    "square": _elementwise(lambda a, r: 2.0 * a),
    "reciprocal": _elementwise(lambda a, r: -r * r),
    "absolute": _elementwise(lambda a, r: np.sign(a)),
    "fabs": _elementwise(lambda a, r: np.sign(a)),
    "expit": _elementwise(lambda a, r: r * (1.0 - r)),
    "clip": lambda operands, settings, result: [lambda gradient: gradient * (operands[0] == result)],
}
