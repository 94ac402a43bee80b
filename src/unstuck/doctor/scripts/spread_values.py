"""Values with fewer numbers than the parameter that they are to be the gradient of: NumPy spreads them over it without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.matching import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.backward_values import BackwardValues
    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Key
    from unstuck.doctor.scripts.wrong_values import Backward

_EXACT = 1e-5
_EQUAL = 1e-9


def spread_value(probes: list[Probe], backward: Backward, variable: StepVariable) -> Key | None:
    """Return the first value on the way to an update that has fewer numbers than the parameter, where nothing larger comes after it.

    The update itself has to show it: it moves all entries alike along the axes that the value lacks. Where all values on the way are
    that small, as in a script of plain lists, the last one: something that differs from entry to entry is missing there.
    """
    if not any(_is_spread(probe.updates.get(variable.index)) for probe in probes):
        return None
    shapes, found, last = probes[0].trace.shapes, None, None
    for key in reversed(backward.drivers[variable.index]):
        is_smaller = int(np.prod(shapes[key])) < variable.size
        if found is not None and (not is_smaller or shapes[key] != shapes[found]):
            return found
        found = key if is_smaller else None  # what comes after it is the parameter with its step taken
        last = last or found
    return last


def _is_spread(update: NDArray[np.float64] | None) -> bool:
    if update is None or not np.any(update):
        return False
    scale = _EQUAL * float(np.max(np.abs(update)))
    return any(
        length > 1 and bool(np.all(np.ptp(update, axis=axis) <= scale)) for axis, length in enumerate(update.shape)
    )


def what_it_is(values: BackwardValues, key: Key) -> tuple[str | None, str]:
    """Return the mistake behind such a value, and what it is; nothing if no known one predicts it."""
    observed = values.values_of(key)
    if observed is None:
        return None, ""
    for name, gradients in values.known_gradients().items():
        sums = np.concatenate([np.atleast_1d(np.sum(gradient)) for gradient in gradients])
        if gradients[0].ndim == 2 and sums.size == observed.size and compare(observed, sums).error < _EXACT:  # noqa: PLR2004 (samples and units)
            return (
                "summed-over-wrong-axis",
                f": the gradient with respect to {name} is summed over the samples and the units",
            )
        for operand, arrays in values.operands().items():
            for predicted in _products(gradients, arrays):
                if predicted.size == observed.size and compare(observed, predicted).error < _EXACT:
                    return "wrong-operand", f": it combines the gradient of {name} with {operand}"
    return None, ""


def _products(
    gradients: list[NDArray[np.float64]], operands: list[NDArray[np.float64]]
) -> Iterator[NDArray[np.float64]]:
    """Yield the products of two matrices over their rows and over their columns, as far as these fit."""
    first, second = gradients[0], operands[0]
    if first.ndim == second.ndim == 2:  # noqa: PLR2004 (matrices)
        if first.shape[0] == second.shape[0] > 1:
            yield np.concatenate([(each.T @ other).ravel() for each, other in zip(gradients, operands, strict=True)])
        if first.shape[1] == second.shape[1] > 1:
            yield np.concatenate([(each @ other.T).ravel() for each, other in zip(gradients, operands, strict=True)])
