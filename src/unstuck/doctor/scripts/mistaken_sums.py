"""Gradients that are laid out or added up the wrong way, or that are no gradient at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.backward_values import Hypothesis, squeezed
from unstuck.doctor.scripts.matching import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.backward_values import BackwardValues
    from unstuck.doctor.scripts.trace import Key
    from unstuck.doctor.scripts.wrong_values import Wrong

_EXACT = 1e-5


def turned(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """The gradient is laid out the other way round."""
    rights = values.rights(wrong)
    if rights[0].ndim == 2 and rights[0].shape[0] == rights[0].shape[1] > 1:  # noqa: PLR2004 (a square matrix)
        yield Hypothesis(
            "missing-transpose",
            "it is the transpose of the gradient",
            np.concatenate([right.T.ravel() for right in rights]),
        )


def reduced(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """A gradient that should have been summed over the samples was summed over the units, or only one sample was taken of it."""
    right = values.right(wrong)
    for key in values.forward:
        gradients = [found[key] for found in values.gradients if key in found]
        if gradients[0].ndim != 2 or len(gradients) != len(values.probes):  # noqa: PLR2004 (samples by units)
            continue
        for axis in (0, 1):
            summed = np.concatenate([gradient.sum(axis) for gradient in gradients])
            if gradients[0].shape[axis] < 2 or summed.size != right.size or compare(summed, right).error > _EXACT:  # noqa: PLR2004 (a sum)
                continue
            name = values.name(key)
            for row in (0, -1):
                text = f"it is the gradient with respect to {name} of a single sample, not of all of them together"
                yield Hypothesis("bias-not-summed", text, np.concatenate([each.take(row, axis) for each in gradients]))
            text = f"the gradient with respect to {name} is summed over the units, not over the samples"
            yield Hypothesis("summed-over-wrong-axis", text, np.concatenate([each.sum(1 - axis) for each in gradients]))


def overwritten(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """Each pass of a loop puts its part of a gradient in the place of the one before: only the last is left of the sum."""
    observed, right = values.values_of(wrong.key), values.right(wrong)
    passes: dict[int, list[Key]] = {}
    for key in sorted(values.probes[0].trace.values):
        passes.setdefault(key[0], []).append(key)
    for site, keys in sorted(passes.items(), key=lambda entry: entry[0] != wrong.key[0]):
        parts = [part for part in map(values.values_of, keys) if part is not None and part.size == right.size]
        if len(parts) < max(2, len(keys)) or observed is None or compare(np.sum(parts, axis=0), right).error > _EXACT:
            continue
        where = "its place" if site == wrong.key[0] else f"the place of {values.name(keys[0])}"
        text = f"each pass of the loop puts another value in {where}, where it has to be added to what is there"
        yield Hypothesis("overwritten-gradient", text, parts[-1])


def other_values(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """A value of the forward pass, a parameter or the data stands where a gradient belongs, or the gradient of another value."""
    shape = squeezed(values.probes[0].trace.shapes[wrong.key])
    belongs = "where a gradient belongs"
    for name, operand in values.operands().items():
        for text, arrays in _as_it_is_or_summed(operand, shape):
            yield Hypothesis("wrong-operand", f"it is {text.format(v=name)} {belongs}", np.concatenate(arrays))
    for name, gradient in values.known_gradients().items():
        for text, arrays in _as_it_is_or_summed(gradient, shape):
            what = text.format(v=f"the gradient with respect to {name}")
            yield Hypothesis(
                "wrong-layer", f"it is {what}, which is not the one that belongs here", np.concatenate(arrays)
            )


def _as_it_is_or_summed(
    arrays: list[NDArray[np.float64]], shape: tuple[int, ...]
) -> Iterator[tuple[str, list[NDArray[np.float64]]]]:
    """Yield an array as it is, turned and summed, as far as that has the shape."""
    first = arrays[0]
    if squeezed(first.shape) == shape:
        yield "{v}", [array.ravel() for array in arrays]
    if first.ndim == 2 and squeezed(first.T.shape) == shape:  # noqa: PLR2004 (a matrix)
        yield "{v}.T", [array.T.ravel() for array in arrays]
    for axis in range(first.ndim):
        if first.ndim > 1 and first.shape[axis] > 1 and squeezed(first.shape[:axis] + first.shape[axis + 1 :]) == shape:
            yield f"the sum of {{v}} over axis {axis}", [array.sum(axis).ravel() for array in arrays]
