"""What a run has learned: how much of the way from the best constant prediction to a perfect one it has gone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.sample_axis import samples_are_columns
from unstuck.doctor.scripts.surrogates import pair_losses
from unstuck.doctor.scripts.taped import REPORTED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.doctor.scripts.finding_step import Scouted
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.trials import TrialReport

_SAME = 1e-5
_LEARNED = 0.1
_TINY = 1e-12
_FEW_STEPS = 400
_MOST_STEPS = 4000
_DRAWS = 50
_LOOKS = 4
_SECONDS = 6.0  # by the pace of a step that is written down in full, which is several times as slow


@dataclass(frozen=True)
class Learning:
    """How the loss of a script is to be read.

    Attributes:
        metric: What the loss is called.
        kind: What the reported loss is, up to a factor: a candidate loss of outputs and targets, or None if it is none of these.
        constant: The loss of the best constant prediction, in the units of the curve; None if unknown.
        window: How many steps show every sample once, or most of them where they are drawn at random.
        targets: The targets that one such window shows, one row for each sample; None if unknown.
    """

    metric: str
    kind: str | None
    constant: float | None
    window: int
    targets: NDArray[np.float64] | None

    def closed(self, report: TrialReport, steps: int | None = None) -> float:
        """Return the share of the gap that a run has closed after ``steps``: 0 for no better than a constant, 1 for perfect."""
        last = report.last(self.window, steps)
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
    if window == 1 and _draws_its_rows(found):
        window = _DRAWS
    pace = max(1e-5, min(probe.trace.seconds for probe in probes)) if probes else 1.0
    steps = min(window, _MOST_STEPS, max(_FEW_STEPS, int(_SECONDS / pace)))
    targets = _targets(found, steps)
    if found.loss is None:
        total = None if targets is None else _constant_total(targets, descended)
        constant = None if total is None or targets is None else total / targets.size
        return Learning("loss of the outputs", descended, constant, window, targets)
    kind, factor = _kind_of_reported(found, probes)
    total = None if kind is None or targets is None else _constant_total(targets, kind)
    return Learning(
        found.sites[found.loss.key[0]].name, kind, None if total is None else factor * total / steps, window, targets
    )


def _window(found: Identified, scouted: Scouted) -> int:
    """Return how many training steps the loop around the training loop has."""
    parents = scouted.parents.get(found.step.loop, [])
    if not parents:
        return 1
    outer = parents[-1]
    first = _steps_of_first_round(found, scouted, outer)
    if first:
        return first
    rounds, steps = max(1, scouted.counts[outer]), scouted.counts[found.step.loop]
    length = scouted.lengths.get(found.step.loop, 0)
    was_cut_short = scouted.reason != "ended" and (rounds - 1) * length <= steps < rounds * length
    return length if was_cut_short else max(1, round(steps / rounds))


def _steps_of_first_round(found: Identified, scouted: Scouted, outer: int) -> int:
    """Return how many steps the first round of the loop around has, 0 if that cannot be told: the last round may have been cut short."""
    within = [loop for loop, parents in scouted.parents.items() if outer in parents]
    heads = [
        times
        for site, times in scouted.times.items()
        if found.sites[site].kind == "loop-target" and scouted.inside.get(site, [])[-1:] == [outer] and len(times) > 1
    ]
    return int(heads[0][1] - heads[0][0]) - 1 if heads and within == [found.step.loop] else 0


def _draws_its_rows(found: Identified) -> bool:
    """Whether one step meets other targets than the next, though no loop goes around them: rows are drawn at random."""
    if found.pair is None:
        return False
    trace = found.step.replay(pairs=True, record=False, steps=_LOOKS, pair=found.pair.as_asked)
    met = [trace.pairs[key] for key in sorted(trace.pairs) if key[0] == found.pair.key[0]]
    targets = [pair.left if found.pair.target == "left" else pair.right for pair in met]
    each = len(targets) // _LOOKS
    if not each or len(targets) % _LOOKS:
        return False
    steps = [
        np.sort(np.concatenate([row.ravel() for row in targets[at : at + each]])) for at in range(0, len(targets), each)
    ]
    return any(step.shape != steps[0].shape or not np.array_equal(step, steps[0]) for step in steps)


def _targets(found: Identified, steps: int) -> NDArray[np.float64] | None:
    """Return the targets that some steps show, one row for each sample."""
    if found.pair is None:
        return None
    trace = found.step.replay(pairs=True, record=False, steps=steps, pair=found.pair.as_asked)
    rows: dict[tuple[bytes, bytes], NDArray[np.float64]] = {}
    for key in sorted(key for key in trace.pairs if key[0] == found.pair.key[0]):
        pair = trace.pairs[key]
        outputs, targets = (pair.right, pair.left) if found.pair.target == "left" else (pair.left, pair.right)
        rows.setdefault(
            (outputs.tobytes(), targets.tobytes()),
            np.broadcast_to(targets, outputs.shape) if targets.size < outputs.size else targets,
        )
    if not rows or len({row.shape for row in rows.values()}) > 1:
        return None
    stacked = np.stack(list(rows.values()))
    are_columns = samples_are_columns(found) if stacked.ndim > 2 else None  # noqa: PLR2004 (matrices)
    samples = [_samples_as_rows(found, row, are_columns=are_columns) for row in stacked]
    return np.concatenate(samples)


def _samples_as_rows(
    found: Identified, targets: NDArray[np.float64], *, are_columns: bool | None
) -> NDArray[np.float64]:
    """Return the targets of one meeting with samples as rows; if in doubt, the axis whose length is that of no parameter is the batch."""
    if targets.ndim < 2:  # noqa: PLR2004 (a matrix has two axes)
        has_that_many_outputs = (
            any(targets.size in variable.shape for variable in found.parameters) and targets.size > 1
        )
        return targets.reshape(1, -1) if has_that_many_outputs else targets.reshape(-1, 1)
    targets = targets.reshape(targets.shape[0], -1)
    if are_columns is not None:
        return targets.T if are_columns else targets
    lengths = {length for variable in found.parameters for length in variable.shape}
    rows_are_outputs = targets.shape[0] in lengths and targets.shape[1] not in lengths - {1}
    return targets.T if rows_are_outputs else targets


def _kind_of_reported(found: Identified, probes: list[Probe]) -> tuple[str | None, float]:
    """Return the candidate loss of which the reported one is a multiple, and the factor."""
    for kind in ("half_sum", "bce", "softmax-ce-1", "softmax-ce-0", "ce", "mae"):
        if not all(kind in probe.gradients and REPORTED in probe.gradients for probe in probes):
            continue
        reported = np.concatenate(
            [probe.gradients[REPORTED][variable.index].ravel() for probe in probes for variable in found.parameters]
        )
        candidate = np.concatenate(
            [probe.gradients[kind][variable.index].ravel() for probe in probes for variable in found.parameters]
        )
        match = compare(reported, candidate)
        if match.error < _SAME:
            return kind, match.scale
    return None, 1.0


def _constant_total(targets: NDArray[np.float64], kind: str) -> float | None:
    """Return the loss, summed over all samples, of the constant prediction that is best for them; None for a single sample."""
    if len(targets) < 2:  # noqa: PLR2004 (one sample is its own mean)
        return None
    mean = np.broadcast_to(np.median(targets, axis=0) if kind == "mae" else targets.mean(0), targets.shape)
    if kind.startswith("softmax"):
        kind, mean = "softmax-ce-1", np.log(np.clip(mean, 1e-12, None))
    elif kind in ("bce", "ce"):
        mean = np.clip(mean, 1e-12, 1 - 1e-12)
    total = pair_losses(mean, targets).get(kind, math.nan)
    return total if math.isfinite(total) else None
