"""How the gradient of each NumPy operation goes back to its operands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from unstuck.doctor.scripts.tape import Array, Pullback, Tracked, kept, make_node, on_tape, plain

Rule: TypeAlias = Callable[[list[Any], dict[str, Any], Any], Sequence[Pullback]]
"""From the operands, the keyword arguments and the result to one pullback for each operand."""


def of_ufunc(ufunc: np.ufunc, method: str) -> Rule | None:
    """Return the rule of a ufunc's method, None where there is none."""
    if method == "__call__":
        return _UFUNCS.get(ufunc.__name__)
    if method == "reduce":
        return {"add": _sum, "maximum": _extreme, "minimum": _extreme}.get(ufunc.__name__)
    if method == "outer" and ufunc is np.multiply:
        return _outer
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
                return np.asarray(gradient * left(first, second, result))

        def to_right(gradient: Array) -> Array:
            with np.errstate(all="ignore"):
                return np.asarray(gradient * right(first, second, result))

        return [to_left, to_right]

    return rule


def _matmul(operands: list[Any], settings: dict[str, Any], result: Any) -> list[Pullback]:  # noqa: ARG001 (the rule's signature)
    first, second = np.asarray(operands[0]), np.asarray(operands[1])

    def to_left(gradient: Array) -> Array:
        if second.ndim == 1:
            return np.multiply.outer(gradient, second) if first.ndim > 1 else gradient * second
        if second.ndim == 0 or first.ndim == 0:
            return gradient * second
        return gradient @ np.swapaxes(second, -1, -2) if first.ndim > 1 else second @ gradient

    def to_right(gradient: Array) -> Array:
        if first.ndim == 1:
            return np.multiply.outer(first, gradient) if second.ndim > 1 else gradient * first
        if second.ndim == 0 or first.ndim == 0:
            return gradient * first
        return np.swapaxes(first, -1, -2) @ gradient

    return [to_left, to_right]


def _spread(gradient: Array, operand: Any, settings: dict[str, Any]) -> Array:
    """Return a reduced gradient in the shape of what was reduced."""
    axis = settings.get("axis", 0) if "axis" in settings else None
    gradient = np.asarray(gradient)
    if axis is not None and not settings.get("keepdims"):
        gradient = np.expand_dims(gradient, axis)
    return np.broadcast_to(gradient, np.shape(operand))


def _sum(operands: list[Any], settings: dict[str, Any], result: Any) -> list[Pullback]:  # noqa: ARG001 (the rule's signature)
    settings = {"axis": 0, **settings}
    return [lambda gradient: _spread(gradient, operands[0], settings)]


def _extreme(operands: list[Any], settings: dict[str, Any], result: Any) -> list[Pullback]:
    settings = {"axis": 0, **settings}
    is_extreme = operands[0] == _spread(result, operands[0], settings)
    axis = settings["axis"]
    share = is_extreme / is_extreme.sum(axis if axis is None else axis, keepdims=True)
    return [lambda gradient: _spread(gradient, operands[0], settings) * share]


def _outer(operands: list[Any], settings: dict[str, Any], result: Any) -> list[Pullback]:  # noqa: ARG001 (the rule's signature)
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
        lambda a, b, r: b * np.power(np.asarray(a, np.float64), b - 1.0), lambda a, b, r: r * np.log(np.abs(a) + 1e-300)
    ),
    "maximum": _binary(lambda a, b, r: a > b, lambda a, b, r: b >= a),
    "minimum": _binary(lambda a, b, r: a < b, lambda a, b, r: b <= a),
    "fmax": _binary(lambda a, b, r: a > b, lambda a, b, r: b >= a),
    "logaddexp": _binary(lambda a, b, r: np.exp(a - r), lambda a, b, r: np.exp(b - r)),
    "matmul": _matmul,
    "vecdot": _matmul,
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


def run(function: Any, arguments: Any, settings: dict[str, Any]) -> Any:
    """Run a NumPy function on plain arrays and put the result on the tape if there is a rule for it."""
    known = _FUNCTIONS.get(function.__name__)
    if known is not None and "out" not in settings:
        try:
            return known(*arguments, **settings)
        except (TypeError, IndexError, KeyError, AttributeError):
            pass  # an unusual way to call it: run it off the tape
    result = function(
        *[plain(entry) for entry in arguments], **{name: plain(value) for name, value in settings.items()}
    )
    return result


def _dot(first: Any, second: Any) -> Any:
    operands = [kept(first), kept(second)]
    result = np.dot(*operands)
    pulls = _matmul(operands, {}, result)
    return on_tape(result, make_node(result, list(zip((first, second), pulls, strict=True))))


def _reduction(function: Any, share: Callable[[Any, Any], float]) -> Callable[..., Any]:
    def reduction(array: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:  # noqa: ARG001 (NumPy's own signature)
        operand = plain(array)
        result = function(operand, axis=axis, keepdims=keepdims)
        settings = {"axis": axis, "keepdims": keepdims} if axis is not None else {}
        factor = share(operand, result)
        node = make_node(result, [(array, lambda gradient: _spread(gradient, operand, settings) * factor)])
        return on_tape(result, node)

    return reduction


def _maximum_along(function: Any) -> Callable[..., Any]:
    def along(array: Any, axis: Any = None, out: Any = None, keepdims: bool = False) -> Any:  # noqa: ARG001 (NumPy's own signature)
        operand = kept(array)
        result = function(operand, axis=axis, keepdims=keepdims)
        settings = {"axis": axis, "keepdims": keepdims} if axis is not None else {}
        is_extreme = operand == _spread(result, operand, settings)
        share = is_extreme / is_extreme.sum(axis, keepdims=True)
        return on_tape(
            result, make_node(result, [(array, lambda gradient: _spread(gradient, operand, settings) * share)])
        )

    return along


def _reordered(function: Any) -> Callable[..., Any]:
    """Functions that only move entries: what went where is asked of the function itself."""

    def reordered(array: Any, *arguments: Any, **settings: Any) -> Any:
        operand = plain(array)
        result = function(operand, *arguments, **settings)
        places = function(np.arange(operand.size).reshape(operand.shape), *arguments, **settings)

        def pull_back(gradient: Array) -> Array:
            spread = np.zeros(operand.size)
            np.add.at(spread, np.ravel(places), np.ravel(gradient))
            return spread.reshape(operand.shape)

        return on_tape(result, make_node(result, [(array, pull_back)]))

    return reordered


def _transpose(array: Any, axes: Any = None) -> Any:
    result = np.transpose(plain(array), axes)
    back = None if axes is None else np.argsort(axes)
    return on_tape(result, make_node(result, [(array, lambda gradient: np.transpose(gradient, back))]))


def _joined(function: Any) -> Callable[..., Any]:
    """Functions that join a sequence of arrays."""

    def joined(arrays: Any, *arguments: Any, **settings: Any) -> Any:
        entries = list(arrays)
        plains = [np.asarray(plain(entry)) for entry in entries]
        result = function(plains, *arguments, **settings)
        numbered, start = [], 0
        for entry in plains:
            numbered.append(np.arange(start, start + entry.size).reshape(entry.shape))
            start += entry.size
        places = np.ravel(function(numbered, *arguments, **settings))

        def taker(index: int) -> Pullback:
            chosen, shape = np.ravel(numbered[index]), plains[index].shape

            def pull_back(gradient: Array) -> Array:
                spread = np.zeros(start)
                np.add.at(spread, places, np.ravel(gradient))
                return spread[chosen].reshape(shape)

            return pull_back

        return on_tape(result, make_node(result, [(entry, taker(index)) for index, entry in enumerate(entries)]))

    return joined


def _append(array: Any, values: Any, axis: Any = None) -> Any:
    if axis is None:
        return _joined(np.concatenate)([np.ravel(array), np.ravel(values)])
    return _joined(np.concatenate)([array, values], axis=axis)


def _insert(array: Any, index: Any, values: Any, axis: Any = None) -> Any:
    operand = plain(array)
    result = np.insert(operand, index, plain(values), axis)
    places = np.insert(np.arange(operand.size).reshape(operand.shape), index, -1, axis)
    chosen = places >= 0

    def pull_back(gradient: Array) -> Array:
        spread = np.zeros(operand.size)
        np.add.at(spread, places[chosen], gradient[chosen])
        return spread.reshape(operand.shape)

    return on_tape(result, make_node(result, [(array, pull_back)]))


def _where(condition: Any, first: Any, second: Any) -> Any:
    chosen = np.asarray(plain(condition), bool)
    result = np.where(chosen, plain(first), plain(second))
    return on_tape(
        result,
        make_node(result, [(first, lambda gradient: gradient * chosen), (second, lambda gradient: gradient * ~chosen)]),
    )


def _clip(array: Any, low: Any = None, high: Any = None, **_: Any) -> Any:
    operand = kept(array)
    result = np.clip(operand, plain(low), plain(high))
    inside = result == operand
    return on_tape(result, make_node(result, [(array, lambda gradient: gradient * inside)]))


def _outer_function(first: Any, second: Any) -> Any:
    operands = [kept(first), kept(second)]
    result = np.outer(*operands)
    pulls = _outer(operands, {}, result)
    return on_tape(result, make_node(result, list(zip((first, second), pulls, strict=True))))


def _norm(array: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002 (NumPy's own signature)
    if ord not in (None, 2, "fro") or (ord == 2 and np.ndim(array) == 2 and axis is None):  # noqa: PLR2004 (the spectral norm has no rule)
        return np.linalg.norm(plain(array), ord, axis, keepdims)
    operand = kept(array)
    result = np.linalg.norm(operand, None, axis, keepdims)
    settings = {"axis": axis, "keepdims": keepdims} if axis is not None else {}

    def pull_back(gradient: Array) -> Array:
        length = np.maximum(_spread(result, operand, settings), 1e-300)
        return _spread(gradient, operand, settings) * operand / length

    return on_tape(result, make_node(result, [(array, pull_back)]))


def _squared_spread(array: Any, axis: Any = None, keepdims: bool = False, ddof: int = 0, **_: Any) -> Any:
    centred = array - np.mean(array, axis=axis, keepdims=True)
    count = np.size(array) if axis is None else np.shape(array)[axis]
    return np.sum(centred * centred, axis=axis, keepdims=keepdims) / (count - ddof)


def _einsum(subscripts: Any, *operands: Any, **_: Any) -> Any:
    """Two operands or one, with an explicit result: each gradient is the same contraction with result and operand exchanged."""
    inputs, _arrow, output = subscripts.replace(" ", "").partition("->")
    names = inputs.split(",")
    plains = [kept(entry) for entry in operands]
    result = np.einsum(subscripts, *plains)
    if not _arrow or "." in subscripts or len(names) > 2 or any(len(set(name)) < len(name) for name in names):  # noqa: PLR2004 (two operands)
        return result

    def taker(index: int) -> Pullback:
        others = [position for position in range(len(names)) if position != index]
        reachable = set(output).union(*(names[other] for other in others))
        kept_names = "".join(letter for letter in names[index] if letter in reachable)

        def pull_back(gradient: Array) -> Array:
            part = np.einsum(
                ",".join([output, *(names[other] for other in others)]) + "->" + kept_names,
                gradient,
                *(plains[other] for other in others),
            )
            shape = [
                length if letter in reachable else 1
                for letter, length in zip(names[index], plains[index].shape, strict=True)
            ]
            return np.broadcast_to(part.reshape(shape), plains[index].shape)

        return pull_back

    return on_tape(result, make_node(result, [(entry, taker(index)) for index, entry in enumerate(operands)]))


def _inner_dot(first: Any, second: Any) -> Any:
    return np.sum(np.ravel(first) * np.ravel(second))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "dot": _dot,
    "vdot": _inner_dot,
    "sum": _reduction(np.sum, lambda operand, result: 1.0),
    "mean": _reduction(np.mean, lambda operand, result: np.size(result) / np.size(operand)),
    "average": _reduction(np.mean, lambda operand, result: np.size(result) / np.size(operand)),
    "amax": _maximum_along(np.max),
    "max": _maximum_along(np.max),
    "amin": _maximum_along(np.min),
    "min": _maximum_along(np.min),
    "var": _squared_spread,
    "std": lambda array, *arguments, **settings: np.sqrt(_squared_spread(array, *arguments, **settings)),
    "transpose": _transpose,
    "outer": _outer_function,
    "where": _where,
    "clip": _clip,
    "norm": _norm,
    "einsum": _einsum,
    "append": _append,
    "insert": _insert,
    "copy": lambda array, *_, **__: array.copy(),
    **{
        function.__name__: _reordered(function)
        for function in (np.reshape, np.ravel, np.squeeze, np.expand_dims, np.swapaxes, np.moveaxis, np.atleast_1d, np.atleast_2d,
                         np.repeat, np.tile, np.flip, np.fliplr, np.flipud, np.roll, np.broadcast_to, np.diag, np.take, np.delete)
    },
    **{function.__name__: _joined(function) for function in (np.concatenate, np.hstack, np.vstack, np.column_stack, np.stack)},
}  # fmt: skip

__all__ = ["Rule", "Tracked", "of_ufunc", "run"]
