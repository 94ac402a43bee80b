"""What changes with which variable of a training step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.expressions import is_call
from unstuck.doctor.scripts.look_ahead import is_memory_of_steps
from unstuck.doctor.scripts.other_values import disturbed, noise
from unstuck.doctor.scripts.step_candidates import ASSIGNMENTS, last_name, root_of
from unstuck.doctor.scripts.trace import same_sums
from unstuck.doctor.scripts.values import sums

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import PairAt, ReportedLoss
    from unstuck.doctor.scripts.script_step import ScriptStep, StepVariable
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trace import Key, Pair, Trace

_CARRIES = 0.3
_MOSTLY = 0.5
_NUDGE = 1e-2
_ROUNDING = 1e-12
_STILL = 1e-9


class Influence:
    """Which values change with which variable, from a state in which no zero hides anything."""

    def __init__(
        self,
        step: ScriptStep,
        sites: Sequence[Site],
        within: Sequence[Site],
        candidates: Sequence[StepVariable],
        own: Trace,
        *,
        other: Callable[[NDArray[np.float64], np.random.Generator], NDArray[np.float64]] = disturbed,
    ) -> None:
        self.step = step
        self.sites = sites
        self._within = within
        self._candidates = [
            variable for variable in candidates if variable.index in own.ends and variable.start is not None
        ]
        self._indices = [variable.index for variable in self._candidates]
        self._rng = np.random.default_rng(11)
        self.state, self.base = self._other_state(own, other)
        self.dependents: dict[int, set[Key]] = {}
        self.carrying: set[int] = set()
        self.keeping: set[int] = set()
        self._traces: dict[int, Trace] = {}
        self.moved = {
            variable.index
            for variable in self._candidates
            if variable.index in self.base.ends
            and not np.array_equal(self.base.ends[variable.index], self._start(variable), equal_nan=True)
        }
        shifts = [noise(self._start(variable), self._rng, _NUDGE) for variable in self._candidates]
        traces = step.replay_all(
            [
                {
                    "state": self.state,
                    "shift": {variable.index: shift},
                    "ends": self._indices,
                    "pairs": True,
                    "values": (),
                }
                for variable, shift in zip(self._candidates, shifts, strict=True)
            ]
        )
        self._shifts: dict[int, NDArray[np.float64]] = {}
        for variable, shift, trace in zip(self._candidates, shifts, traces, strict=True):
            self._shifts[variable.index] = shift
            self._compare(variable, shift, trace)

    def keeps(self, parameters: Sequence[StepVariable]) -> bool:
        """Whether a parameter keeps most of what it was, as weights do; the state of a recurrent network is made anew."""
        return any(variable.index in self.keeping or self._is_taken_off(variable) for variable in parameters)

    def _is_taken_off(self, variable: StepVariable) -> bool:
        """Whether a step is subtracted from what it was: one that is far too long leaves nothing to be seen of that."""
        end = self.base.ends.get(variable.index)
        return end is not None and any(
            np.array_equal(pair.left, self._start(variable)) and np.array_equal(pair.left - pair.right, end)
            for pair in self.base.pairs.values()
            if np.shape(pair.left) == end.shape == np.shape(pair.right)
        )

    def follows(self, parameters: Sequence[StepVariable]) -> bool:
        """Whether the update of a parameter is another one where parameters are; steps of a gradient check are always the same."""
        for variable in parameters:
            shift, trace = self._shifts[variable.index], self._traces[variable.index]
            for other in parameters:
                if other.index not in trace.ends or other.index not in self.base.ends:
                    continue
                moved = trace.ends[other.index] - self.base.ends[other.index]
                expected = shift if other is variable else 0.0
                if not np.allclose(moved, expected, rtol=_ROUNDING, atol=_STILL * float(np.abs(shift).max())):
                    return True
        return False

    def is_memory(self, variable: StepVariable, others: Sequence[StepVariable]) -> bool:
        """Whether it is a velocity that the loss depends on, as with Nesterov's momentum."""
        shift, trace = self._shifts[variable.index], self._traces[variable.index]
        return is_memory_of_steps(variable, others, shift, trace, self.base)

    def is_made_anew(self, variable: StepVariable, others: Sequence[StepVariable]) -> bool:
        """Whether it is what a call returns, and keeps nothing of what it was where others do: the state of a recurrent network."""
        lost = {other.index: self._lost(other) for other in (variable, *others)}
        if lost[variable.index] < _MOSTLY or not any(share < 1 - _MOSTLY for share in lost.values()):
            return False
        assignments = list(self._assignments(variable))
        return bool(assignments) and all(is_call(site.expression) for site in assignments)

    def _lost(self, variable: StepVariable) -> float:
        """Return the share of a disturbance that is not there any more at the end of the step."""
        shift, trace = self._shifts[variable.index], self._traces[variable.index]
        if variable.index not in trace.ends or variable.index not in self.base.ends:
            return 0.0
        carried = trace.ends[variable.index] - self.base.ends[variable.index]
        size = float(np.linalg.norm(shift))
        return float(np.linalg.norm(carried - shift)) / size if size else 0.0

    def _other_state(
        self, own: Trace, other: Callable[[NDArray[np.float64], np.random.Generator], NDArray[np.float64]]
    ) -> tuple[int, Trace]:
        """Give every number another value; what must not be negative stays so."""
        self._values = {
            variable.index: other(variable.start, self._rng)
            for variable in self._candidates
            if variable.start is not None and not variable.is_integer and variable.shape != ()
        }
        state = self.step.define_state(self._values)
        base = self.step.replay(state=state, ends=self._indices, pairs=True)
        if base.is_whole and base.ends and (_all_finite(base) or not _all_finite(own)):
            return state, base
        self._values = {}
        return self.step.define_state({}), own

    def _start(self, variable: StepVariable) -> NDArray[np.float64]:
        found = self._values.get(variable.index, variable.start)
        return np.zeros(variable.shape) if found is None else found

    def _compare(self, variable: StepVariable, shift: NDArray[np.float64], trace: Trace) -> None:
        """Keep what a disturbed variable changes."""
        if not trace.is_whole or variable.index not in trace.ends or variable.index not in self.base.ends:
            return
        with np.errstate(all="ignore"):  # a script that overflows is no reason for us to warn
            carried = (
                trace.ends[variable.index] - self.base.ends[variable.index]
                if trace.ends[variable.index].shape == shift.shape
                else 0 * shift
            )
        self._traces[variable.index] = trace
        self.dependents[variable.index] = trace.changed_from(self.base)
        stays = variable.index not in self.moved and not self._is_assigned(variable)
        keeps = _cosine(carried, shift) > _CARRIES
        if not stays and keeps:
            self.keeping.add(variable.index)
        if not stays and (keeps or (np.any(carried) and self._updates_itself(variable))):
            self.carrying.add(variable.index)

    def _updates_itself(self, variable: StepVariable) -> bool:
        return any(site.reads_itself for site in self._assignments(variable))

    def _is_assigned(self, variable: StepVariable) -> bool:
        """Whether something within the loop may assign to a variable."""
        return any(self._may_reach(variable, site) for site in self._assignments(variable))

    def _may_reach(self, variable: StepVariable, site: Site) -> bool:
        """Whether what a site assigns last is what a variable is at the end: a function may have a variable of its own by that name."""
        end = self.base.ends.get(variable.index)
        keys = [key for key in self.base.order if key[0] == site.number]
        if variable.steps or site.kind not in ("assigned", "unpacked") or end is None or not keys:
            return True
        return same_sums(self.base.sums[max(keys, key=lambda key: self.base.order[key])], sums(end.ravel()))

    def _assignments(self, variable: StepVariable) -> Iterator[Site]:
        names = {variable.root, last_name(variable)}
        for site in self._within:
            if site.kind in ASSIGNMENTS and (root_of(site.name) in names or site.name.rpartition(".")[2] in names):
                yield site

    # ------------------------------------------------------------------ updates

    def update_key(self, variable: StepVariable) -> Key | None:
        """Return the last assignment within the step that gave a variable the value it has at the end."""
        end = self.base.ends.get(variable.index)
        if end is None or variable.index not in self.moved:
            return None
        looks = sums(end.ravel())
        found = [
            key
            for key, seen in self.base.sums.items()
            if same_sums(seen, looks)
            and self.base.shapes[key] == variable.shape
            and self.sites[key[0]].kind in ASSIGNMENTS
        ]
        return max(found, key=lambda key: self.base.order[key], default=None)

    def first_update(self, carrying: Sequence[StepVariable]) -> int:
        """Return when within the step the first array that carries over is changed.

        What changes nothing but itself, such as the running mean of a batch normalisation, does not count where others do.
        """
        orders = []
        for variable in [variable for variable in carrying if self._drives_others(variable, carrying)] or carrying:
            key = self.update_key(variable)
            if key is None or variable.shape == ():
                continue
            name, function = self.sites[key[0]].name, self.sites[key[0]].function
            orders += [
                order
                for (site, _), order in self.base.order.items()
                if self.sites[site].name == name and self.sites[site].function == function and self.sites[site].kind in ASSIGNMENTS
                and self.base.shapes[site, _] == variable.shape
            ]  # fmt: skip
        return min(orders, default=1 << 60)

    def _drives_others(self, variable: StepVariable, carrying: Sequence[StepVariable]) -> bool:
        """Whether another array that carries over ends as another one where this one is another one."""
        others = {other.index for other in carrying if other is not variable}
        return bool(self._traces[variable.index].ends_changed_from(self.base) & others)

    # ------------------------------------------------------------------ what depends on what

    def sides(self, key: Key, carrying: Sequence[StepVariable]) -> tuple[bool, bool]:
        """Return whether the left and whether the right operand of a subtraction depends on what is carried over."""
        base = self.base.pairs[key]
        left = right = False
        for variable in carrying:
            pair = self._traces[variable.index].pairs.get(key)
            if pair is not None:
                left |= not np.array_equal(pair.left, base.left, equal_nan=True)
                right |= not np.array_equal(pair.right, base.right, equal_nan=True)
        return left, right

    def reaches(self, variable: StepVariable, pair: PairAt | None, loss: ReportedLoss | None, cut: int) -> bool:
        """Whether a variable affects outputs or loss before anything is updated."""
        affected = self.dependents[variable.index]
        if pair is not None:
            return pair.key in affected
        if loss is not None and loss.after_update:
            return any(self.base.order[key] < cut for key in affected if self.sites[key[0]].kind != "loop-target")
        return loss is not None and loss.key in affected

    def shows_before(self, cut: int, variable: StepVariable) -> bool:
        """Whether something depends on a variable before anything is updated: nothing does on what only the optimizer remembers."""
        return any(
            self.base.order[key] < cut and self.sites[key[0]].kind in (*ASSIGNMENTS, "returned")
            for key in self.dependents[variable.index]
        )

    def appeared_before(self, cut: int, value: NDArray[np.float64]) -> bool:
        """Whether a value was computed before anything was updated."""
        looks = sums(value.ravel())
        return any(order < cut and same_sums(self.base.sums[key], looks) for key, order in self.base.order.items())

    def is_new_value(self, pair: Pair, carrying: Sequence[StepVariable]) -> bool:
        """Whether a difference is what a variable becomes that carries over: such as a velocity that the gradient is subtracted from."""
        with np.errstate(all="ignore"):
            value = np.asarray(pair.left - pair.right)
        ends = (self.base.ends.get(variable.index) for variable in carrying)
        return any(
            end is not None and end.shape == value.shape and np.allclose(end, value, rtol=_ROUNDING, atol=0)
            for end in ends
        )

    def feeds(self, key: Key, pair: PairAt) -> bool:
        """Whether the outputs that meet targets change with a value."""
        scale = _NUDGE * max(1.0, abs(self.base.sums[key][0]))
        shift = np.full(self.base.shapes[key], scale)
        trace = self.step.replay(state=self.state, add={key: shift}, pairs=True, record=False)
        side = "right" if pair.target == "left" else "left"
        return any(
            met is not None
            and not np.array_equal(getattr(met, side), getattr(self.base.pairs[other], side), equal_nan=True)
            for other in self.base.pairs
            if other[0] == pair.key[0]
            for met in [trace.pairs.get(other)]
        )

    def repeats(self, key: Key, carrying: Sequence[StepVariable]) -> bool:
        """Whether the same two meet in a subtraction once more, and the updates depend on that too: a sample twice in a batch."""
        pair = self.base.pairs[key]
        again = next(
            (
                other
                for other, met in self.base.pairs.items()
                if other[0] == key[0] and other != key and other in self.base.order
                and np.array_equal(met.left, pair.left) and np.array_equal(met.right, pair.right)
            ),
            None,
        )  # fmt: skip
        return again is not None and self.moves_updates(again, carrying)

    def moves_updates(self, key: Key, carrying: Sequence[StepVariable]) -> bool:
        """Whether disturbing a value changes what the step does to the arrays that carry over."""
        shape = self.base.shapes[key]
        scale = _NUDGE * max(1.0, abs(self.base.sums[key][0]))
        trace = self.step.replay(state=self.state, add={key: np.full(shape, scale)}, ends=self._indices, record=False)
        arrays = {variable.index for variable in carrying}
        own = {variable.index for variable in carrying if root_of(self.sites[key[0]].name) == root_of(variable.name)}
        return bool((trace.ends_changed_from(self.base) & arrays) - own)


def _cosine(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    with np.errstate(all="ignore"):
        norm = float(np.linalg.norm(first) * np.linalg.norm(second))
        return float(np.vdot(first, second)) / norm if norm > 0 else 0.0


def _all_finite(trace: Trace) -> bool:
    return all(bool(np.isfinite(end).all()) for end in trace.ends.values())
