"""Everything that is known about a script, for the checks to look at."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from unstuck.doctor.findings import Location
from unstuck.doctor.scripts.taped import REPORTED
from unstuck.doctor.scripts.trace import same_sums
from unstuck.doctor.scripts.values import sums

if TYPE_CHECKING:
    import ast
    from concurrent.futures import Future

    from unstuck.doctor.scripts.finding_step import Scouted
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.instrument import Program
    from unstuck.doctor.scripts.learning import Learning
    from unstuck.doctor.scripts.probes import Probe, Prober
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.source import Source
    from unstuck.doctor.scripts.trace import Key
    from unstuck.doctor.scripts.trials import TrialReport, Trials
    from unstuck.doctor.scripts.verdicts import Verdicts
    from unstuck.doctor.scripts.wrong_values import Backward


@dataclass
class Examination:
    """A script under examination.

    Attributes:
        source: The script.
        tree: Its syntax tree, as its author wrote it.
        program: Its sites and loops.
        scouted: What its first run has shown.
        found: Its training step, frozen at the first iterations.
        prober: Draws states and measures there.
        probes: States drawn at random, with updates and gradients.
        verdicts: The verdicts on the updates.
        repeated: Whether the script had no loop and one was put around its step.
        running: Comes to be the run as written, from the script's own seed.
        learning: How to read off it what has been learned.
        trials: Runs trials.
        longer: A longer run as written.
        backward: What is known about the backward pass, once something in it was found to be wrong.
        late: The training step frozen near the end of the run as written, None if it could not be reached.
        checked: What was checked and found right, a sentence each; checks add to it.
        notes: For the checks to leave each other what they measured.
    """

    source: Source
    tree: ast.Module
    program: Program
    scouted: Scouted
    found: Identified
    prober: Prober
    probes: list[Probe]
    verdicts: Verdicts
    repeated: bool
    running: Future[TrialReport]
    learning: Learning
    trials: Trials
    longer: TrialReport | None = None
    backward: Backward | None = None
    late: Identified | None = None
    checked: list[str] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def written(self) -> TrialReport:
        """The run as written, the longest there was; this waits for it to be over."""
        return self.running.result() if self.longer is None else self.longer

    @written.setter
    def written(self, longer: TrialReport) -> None:
        self.longer = longer

    @property
    def pace(self) -> float:
        """How many seconds a recorded step takes: the shortest time seen, since a machine that is busy only makes them longer."""
        found = self.found
        return min(found.own.seconds, found.base.seconds, *(probe.trace.seconds for probe in self.probes))

    @property
    def horizon(self) -> int:
        """How many steps each trial has."""
        return horizon_of(self.written)

    @property
    def descended(self) -> str:
        """The loss that the updates descend: ``reported`` or the name of a candidate loss."""
        return self.verdicts.descended

    @property
    def taped_loss(self) -> str:
        """The loss that is descended, or the one that is a multiple of it, if the tape knows only that: ``float(loss)`` leaves the tape."""
        trusted = self.prober.trusted or set()
        kind = self.learning.kind
        return (
            kind
            if self.is_reported_descended and REPORTED not in trusted and kind in trusted and kind is not None
            else self.descended
        )

    @property
    def is_reported_descended(self) -> bool:
        """Whether the updates descend the loss that the script reports."""
        return self.descended == REPORTED

    def site_of(self, key: Key) -> Site:
        """Return where a value appears."""
        return self.found.sites[key[0]]

    def location_of_site(self, site: Site) -> Location:
        """Return where a site stands in the user's file, or in that of a module beside it."""
        if site.module:
            return Location(
                f"{site.module.rpartition('.')[2]}.py",
                site.span.line,
                site.span.column,
                site.span.end_line,
                site.span.end_column,
            )
        return self.location(site.span.line, site.span.column, site.span.end_line, site.span.end_column)

    def location(
        self, line: int, column: int = 0, end_line: int | None = None, end_column: int | None = None
    ) -> Location:
        """Return a place of the program as a place of the user's file."""
        name = self.source.path.name if self.source.path is not None else "<script>"
        place = self.source.places[line - 1]
        end = self.source.places[(end_line or line) - 1]
        return Location(name, place.line, column, end.line, end_column, place.cell)

    def update_site(self, parameter: StepVariable) -> Site | None:
        """Return where a parameter gets its new value, or where that is computed: one of a list of arrays may be made in the list."""
        key = self.found.updates.get(parameter.index) or self._computed_at(parameter)
        return None if key is None else self.found.sites[key[0]]

    def _computed_at(self, parameter: StepVariable) -> Key | None:
        """Return the difference that is what a parameter holds at the end of the step, from a state with other values."""
        base, end = self.found.base, self.found.base.ends.get(parameter.index)
        if end is None:
            return None
        looks = sums(end.ravel())
        keys = [
            key
            for key, seen in base.sums.items()
            if self.found.sites[key[0]].kind == "difference"
            and base.shapes[key] == end.shape
            and same_sums(seen, looks)
        ]
        return max(keys, key=lambda key: base.order[key], default=None)

    def first_assignment(self, name: str) -> Site | None:
        """Return the first place outside of the training loop where a name is given a value."""
        loop = self.found.loop
        for site in self.found.sites:
            if (
                site.kind in ("assigned", "unpacked")
                and site.name.removeprefix("self.") == name
                and loop.number not in site.loops
            ):
                return site
        return None

    def curve(self) -> tuple[float, ...]:
        """Return at most 60 values of the loss over the run as written."""
        return tuple(value for value in self.written.curve(self.learning.window) if math.isfinite(value))


def horizon_of(written: TrialReport) -> int:
    """Return how many steps each trial has: those of the run as written, down to 1, 2 or 5 times a power of ten."""
    steps = max(1, written.steps)
    if written.own_steps is not None and written.reason == "ended":
        return steps
    power = 10 ** (len(str(steps)) - 1)
    return next(factor * power for factor in (5, 2, 1) if factor * power <= steps)
