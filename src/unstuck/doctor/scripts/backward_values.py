"""The values that a mistaken gradient may be made of: of the forward pass, their gradients, parameters and data, at all probes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from unstuck.doctor.scripts.wrong_values import Entry, right_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.sites import SiteKind
    from unstuck.doctor.scripts.trace import Key
    from unstuck.doctor.scripts.wrong_values import Backward, Wrong

_NAMED = ("assigned", "updated", "item", "unpacked", "returned")
_LARGEST = 200_000
_LAYERS = 6


class Hypothesis(NamedTuple):
    """What a value would be if a certain mistake had been made.

    Attributes:
        code: Of the mistake.
        explanation: What the value is then, in words of the script.
        predicted: The value, of all probes one after the other, up to a factor; None if it cannot be computed.
        activated: What the activation gave in the forward pass whose derivative is mistaken, or what was given to none.
        missing: The activation whose derivative is there, where the forward pass has none.
    """

    code: str
    explanation: str
    predicted: NDArray[np.float64] | None
    activated: Key | None = None
    missing: str | None = None


class BackwardValues:
    """What is known of a step at all probes, and what it is called.

    Args:
        found: The step.
        probes: States with all values.
        loss: The loss that is descended.
        backward: What is known about the backward pass, for as many probes.
    """

    def __init__(self, found: Identified, probes: Sequence[Probe], loss: str, backward: Backward) -> None:
        self.found = found
        self.probes = probes
        self.gradients = backward.gradients
        self.order = probes[0].trace.order
        self._loss = loss
        self._times = Counter(site for site, _ in self.order)
        self.forward = [
            key
            for key, values in probes[0].trace.values.items()
            if key in backward.gradients[0]
            and np.any(backward.gradients[0][key])
            and all(key in probe.trace.values for probe in probes)
            and values.size <= _LARGEST
        ]

    # ------------------------------------------------------------------ of all probes

    def rights(self, wrong: Wrong) -> list[NDArray[np.float64]]:
        """Return what a wrong value should be, for each probe."""
        return [
            right_value(probe, self._loss, gradients, wrong.meant, wrong.transposed)
            for probe, gradients in zip(self.probes, self.gradients, strict=True)
        ]

    def right(self, wrong: Wrong) -> NDArray[np.float64]:
        """Return what a wrong value should be, of all probes one after the other."""
        return np.concatenate([right.ravel() for right in self.rights(wrong)])

    def values_of(self, key: Key) -> NDArray[np.float64] | None:
        """Return a value of all probes one after the other; None if a probe lacks it."""
        return stack([probe.trace.values.get(key) for probe in self.probes])

    def gradient_of(self, key: Key) -> NDArray[np.float64] | None:
        """Return the gradient with respect to a value, of all probes one after the other; None if a probe lacks it."""
        return stack([gradients.get(key) for gradients in self.gradients])

    # ------------------------------------------------------------------ which

    def place(self, wrong: Wrong) -> int:
        """Return when what the value is the gradient of was computed."""
        if isinstance(wrong.meant, int | Entry):
            return -1
        return max(self.order[key] for key in self.same_as_right(wrong))

    def passes_a_layer(self, place: int, key: Key) -> bool:
        """Whether parameters are used for the first time after a place, on the way to a value."""
        for variable in self.found.parameters:
            dependents = self.found.dependents.get(variable.index, ())
            first = min((self.order[other] for other in self.forward if other in dependents), default=-1)
            if variable.size > 1 and place < first <= self.order[key]:
                return True
        return False

    def same_as_right(self, wrong: Wrong) -> set[Key]:
        """Return the values whose gradient is the right one too: a sum and its part, a value and its copy."""
        right = self.rights(wrong)[0]
        return {
            key
            for key in self.forward
            if self.gradients[0][key].size == right.size
            and np.allclose(self.gradients[0][key].ravel(), right.ravel(), rtol=1e-9, atol=1e-300)
        } | ({wrong.meant} if not isinstance(wrong.meant, int | Entry) else set())

    def of_shape(self, shape: tuple[int, ...]) -> list[Key]:
        """Return the values of the forward pass of a shape, those that are given a name first."""
        shapes = self.probes[0].trace.shapes
        chosen = [key for key in self.forward if squeezed(shapes[key]) == squeezed(shape)]
        return sorted(chosen, key=lambda key: (_rank(self.found.sites[key[0]].kind), self.order[key]))

    def named_of_shape(self, shape: tuple[int, ...]) -> list[Key]:
        """Return the values of the forward pass of a shape that are given a name, or all if none is."""
        same = self.of_shape(shape)
        return [key for key in same if self.found.sites[key[0]].kind in _NAMED] or same

    def later(self, wrong: Wrong, shape: tuple[int, ...]) -> list[Key]:
        """Return the values further on in the forward pass of a shape that have a name: their gradients are known before the wrong one."""
        place, equal = self.place(wrong), self.same_as_right(wrong)
        return [key for key in self.named_of_shape(shape) if self.order[key] > place and key not in equal]

    # ------------------------------------------------------------------ what they are

    def name(self, key: Key) -> str:
        """Return what a value is called in the script."""
        site = self.found.sites[key[0]]
        return site.name if site.kind != "returned" else f"what {site.function.rpartition('.')[2]} returns"

    def is_output(self, key: Key) -> bool:
        """Whether a value is what meets the targets."""
        met = self.met()
        values = self.probes[0].trace.values[key]
        if met is None:
            return False
        outputs = met[0][0]
        return outputs.size == values.size and np.allclose(outputs.ravel(), values.ravel(), rtol=1e-12, atol=0)

    def is_among_outputs(self, name: str) -> bool:
        """Whether a name stands for what meets the targets."""
        return any(known == name and self.is_output(key) for key, known in self._names())

    def first_of(self, key: Key) -> Key:
        """Return where a value of the forward pass came into being: names, items and results of functions may hold it after that."""
        values = self.probes[0].trace.values[key]
        same = [
            other
            for other in self.forward
            if squeezed(self.probes[0].trace.shapes[other]) == squeezed(values.shape)
            and np.array_equal(self.probes[0].trace.values[other].ravel(), values.ravel())
        ]
        return min(same, key=lambda other: self.order[other], default=key)

    def last_of(self, key: Key) -> Key:
        """Return where a value of the forward pass was last given a name or returned, before it goes on as another one."""
        values = self.probes[0].trace.values[key]
        same = [
            other
            for other in self.forward
            if self.found.sites[other[0]].kind in _NAMED
            and squeezed(self.probes[0].trace.shapes[other]) == squeezed(values.shape)
            and np.array_equal(self.probes[0].trace.values[other].ravel(), values.ravel())
        ]
        returned = [other for other in same if self.found.sites[other[0]].kind == "returned"]
        return max(returned or same, key=lambda other: self.order[other], default=key)

    def met(self) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]] | None:
        """Return the outputs and the targets where they meet, for each probe; None if they do not."""
        pair = self.found.pair
        if pair is None or any(pair.key not in probe.trace.pairs for probe in self.probes):
            return None
        pairs = [probe.trace.pairs[pair.key] for probe in self.probes]
        lefts, rights = [met.left for met in pairs], [met.right for met in pairs]
        return (rights, lefts) if pair.target == "left" else (lefts, rights)

    def sums_to_one(self, key: Key) -> bool:
        """Whether a value holds shares, such as what a softmax returns."""
        values = self.probes[0].trace.values[key]
        return values.ndim == 2 and any(  # noqa: PLR2004 (samples by classes)
            values.shape[axis] > 1 and np.allclose(values.sum(axis), 1.0) for axis in (0, 1)
        )

    def operands(self) -> dict[str, list[NDArray[np.float64]]]:
        """Return every array of the step by name, for each probe: parameters, data, values of the forward pass."""
        found: dict[str, list[NDArray[np.float64]]] = {}
        for variable in self.found.parameters:
            found[variable.name] = [probe.values[variable.index] for probe in self.probes]
        for variable in self.found.step.variables:
            if variable.start is not None and variable not in self.found.parameters and variable.size <= _LARGEST:
                found.setdefault(variable.name, [variable.start for _ in self.probes])
        for key, name in self._names():
            found.setdefault(name, [probe.trace.values[key] for probe in self.probes])
        met = self.met()
        if met is not None:
            found |= {"the outputs": met[0], "the targets": met[1]}
        return {name: arrays for name, arrays in found.items() if arrays[0].ndim}

    def known_gradients(self) -> dict[str, list[NDArray[np.float64]]]:
        """Return the gradient with respect to every value of the forward pass, by its name, for each probe."""
        return {
            name: [gradients[key] for gradients in self.gradients]
            for key, name in self._names()
            if all(key in gradients for gradients in self.gradients)
        }

    def _names(self) -> Iterator[tuple[Key, str]]:
        """Yield the values of the forward pass with what tells them apart: the line of an item, and which time an array is computed."""
        for key in self.forward:
            site, name = self.found.sites[key[0]], self.name(key)
            if site.kind == "item":
                name = f"{name} (line {site.span.line})"
            if key[1] > 0 and self._times[key[0]] <= _LAYERS and self.probes[0].trace.values[key].ndim:
                name = f"{name} (time {key[1] + 1})"
            yield key, name


def _rank(kind: SiteKind) -> int:
    """Return how late a name comes for a value that has several: its own name is said rather than what returned it."""
    return {"assigned": 0, "updated": 0, "returned": 2}.get(kind, 1)


def stack(parts: Sequence[NDArray[np.float64] | None]) -> NDArray[np.float64] | None:
    """Return parts one after the other, None if one is missing."""
    if any(part is None for part in parts):
        return None
    return np.concatenate([part.ravel() for part in parts if part is not None])


def squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return a shape without the ones in it."""
    return tuple(length for length in shape if length > 1)
