"""The examination of a script: run it, find its training step, measure there, and let it run on."""

from __future__ import annotations

import ast
import math
import os
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from unstuck.doctor.scripts.examination import Examination
from unstuck.doctor.scripts.finding_step import Scouted, find_step, to_scouted
from unstuck.doctor.scripts.instrument import Program, instrument
from unstuck.doctor.scripts.learning import read_loss
from unstuck.doctor.scripts.probes import Prober
from unstuck.doctor.scripts.repetition import append_loop
from unstuck.doctor.scripts.rerunning_session import RerunningSession
from unstuck.doctor.scripts.session import Run, Session
from unstuck.doctor.scripts.sites import Loop, Site, Span
from unstuck.doctor.scripts.taped import REPORTED
from unstuck.doctor.scripts.trials import AS_WRITTEN, LONGEST_RUN, Trials
from unstuck.doctor.scripts.verdicts import judge

if TYPE_CHECKING:
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.source import Source
    from unstuck.doctor.scripts.trials import TrialReport

_SCOUTING = 0.3
_LONGER = 3.0
_PATIENCE = 6.0
_LONGEST_SILENCE = 60.0
_TIME_TO_START = 5.0
_PROBES = 3
WRITTEN_SECONDS = 3.0


class OwnFaultError(Exception):
    """The instrument has failed, not the script."""


class NoStateError(Exception):
    """What looked like a training step fails wherever its numbers are others: it is none."""


@dataclass(frozen=True)
class Scouting:
    """What the first run has shown, and the program it ran."""

    program: Program
    scouted: Scouted
    run: Run


def scout(
    run: Run,
    source: Source,
    *,
    repeat: bool = False,
    patience: float = _PATIENCE,
    longest: float = _LONGEST_SILENCE,
    budget: float = _SCOUTING,
) -> Scouting:
    """Run the script for a while and see what it does.

    Args:
        run: How to run it.
        source: Its text.
        repeat: Whether a loop is put around its only step.
        patience: Seconds after which the next iteration of a loop is the last.
        longest: Seconds after which it is given up: a script that waits for a lock, or for a computation without a loop of its own,
            comes to no next iteration.
        budget: Seconds to watch what looks like a training.

    Raises:
        OwnFaultError: The instrument has failed.
    """
    run = replace(run, repeat=repeat)
    program = instrument(source, repeat=repeat)
    with Session(run, {"agent": "scout", "budget": budget, "patience": patience}) as session:
        try:
            message = session.receive(max(patience + _TIME_TO_START, longest))
        except EOFError:
            message = _died(session)
        except TimeoutError:
            message = _died(session) | {"reason": "never answered"}
    if message["reason"] == "own fault":
        raise OwnFaultError(message["traceback"])
    return Scouting(_with_own_modules(program, message["places"]), to_scouted(message), run)


def _died(session: Session) -> dict[str, Any]:
    """Return the report of a run that ended without one: the script ended its own process."""
    return {
        "reason": "died", "error": {"ending": session.ending(), "output": session.output()}, "seconds": 0.0, "loops": [], "shapes": {},
        "numbers": {}, "times": {}, "inside": {}, "places": {"sites": [], "loops": []},
    }  # fmt: skip


def _with_own_modules(program: Program, places: dict[str, Any]) -> Program:
    sites = tuple(
        Site(**{**entry, "span": Span(**entry["span"]), "loops": tuple(entry["loops"])}) for entry in places["sites"]
    )
    loops = tuple(Loop(**{**entry, "outer": tuple(entry["outer"])}) for entry in places["loops"])
    return Program(program.tree, program.sites + sites, program.loops + loops)


def locate(scouting: Scouting, deadline: float = math.inf) -> tuple[Session, Identified] | None:
    """Return the training step and the session it is frozen in; None if there is none, or none is found by the deadline."""
    run = scouting.run
    kind = Session if run.fork and hasattr(os, "fork") else RerunningSession
    return find_step(
        scouting.program,
        scouting.scouted,
        lambda stops: kind(run, {"agent": "serve", "stops": [list(stop) for stop in stops]}),
        deadline,
    )


def look_for_step(
    run: Run, source: Source, patience: float, deadline: float
) -> tuple[Scouting, Scouting, tuple[Session, Identified] | None]:
    """Return what the first run has shown, what the run that was looked at last has shown, and the training step if there is one."""
    first = scouting = scout(run, source, patience=patience, longest=deadline - time.monotonic())
    located = locate(scouting, deadline)
    longer = _LONGER * patience
    if located is None and scouting.scouted.reason == "watched long enough" and deadline - time.monotonic() > longer:
        # what looked like a training may have been a preparation of the data
        first = scouting = scout(run, source, patience=longer, longest=deadline - time.monotonic(), budget=longer)
        located = locate(scouting, deadline)
    if located is None and scouting.scouted.reason in ("ended", "failed") and append_loop(ast.parse(source.text)):
        repeated = scout(run, source, repeat=True, patience=patience, longest=deadline - time.monotonic())
        located = locate(repeated, deadline)
        scouting = repeated if located is not None else scouting
    return first, scouting, located


def examine(
    source: Source,
    scouting: Scouting,
    found: Identified,
    *,
    workers: int = 2,
    seconds: float = WRITTEN_SECONDS,
    pool: Executor | None = None,
) -> Examination:
    """Measure at the training step while the script runs on as it is written.

    Args:
        source: The script.
        scouting: What its first run has shown.
        found: Its training step.
        workers: How many trials to run at once.
        seconds: How long the run as written may take.
        pool: Runs it; None to wait for it here.

    Raises:
        NoStateError: The step runs at no state but its own.
    """
    if pool is None:
        with ThreadPoolExecutor(1) as own:
            return examine(source, scouting, found, workers=workers, seconds=seconds, pool=own)
    parents = scouting.scouted.parents.get(found.step.loop, [])

    def run_as_written(trials: Trials) -> Future[TrialReport]:
        return pool.submit(trials.one, AS_WRITTEN, 0, LONGEST_RUN, seconds, go_on=False)

    early = (
        None if found.loss is None else run_as_written(Trials(scouting.run, found, REPORTED, parents, Session, workers))
    )
    prober = Prober(found)
    probes = [probe for probe in (prober.draw() for _ in range(_PROBES)) if probe is not None]
    for probe in probes:
        prober.measure(probe)
    if not probes:
        raise NoStateError("the step runs at no state drawn at random")
    verdicts = judge(found, probes)
    trials = Trials(scouting.run, found, verdicts.descended, parents, Session, workers)
    learning = read_loss(found, probes, verdicts.descended, scouting.scouted)
    return Examination(
        source, ast.parse(source.text), scouting.program, scouting.scouted, found, prober, probes, verdicts,
        scouting.run.repeat, early or run_as_written(trials), learning, trials,
    )  # fmt: skip
