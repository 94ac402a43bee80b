"""Is the reported loss a well-known one with a slip in it, so that it also rewards what is wrong?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.sensitivities import sensitivities
from unstuck.doctor.scripts.taped import REPORTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.sites import Site

    Numbers = NDArray[np.float64]

_EXACT = 1e-6
_SHARE = 0.02
_ENOUGH = 10


@dataclass(frozen=True)
class Slip:
    """How the reported loss changes with the outputs.

    Attributes:
        away: The share of the outputs that it becomes smaller for as they move away from their targets.
        terms: Its derivative with respect to an output o with target t, as a formula.
        site: Where the outputs go into it first; None if that is not known.
    """

    away: float
    terms: str
    site: Site | None


def slip_in(examination: Examination) -> Slip | None:
    """Return the slip in the reported loss; None if it may well be a loss of its own.

    It has a slip if its derivative is made of nothing but terms of the loss that is descended, with other signs, and it draws some
    outputs to their targets and pushes others away: one that pushes all of them away is a score, such as a likelihood.
    """
    if REPORTED not in (examination.prober.trusted or ()):
        return None
    met = [each for probe in examination.probes for each in _outputs(examination, probe)]
    if not met:
        return None
    outputs, targets, slopes = (np.concatenate([each[place] for each in met]) for place in range(3))
    known = np.isfinite(slopes) & (outputs != targets)
    outputs, targets, slopes = outputs[known], targets[known], slopes[known]
    if outputs.size < _ENOUGH or not np.any(slopes):
        return None
    away = float(np.mean(slopes * (outputs - targets) < 0))
    if not _SHARE <= away <= 1 - _SHARE:
        return None
    terms = _terms(examination.descended, outputs, targets, slopes)
    return None if terms is None else Slip(away, terms, _site(examination))


def _site(examination: Examination) -> Site | None:
    """Return the first place where something is computed that only the reported loss is made of."""
    probe = examination.probes[0]
    reported, descended = (sensitivities(examination.prober, probe, loss) for loss in (REPORTED, examination.descended))
    keys = [key for key, gradient in reported.items() if key not in descended and np.any(gradient)]
    return examination.site_of(min(keys, key=lambda key: probe.trace.order[key])) if keys else None


def _outputs(examination: Examination, probe: Probe) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
    """Yield outputs, their targets and the derivative of the reported loss there, each time that they meet at a probe."""
    pair = examination.found.pair
    if pair is None:
        return
    gradients = sensitivities(examination.prober, probe, REPORTED)
    for key, met in probe.trace.pairs.items():
        if key[0] != pair.key[0]:
            continue
        outputs, targets = (met.right, met.left) if pair.target == "left" else (met.left, met.right)
        same = [
            gradient
            for other, gradient in gradients.items()
            if gradient.size == outputs.size == targets.size
            and other in probe.trace.values
            and np.array_equal(probe.trace.values[other].ravel(), outputs.ravel())
        ]
        if same:
            yield outputs.ravel(), targets.ravel(), same[-1].ravel()


def _terms(descended: str, outputs: Numbers, targets: Numbers, slopes: Numbers) -> str | None:
    """Return a derivative as a sum of the terms that the descended loss may have by a slip; None if it is not exactly one."""
    terms = _TERMS.get(descended)
    if terms is None or (descended == "bce" and (outputs.min() <= 0 or outputs.max() >= 1)):
        return None
    table = np.stack([term(outputs, targets) for term in terms.values()], axis=1)
    scales, _, rank, _ = np.linalg.lstsq(table, slopes, rcond=None)
    if rank < len(terms) or float(np.linalg.norm(table @ scales - slopes)) > _EXACT * float(np.linalg.norm(slopes)):
        return None
    unit = float(np.abs(scales).max())
    kept = {name: scale / unit for name, scale in zip(terms, scales, strict=True) if abs(scale) > _EXACT * unit}
    return " ".join(f"{'+' if scale > 0 else '-'} {abs(scale):.3g} {name}" for name, scale in kept.items())


_TERMS: dict[str, dict[str, Callable[[Numbers, Numbers], Numbers]]] = {
    "half_sum": {"o": lambda o, _: o, "t": lambda _, t: t},
    "bce": {
        "t / o": lambda o, t: t / o,
        "1 / (1 - o)": lambda o, _: 1 / (1 - o),
        "t / (1 - o)": lambda o, t: t / (1 - o),
        "1 / (1 + o)": lambda o, _: 1 / (1 + o),
        "t / (1 + o)": lambda o, t: t / (1 + o),
    },
}
