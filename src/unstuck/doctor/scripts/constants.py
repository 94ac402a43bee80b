"""What a training step depends on and never changes: its inputs, its targets, and parameters that nobody updates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.standing_still import standing_still

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Trace

_LARGEST = 1 << 16
_MOST = 24
_SECONDS = 3.0
_NUDGE = 0.05
_TRIED = 3
_STEPS = 6
_CLEARLY = 0.2
_FEW_SAMPLES = 2


@dataclass(frozen=True)
class Constant:
    """A variable that is alive at the top of the step, affects its outputs or its loss, and is the same after it.

    Attributes:
        variable: The variable.
        moves_outputs: Whether the outputs depend on it; targets move the loss alone.
        share: Of how many samples one of its numbers moves the output, between 0 and 1. A number of the inputs belongs to one
            sample, a weight to all of them. None if there are not enough samples to tell.
        samples: How many different samples were looked at.
    """

    variable: StepVariable
    moves_outputs: bool
    share: float | None
    samples: int

    @property
    def is_like_a_weight(self) -> bool:
        """Whether one of its numbers acts on several samples."""
        return self.share is not None and self.share * self.samples > 1.5  # noqa: PLR2004 (more than one)


def constants_of(examination: Examination) -> list[Constant]:
    """Return what the step depends on and never changes; measured once and remembered."""
    known: list[Constant] | None = examination.notes.get("constants")
    if known is None:
        known = examination.notes["constants"] = list(_Measurement(examination).constants())
    return known


def is_like_data(examination: Examination, variable: StepVariable) -> bool:
    """Whether each number of a variable acts on one sample only, as those of the inputs do."""
    share, samples = _Measurement(examination).share(variable)
    return (
        share is not None and not Constant(variable, moves_outputs=True, share=share, samples=samples).is_like_a_weight
    )


class _Measurement:
    """Changes one variable at a time, at a probe."""

    def __init__(self, examination: Examination) -> None:
        self._examination = examination
        self._found = examination.found
        self._step = examination.found.step
        self._probe = examination.probes[0]
        self._state = self._probe.state
        self._rng = np.random.default_rng(31)
        self._base = self._replay()

    def constants(self) -> list[Constant]:
        """Return them all, as far as time allows."""
        candidates = self._candidates()
        budget = max(4, min(_MOST, int(_SECONDS / max(1e-3, self._base.seconds))))
        found = []
        for variable in candidates[:budget]:
            trace = self._replay({variable.index: self._noise(variable)})
            if not trace.is_whole:
                continue
            outputs = not _same(self._outputs(trace), self._outputs(self._base))
            loss = self._found.loss is not None and not _same([np.array(trace.loss)], [np.array(self._base.loss)])
            if outputs or loss:
                share, samples = self.share(variable) if outputs else (None, 0)
                found.append(Constant(variable, outputs, share, samples))
        return found

    def _candidates(self) -> list[StepVariable]:
        """Return the variables that carry nothing over and that the step leaves as they are, small ones first."""
        carrying = {variable.index for variable in (*self._found.parameters, *self._found.state)}
        targets = {site.name for site in self._found.sites if site.kind == "loop-target"}
        changed = set(self._examination.scouted.changed.get(self._found.step.loop, []))
        candidates = [
            variable
            for variable in self._step.variables
            if variable.index not in carrying
            and variable.start is not None
            and variable.shape != ()
            and variable.size <= _LARGEST
            and variable.name not in changed
            and not (variable.root in targets and not variable.steps)
        ]
        ends = self._step.replay(record=False, ends=[variable.index for variable in candidates]).ends
        kept = [
            variable
            for variable in candidates
            if variable.start is not None
            and variable.index in ends
            and np.array_equal(ends[variable.index], variable.start, equal_nan=True)
        ]
        return sorted(kept, key=lambda variable: (variable.is_integer, variable.size, variable.index))

    def _noise(self, variable: StepVariable) -> NDArray[np.float64]:
        start = variable.start if variable.start is not None else np.zeros(variable.shape)
        with np.errstate(all="ignore"):
            size = float(np.sqrt(np.mean(start * start)))
        return _NUDGE * (size if np.isfinite(size) and size > 0 else 1.0) * self._rng.normal(size=variable.shape)

    def _replay(self, shift: dict[int, NDArray[np.float64]] | None = None, steps: int = 1) -> Trace:
        loss = self._found.loss
        more: dict[str, Any] = {} if loss is None else {"loss": loss.key[0]}
        kept = standing_still(self._examination, self._probe, steps) if steps > 1 else None
        holds = self._examination.prober.all_holds() if kept is None else None
        return self._step.replay(
            state=self._state, shift=shift, record=False, pairs=True, steps=steps, hold=holds, replace=kept, **more
        )

    def _outputs(self, trace: Trace) -> list[NDArray[np.float64]]:
        pair = self._found.pair
        if pair is None:
            return []
        keys = sorted(key for key in trace.pairs if key[0] == pair.key[0])
        return [trace.pairs[key].right if pair.target == "left" else trace.pairs[key].left for key in keys]

    # ------------------------------------------------------------------ samples

    def share(self, variable: StepVariable) -> tuple[float | None, int]:
        """Return of how many samples one number moves the output, and how many samples there are."""
        rows = self._rows(self._base)
        steps = 1 if len(rows) >= _FEW_SAMPLES else max(1, min(self._examination.learning.window, _STEPS))
        if steps > 1 and standing_still(self._examination, self._probe, steps) is None:
            return None, len(rows)
        base = self._base if steps == 1 else self._replay(steps=steps)
        rows = self._rows(base)
        seen: dict[bytes, int] = {}
        for index, row in enumerate(rows):
            seen.setdefault(row.tobytes(), index)
        if len(seen) < _FEW_SAMPLES:
            return None, len(seen)
        shares = [0.0]
        for position in self._rng.permutation(variable.size)[:_TRIED]:
            shift = np.zeros(variable.size)
            shift[position] = 1.0
            moved = self._rows(self._replay({variable.index: shift.reshape(variable.shape)}, steps=steps))
            if len(moved) != len(rows):
                continue
            sizes = np.array([float(np.abs(moved[index] - rows[index]).max()) for index in seen.values()])
            if sizes.max() > 0:
                shares.append(float(np.mean(sizes > _CLEARLY * sizes.max())))
        return max(shares), len(seen)

    def _rows(self, trace: Trace) -> list[NDArray[np.float64]]:
        """Return the outputs as one row for each sample."""
        targets = self._examination.learning.targets
        width = 1 if targets is None else targets.shape[1]
        rows: list[NDArray[np.float64]] = []
        for outputs in self._outputs(trace):
            if outputs.ndim < 2:  # noqa: PLR2004 (a matrix has two axes)
                rows += [outputs.reshape(-1)] if outputs.size == width else list(outputs.reshape(-1, 1))
            else:
                flat = outputs.reshape(outputs.shape[0], -1)
                rows += list(flat if flat.shape[1] == width else flat.T if flat.shape[0] == width else flat)
        return rows


def _same(first: list[NDArray[np.float64]], second: list[NDArray[np.float64]]) -> bool:
    return len(first) == len(second) and all(
        np.array_equal(one, other, equal_nan=True) for one, other in zip(first, second, strict=True)
    )
