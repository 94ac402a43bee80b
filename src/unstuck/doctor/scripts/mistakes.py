"""Which mistake a wrong value of the backward pass is: each known mistake predicts what the value would be, up to a factor."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.backward_values import BackwardValues, stack
from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.mistaken_derivatives import fitted_derivatives, pieces
from unstuck.doctor.scripts.mistaken_factors import another_factor, another_gradient, left_out_data, left_out_factor
from unstuck.doctor.scripts.mistaken_products import gradient_products, other_products
from unstuck.doctor.scripts.mistaken_signs import another_term, growing_weights, turned_terms
from unstuck.doctor.scripts.mistaken_sums import other_values, overwritten, reduced, turned
from unstuck.doctor.scripts.wrong_values import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.backward_values import Hypothesis
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.probes import Probe, Prober
    from unstuck.doctor.scripts.trace import Key
    from unstuck.doctor.scripts.wrong_values import Backward, Wrong

_EXACT = 1e-5
_SECONDS = 4.0


@dataclass(frozen=True)
class Mistake:
    """A mistake that explains a wrong value exactly.

    Attributes:
        code: Its code in the catalogue, None if no known mistake predicts the value.
        explanation: What the value is instead of what it should be, in words of the script.
        cosine: Between the value and what it should be.
        activated: Where the forward pass applies the activation, if its derivative is another one's: a repair there is as right.
            Where it applies none although the backward pass has the derivative of one, the value that lacks it.
        missing: The name of the activation that it lacks there.
    """

    code: str | None
    explanation: str
    cosine: float
    activated: Key | None = None
    missing: str | None = None


class Namer:
    """Names mistakes.

    Args:
        found: The step.
        probes: States with all values.
        loss: The loss that is descended.
        backward: What is known about the backward pass.
    """

    def __init__(self, found: Identified, probes: Sequence[Probe], loss: str, backward: Backward) -> None:
        self._found, self._loss, self._backward = found, loss, backward
        self._probes = list(probes)
        self.values = BackwardValues(found, probes, loss, backward)

    def with_repaired(self, prober: Prober, earlier: Sequence[Wrong]) -> Namer:
        """Return what names mistakes where earlier ones have been put right, so that what follows from them is no mistake of its own."""
        repaired = []
        for number, probe in enumerate(self._probes):
            replaced = self.repairs(earlier, number)
            trace = prober.step.replay(state=probe.state, pairs=True, hold=prober.all_holds(), replace=replaced)
            repaired.append(replace(probe, trace=trace) if trace.is_whole else probe)
        return Namer(self._found, repaired, self._loss, self._backward)

    def repairs(self, wrongs: Sequence[Wrong], number: int) -> dict[Key, NDArray[np.float64]]:
        """Return what wrong values should be at one of the probes."""
        shapes = self._probes[number].trace.shapes
        return {
            wrong.key: self.values.rights(wrong)[number].reshape(shapes[wrong.key])
            for repeated in wrongs
            for wrong in repeated.each_time()
        }

    def name(self, wrong: Wrong) -> Mistake:
        """Return the mistake that predicts the wrong value."""
        observed, right = self.values.values_of(wrong.key), self.values.right(wrong)
        if observed is None or observed.size != right.size:
            return Mistake(None, "", 0.0)
        cosine = compare(observed, right).cosine
        if isinstance(wrong.meant, Entry):
            return self._of_entry(wrong, cosine)
        deadline = time.monotonic() + _SECONDS
        for hypothesis in self._hypotheses(wrong):
            if time.monotonic() > deadline:
                break
            predicted = hypothesis.predicted
            if predicted is not None and predicted.size == observed.size and np.isfinite(predicted).all():
                match = compare(observed, predicted)
                if match.error < _EXACT and match.scale:
                    return self._known(hypothesis, cosine)
        return Mistake(None, "", cosine)

    def _known(self, hypothesis: Hypothesis, cosine: float) -> Mistake:
        """Return the mistake that a hypothesis is, once it has come true."""
        activated = hypothesis.activated
        if activated is not None:
            find = self.values.first_of if hypothesis.missing is None else self.values.last_of
            activated = find(activated)
        return Mistake(hypothesis.code, hypothesis.explanation, cosine, activated, hypothesis.missing)

    def _hypotheses(self, wrong: Wrong) -> Iterator[Hypothesis]:
        """Yield what may have happened, the more usual before what can imitate it."""
        values = self.values
        yield from turned(values, wrong)
        yield from overwritten(values, wrong)
        yield from reduced(values, wrong)
        yield from left_out_data(values, wrong)
        yield from another_gradient(values, wrong)
        yield from turned_terms(values, wrong)
        yield from growing_weights(values, wrong)
        yield from another_factor(values, wrong)
        yield from pieces(values, wrong)
        yield from fitted_derivatives(values, wrong)
        yield from left_out_factor(values, wrong)
        yield from another_term(values, wrong)
        yield from other_values(values, wrong)
        yield from gradient_products(values, wrong)
        yield from other_products(values, wrong)

    def _of_entry(self, wrong: Wrong, cosine: float) -> Mistake:
        """Return the mistake in the gradient of one weight: a gradient times the same number at all states is times no hidden value."""
        values = self.values
        keys = [key for key in values.probes[0].trace.values if key[0] == wrong.key[0]]
        factors = [values.values_of(key) for key in keys]
        moving = [factor for factor in factors if factor is not None and np.any(factor)]
        for key in values.forward:
            gradient = stack([found.get(key) for found in values.gradients])
            if (
                gradient is not None
                and gradient.size == len(values.probes)
                and moving
                and all(factor.size == gradient.size and compare(factor, gradient).error < _EXACT for factor in moving)
            ):
                text = f"it is the gradient of {values.name(key)} times something that the forward pass did not multiply with the weight"
                return Mistake("wrong-operand", text, cosine)
        return Mistake(None, "", cosine)
