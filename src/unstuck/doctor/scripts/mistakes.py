"""Which mistake a wrong value of the backward pass is: each known mistake predicts what the value would be, up to a factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.derivative_factors import FACTORS
from unstuck.doctor.scripts.first_wrong import Entry, right_value
from unstuck.doctor.scripts.verdicts import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.first_wrong import Backward, Wrong
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.trace import Key

_EXACT = 1e-5
_NAMED = ("assigned", "updated", "item", "unpacked", "returned")
_LARGEST = 200_000


@dataclass(frozen=True)
class Mistake:
    """A mistake that explains a wrong value exactly.

    Attributes:
        code: Its code in the catalogue, None if no known mistake predicts the value.
        explanation: What the value is instead of what it should be, in words of the script.
        cosine: Between the value and what it should be.
    """

    code: str | None
    explanation: str
    cosine: float


class Namer:
    """Names mistakes.

    Args:
        found: The step.
        probes: States with all values.
        loss: The loss that is descended.
        backward: What is known about the backward pass.
    """

    def __init__(self, found: Identified, probes: list[Probe], loss: str, backward: Backward) -> None:
        self._found = found
        self._probes = probes
        self._loss = loss
        self._gradients = backward.gradients
        self._forward = [
            key
            for key, values in probes[0].trace.values.items()
            if key in backward.gradients[0]
            and np.any(backward.gradients[0][key])
            and all(key in probe.trace.values for probe in probes)
            and values.size <= _LARGEST
        ]

    def name(self, wrong: Wrong) -> Mistake:
        """Return the mistake that predicts the wrong value."""
        observed, right = self._stack([probe.trace.values.get(wrong.key) for probe in self._probes]), self._right(wrong)
        if observed is None or observed.size != right.size:
            return Mistake(None, "", 0.0)
        cosine = compare(observed, right).cosine
        if isinstance(wrong.meant, Entry):
            return self._of_entry(wrong, cosine)
        for code, explanation, predicted in self._hypotheses(wrong):
            if predicted is not None and predicted.size == observed.size and np.isfinite(predicted).all():
                match = compare(observed, predicted)
                if match.error < _EXACT and match.scale:
                    return Mistake(code, explanation, cosine)
        return Mistake(None, "", cosine)

    def _right(self, wrong: Wrong) -> NDArray[np.float64]:
        """Return what the value should be, of all probes one after the other."""
        return np.concatenate(
            [
                right_value(probe, self._loss, gradients, wrong.meant, wrong.transposed).ravel()
                for probe, gradients in zip(self._probes, self._gradients, strict=True)
            ]
        )

    def _of_entry(self, wrong: Wrong, cosine: float) -> Mistake:
        """Return the mistake in the gradient of one weight: a gradient times the same number at all states is times no hidden value."""
        keys = [key for key in self._probes[0].trace.values if key[0] == wrong.key[0]]
        factors = [self._stack([probe.trace.values.get(key) for probe in self._probes]) for key in keys]
        moving = [values for values in factors if values is not None and np.any(values)]
        for key in self._forward:
            gradient = self._stack([found.get(key) for found in self._gradients])
            if (
                gradient is not None
                and gradient.size == len(self._probes)
                and moving
                and all(values.size == gradient.size and compare(values, gradient).error < _EXACT for values in moving)
            ):
                text = f"it is the gradient of {self._name(key)} times something that the forward pass did not multiply with the weight"
                return Mistake("wrong-operand", text, cosine)
        return Mistake(None, "", cosine)

    # ------------------------------------------------------------------ hypotheses

    def _hypotheses(self, wrong: Wrong) -> Iterator[tuple[str, str, NDArray[np.float64] | None]]:
        shape = self._probes[0].trace.shapes[wrong.key]
        yield from self._turned(wrong)
        yield from self._reduced(wrong)
        yield from self._another_gradient(wrong, shape)
        yield from self._another_factor(wrong, shape)
        yield from self._products(wrong, shape)

    def _turned(self, wrong: Wrong) -> Iterator[tuple[str, str, NDArray[np.float64] | None]]:
        rights = [
            right_value(probe, self._loss, gradients, wrong.meant, wrong.transposed)
            for probe, gradients in zip(self._probes, self._gradients, strict=True)
        ]
        if rights[0].ndim == 2 and rights[0].shape[0] == rights[0].shape[1] > 1:  # noqa: PLR2004 (a square matrix)
            yield "missing-transpose", "it is the transpose of the gradient", self._stack([right.T for right in rights])

    def _reduced(self, wrong: Wrong) -> Iterator[tuple[str, str, NDArray[np.float64] | None]]:
        """A gradient that should have been summed over the samples was summed over the units, or only one sample was taken of it."""
        right = self._right(wrong)
        for key in self._forward:
            gradients = [found[key] for found in self._gradients if key in found]
            if gradients[0].ndim != 2 or len(gradients) != len(self._probes):  # noqa: PLR2004 (samples by units)
                continue
            for axis in (0, 1):
                summed = np.concatenate([gradient.sum(axis) for gradient in gradients])
                if gradients[0].shape[axis] < 2 or summed.size != right.size or compare(summed, right).error > _EXACT:  # noqa: PLR2004 (a sum)
                    continue
                name = self._name(key)
                for row in (0, -1):
                    text = f"it is the gradient with respect to {name} of a single sample, not of all of them together"
                    yield "bias-not-summed", text, np.concatenate([each.take(row, axis) for each in gradients])
                text = f"the gradient with respect to {name} is summed over the units, not over the samples"
                yield "summed-over-wrong-axis", text, np.concatenate([each.sum(1 - axis) for each in gradients])

    def _another_gradient(
        self, wrong: Wrong, shape: tuple[int, ...]
    ) -> Iterator[tuple[str, str, NDArray[np.float64] | None]]:
        """The gradient with respect to another value: a derivative of an activation is missing, or there is one too many."""
        order = self._probes[0].trace.order
        place = self._place(wrong)
        same = self._same_as_right(wrong)
        for key in self._of_shape(shape):
            if key in same:
                continue
            predicted = self._stack([gradients.get(key) for gradients in self._gradients])
            name = self._name(key)
            if order[key] > place:
                code = "missing-output-derivative" if self._is_output(key) else "missing-activation-derivative"
                yield (
                    code,
                    f"it is the gradient with respect to {name}: the derivative of the activation between is missing",
                    predicted,
                )
            else:
                yield (
                    "extra-factor",
                    f"it is the gradient with respect to {name}, one derivative too far back",
                    predicted,
                )

    def _another_factor(
        self, wrong: Wrong, shape: tuple[int, ...]
    ) -> Iterator[tuple[str, str, NDArray[np.float64] | None]]:
        """A gradient further on, times what is not the derivative; or the right gradient times something that does not belong there."""
        place = self._place(wrong)
        order = self._probes[0].trace.order
        same = self._of_shape(shape)
        equal = self._same_as_right(wrong)
        named = [key for key in same if self._found.sites[key[0]].kind in _NAMED]
        same = named or same
        later = [key for key in same if order[key] > place and key not in equal]
        for key in later:
            for factor_key in same:
                for text, function in FACTORS.items():
                    yield (
                        self._code_of_factor(text, factor_key, key, place),
                        f"it uses {text.format(v=self._name(factor_key))} for the derivative",
                        self._product(lambda number, key=key: self._gradients[number].get(key), factor_key, function),
                    )
        for factor_key in same:
            for text, function in FACTORS.items():
                name = self._name(factor_key)
                code = "extra-output-derivative" if self._is_output(factor_key) and "-" in text else "extra-factor"
                yield (
                    code,
                    f"it has the factor {text.format(v=name)} too many",
                    self._product(
                        lambda number: right_value(
                            self._probes[number], self._loss, self._gradients[number], wrong.meant, wrong.transposed
                        ),
                        factor_key,
                        function,
                    ),
                )

    def _products(self, wrong: Wrong, shape: tuple[int, ...]) -> Iterator[tuple[str, str, NDArray[np.float64] | None]]:
        """A product of matrices in which one operand is another than it should be."""
        if len(shape) != 2:  # noqa: PLR2004 (a matrix)
            return
        operands = self._operands()
        gradients = {self._name(key): [found.get(key) for found in self._gradients] for key in self._forward}
        is_parameter = isinstance(wrong.meant, int)
        for gradient_name, gradient in gradients.items():
            for operand_name, operand in operands.items():
                for order in ("first", "second"):
                    for turned_gradient in (False, True):
                        for turned_operand in (False, True):
                            predicted = _matrix_product(
                                gradient,
                                operand,
                                shape,
                                first=order == "first",
                                turned_gradient=turned_gradient,
                                turned_operand=turned_operand,
                            )
                            if predicted is None:
                                continue
                            text = f"{gradient_name} with {operand_name}{'.T' if turned_operand else ''}"
                            if is_parameter:
                                code = "wrong-operand"
                            else:
                                code = (
                                    "missing-transpose"
                                    if self._is_square_parameter(operand_name)
                                    and self._is_own_layer(wrong, operand_name)
                                    else "wrong-layer"
                                )
                            yield code, f"it combines the gradient of {text}", self._stack(predicted)

    # ------------------------------------------------------------------ pieces

    def _place(self, wrong: Wrong) -> int:
        """Return when what the value is the gradient of was computed."""
        if isinstance(wrong.meant, int | Entry):
            return -1
        return max(self._probes[0].trace.order[key] for key in self._same_as_right(wrong))

    def _same_as_right(self, wrong: Wrong) -> set[Key]:
        """Return the values whose gradient is the right one too: a sum and its part, a value and its copy."""
        right = right_value(self._probes[0], self._loss, self._gradients[0], wrong.meant, wrong.transposed)
        return {
            key
            for key in self._forward
            if self._gradients[0][key].size == right.size
            and np.allclose(self._gradients[0][key].ravel(), right.ravel(), rtol=1e-9, atol=1e-300)
        } | ({wrong.meant} if not isinstance(wrong.meant, int | Entry) else set())

    def _of_shape(self, shape: tuple[int, ...]) -> list[Key]:
        """Return the values of the forward pass of a shape, of several that are equal the first."""
        squeezed = tuple(length for length in shape if length > 1)
        shapes = self._probes[0].trace.shapes
        chosen = [key for key in self._forward if tuple(length for length in shapes[key] if length > 1) == squeezed]
        return sorted(
            chosen,
            key=lambda key: (
                self._found.sites[key[0]].kind not in ("assigned", "updated"),
                self._probes[0].trace.order[key],
            ),
        )

    def _name(self, key: Key) -> str:
        site = self._found.sites[key[0]]
        return site.name if site.kind != "returned" else f"what {site.function.rpartition('.')[2]} returns"

    def _is_output(self, key: Key) -> bool:
        pair = self._found.pair
        values = self._probes[0].trace.values[key]
        if pair is None or pair.key not in self._probes[0].trace.pairs:
            return False
        met = self._probes[0].trace.pairs[pair.key]
        outputs = met.right if pair.target == "left" else met.left
        return outputs.size == values.size and np.allclose(outputs.ravel(), values.ravel(), rtol=1e-12, atol=0)

    def _code_of_factor(self, text: str, factor_key: Key, later: Key, place: int) -> str:
        order = self._probes[0].trace.order[factor_key]
        is_softmax = self._sums_to_one(later)
        if is_softmax and text == "{v}*(1-{v})":
            return "softmax-diagonal"
        if order > place and text in ("sigmoid'({v})", "tanh'({v})"):
            return "derivative-of-activated-value"
        if order <= place and text in ("{v}*(1-{v})", "1-{v}**2"):
            return "derivative-of-preactivation"
        return "wrong-activation-derivative"

    def _sums_to_one(self, key: Key) -> bool:
        values = self._probes[0].trace.values[key]
        return values.ndim == 2 and any(  # noqa: PLR2004 (samples by classes)
            values.shape[axis] > 1 and np.allclose(values.sum(axis), 1.0) for axis in (0, 1)
        )

    def _product(self, gradient: object, factor_key: Key, function: object) -> NDArray[np.float64] | None:
        parts = []
        for number, probe in enumerate(self._probes):
            values = gradient(number)  # type: ignore[operator]
            factor = probe.trace.values.get(factor_key)
            if values is None or factor is None or values.size != factor.size:
                return None
            with np.errstate(all="ignore"):
                parts.append(values.ravel() * function(factor.ravel()))  # type: ignore[operator]
        return np.concatenate(parts)

    def _operands(self) -> dict[str, list[NDArray[np.float64]]]:
        """Return every matrix of the step by name: inputs, hidden values, parameters."""
        found: dict[str, list[NDArray[np.float64]]] = {}
        for variable in self._found.parameters:
            if len(variable.shape) == 2:  # noqa: PLR2004 (a matrix)
                found[variable.name] = [probe.values[variable.index] for probe in self._probes]
        for variable in self._found.step.variables:
            if (
                len(variable.shape) == 2  # noqa: PLR2004 (a matrix)
                and variable.start is not None
                and variable not in self._found.parameters
                and variable.size <= _LARGEST
            ):
                found.setdefault(variable.name, [variable.start for _ in self._probes])
        for key in self._forward:
            if len(self._probes[0].trace.shapes[key]) == 2:  # noqa: PLR2004
                found.setdefault(
                    self._name(key)
                    if self._found.sites[key[0]].kind != "item"
                    else f"{self._name(key)} (line {self._found.sites[key[0]].span.line})",
                    [probe.trace.values[key] for probe in self._probes],
                )
        return found

    def _is_square_parameter(self, name: str) -> bool:
        return any(
            variable.name == name
            and len(variable.shape) == 2  # noqa: PLR2004 (a matrix)
            and variable.shape[0] == variable.shape[1]
            for variable in self._found.parameters
        )

    def _is_own_layer(self, wrong: Wrong, name: str) -> bool:
        """Whether a parameter is the one that comes right after what the value is the gradient of."""
        place, order = self._place(wrong), self._probes[0].trace.order
        first_uses = {}
        for variable in self._found.parameters:
            dependents = self._found.dependents.get(variable.index, ())
            first = min((order[key] for key in self._forward if key in dependents), default=-1)
            if first > place and len(variable.shape) == 2:  # noqa: PLR2004 (a matrix)
                first_uses[variable.name] = first
        return name in first_uses and first_uses[name] == min(first_uses.values())

    def _stack(self, parts: list[NDArray[np.float64] | None]) -> NDArray[np.float64] | None:
        if any(part is None for part in parts):
            return None
        return np.concatenate([part.ravel() for part in parts if part is not None])


def _matrix_product(
    gradients: list[NDArray[np.float64] | None],
    operands: list[NDArray[np.float64]],
    shape: tuple[int, ...],
    *,
    first: bool,
    turned_gradient: bool,
    turned_operand: bool,
) -> list[NDArray[np.float64] | None] | None:
    products: list[NDArray[np.float64] | None] = []
    for gradient, operand in zip(gradients, operands, strict=True):
        if gradient is None or gradient.ndim != 2 or operand.ndim != 2:  # noqa: PLR2004 (matrices)
            return None
        left = gradient.T if turned_gradient else gradient
        right = operand.T if turned_operand else operand
        if not first:
            left, right = right, left
        if left.shape[1] != right.shape[0] or (left.shape[0], right.shape[1]) != shape:
            return None
        products.append(left @ right)
    return products
