"""A training step in which what hides the training is put right: numbers that are not finite, and fractions that are cut off.

Where every output is NaN, or is cut down to 0 by an array of integers, nothing depends on anything, and no parameter could be told
from an input. Such a step is studied with these numbers put right; what was put right is the finding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.script_step import ScriptStep, StepVariable
from unstuck.doctor.scripts.values import filled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.script_step import Changes
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trace import Key, Trace

_MOST_FILLED = 4
_LARGEST = 1 << 18
_SCALES = (1e-2, 1e-4, 1e-6)
_KINDS_OF_NAMES = ("assigned", "unpacked")


@dataclass(frozen=True)
class Mended:
    """What was put right in a step.

    Attributes:
        step: The step as it is.
        own: What it does as it is.
        not_finite: The variables that hold numbers which are not finite when the step begins.
        filled: The values of the step that were not finite, although everything they are made of was.
        cut: Assignments into arrays of integers by which fractions are lost, each with the largest fraction.
        overflows: Whether all is finite where the step begins with much smaller weights.
    """

    step: ScriptStep
    own: Trace
    not_finite: tuple[StepVariable, ...] = ()
    filled: tuple[Key, ...] = ()
    cut: tuple[tuple[Key, float], ...] = ()
    overflows: bool = False


class MendedStep(ScriptStep):
    """A frozen step in every replay of which some numbers are others.

    Args:
        step: The frozen step.
        values: What variables hold instead when it begins, by their number.
        finite: Variables whose numbers that are not finite are filled in.
        add: What is added to values, also 0 to make them hold fractions.
        instead: What takes the place of values.
    """

    def __init__(
        self,
        step: ScriptStep,
        *,
        values: Mapping[int, NDArray[np.float64]] | None = None,
        finite: Sequence[int] = (),
        add: Mapping[Key, NDArray[np.float64]] | None = None,
        instead: Mapping[Key, NDArray[np.float64]] | None = None,
    ) -> None:
        self._step = step
        self._values = dict(values or {})
        self._finite = list(finite)
        self._add = dict(add or {})
        self._instead = dict(instead or {})
        self._own_state = step.define_state(self._values)
        self.loop, self.iteration = step.loop, step.iteration
        self.variables = tuple(self._mended(variable) for variable in step.variables)

    def _mended(self, variable: StepVariable) -> StepVariable:
        if variable.index in self._values:
            return replace(variable, start=self._values[variable.index], is_integer=False)
        if variable.index in self._finite and variable.start is not None:
            return replace(variable, start=filled(variable.start), is_finite=True)
        return variable

    @property
    def replays(self) -> int:  # type: ignore[override]  # counted by the step it rests on
        """How many replays there were."""
        return self._step.replays

    @property
    def seconds_of_a_replay(self) -> float:  # type: ignore[override]  # measured by the step it rests on
        """How long the last ones took."""
        return self._step.seconds_of_a_replay

    def define_state(self, values: Mapping[int, NDArray[np.float64]]) -> int:
        """Keep values of some variables, the others put right."""
        return self._step.define_state({**self._values, **values})

    def replay_all(self, changes: Sequence[Changes]) -> list[Trace]:
        """Run the step once for each of some changes."""
        return self._step.replay_all([self._with_own(each) for each in changes])

    def _with_own(self, changes: Changes) -> Changes:
        made: Changes = {**changes, "finite": self._finite}
        if made.get("state") is None:
            made["state"] = self._own_state
        made["add"] = {**self._add, **(changes.get("add") or {})}
        made["replace"] = {**self._instead, **(changes.get("replace") or {})}
        return made


def mended_steps(step: ScriptStep, sites: Sequence[Site]) -> Iterator[tuple[MendedStep, Mended]]:
    """Yield a step with what hides the training put right, each way in which that can be done."""
    own = step.replay()
    if not own.is_whole:
        return
    if any(not variable.is_finite for variable in step.variables) or _first_bad(own) is not None:
        yield from _finite(step, own)
    if any(sites[key[0]].kind == "item" for key in own.integers):
        yield from _floating(step, own, sites)


# ---------------------------------------------------------------------- numbers that are not finite


def _finite(step: ScriptStep, own: Trace) -> Iterator[tuple[MendedStep, Mended]]:
    """Fill in what is not finite at the beginning, and if that is not enough the values that are not within the step."""
    bad = tuple(variable for variable in step.variables if not variable.is_finite and variable.shape != ())
    indices = [variable.index for variable in bad]
    instead: dict[Key, NDArray[np.float64]] = {}
    for _ in range(_MOST_FILLED):
        mended = MendedStep(step, finite=indices, instead=instead)
        trace = mended.replay()
        if not trace.is_whole:
            return
        first = _first_bad(trace)
        if first is not None and not bad and not instead:
            yield from _smaller(step, own)
        if bad or instead:
            yield mended, Mended(step, own, bad, tuple(instead))
        if first is None:
            return
        full = trace.values.get(first)
        if full is None:
            full = mended.replay(values=[first]).values.get(first)
        if full is None:
            return
        instead[first] = filled(full)


def _smaller(step: ScriptStep, own: Trace) -> Iterator[tuple[MendedStep, Mended]]:
    """Let what the step changes be so small that nothing overflows."""
    moved = {
        variable.index: start
        for variable, start in moved_arrays(step)
        if not variable.is_integer and variable.size <= _LARGEST
    }
    for scale in _SCALES if moved else ():
        mended = MendedStep(step, values={index: scale * start for index, start in moved.items()})
        trace = mended.replay(values=[])
        if trace.is_whole and _first_bad(trace) is None:
            yield mended, Mended(step, own, overflows=True)
            return


def moved_arrays(step: ScriptStep) -> list[tuple[StepVariable, NDArray[np.float64]]]:
    """Return the arrays that the step changes, each with what it holds before."""
    arrays = [
        (variable, variable.start) for variable in step.variables if variable.start is not None and variable.shape
    ]
    ends = step.replay(record=False, ends=[variable.index for variable, _ in arrays]).ends
    return [
        (variable, start)
        for variable, start in arrays
        if variable.index in ends and not np.array_equal(ends[variable.index], start, equal_nan=True)
    ]


def _first_bad(trace: Trace) -> Key | None:
    """Return the first value of a step that is not finite."""
    bad = [key for key, sums in trace.sums.items() if not np.isfinite(sums).all()]
    return min(bad, key=lambda key: trace.order[key], default=None)


# ---------------------------------------------------------------------- fractions that are cut off


def _floating(step: ScriptStep, own: Trace, sites: Sequence[Site]) -> Iterator[tuple[MendedStep, Mended]]:
    """Let the arrays of integers that are assigned to hold fractions: those of the same name, else those of the same shape."""
    written = [key for key in own.integers if sites[key[0]].kind == "item" and own.shapes[key]]
    for by_name in (True, False):
        variables, values = _holders(step, own, sites, written, by_name=by_name)
        if not variables and not values:
            continue
        mended = MendedStep(
            step,
            values={variable.index: variable.start for variable in variables if variable.start is not None},
            add={key: np.zeros(own.shapes[key]) for key in values},
        )
        trace = mended.replay(values=written)
        if not trace.is_whole:
            continue
        lost = {key: _fraction(trace.values[key]) for key in written if key in trace.values}
        cut = tuple((key, share) for key, share in lost.items() if share > 0)
        if cut:
            yield mended, Mended(step, own, cut=tuple(sorted(cut, key=lambda each: own.order[each[0]])))


def _holders(
    step: ScriptStep, own: Trace, sites: Sequence[Site], written: Collection[Key], *, by_name: bool
) -> tuple[list[StepVariable], list[Key]]:
    """Return the variables at the beginning of the step, and the values within it, that are the arrays written into."""
    names = {_last_name(sites[key[0]].name) for key in written}
    shapes = {own.shapes[key] for key in written}
    variables = [
        variable
        for variable in step.variables
        if variable.is_integer
        and variable.shape in shapes
        and variable.start is not None
        and (not by_name or names & {variable.root, _last_name(variable.name)})
    ]
    values = [
        key
        for key in own.integers
        if own.shapes[key] in shapes
        and sites[key[0]].kind in _KINDS_OF_NAMES
        and (not by_name or _last_name(sites[key[0]].name) in names)
    ]
    return variables, values


def _last_name(name: str) -> str:
    """Return the last attribute of a way to a value, without what is indexed: ``out`` of ``self.out[0]``."""
    return re.sub(r"\[.*\]$", "", name).rpartition(".")[2]


def _fraction(numbers: NDArray[np.float64]) -> float:
    """Return the largest part behind the point."""
    finite = numbers[np.isfinite(numbers)]
    return float(np.max(np.abs(finite - np.trunc(finite)), initial=0.0))
