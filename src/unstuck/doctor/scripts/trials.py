"""Runs of a script over many steps, as it is written and with a remedy, from several seeds."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.renumbering import renumbered
from unstuck.doctor.scripts.taped import REPORTED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.session import Run, Session

_LAST = 0.1
_CURVE = 60


@dataclass(frozen=True)
class Change:
    """What a trial does differently.

    Attributes:
        name: In words.
        updates: How the updates are changed, see :class:`unstuck.doctor.scripts.remedied_updates.RemediedUpdates`; empty: not at all.
        text: Another text of the script, None for its own.
        horizon_factor: How many times as many steps the run has.
        parts: The names of the changes that were put together to this one; empty if it is one by itself.
        rest: Over how many further steps the loss is measured with the parameters that the run ends with; by 0 it is judged by
            the losses that its steps see, which say little where each is tuned to samples like the next ones.
    """

    name: str
    updates: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    horizon_factor: float = 1.0
    parts: tuple[str, ...] = ()
    rest: int = 0

    @property
    def changes(self) -> tuple[str, ...]:
        """What is changed, one after the other, in words."""
        return self.parts or (self.name,)

    @property
    def without(self) -> Change:
        """The script as written, judged as this change is."""
        return replace(AS_WRITTEN, rest=self.rest)


AS_WRITTEN = Change("as written")
LONGEST_RUN = 1_000_000


@dataclass(frozen=True)
class TrialReport:
    """One run.

    Attributes:
        reason: How it ended: ``horizon``, ``time``, ``ended``, ``failed``, ``not finite``, ``died``.
        error: What the script raised, if it failed.
        steps: How many steps it had.
        at: At which steps the loss was seen.
        values: The loss there.
        first_non_finite: The step at which it was not finite first.
        seconds: How long the steps took.
        own_steps: How many steps the script has of itself, None if that was not reached.
        at_rest: The mean loss with the parameters it ended with, None if that was not asked for.
    """

    reason: str
    error: dict[str, Any] | None
    steps: int
    at: NDArray[np.int64]
    values: NDArray[np.float64]
    first_non_finite: int | None
    seconds: float
    own_steps: int | None = None
    at_rest: float | None = None

    def first(self, window: int) -> float:
        """Return the mean loss over the first ``window`` steps."""
        chosen = self.values[self.at < max(1, window)]
        return float(np.mean(chosen)) if chosen.size else float(self.values[0]) if self.values.size else math.nan

    def last(self, window: int, steps: int | None = None) -> float:
        """Return the mean loss over the last ``window`` of ``steps`` (default: all) steps, of a long run over their last tenth.

        A run that is shorter than three windows is read over its last third.

        Of a run that was judged at rest, the loss there.
        """
        if self.at_rest is not None:
            return self.at_rest
        steps = self.steps if steps is None else min(steps, self.steps)
        values = self.values[self.at < steps]
        if not values.size:
            return math.nan
        start = steps - max(min(window, max(1, steps // 3)), int(steps * _LAST) if steps > 50 * window else 1)
        chosen = values[self.at[: len(values)] >= start]
        return float(np.mean(chosen if chosen.size else values[-1:]))

    def curve(self, window: int) -> tuple[float, ...]:
        """Return at most 60 values of the loss over the run."""
        per_point = max(1, math.ceil(len(self.values) / _CURVE))
        if len(self.at) > 1:
            per_point = max(
                per_point, min(len(self.values), round(window / max(1.0, float(np.median(np.diff(self.at))))))
            )
        chunks = [self.values[start : start + per_point] for start in range(0, len(self.values), per_point)]
        return tuple(float(np.mean(chunk)) for chunk in chunks)


class Trials:
    """Runs trials of one script.

    Args:
        run: How to run the script.
        found: Its training step.
        descended: The loss that its updates descend.
        parents: The loops around the training loop, outermost first.
        start: Starts a session.
        workers: How many runs at once.
    """

    def __init__(
        self,
        run: Run,
        found: Identified,
        descended: str,
        parents: Sequence[int],
        start: Callable[[Run, dict[str, Any]], Session],
        workers: int,
    ) -> None:
        self._run = run
        self._found = found
        self._start = start
        self._workers = workers
        self._kind = descended if descended != REPORTED else "half_sum"
        self._outer = parents[0] if parents else found.step.loop
        self.parameters = [[variable.root, [list(step) for step in variable.steps]] for variable in found.parameters]

    @property
    def workers(self) -> int:
        """How many runs at once."""
        return self._workers

    @property
    def run(self) -> Run:
        """How the script is run."""
        return self._run

    def start(self, run: Run, order: dict[str, Any]) -> Session:
        """Start a session of its own."""
        return self._start(run, order)

    def order(self, change: Change, seed: int, horizon: int, seconds: float) -> dict[str, Any]:
        """Return what a trial is told, see :class:`unstuck.doctor.scripts.trial_run.TrialRun`."""
        found = self._found
        loop, loss, resets = found.step.loop, found.loss, self._resets()
        is_followed = loss is None or change.text is not None or "gradient" in change.updates
        pair = found.pair if is_followed else None  # to watch where nobody looks costs time
        sites = set(resets) | {place.key[0] for place in (loss, pair) if place is not None}
        is_changed = bool(change.updates or change.rest)
        updates = {"variables": self.parameters, "seed": seed, **change.updates} if is_changed else None
        if updates is not None and "gradient" in updates:
            updates["is_known_once"] = self._is_known_once(updates["gradient"])
        if updates is not None:
            sites |= {int(site) for site in updates.get("hold", {})} | {site for site, *_ in updates.get("biases", ())}
        return {
            "agent": "trial",
            "loop": loop,
            "sites": sorted(sites),
            "loops": sorted({loop, self._outer}),
            "extend": [self._outer],
            "horizon": max(1, round(horizon * change.horizon_factor)),
            "time": seconds,
            "loss": None if loss is None else loss.key[0],
            "resets": resets,
            "pair": None if pair is None else [pair.key[0], pair.target],
            "kind": self._kind,
            "updates": updates,
            "rest": change.rest,
        }

    def _resets(self) -> list[int]:
        """Return the sites that set a loss back that is added up."""
        found = self._found
        if found.loss is None or not found.loss.accumulates:
            return []
        loss = found.sites[found.loss.key[0]]
        return [
            site.number
            for site in found.sites
            if site.name == loss.name and site.function == loss.function and site.number != loss.number
        ]

    def _is_known_once(self, loss: str) -> bool:
        """Whether a loss appears once within a step."""
        found = self._found
        place = found.loss if loss == REPORTED else found.pair
        return place is not None and sum(key[0] == place.key[0] for key in found.base.order) == 1

    def _in_other_text(self, order: dict[str, Any], text: str) -> dict[str, Any]:
        """Return an order with the numbers that sites and loops have in another text; what is not there any more is not followed."""
        sites, loops = renumbered(self._found.sites, self._found.loops, text, repeat=self._run.repeat)
        loss, pair, updates = order["loss"], order["pair"], order["updates"] or {}
        followed = {
            "hold": {
                sites[int(site)]: numbers for site, numbers in updates.get("hold", {}).items() if int(site) in sites
            },
            "biases": [[sites[site], *more] for site, *more in updates.get("biases", ()) if site in sites],
        }
        return order | {
            "loop": loops.get(order["loop"], order["loop"]),
            "loops": sorted(loops[loop] for loop in order["loops"] if loop in loops),
            "extend": [loops[loop] for loop in order["extend"] if loop in loops],
            "sites": sorted(sites[site] for site in order["sites"] if site in sites),
            "resets": [sites[site] for site in order["resets"] if site in sites],
            "loss": None if loss is None else sites.get(loss),
            "pair": None if pair is None or pair[0] not in sites else [sites[pair[0]], pair[1]],
            "updates": None
            if order["updates"] is None
            else updates | {name: followed[name] for name in followed if name in updates},
        }

    def one(self, change: Change, seed: int, horizon: int, seconds: float, **more: Any) -> TrialReport:
        """Run once; ``more`` is for :class:`unstuck.doctor.scripts.trial_run.TrialRun`."""
        run = replace(self._run, seed_offset=seed, text=change.text if change.text is not None else self._run.text)
        order = self.order(change, seed, horizon, seconds)
        if change.text is not None:
            order = self._in_other_text(order, change.text)
        try:
            with self._start(run, order | more) as session:
                message = session.receive(seconds + 30.0)
        except (EOFError, TimeoutError):
            return TrialReport("died", None, 0, np.zeros(0, np.int64), np.zeros(0), None, 0.0)
        if message["reason"] == "own fault":
            return TrialReport(
                "died", {"traceback": message["traceback"]}, 0, np.zeros(0, np.int64), np.zeros(0), None, 0.0
            )
        return TrialReport(
            message["reason"],
            message["error"],
            message["steps"],
            message["at"],
            message["values"],
            message["first_non_finite"],
            message["seconds"],
            message["own_steps"],
            message["at_rest"],
        )

    def many(self, changes: Sequence[tuple[Change, int]], horizon: int, seconds: float) -> list[TrialReport]:
        """Run several, each with its seed, as many at once as there are workers."""
        with ThreadPoolExecutor(self._workers) as pool:
            return list(pool.map(lambda entry: self.one(entry[0], entry[1], horizon, seconds), changes))
