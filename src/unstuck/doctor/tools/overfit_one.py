"""Whether a script can learn a single example: its own data, reduced to one sample."""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from unstuck.doctor.options import DiagnosisOptions
from unstuck.doctor.scripts.source import read_source
from unstuck.doctor.tools.batch import batch_of
from unstuck.doctor.tools.example_data import data_variables
from unstuck.doctor.tools.located_script import failure_of, located
from unstuck.doctor.tools.runs import follow, to_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unstuck.doctor.scripts.source import Source
    from unstuck.doctor.scripts.trials import TrialReport
    from unstuck.doctor.tools.batch import Batch
    from unstuck.doctor.tools.located_script import LocatedScript

Verdict: TypeAlias = Literal["learns", "slowly", "some", "cannot", "cannot-tell"]
"""It learns every example tried; it gets there, but slowly; it learns some of them; none; the data could not be held still."""

_STEPS = 1000
_EXAMPLES = 3
_NEARLY_ZERO = 0.05
_FALLING = 0.7
_ALREADY_RIGHT = 1e-6
_SPARE = 30.0
_LONGEST = 15.0
_SAME = 1e-9


@dataclass(frozen=True)
class ExampleRun:
    """What became of one example.

    Attributes:
        sample: Which, counted from 0.
        first: The loss at the start.
        last: The loss at the end.
        steps: How many steps it had.
        ending: Why it had no more: ``horizon``, ``time``, ``ended``, ``not finite``, or what the script raised.
        outputs: Its outputs in the last step; None if they were not seen, or are many.
        targets: What they should be.
        curve: At most 60 values of the loss.
    """

    sample: int
    first: float
    last: float
    steps: int
    ending: str
    outputs: tuple[float, ...] | None
    targets: tuple[float, ...] | None
    curve: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as lists, dictionaries, text and numbers; numbers may be NaN or infinite."""
        return {
            "sample": self.sample, "outcome": self.outcome, "first": self.first, "last": self.last, "steps": self.steps,
            "ending": self.ending, "outputs": self.outputs and list(self.outputs), "targets": self.targets and list(self.targets),
        }  # fmt: skip

    @property
    def outcome(self) -> Literal["learned", "falling", "not learned", "was right"]:
        """Whether the loss fell to 5 % of what it was, or is on its way; an example that was right from the start says nothing."""
        if self.first <= _ALREADY_RIGHT:
            return "was right" if self.last <= _ALREADY_RIGHT else "not learned"
        left = self.last / self.first if math.isfinite(self.last) else math.inf
        if left <= _NEARLY_ZERO:
            return "learned"
        if self.ending == "time" and left < 1:
            return "falling"
        return "falling" if left <= _FALLING and self.curve[-1] < self.curve[len(self.curve) // 2] else "not learned"


@dataclass(frozen=True)
class OverfitReport:
    """Whether a script can learn one example alone.

    Attributes:
        target: The script.
        how: How its data were reduced to one example, in a sentence.
        metric: Which loss was followed.
        examples: The examples tried, each in a run of its own.
        verdict: See :data:`Verdict`.
    """

    target: str
    how: str
    metric: str
    examples: tuple[ExampleRun, ...]
    verdict: Verdict

    @property
    def learns(self) -> bool:
        """Whether nothing stands in the way of learning one example."""
        return self.verdict in ("learns", "slowly")

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        if self.verdict == "slowly" and any(run.outcome == "falling" and run.ending == "time" for run in self.examples):
            return "It is learning one example, but the time was over first."
        return _SENTENCES[self.verdict]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as lists, dictionaries, text and numbers; numbers may be NaN or infinite."""
        return {
            "schema": 1, "target": self.target, "verdict": self.verdict, "learns": self.learns, "sentence": self.sentence,
            "how": self.how, "metric": self.metric, "examples": [run.to_dict() for run in self.examples],
        }  # fmt: skip


_SENTENCES = {
    "learns": "It learns one example.",
    "slowly": "It learns one example, but slowly: a larger learning rate is the first thing to try.",
    "some": "It learns some examples alone, but not others.",
    "cannot": "It cannot even learn one example: look at the gradients first.",
    "cannot-tell": "It is unknown whether it can learn one example: its data could not be held still.",
}  # fmt: skip


def overfit_one(path: str | Path, *, steps: int = _STEPS, options: DiagnosisOptions | None = None) -> OverfitReport:
    """Let a script train on one of its own examples alone, and see whether the loss of that one goes to nearly 0.

    A network that cannot learn one example has a fault that no more data or patience will mend. Up to three examples are tried,
    each alone, in a run of its own from the script's own initial weights.

    Args:
        path: A script or a notebook.
        steps: How many training steps each run has at most (default 1,000).
        options: Arguments and limits of the script.

    Raises:
        FileError: The script cannot be read.
        UsageError: The script does not parse, fails before it trains, or has no training step.
    """
    return overfit_source(read_source(path), str(path), steps=steps, options=options)


def overfit_source(
    source: Source, target: str, *, steps: int = _STEPS, options: DiagnosisOptions | None = None
) -> OverfitReport:
    """Do what :func:`overfit_one` does with a script that has been read; ``target`` is what it is called."""
    options, started = options or DiagnosisOptions(), time.monotonic()
    with located(source, target, options) as script:
        batch = batch_of(script.found)
        seconds = min(
            _LONGEST, (options.time_limit - time.monotonic() + started) * min(options.workers, _EXAMPLES) / _EXAMPLES
        )
        freezer = _Freezer(script, batch, steps, max(seconds, 1.0), options.workers)
        runs, how = freezer.all()
    metric = (
        "loss of the outputs"
        if script.found.pair is not None or script.found.loss is None
        else script.found.sites[script.found.loss.key[0]].name
    )
    return OverfitReport(target, how, metric, tuple(runs), _verdict(runs))


def _verdict(runs: list[ExampleRun]) -> Verdict:
    outcomes = [run.outcome for run in runs if run.outcome != "was right"]
    if not runs:
        return "cannot-tell"
    if all(outcome == "learned" for outcome in outcomes):
        return "learns"
    if all(outcome in ("learned", "falling") for outcome in outcomes):
        return "slowly"
    return "cannot" if all(outcome == "not learned" for outcome in outcomes) else "some"


class _Freezer:
    """Holds the data of a script still at one example."""

    def __init__(self, script: LocatedScript, batch: Batch | None, steps: int, seconds: float, workers: int) -> None:
        self._script = script
        self._batch = batch
        self._steps = steps
        self._seconds = seconds
        self._workers = workers
        self._outputs = script.found.pair is not None

    def all(self) -> tuple[list[ExampleRun], str]:
        """Return the runs and how the data were held still; no runs if that could not be done."""
        batch, found = self._batch, self._script.found
        variables = [] if batch is None else data_variables(found, batch, 0)
        if batch is not None and variables:
            tiles = [[variable.root, [list(step) for step in variable.steps], batch.axis] for variable in variables]
            runs = self._samples(batch.length, lambda sample: self._tiled(batch, tiles, sample))
            if runs:
                kind = "row" if batch.layout == "rows" else "column"
                names = " and ".join(variable.name for variable in variables)
                return runs, f"Every {kind} of {names} was a copy of the same one, so all shapes stayed as they are."
        loop = self._pass_loop()
        runs = self._samples(_EXAMPLES, lambda sample: self._frozen(loop, sample))
        what = (
            f"the same {batch.length:,} samples" if batch is not None and batch.axis is not None else "the same sample"
        )
        return runs, f"Every pass of the loop in {self._script.line(found.loops[loop].line)} had {what}."

    def _pass_loop(self) -> int:
        """Return the loop that runs over samples, or over batches."""
        passes = (
            self._script.pass_loop(self._batch) if self._batch is not None and self._batch.layout == "passes" else None
        )
        return self._script.found.step.loop if passes is None else passes

    def _samples(self, most: int, run: Callable[[int], ExampleRun | None]) -> list[ExampleRun]:
        """Try the first samples, as many at once as there are workers."""
        with ThreadPoolExecutor(self._workers) as pool:
            return [found for found in pool.map(run, range(min(most, _EXAMPLES))) if found is not None]

    def _tiled(self, batch: Batch, tiles: list[list[Any]], sample: int) -> ExampleRun | None:
        """Train with all samples of a batch copies of one; None where they would not be."""
        message = self._run(freeze=None, tile=[[*variable, sample] for variable in tiles], entry=sample)
        first = message["first"]
        if not message["held"] or (
            first is not None and not all(_is_tiled(first[side], batch) for side in ("outputs", "targets"))
        ):
            return None
        return self._example(message, sample, batch)

    def _frozen(self, loop: int, sample: int) -> ExampleRun | None:
        """Train with every pass of a loop having the same entry; None where the targets differ all the same."""
        message = self._run(freeze=loop, tile=[], entry=sample)
        return self._example(message, sample, None) if message["held"] else None

    def _run(self, **how: Any) -> dict[str, Any]:
        script = self._script
        outer, loop = script.loops_around[0], script.found.step.loop
        loops = {outer, loop} if how["freeze"] is None else {outer, loop, how["freeze"]}
        order = {
            "agent": "frozen", "loop": loop, "loops": sorted(loops), "extend": [outer],
            "horizon": self._steps, "time": self._seconds, "updates": None, **follow(script.found, outputs=self._outputs), **how,
        }  # fmt: skip
        try:
            with script.start(order) as session:
                message = session.receive(self._seconds + _SPARE)
        except (EOFError, TimeoutError):
            message = {
                "reason": "died",
                "error": None,
                "steps": 0,
                "at": np.zeros(0, np.int64),
                "values": np.zeros(0),
                "first_non_finite": None,
                "seconds": 0.0,
            }
            message |= {"held": True, "first": None, "last": None}
        script.refuse_own_fault(message)
        return message

    def _example(self, message: dict[str, Any], sample: int, batch: Batch | None) -> ExampleRun:
        report = to_report(message)
        sides = [None, None] if message["last"] is None else [message["last"]["outputs"], message["last"]["targets"]]
        outputs, targets = (_few(_of_sample(side, batch, sample)) for side in sides)
        return ExampleRun(
            sample, report.first(1), _last(report), report.steps, self._ending(report),
            outputs, targets, tuple(report.curve(1)) or (math.nan,),
        )  # fmt: skip

    def _ending(self, report: TrialReport) -> str:
        return failure_of(report.error, self._script.source) if report.reason in ("failed", "died") else report.reason


def _last(report: TrialReport) -> float:
    """Return the last loss; not a number if the run went wrong."""
    return float(report.values[-1]) if report.values.size and report.reason not in ("not finite", "died") else math.nan


def _has_samples(side: Any, batch: Batch) -> bool:
    return batch.axis is not None and side.ndim > 0 and side.shape[batch.axis] == batch.length


def _of_sample(side: Any, batch: Batch | None, sample: int) -> Any:
    """Return a sample's part of what a step has computed."""
    if side is None or batch is None or batch.axis is None or not _has_samples(side, batch):
        return side
    return np.take(side, sample, batch.axis)


def _is_tiled(side: Any, batch: Batch) -> bool:
    """Whether all samples of a batch are the same."""
    if batch.axis is None or not _has_samples(side, batch):
        return True
    return bool(np.allclose(side, np.take(side, [0], batch.axis), rtol=_SAME, atol=_SAME, equal_nan=True))


def _few(side: Any) -> tuple[float, ...] | None:
    return None if side is None or side.size > 20 else tuple(float(value) for value in side.ravel())  # noqa: PLR2004 (a line of them)
