"""How the gradient of each NumPy function goes back to its operands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import asarray  # as it is before scripts on the tape get another

from unstuck.doctor.scripts.tape import Array, Pullback, kept, lifted, make_node, on_tape, plain
from unstuck.doctor.scripts.tape_ufuncs import outer, spread

if TYPE_CHECKING:
    from collections.abc import Callable


def run(function: Any, arguments: Any, settings: dict[str, Any]) -> Any:
    """Run a NumPy function on plain arrays and put the result on the tape if there is a rule for it."""
    known = _FUNCTIONS.get(function.__name__)
    if known is not None and "out" not in settings:
        try:
            return known(
                *(arguments if function.__name__ in _JOINING else [lifted(entry) for entry in arguments]), **settings
            )
        except (TypeError, IndexError, KeyError, AttributeError):
            pass  # an unusual way to call it: run it off the tape
    return function(*[plain(entry) for entry in arguments], **{name: plain(value) for name, value in settings.items()})


def _contraction(operands: list[Any], settings: dict[str, Any], result: Any) -> list[Pullback]:  # noqa: ARG001 (the rule's signature)
    """The rule of ``np.dot``: the last axis of the first operand with the last but one of the second."""
    first, second = asarray(operands[0]), asarray(operands[1])
    if first.ndim == 0 or second.ndim == 0:
        return [lambda gradient: gradient * second, lambda gradient: gradient * first]
    contracted = max(second.ndim - 2, 0)
    rows = first.reshape(-1, first.shape[-1])
    turned = np.moveaxis(second, contracted, 0)
    columns = turned.reshape(turned.shape[0], -1)
    return [
        lambda gradient: (gradient.reshape(len(rows), -1) @ columns.T).reshape(first.shape),
        lambda gradient: np.moveaxis((rows.T @ gradient.reshape(len(rows), -1)).reshape(turned.shape), 0, contracted),
    ]


def _dot(first: Any, second: Any) -> Any:
    operands = [kept(first), kept(second)]
    result = np.dot(*operands)
    pulls = _contraction(operands, {}, result)
    return on_tape(result, make_node(result, list(zip((first, second), pulls, strict=True))))


def _reduction(function: Any, share: Callable[[Any, Any], float]) -> Callable[..., Any]:
    def reduction(array: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:  # noqa: ARG001 (NumPy's own signature)
        operand = plain(array)
        result = function(operand, axis=axis, keepdims=keepdims)
        settings = {"axis": axis, "keepdims": keepdims} if axis is not None else {}
        factor = share(operand, result)
        node = make_node(result, [(array, lambda gradient: spread(gradient, operand, settings) * factor)])
        return on_tape(result, node)

    return reduction


def _average(array: Any, axis: Any = None, weights: Any = None, returned: bool = False, **settings: Any) -> Any:
    if weights is None and not returned:
        return np.mean(array, axis=axis, **settings)
    weighted: Any = np.average  # of its overloads none takes all settings
    return weighted(plain(array), axis, plain(weights), returned, **settings)


def _maximum_along(function: Any) -> Callable[..., Any]:
    def along(array: Any, axis: Any = None, out: Any = None, keepdims: bool = False) -> Any:  # noqa: ARG001 (NumPy's own signature)
        operand = kept(array)
        result = function(operand, axis=axis, keepdims=keepdims)
        settings = {"axis": axis, "keepdims": keepdims} if axis is not None else {}
        is_extreme = operand == spread(result, operand, settings)
        share = is_extreme / is_extreme.sum(axis, keepdims=True)
        return on_tape(
            result, make_node(result, [(array, lambda gradient: spread(gradient, operand, settings) * share)])
        )

    return along


def _reordered(function: Any) -> Callable[..., Any]:
    """Functions that only move entries: what went where is asked of the function itself."""

    def reordered(array: Any, *arguments: Any, **settings: Any) -> Any:
        operand = plain(array)
        result = function(operand, *arguments, **settings)
        numbered = np.arange(1, operand.size + 1).reshape(operand.shape)  # from 1: where nothing went, there is a 0
        places = function(numbered, *arguments, **settings)

        def pull_back(gradient: Array) -> Array:
            spread = np.zeros(operand.size + 1)
            np.add.at(spread, np.ravel(places), np.ravel(gradient))
            return spread[1:].reshape(operand.shape)

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
        plains = [asarray(plain(entry)) for entry in entries]
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
    operand, inserted = plain(array), asarray(plain(values))
    result = np.insert(operand, index, inserted, axis)
    numbered = np.arange(operand.size).reshape(operand.shape)
    places = np.insert(numbered, index, operand.size + np.arange(inserted.size).reshape(inserted.shape), axis)

    def summed(gradient: Array) -> Array:
        sums = np.zeros(operand.size + inserted.size)
        np.add.at(sums, places.ravel(), gradient.ravel())
        return sums

    return on_tape(
        result,
        make_node(
            result,
            [
                (array, lambda gradient: summed(gradient)[: operand.size].reshape(operand.shape)),
                (values, lambda gradient: summed(gradient)[operand.size :].reshape(inserted.shape)),
            ],
        ),
    )


def _where(condition: Any, first: Any, second: Any) -> Any:
    chosen = asarray(plain(condition), bool)
    result = np.where(chosen, plain(first), plain(second))
    return on_tape(
        result,
        make_node(result, [(first, lambda gradient: gradient * chosen), (second, lambda gradient: gradient * ~chosen)]),
    )


def _clip(array: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:  # noqa: A002 (NumPy's own signature)
    operand = kept(array)
    result = np.clip(operand, plain(min if a_min is None else a_min), plain(max if a_max is None else a_max))
    inside = result == operand
    return on_tape(result, make_node(result, [(array, lambda gradient: gradient * inside)]))


def _outer_function(first: Any, second: Any) -> Any:
    operands = [kept(first), kept(second)]
    result = np.outer(*operands)
    pulls = outer(operands, {}, result)
    return on_tape(result, make_node(result, list(zip((first, second), pulls, strict=True))))


def _norm(array: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002 (NumPy's own signature)
    operand = kept(array)
    result = np.linalg.norm(operand, ord, axis, keepdims)
    is_matrix = isinstance(axis, tuple) or (axis is None and np.ndim(array) > 1)
    if ord not in (None, 2, "fro") or (ord == 2 and is_matrix):  # noqa: PLR2004 (the spectral norm has no rule)
        return result
    settings = {"axis": axis, "keepdims": keepdims} if axis is not None else {}

    def pull_back(gradient: Array) -> Array:
        length = np.maximum(spread(result, operand, settings), 1e-300)
        return spread(gradient, operand, settings) * operand / length

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


_JOINING = ("concatenate", "hstack", "vstack", "column_stack", "stack", "append", "insert")
"""Functions whose lists are lists: they are not to be taken for one array."""

_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "dot": _dot,
    "vdot": _inner_dot,
    "sum": _reduction(np.sum, lambda operand, result: 1.0),
    "mean": _reduction(np.mean, lambda operand, result: np.size(result) / np.size(operand)),
    "average": _average,
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
