"""What is what in a training step: found by changing one thing and looking at what changes with it, not by names."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Literal

import numpy as np

from unstuck.doctor.scripts.expressions import has_literal
from unstuck.doctor.scripts.identified import Identified, PairAt
from unstuck.doctor.scripts.look_ahead import is_memory_of_steps
from unstuck.doctor.scripts.reported_loss import find_loss
from unstuck.doctor.scripts.trace import same_sums
from unstuck.doctor.scripts.values import sums

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import ReportedLoss
    from unstuck.doctor.scripts.script_step import ScriptStep, StepVariable
    from unstuck.doctor.scripts.sites import Loop, Site
    from unstuck.doctor.scripts.trace import Key, Pair, Trace

_ASSIGNMENTS = ("assigned", "updated", "item", "unpacked")
_CARRIES = 0.3
_NUDGE = 1e-2
_ROUNDING = 1e-12
_LARGEST = 1 << 18


def identify(
    step: ScriptStep,
    sites: Sequence[Site],
    loops: Sequence[Loop],
    changed: Collection[str],
    inside: Collection[int],
    histories: dict[int, NDArray[np.float64]],
) -> Identified | None:
    """Return what is what in a step; None if nothing in it is trained.

    Args:
        step: The step.
        sites: All places of the script.
        loops: All loops of the script.
        changed: Names of the variables that were seen to change from iteration to iteration.
        inside: Sites that run within the loop.
        histories: For each site whose value is one number, its values over the first run.
    """
    within = [sites[site] for site in inside]
    targets = {site.name for site in within if site.kind == "loop-target"} | _comprehension_targets(loops[step.loop])
    candidates = _candidates(step, within, changed, targets)
    found = _identified(step, sites, loops, within, histories, candidates)
    if any(not variable.is_finite for variable in step.variables):
        return found  # where NaN hides what depends on what, other values show nothing
    more = _candidates(step, within, {*changed, *_moving(step)}, targets)
    if len(more) > len(candidates):
        wider = _identified(step, sites, loops, within, histories, more)
        if wider is not None and (found is None or len(wider.parameters) > len(found.parameters)):
            found = wider
    return found or _identified(step, sites, loops, within, histories, more, drawn=True)


def _moving(step: ScriptStep) -> list[str]:
    """Return the arrays that a step changes once each is a little other than it is: what starts at zero may never move by itself."""
    rng = np.random.default_rng(12)
    values = {
        variable.index: _disturbed(variable.start, rng)
        for variable in step.variables
        if variable.start is not None and not variable.is_integer and variable.shape != () and variable.size <= _LARGEST
    }
    ends = step.replay(state=step.define_state(values), ends=list(values), record=False).ends
    return [
        variable.name
        for variable in step.variables
        if variable.index in ends
        and ends[variable.index].shape == variable.shape
        and not np.array_equal(ends[variable.index], values[variable.index], equal_nan=True)
    ]


def _identified(
    step: ScriptStep,
    sites: Sequence[Site],
    loops: Sequence[Loop],
    within: Sequence[Site],
    histories: dict[int, NDArray[np.float64]],
    candidates: Sequence[StepVariable],
    *,
    drawn: bool = False,
) -> Identified | None:
    """Return what is what in a step if some of the candidates are parameters, as seen from a state near the script's or drawn afresh."""
    if not candidates:
        return None
    own = step.replay(ends=[variable.index for variable in candidates], pairs=True)
    if not own.ends:
        return None
    influence = Influence(step, sites, within, candidates, own, drawn=drawn)
    carrying = [variable for variable in candidates if variable.index in influence.carrying]
    if not carrying:
        return None
    cut = influence.first_update(carrying)
    pair = _find_pair(influence, carrying, cut)
    loss = find_loss(influence, carrying, cut, pair, histories)
    if pair is None and loss is None:
        return None
    parameters = [
        variable
        for variable in carrying
        if influence.reaches(variable, pair, loss, cut) and not _is_sum_of_losses(influence, variable, loss)
    ]
    parameters = [variable for variable in parameters if not influence.is_memory(variable, parameters)]
    if not any(variable.index in influence.moved for variable in parameters):
        return None
    return Identified(
        step, tuple(sites), tuple(loops), tuple(parameters),
        tuple(variable for variable in carrying if variable not in parameters), (),
        {variable.index: key for variable in parameters if (key := influence.update_key(variable)) is not None},
        loss, pair, own, influence.base, influence.state, influence.dependents,
    )  # fmt: skip


def _comprehension_targets(loop: Loop) -> set[str]:
    """Return the names that run through a list comprehension; none for a statement."""
    if not loop.text.startswith("["):
        return set()
    tree = ast.parse(loop.text, mode="eval")
    targets = [part.target for node in ast.walk(tree) if isinstance(node, ast.ListComp) for part in node.generators]
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def _candidates(
    step: ScriptStep, sites: Sequence[Site], changed: Collection[str], targets: Collection[str]
) -> list[StepVariable]:
    """Return the variables that may be parameters or the optimizer's: those that change, and those updated from themselves.

    Args:
        step: The step.
        sites: Sites that run within the loop.
        changed: Names of the variables that were seen to change.
        targets: Names that loops give one value after the other.
    """
    updated = {
        _root(site.name)
        for site in sites
        if site.kind in _ASSIGNMENTS and (site.reads_itself or site.kind == "updated")
    }
    return [
        variable
        for variable in step.variables
        if not (variable.is_integer and variable.shape == ())
        and variable.size <= _LARGEST
        and not (variable.root in targets and not variable.steps)
        and (variable.name in changed or _last_name(variable) in updated or variable.root in updated)
    ]


def _root(name: str) -> str:
    return re.split(r"[.\[]", name.removeprefix("self."))[0]


def _last_name(variable: StepVariable) -> str:
    """Return the last attribute on the way to a variable, such as ``W`` of ``net.layers[0].W``."""
    names = [str(key) for kind, key in variable.steps if kind != "item"]
    return names[-1] if names else variable.root


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
        drawn: bool = False,
    ) -> None:
        self.step = step
        self.sites = sites
        self._within = within
        self._candidates = [
            variable for variable in candidates if variable.index in own.ends and variable.start is not None
        ]
        self._indices = [variable.index for variable in self._candidates]
        self._rng = np.random.default_rng(11)
        self.state, self.base = self._other_state(own, _drawn if drawn else _disturbed)
        self.dependents: dict[int, set[Key]] = {}
        self.carrying: set[int] = set()
        self._traces: dict[int, Trace] = {}
        self.moved = {
            variable.index
            for variable in self._candidates
            if variable.index in self.base.ends
            and not np.array_equal(self.base.ends[variable.index], self._start(variable), equal_nan=True)
        }
        shifts = [_noise(self._start(variable), self._rng, _NUDGE) for variable in self._candidates]
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

    def is_memory(self, variable: StepVariable, others: Sequence[StepVariable]) -> bool:
        """Whether it is a velocity that the loss depends on, as with Nesterov's momentum."""
        shift, trace = self._shifts[variable.index], self._traces[variable.index]
        return is_memory_of_steps(variable, others, shift, trace, self.base)

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
        if not stays and (_cosine(carried, shift) > _CARRIES or (np.any(carried) and self._updates_itself(variable))):
            self.carrying.add(variable.index)

    def _updates_itself(self, variable: StepVariable) -> bool:
        return any(site.reads_itself for site in self._assignments(variable))

    def _is_assigned(self, variable: StepVariable) -> bool:
        """Whether something within the loop may assign to a variable."""
        return any(True for _ in self._assignments(variable))

    def _assignments(self, variable: StepVariable) -> Iterator[Site]:
        names = {variable.root, _last_name(variable)}
        for site in self._within:
            if site.kind in _ASSIGNMENTS and (_root(site.name) in names or site.name.rpartition(".")[2] in names):
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
            and self.sites[key[0]].kind in _ASSIGNMENTS
        ]
        return max(found, key=lambda key: self.base.order[key], default=None)

    def first_update(self, carrying: Sequence[StepVariable]) -> int:
        """Return when within the step the first array that carries over is changed."""
        orders = []
        for variable in carrying:
            key = self.update_key(variable)
            if key is None or variable.shape == ():
                continue
            name, function = self.sites[key[0]].name, self.sites[key[0]].function
            orders += [
                order
                for (site, _), order in self.base.order.items()
                if self.sites[site].name == name and self.sites[site].function == function and self.sites[site].kind in _ASSIGNMENTS
                and self.base.shapes[site, _] == variable.shape
            ]  # fmt: skip
        return min(orders, default=1 << 60)

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
            self.base.order[key] < cut and self.sites[key[0]].kind in (*_ASSIGNMENTS, "returned")
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

    def moves_updates(self, key: Key, carrying: Sequence[StepVariable]) -> bool:
        """Whether disturbing a value changes what the step does to the arrays that carry over."""
        shape = self.base.shapes[key]
        scale = _NUDGE * max(1.0, abs(self.base.sums[key][0]))
        trace = self.step.replay(state=self.state, add={key: np.full(shape, scale)}, ends=self._indices, record=False)
        arrays = {variable.index for variable in carrying}
        own = {variable.index for variable in carrying if _root(self.sites[key[0]].name) == _root(variable.name)}
        return bool((trace.ends_changed_from(self.base) & arrays) - own)


def _is_sum_of_losses(influence: Influence, variable: StepVariable, loss: ReportedLoss | None) -> bool:
    """Whether a variable that carries over is the reported loss itself, added up from step to step."""
    key = influence.update_key(variable)
    return loss is not None and variable.shape == () and key is not None and key[0] == loss.key[0]


def _find_pair(influence: Influence, carrying: Sequence[StepVariable], cut: int) -> PairAt | None:
    """Return the first subtraction of which exactly one operand depends on the parameters and which drives the updates."""
    for key in sorted(influence.base.pairs, key=lambda key: influence.base.order.get(key, 1 << 60)):
        if key not in influence.base.order or has_literal(influence.sites[key[0]].expression):
            continue
        left, right = influence.sides(key, carrying)
        if left == right:
            continue
        pair = influence.base.pairs[key]
        target: Literal["left", "right"] = "right" if left else "left"
        output, expected = (pair.left, pair.right) if left else (pair.right, pair.left)
        if expected.size == 1 and output.size > 1:
            continue
        if influence.base.order[key] > cut and not influence.appeared_before(cut, output):
            continue
        if influence.is_new_value(pair, carrying):
            continue
        if influence.moves_updates(key, carrying):
            return PairAt(key, target)
    return None


def _noise(values: NDArray[np.float64], rng: np.random.Generator, relative: float = 0.5) -> NDArray[np.float64]:
    """Return noise to add; where nothing is negative, it is not either: it may be a mean of squares."""
    size = float(np.sqrt(np.mean(values * values))) if values.size else 0.0
    size = size if np.isfinite(size) else 1.0
    noise = rng.normal(size=values.shape) * relative * min(max(size, 0.3), 1e3)
    return np.abs(noise) if np.all(values >= 0) else noise


def _disturbed(values: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return values near those of the script."""
    return values + _noise(values, rng)


def _drawn(values: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return values of an ordinary size instead: those of the script may be so large that everything is flat around them."""
    noise = rng.normal(size=values.shape) / np.sqrt(max(1, min(values.shape) if values.ndim > 1 else 4))
    return np.abs(noise) if np.all(values >= 0) else noise


def _cosine(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    with np.errstate(all="ignore"):
        norm = float(np.linalg.norm(first) * np.linalg.norm(second))
        return float(np.vdot(first, second)) / norm if norm > 0 else 0.0


def _all_finite(trace: Trace) -> bool:
    return all(bool(np.isfinite(end).all()) for end in trace.ends.values())
