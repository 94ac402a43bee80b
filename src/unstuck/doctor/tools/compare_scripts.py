"""Two versions of a script compared by running them and what lies between them."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from unstuck.doctor.options import DiagnosisOptions
from unstuck.doctor.scripts.process_limits import Limits
from unstuck.doctor.scripts.session import Run, run_in
from unstuck.doctor.scripts.source import read_source
from unstuck.doctor.scripts.workspace import Workspace
from unstuck.doctor.tools.candidate_edits import compare_texts
from unstuck.doctor.tools.comparison import Comparison, EditResult, PairResult, Tried
from unstuck.doctor.tools.effects import Reading, effect_of, read
from unstuck.doctor.tools.located_script import failure_of, located, parsed
from unstuck.doctor.tools.variant_runs import VariantRuns, Version, common_metric, to_version
from unstuck.doctor.tools.variants import apply
from unstuck.errors import UsageError

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence
    from pathlib import Path

    from unstuck.doctor.scripts.source import Source
    from unstuck.doctor.scripts.trials import TrialReport
    from unstuck.doctor.tools.candidate_edits import Candidate, Versions
    from unstuck.doctor.tools.variant_runs import Metric
    from unstuck.doctor.tools.version_edits import VersionEdit

_SEEDS = 3
_FOR_SINGLES = 0.6
_SHORTEST_RUN = 0.2
_LONGEST_RUN = 1_000_000
_PATIENCE = 3.0
_MOST_PAIRS = 15
_FAILED = ("failed", "died")


def compare_scripts(first: str | Path, second: str | Path, *, options: DiagnosisOptions | None = None) -> Comparison:
    """Try each edit between two versions of a script alone in the first, and say which of them matter.

    Every variant is run from three seeds to its end, or as many steps as there is time for, and the losses at the end are compared.

    Args:
        first: The version that the edits are made in.
        second: The version that has them all.
        options: Arguments and limits of the scripts; ``time_limit`` is for the whole comparison.

    Raises:
        FileError: A script cannot be read.
        UsageError: One of them does not parse, none of them trains, or they cannot be compared.
    """
    options, started = options or DiagnosisOptions(), time.monotonic()
    sources = read_source(first), read_source(second)
    names = str(first), str(second)
    for source, name in zip(sources, names, strict=True):
        parsed(source, name)
    versions = compare_texts(*sources)
    with ExitStack() as stack:
        known, troubles = _located(stack, sources, names, (versions.before, versions.after), options)
        if not any(known):
            raise UsageError("\n".join(trouble for trouble in troubles if trouble))
        metric = common_metric([version for version in known if version is not None])
        if metric is None:
            raise UsageError(
                f"{names[0]} and {names[1]} report different losses, and it is unknown where their outputs meet their targets.\n"
                "  Let both report the same loss."
            )
        run = known[0].script.run if known[0] is not None else _run_of(stack, sources[0], options)
        runs = VariantRuns(run, [version for version in known if version is not None], metric, options.workers)
        comparer = _Comparer(versions, known, troubles, metric, runs, started + options.time_limit)
        comparison = comparer.compare(names, options.workers)
    return replace(comparison, seconds=round(time.monotonic() - started, 2))


def _located(
    stack: ExitStack,
    sources: tuple[Source, Source],
    names: tuple[str, str],
    trees: tuple[ast.Module, ast.Module],
    options: DiagnosisOptions,
) -> tuple[list[Version | None], list[str]]:
    """Return both versions frozen at their training step; None, and what is the trouble, for one that has none."""

    def find(at: int) -> Version | str:
        script = located(sources[at], names[at], options)
        try:
            entered = script.__enter__()
        except UsageError as error:
            return str(error)
        stack.push(script)
        return to_version(entered, trees[at])

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(find, (0, 1)))
    return [one if isinstance(one, Version) else None for one in found], [
        one if isinstance(one, str) else "" for one in found
    ]


def _run_of(stack: ExitStack, source: Source, options: DiagnosisOptions) -> Run:
    """Return how to run variants of a version that does not train as it is."""
    workspace = stack.enter_context(Workspace(source.path, source.text))
    return run_in(workspace, source.text, options.arguments, limits=Limits(memory=options.memory << 20))


@dataclass
class _Comparer:
    """Spends the time on runs, and reads them."""

    versions: Versions
    known: list[Version | None]
    troubles: list[str]
    metric: Metric
    runs: VariantRuns
    deadline: float

    def compare(self, names: tuple[str, str], workers: int) -> Comparison:
        """Run both versions, each edit alone, and pairs where no single one makes the difference."""
        tried = [candidate for candidate in self.versions.candidates if not candidate.shows_only]
        self._seconds = max(_SHORTEST_RUN, _FOR_SINGLES * self._left() * workers / (_SEEDS * (len(tried) + 2)))
        self._horizon = _LONGEST_RUN
        ends = [version for version in self.known if version is not None]
        first_runs = dict(
            zip(
                map(id, ends),
                self.runs.many([(version, 0) for version in ends], _LONGEST_RUN, self._seconds),
                strict=True,
            )
        )
        own_steps = self._choose_horizon([run for run in first_runs.values() if run is not None])
        self._first = self._all_seeds(self.known[0], first_runs)
        second = self._all_seeds(self.known[1], first_runs)
        self._goal = [read(run, other, self.metric) for run, other in zip(second, self._first, strict=True)]
        singles = self._singles(tried)
        edits = tuple(
            EditResult(candidate.number, candidate.lines, candidate.needs, singles.get(candidate.number, _SHOWS))
            for candidate in self.versions.candidates
        )
        as_first, as_second = self._tried(self._first), self._tried(second)
        pairs: tuple[PairResult, ...] = ()
        if (
            as_second.learns
            and not as_first.learns
            and not any(edit.tried.effect == "makes the difference" for edit in edits)
        ):
            pairs = self._pairs(
                [candidate for candidate in tried if singles[candidate.number].reason != _THE_SAME], as_second
            )
        as_first = replace(as_first, reason=self.troubles[0])
        as_second = replace(as_second, reason=self.troubles[1] or as_second.reason)
        return Comparison(*names, self.metric.name, self._horizon, own_steps, as_first, as_second, edits, pairs, 0.0)

    def _left(self) -> float:
        return self.deadline - time.monotonic()

    def _patience(self) -> float:
        """Return how many seconds a run may take: more than planned, since not all are equally fast, but not more than there are."""
        return max(_SHORTEST_RUN, min(_PATIENCE * self._seconds, self._left()))

    def _choose_horizon(self, runs: Sequence[TrialReport]) -> int | None:
        """Set after how many steps runs end at the latest, and return how many the first version makes if it comes to its own end."""
        cut = [run.steps for run in runs if run.reason == "time"]
        longest = max((run.steps for run in runs), default=1)
        self._horizon = max(1, _rounded_down(min(cut)) if cut else longest)
        return runs[0].steps if runs and runs[0].reason not in ("time", "horizon") else None

    def _all_seeds(self, version: Version | None, measured: dict[int, TrialReport | None]) -> list[TrialReport | None]:
        """Run a version from every seed; the run that told how fast it is counts if it was no longer than the others."""
        if version is None:
            return [None] * _SEEDS
        first = measured[id(version)]
        is_long = first is not None and first.steps > self._horizon
        seeds = range(0 if is_long else 1, _SEEDS)
        others = self.runs.many([(version, seed) for seed in seeds], self._horizon, self._patience())
        return others if is_long else [first, *others]

    # ------------------------------------------------------------------ variants

    def _singles(self, candidates: Sequence[Candidate]) -> dict[int, Tried]:
        """Return what each edit does alone: first from one seed, then, where that changes anything, from the others."""
        trees = {candidate.number: apply(self.versions.before, candidate.edits) for candidate in candidates}
        found = self._variants(list(trees.values()))
        return dict(zip(trees, found, strict=True))

    def _variants(self, trees: Sequence[ast.Module]) -> list[Tried]:
        opening: list[TrialReport | None] = []
        for tree_batch in _chunks(trees):
            if self._left() <= 0:
                break
            opening += self.runs.many([(tree, 0) for tree in tree_batch], self._horizon, self._patience())
        found = []
        for tree, run in zip(trees, opening, strict=False):
            found.append(self._judged(tree, run))
        return [*found, *[_NO_TIME] * (len(trees) - len(found))]

    def _judged(self, tree: ast.Module, run: TrialReport | None) -> Tried:
        if run is None:
            return _LOST
        if _is_same(run, self._first[0]):
            return replace(self._tried([run]), effect="no difference", reason=_THE_SAME)
        more: list[TrialReport | None] = []
        if self._left() > 0 and run.steps:
            more = self.runs.many([(tree, seed) for seed in range(1, _SEEDS)], self._horizon, self._patience())
        return self._tried([run, *more])

    def _pairs(self, candidates: Sequence[Candidate], as_second: Tried) -> tuple[PairResult, ...]:
        """Return what edits do in pairs that do not contain each other; two that are all there are have been tried together."""
        pairs = [
            (one, other)
            for one, other in combinations(candidates, 2)
            if not {one.number, other.number} & {*one.needs, *other.needs}
        ]
        if len(candidates) == len(pairs) + 1 == 2:  # noqa: PLR2004 (a pair)
            return (PairResult((candidates[0].number, candidates[1].number), as_second),)
        tried = self._variants(
            [apply(self.versions.before, _together(one, other)) for one, other in pairs[:_MOST_PAIRS]]
        )
        return tuple(
            PairResult((one.number, other.number), result) for (one, other), result in zip(pairs, tried, strict=False)
        )

    def _tried(self, runs: Sequence[TrialReport | None]) -> Tried:
        """Return what runs show, one for each seed, against those of the first version."""
        others = self._first[: len(runs)]
        after = [read(run, other, self.metric) for run, other in zip(runs, others, strict=True)]
        before: list[Reading] = [read(other, run, self.metric) for run, other in zip(runs, others, strict=True)]
        failed = next(
            (run for run, reading in zip(runs, after, strict=True) if run is not None and not reading.runs), None
        )
        curve = runs[0].curve(self.metric.window) if runs and runs[0] is not None else ()
        return Tried(
            effect_of(before, after, self._goal), tuple(reading.last for reading in after),
            sum(reading.learned for reading in after), curve,
            "" if failed is None else failure_of(failed.error),
        )  # fmt: skip


_THE_SAME = "every loss is the same to the last digit"
_SHOWS = Tried("not tried", reason="it changes only what is printed or plotted")
_LOST = Tried("not tried", reason="what the versions are compared by is not computed with this edit alone")
_NO_TIME = Tried("not tried", reason="the time was over")


def _together(one: Candidate, other: Candidate) -> list[VersionEdit]:
    return list({id(edit): edit for edit in (*one.edits, *other.edits)}.values())


def _chunks(trees: Sequence[ast.Module]) -> list[Sequence[ast.Module]]:
    """Return the trees in pairs, between which the clock is looked at."""
    return [trees[at : at + 2] for at in range(0, len(trees), 2)]


def _is_same(run: TrialReport, other: TrialReport | None) -> bool:
    """Whether two runs had the same losses, as far as both went."""
    if other is None or (run.reason in _FAILED) != (other.reason in _FAILED):
        return False
    length = min(len(run.values), len(other.values))
    is_whole = (
        run.steps == other.steps or "time" in (run.reason, other.reason) or "horizon" in (run.reason, other.reason)
    )
    return bool(length and is_whole and (run.values[:length] == other.values[:length]).all())


def _rounded_down(steps: int) -> int:
    """Return a number of steps down to 1, 2 or 5 times a power of ten.

    >>> _rounded_down(7312), _rounded_down(3)
    (5000, 2)
    """
    power: int = 10 ** (len(str(max(1, steps))) - 1)
    return next(factor * power for factor in (5, 2, 1) if factor * power <= max(1, steps))
