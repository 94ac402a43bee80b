"""What is what in a training step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from unstuck.doctor.scripts.mended_step import Mended
    from unstuck.doctor.scripts.script_step import ScriptStep, StepVariable
    from unstuck.doctor.scripts.sites import Loop, Site
    from unstuck.doctor.scripts.trace import Key, Trace


@dataclass(frozen=True)
class PairAt:
    """Where outputs meet targets.

    Attributes:
        key: The subtraction.
        target: The side on which the targets stand.
        repeats: Whether the same outputs meet the same targets once more for another sample, which the update counts as well.
    """

    key: Key
    target: Literal["left", "right"]
    repeats: bool = False

    @property
    def as_asked(self) -> tuple[int, str, bool]:
        """The place, the side and whether it repeats, as a replay asks for it."""
        return self.key[0], self.target, self.repeats


@dataclass(frozen=True)
class ReportedLoss:
    """Where the script computes the loss that it reports.

    Attributes:
        key: Its last value within the step.
        accumulates: Whether it adds to what it held before.
        after_update: Whether it is computed from parameters that the step has already changed.
    """

    key: Key
    accumulates: bool
    after_update: bool


@dataclass(frozen=True)
class Identified:
    """A training step whose parts are known, by what they influence.

    Attributes:
        step: The step, ready for replays.
        sites: All places of the script.
        loops: All loops of the script.
        parameters: Variables that carry over into their own next value and affect the outputs or the loss.
        state: Variables that carry over only: what the optimizer remembers, counters, sums.
        constants: Variables that affect the outputs or the loss and never change: inputs, targets, and parameters never updated.
        updates: For each parameter where it gets its new value; missing for one that is not updated in this step.
        loss: The reported loss, if there is one.
        pair: Where outputs meet targets, if they do.
        own: The step as it is.
        base: The step from a state with every number a little changed, so that no zero hides anything.
        state_of_base: The number of that state.
        dependents: For each variable the values that change when it does, from that state.
        mended: What had to be put right before anything could be seen to depend on anything; ``step`` and ``own`` are then with it right.
        is_certain: Whether it does what only a training step does: a recurrent network makes its state anew, a gradient check takes steps
            that depend on nothing.
    """

    step: ScriptStep
    sites: tuple[Site, ...]
    loops: tuple[Loop, ...]
    parameters: tuple[StepVariable, ...]
    state: tuple[StepVariable, ...]
    constants: tuple[StepVariable, ...]
    updates: dict[int, Key]
    loss: ReportedLoss | None
    pair: PairAt | None
    own: Trace
    base: Trace
    state_of_base: int
    dependents: dict[int, set[Key]] = field(default_factory=dict)
    mended: Mended | None = None
    is_certain: bool = True

    @property
    def loop(self) -> Loop:
        """The training loop."""
        return self.loops[self.step.loop]

    def takes_several_steps(self, trace: Trace) -> bool:
        """Whether outputs meet targets again after a parameter was updated: the loop holds more than one training step.

        Where no outputs are known, whether the loss is computed before, between and after updates.
        """
        updates = [
            order
            for variable in self.parameters
            for site in self.sites_of(variable)
            for key, order in trace.order.items()
            if key[0] == site
        ]
        first = min(updates, default=None)
        if first is None or max(updates) == first:
            return False
        if self.pair is None:
            losses = [
                order for key, order in trace.order.items() if self.loss is not None and key[0] == self.loss.key[0]
            ]
            return any(order < first for order in losses) and any(first < order < max(updates) for order in losses)
        meetings = {
            key: pair.right if self.pair.target == "left" else pair.left
            for key, pair in trace.pairs.items()
            if key[0] == self.pair.key[0]
        }
        before = {outputs.tobytes() for key, outputs in meetings.items() if trace.order.get(key, 0) < first}
        return bool(before) and any(
            outputs.tobytes() not in before
            for key, outputs in meetings.items()
            if first < trace.order.get(key, 0) < max(updates)
        )

    def sites_of(self, variable: StepVariable) -> list[int]:
        """Return the sites that change a parameter within the step."""
        key = self.updates.get(variable.index)
        if key is None:
            return []
        name, function = self.sites[key[0]].name, self.sites[key[0]].function
        return [
            site.number
            for site in self.sites
            if site.name == name
            and site.function == function
            and site.kind in ("assigned", "updated", "item", "unpacked")
        ]
