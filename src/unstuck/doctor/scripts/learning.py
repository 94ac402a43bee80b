"""What a run has learned: how much of the way from the best constant prediction to a perfect one it has gone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.surrogates import pair_losses
from unstuck.doctor.scripts.taped import REPORTED
from unstuck.doctor.scripts.verdicts import compare

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.doctor.scripts.finding_step import Scouted
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.trials import TrialReport

_SAME = 1e-5
_LEARNED = 0.1
_TINY = 1e-12


@dataclass(frozen=True)
class Learning:
    """How the loss of a script is to be read.

    Attributes:
        metric: What the loss is called.
        kind: What the reported loss is, up to a factor: a candidate loss of outputs and targets, or None if it is none of these.
        constant: The loss of the best constant prediction, in the units of the curve; None if unknown.
        window: How many steps show every sample once.
        targets: The targets that one such window shows, one row for each sample; None if unknown.
    """

    metric: str
    kind: str | None
    constant: float | None
    window: int
    targets: NDArray[np.float64] | None

    def closed(self, report: TrialReport) -> float:
        """Return the share of the gap that a run has closed: 0 for no better than a constant, 1 for perfect."""
        last = report.last(self.window)
        start = self.constant if self.constant is not None else report.first(self.window)
        if not math.isfinite(last) or not math.isfinite(start) or abs(start) < _TINY:
            return 0.0
        return max(0.0, min(1.0, (start - last) / abs(start)))

    def has_learned(self, report: TrialReport) -> bool:
        """Whether a run is clearly better than the best constant prediction."""
        return self.closed(report) > _LEARNED


def read_loss(found: Identified, probes: list[Probe], descended: str, scouted: Scouted) -> Learning:
    """Return how the loss of a script is to be read.

    Args:
        found: The training step.
        probes: States with the gradients of all candidate losses.
        descended: The loss that the updates descend.
        scouted: What the first run has shown.
    """
    window = _window(found, scouted)
    targets = _targets(found, window)
    if found.loss is None:
        kind: str | None = descended
        constant = _constant_loss(targets, kind, 1.0) if targets is not None else None
        return Learning("loss of the outputs", kind, constant, window, targets)
    kind, factor = _kind_of_reported(found, probes)
    constant = None
    if kind is not None and targets is not None:
        per_step = _constant_loss(targets, kind, factor)
        constant = None if per_step is None else per_step * _elements(found) 
    return Learning(found.sites[found.loss.key[0]].name, kind, constant, window, targets)


def _window(found: Identified, scouted: Scouted) -> int:
    """Return how many training steps the loop around the training loop has."""
    parents = scouted.parents.get(found.step.loop, [])
    if not parents:
        return 1
    outer = parents[-1]
    return max(1, round(scouted.counts[found.step.loop] / max(1, scouted.counts[outer])))


def _targets(found: Identified, window: int) -> NDArray[np.float64] | None:
    """Return the targets of one window of steps, one row for each meeting with outputs."""
    if found.pair is None:
        return None
    trace = found.step.replay(pairs=True, record=False, steps=min(window, 400))
    rows = [
        (pair.left if found.pair.target == "left" else pair.right)
        for key, pair in trace.pairs.items()
        if key[0] == found.pair.key[0]
    ]
    if not rows or len({row.shape for row in rows}) > 1:
        return None
    return np.stack(rows)


def _elements(found: Identified) -> float:
    """Return how many output elements a step compares: surrogate losses are sums over them."""
    if found.pair is None or found.pair.key not in found.own.pairs:
        return 1.0
    pair = found.own.pairs[found.pair.key]
    return float((pair.right if found.pair.target == "left" else pair.left).size)


def _kind_of_reported(found: Identified, probes: list[Probe]) -> tuple[str | None, float]:
    """Return the candidate loss of which the reported one is a multiple, and the factor."""
    for kind in ("half_sum", "bce", "softmax-ce-1", "softmax-ce-0", "ce", "mae"):
        if not all(kind in probe.gradients and REPORTED in probe.gradients for probe in probes):
            continue
        reported = np.concatenate([probe.gradients[REPORTED][variable.index].ravel() for probe in probes for variable in found.parameters])
        candidate = np.concatenate([probe.gradients[kind][variable.index].ravel() for probe in probes for variable in found.parameters])
        match = compare(reported, candidate)
        if match.error < _SAME:
            return kind, match.scale
    return None, 1.0


def _constant_loss(targets: NDArray[np.float64], kind: str, factor: float) -> float | None:
    """Return the loss per output element of the constant prediction that is best for targets stacked over meetings."""
    flat = targets.reshape(len(targets), -1)
    matrix = targets.reshape(-1, targets.shape[-1]) if targets.ndim > 2 or (targets.ndim == 2 and len(targets) > 1) else targets.reshape(-1, 1)  # noqa: PLR2004 (a stack of matrices)
    best = min((_loss_of_mean(layout, kind) for layout in _layouts(targets, matrix)), default=None)
    return None if best is None or not math.isfinite(best) else factor * best / flat.size


def _layouts(targets: NDArray[np.float64], matrix: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the targets with samples as rows; where rows or columns may be the samples, both ways."""
    if targets.ndim == 3:  # noqa: PLR2004 (meetings of matrices)
        return [matrix, np.swapaxes(targets, 1, 2).reshape(-1, targets.shape[1])]
    return [matrix]


def _loss_of_mean(targets: NDArray[np.float64], kind: str) -> float:
    if len(targets) < 2:  # noqa: PLR2004 (one sample is its own mean)
        return math.inf
    mean = np.broadcast_to(np.median(targets, axis=0) if kind == "mae" else targets.mean(0), targets.shape)
    if kind.startswith("softmax"):
        return pair_losses(np.log(np.clip(mean, 1e-12, None)), targets).get("softmax-ce-1", math.inf)
    if kind in ("bce", "ce"):
        mean = np.clip(mean, 1e-12, 1 - 1e-12)
    return pair_losses(mean, targets).get(kind, math.inf)
