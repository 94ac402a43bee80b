"""Putting a value of the backward pass right, to see whether that puts the update of a parameter right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.gradient_sites import is_gathered
from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.verdicts import is_gradient_with_decay
from unstuck.doctor.scripts.wrong_values import Entry, right_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.probes import Probe, Prober
    from unstuck.doctor.scripts.trace import Key, Trace
    from unstuck.doctor.scripts.wrong_values import Backward, Wrong

_RIGHT = 1e-5
_MOSTLY = 0.9


def _is_remembered(found: Identified, parameter: int) -> bool:
    """Whether something of the shape of a parameter is carried over for it: a velocity, or gradients added up over several steps."""
    own = next(variable for variable in found.parameters if variable.index == parameter)
    return any(state.shape == own.shape for state in found.state) or is_gathered(found, own)


class ValueRepair:
    """Puts a value right and looks whether that puts the update of a parameter right."""

    def __init__(
        self, prober: Prober, probes: list[Probe], loss: str, backward: Backward, parameter: int, given: Sequence[Wrong]
    ) -> None:
        self._prober = prober
        self._probes = probes
        self._loss = loss
        self._backward = backward
        self._parameter = parameter
        self._given = given
        self._adapts = _is_remembered(prober.found, parameter)
        self._holds = prober.all_holds()

    def reach(self, key: Key) -> NDArray[np.bool_] | None:
        """Return which weights a value moves; None if it moves none."""
        probe = self._probes[0]
        shape = probe.trace.shapes[key]
        noise = np.random.default_rng(5).normal(size=shape) * max(
            1e-3, abs(probe.trace.sums[key][0]) / max(1, int(np.prod(shape)))
        )
        base = self._run(probe, {})
        moved = self._run(probe, {key: noise}, replacing=False)
        if base is None or moved is None:
            return None
        reached: NDArray[np.bool_] = (base != moved) & np.isfinite(probe.gradients[self._loss][self._parameter])
        return reached if reached.any() else None

    def is_needed(self, reached: NDArray[np.bool_]) -> bool:
        """Whether the update of the weights that a value moves is wrong as it is."""
        updates, gradients = [], []
        for number, probe in enumerate(self._probes):
            repairs = self._repairs(self._given, number, probe)
            update = None if repairs is None else self._run(probe, repairs)
            if update is None:
                return True
            updates.append(update[reached])
            gradients.append(probe.gradients[self._loss][self._parameter][reached])
        return not np.any(np.concatenate(updates)) or not self._is_right(updates, gradients)

    def works(self, wrongs: Sequence[Wrong], reached: NDArray[np.bool_], text: str | None = None) -> bool:
        """Whether the update is a multiple of the gradient, the same at all probes, with values put right.

        Args:
            wrongs: The values.
            reached: The weights to look at, see :meth:`reach`.
            text: The expression that puts the last one right, where it is not to be replaced by what it should be.
        """
        updates, gradients, weights = [], [], []
        restored = set(self._later_of_its_size(wrongs[-1].key)) if self._adapts else set()
        replaced = wrongs if text is None else wrongs[:-1]
        rewrite = None if text is None else {wrongs[-1].key[0]: text}
        for number, probe in enumerate(self._probes):
            repairs = self._repairs((*self._given, *replaced), number, probe)
            right = self._right(wrongs[-1], number, probe)
            if repairs is None or right is None:
                return False
            trace = self._replay(probe, repairs, values=sorted(restored), rewrite=rewrite)
            update = self._update(probe, trace)
            if update is None:
                return False
            updates.append(update[reached])
            gradients.append(probe.gradients[self._loss][self._parameter][reached])
            weights.append(probe.values[self._parameter][reached])
            restored = {key for key in restored if self._is_gradient(trace.values.get(key), probe)}
            if (
                restored
                or self._is_right(updates, gradients)
                or is_gradient_with_decay(
                    np.concatenate(updates), np.concatenate(gradients), np.concatenate(weights), _RIGHT
                )
            ):
                continue
            if not self._follows_signs(updates, gradients, right, probe):
                return False
        whole = np.concatenate(updates)
        is_down = text is None or float(np.vdot(whole, np.concatenate(gradients))) < 0
        return bool(whole.size > 1 and np.any(whole) and is_down)

    def _is_right(self, updates: list[NDArray[np.float64]], gradients: list[NDArray[np.float64]]) -> bool:
        """Whether updates are a multiple of gradients; what an optimizer remembers is the same at all probes, and gone in a difference."""
        if compare(np.concatenate(updates), np.concatenate(gradients)).error <= _RIGHT:
            return True
        if not self._adapts or len(updates) < 2:  # noqa: PLR2004 (a difference needs two)
            return False
        differences = [np.concatenate([values - of[0] for values in of[1:]]) for of in (updates, gradients)]
        return compare(*differences).error <= _RIGHT

    def _later_of_its_size(self, key: Key) -> list[Key]:
        """Return the values after one that hold as many numbers as the parameter, and are not its gradient yet."""
        probe = self._probes[0]
        order, size = probe.trace.order, probe.values[self._parameter].size
        return [
            later
            for later in self._backward.drivers[self._parameter]
            if order[later] > order[key]
            and int(np.prod(probe.trace.shapes[later])) == size > 1
            and not self._is_gradient(probe.trace.values.get(later), probe)
        ]

    def _is_gradient(self, values: NDArray[np.float64] | None, probe: Probe) -> bool:
        """Whether a value is the gradient of the parameter up to a factor: behind it comes an optimizer that adapts its steps."""
        gradient = probe.gradients[self._loss][self._parameter]
        return (
            values is not None
            and values.size == gradient.size
            and compare(values.ravel(), gradient.ravel()).error <= _RIGHT
        )

    def _repairs(self, wrongs: Sequence[Wrong], number: int, probe: Probe) -> dict[Key, NDArray[np.float64]] | None:
        """Return what wrong values should be; None if that is not known of one of them."""
        repairs = {}
        for wrong in (each for repeated in wrongs for each in repeated.each_time()):
            right = self._right(wrong, number, probe)
            if right is None:
                return None
            repairs[wrong.key] = right
        return repairs

    def _right(self, wrong: Wrong, number: int, probe: Probe) -> NDArray[np.float64] | None:
        gradients = self._backward.gradients[number]
        if wrong.key not in probe.trace.shapes or (
            not isinstance(wrong.meant, int | Entry) and wrong.meant not in gradients
        ):
            return None
        right = right_value(probe, self._loss, gradients, wrong.meant, wrong.transposed)
        shape = probe.trace.shapes[wrong.key]
        return right.reshape(shape) if right.size == int(np.prod(shape)) else None

    def _follows_signs(
        self,
        updates: list[NDArray[np.float64]],
        gradients: list[NDArray[np.float64]],
        right: NDArray[np.float64],
        probe: Probe,
    ) -> bool:
        """Whether an optimizer that keeps a state turns the repaired gradient of the parameter into an update downhill."""
        if not self._adapts or right.size != probe.values[self._parameter].size:
            return False
        if compare(right.ravel(), probe.gradients[self._loss][self._parameter].ravel()).error > _RIGHT:
            return False
        signs = np.sign(np.concatenate(updates)) * np.sign(np.concatenate(gradients))
        return bool(abs(np.mean(signs)) > _MOSTLY)

    def _run(
        self, probe: Probe, values: dict[Key, NDArray[np.float64]], *, replacing: bool = True
    ) -> NDArray[np.float64] | None:
        return self._update(probe, self._replay(probe, values, replacing=replacing))

    def _replay(
        self,
        probe: Probe,
        changed: dict[Key, NDArray[np.float64]],
        *,
        replacing: bool = True,
        values: Sequence[Key] = (),
        rewrite: Mapping[int, str] | None = None,
    ) -> Trace:
        return self._prober.step.replay(
            state=probe.state,
            record=bool(values),
            values=values,
            ends=[self._parameter],
            hold=self._holds,
            replace=changed if replacing else None,
            add=None if replacing else changed,
            rewrite=rewrite,
        )

    def _update(self, probe: Probe, trace: Trace) -> NDArray[np.float64] | None:
        end = trace.ends.get(self._parameter)
        start = probe.values[self._parameter]
        return None if end is None or end.shape != start.shape else end - start
