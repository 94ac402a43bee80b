"""Products in which one operand is another than it should be, or that are of another kind."""

from __future__ import annotations

import time
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from unstuck.doctor.scripts.backward_values import Hypothesis, squeezed
from unstuck.doctor.scripts.matching import compare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.backward_values import BackwardValues
    from unstuck.doctor.scripts.wrong_values import Wrong

_NEARLY = 1e-4
_MOST = 40
_LARGEST = 20_000
_SECONDS = 3.0

_Product: TypeAlias = "Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64] | None]"
_Kind: TypeAlias = "tuple[str | None, _Product]"


def gradient_products(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """A gradient is combined with another operand than the forward pass has multiplied there."""
    gradients = values.known_gradients()
    operands = values.operands() | {f"the gradient of {name}": arrays for name, arrays in gradients.items()}
    deadline = time.monotonic() + _SECONDS
    for gradient_name, gradient in gradients.items():
        if time.monotonic() > deadline:
            return
        for operand_name, operand in operands.items():
            for ending, predicted, product in _products(values, wrong, gradient, operand):
                before = _before_activation(values, wrong, gradient, operand, product)
                if before is not None:
                    code = (
                        "missing-output-derivative"
                        if values.is_among_outputs(gradient_name)
                        else "missing-activation-derivative"
                    )
                    text = (
                        f"it sends the gradient of {gradient_name} back through {operand_name}, where that of {before} belongs: "
                        "the derivative of the activation between is missing"
                    )
                    yield Hypothesis(code, text, predicted)
                    continue
                yield Hypothesis(
                    _code(values, wrong, operand_name, is_matrix=ending is not None),
                    f"it combines the gradient of {gradient_name} with {operand_name}{ending or ''}",
                    predicted,
                )


def _before_activation(
    values: BackwardValues,
    wrong: Wrong,
    gradient: Sequence[NDArray[np.float64]],
    operand: Sequence[NDArray[np.float64]],
    product: _Product,
) -> str | None:
    """Return the value of the same shape whose gradient, combined with the same operand, would be right; None if there is none."""
    right = values.right(wrong)
    for name, other in values.known_gradients().items():
        if other[0].shape != gradient[0].shape:
            continue
        parts = [product(first, second) for first, second in zip(other, operand, strict=True)]
        stacked = np.concatenate([part.ravel() for part in parts if part is not None])
        if stacked.size == right.size and compare(stacked, right).error < _NEARLY:
            return name
    return None


def other_products(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """A product that has no gradient in it."""
    operands = _different(values.operands())
    for first_name, first in operands:
        for second_name, second in operands:
            for ending, predicted, _ in _products(values, wrong, first, second):
                yield Hypothesis(
                    "wrong-operand",
                    f"it combines {first_name} with {second_name}{ending or ''}, and neither is a gradient",
                    predicted,
                )


def _code(values: BackwardValues, wrong: Wrong, operand: str, *, is_matrix: bool) -> str:
    if isinstance(wrong.meant, int) or not is_matrix:
        return "wrong-operand"
    is_turned = _is_square_parameter(values, operand) and _is_own_layer(values, wrong, operand)
    return "missing-transpose" if is_turned else "wrong-layer"


def _different(operands: dict[str, list[NDArray[np.float64]]]) -> list[tuple[str, list[NDArray[np.float64]]]]:
    """Return operands without those that another equals, and not too many."""
    seen: set[bytes] = set()
    chosen = []
    for name, arrays in operands.items():
        digest = np.round(arrays[0].ravel(), 9).tobytes()
        if digest not in seen and arrays[0].size <= _LARGEST and np.ptp(arrays[0]):
            seen.add(digest)
            chosen.append((name, arrays))
    return chosen[:_MOST]


def _products(
    values: BackwardValues, wrong: Wrong, firsts: Sequence[NDArray[np.float64]], seconds: Sequence[NDArray[np.float64]]
) -> Iterator[tuple[str | None, NDArray[np.float64], _Product]]:
    """Yield the products of two arrays that have the shape of a wrong value and are it at the first probe.

    Before each comes what to write after the second array if it is a product of matrices, else None; after it how to multiply.
    """
    shape = values.probes[0].trace.shapes[wrong.key]
    observed = values.probes[0].trace.values[wrong.key].ravel()
    if min(firsts[0].ndim, seconds[0].ndim) == 0:
        return
    for ending, product in chain(_matrix_products(shape), _elementwise(shape)):
        at_first = product(firsts[0], seconds[0])
        if at_first is None or at_first.size != observed.size or compare(observed, at_first.ravel()).error > _NEARLY:
            continue
        parts = [product(first, second) for first, second in zip(firsts, seconds, strict=True)]
        yield ending, np.concatenate([part.ravel() for part in parts if part is not None]), product


def _matrix_products(shape: tuple[int, ...]) -> Iterator[_Kind]:
    """Yield the ways to multiply two matrices, or a matrix and a vector, to a shape."""
    for turned_second in (False, True):
        for turned_first in (False, True):
            for is_first_left in (True, False):

                def product(
                    first: NDArray[np.float64],
                    second: NDArray[np.float64],
                    turned: tuple[bool, bool, bool] = (turned_first, turned_second, is_first_left),
                ) -> NDArray[np.float64] | None:
                    left, right = first.T if turned[0] else first, second.T if turned[1] else second
                    if not turned[2]:
                        left, right = right, left
                    if max(left.ndim, right.ndim) != 2 or left.shape[-1] != right.shape[0]:  # noqa: PLR2004 (matrices)
                        return None
                    result = left.shape[:-1] + right.shape[1:]
                    return left @ right if squeezed(result) == squeezed(shape) else None

                yield ".T" if turned_second else "", product


def _elementwise(shape: tuple[int, ...]) -> Iterator[_Kind]:
    """Yield the products of numbers by numbers that come to a shape: element by element, each with each, and summed over the rows."""

    def product(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64] | None:
        result = _broadcast(first, second)
        return None if result is None or squeezed(result) != squeezed(shape) else first * second

    def outer(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64] | None:
        sizes = first.size, second.size
        is_of_vectors = len(squeezed(first.shape)) == len(squeezed(second.shape)) == 1
        if not is_of_vectors or squeezed(shape) not in (sizes, sizes[::-1]):
            return None
        result = np.outer(first, second)
        return result if squeezed(shape) == sizes else result.T

    def summed(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64] | None:
        result = _broadcast(first, second)
        is_smaller = result is not None and len(result) == 2 and squeezed(result[1:]) == squeezed(shape)  # noqa: PLR2004
        return (first * second).sum(0) if is_smaller else None

    for kind in (product, outer, summed):
        yield None, kind


def _broadcast(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[int, ...] | None:
    try:
        return np.broadcast_shapes(first.shape, second.shape)
    except ValueError:
        return None


def _is_square_parameter(values: BackwardValues, name: str) -> bool:
    return any(
        variable.name == name
        and len(variable.shape) == 2  # noqa: PLR2004 (a matrix)
        and variable.shape[0] == variable.shape[1]
        for variable in values.found.parameters
    )


def _is_own_layer(values: BackwardValues, wrong: Wrong, name: str) -> bool:
    """Whether a parameter is the one that comes right after what the value is the gradient of."""
    place = values.place(wrong)
    first_uses = {}
    for variable in values.found.parameters:
        dependents = values.found.dependents.get(variable.index, ())
        first = min((values.order[key] for key in values.forward if key in dependents), default=-1)
        if first > place and len(variable.shape) == 2:  # noqa: PLR2004 (a matrix)
            first_uses[variable.name] = first
    return name in first_uses and first_uses[name] == min(first_uses.values())
