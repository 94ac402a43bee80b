"""Runs of two versions of a script and of what lies between them, all from the same seeds and followed by the same loss."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.examine import OwnFaultError
from unstuck.doctor.scripts.learning import read_loss
from unstuck.doctor.scripts.probes import Prober
from unstuck.doctor.scripts.session import Run, Session
from unstuck.doctor.scripts.trials import TrialReport
from unstuck.doctor.scripts.verdicts import judge
from unstuck.doctor.tools.runs import follow, to_report
from unstuck.doctor.tools.variants import PlaceMap, text_of

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from unstuck.doctor.scripts.learning import Learning
    from unstuck.doctor.tools.located_script import LocatedScript
    from unstuck.doctor.tools.variants import Numbering

_SPARE = 30.0
_PROBES = 2
_SAME_CONSTANT = 1e-6


@dataclass(frozen=True)
class Metric:
    """What all runs are compared by.

    Attributes:
        name: What it is called.
        outputs: Whether it is the loss of outputs and targets, because the versions do not report the same loss.
        constant: The loss of the best constant prediction; None if unknown.
        window: How many steps show every sample once.
    """

    name: str
    outputs: bool
    constant: float | None
    window: int


@dataclass(frozen=True)
class Version:
    """A version of a script whose training step is known.

    Attributes:
        script: The script, frozen there.
        tree: Its tree, with its nodes numbered.
        places: Finds its sites and loops again in variants.
        learning: How its own loss is to be read.
        of_outputs: Likewise, of the squared error of its outputs; None where they meet no targets.
    """

    script: LocatedScript
    tree: ast.Module
    places: PlaceMap
    learning: Learning
    of_outputs: Learning | None


def to_version(script: LocatedScript, tree: ast.Module) -> Version:
    """Return what is needed to follow a version and its variants."""
    found, scouted = script.found, script.scouting.scouted
    prober = Prober(found)
    probes = [probe for probe in (prober.draw() for _ in range(_PROBES)) if probe is not None]
    if not probes:
        raise OwnFaultError("the training step runs at no state drawn at random")
    for probe in probes:
        prober.measure(probe)
    learning = read_loss(found, probes, judge(found, probes).descended, scouted)
    of_outputs = None if found.pair is None else read_loss(replace(found, loss=None), probes, "half_sum", scouted)
    return Version(script, tree, PlaceMap(tree, repeat=script.run.repeat), learning, of_outputs)


def common_metric(versions: Sequence[Version]) -> Metric | None:
    """Return what the versions can be compared by: the loss they report if it is the same, otherwise that of outputs and targets."""
    first, last = versions[0], versions[-1]
    if all(version.script.found.loss is not None for version in versions) and _same_loss(first, last):
        return Metric(
            first.learning.metric, outputs=False, constant=first.learning.constant, window=first.learning.window
        )
    if first.of_outputs is None or last.of_outputs is None:
        return None
    constant = first.of_outputs.constant if first.of_outputs.constant is not None else last.of_outputs.constant
    return Metric("loss of the outputs", outputs=True, constant=constant, window=first.of_outputs.window)


def _same_loss(first: Version, last: Version) -> bool:
    """Whether two versions report the same loss: the same kind up to the same factor, or, where that is unknown, the same statement."""
    one, other = first.learning, last.learning
    if one.kind is not None and one.kind == other.kind:
        known = [learning.constant for learning in (one, other) if learning.constant is not None]
        if len(known) == 1:
            return False
        return not known or math.isclose(known[0], known[1], rel_tol=_SAME_CONSTANT)
    return one.kind == other.kind and _loss_text(first) == _loss_text(last)


def _loss_text(version: Version) -> str:
    found = version.script.found
    expression = "" if found.loss is None else found.sites[found.loss.key[0]].expression
    return "".join(expression.split())


class VariantRuns:
    """Runs variants.

    Args:
        run: How to run a variant: where the first version lies.
        versions: Those versions whose training step is known, the first one first; a variant is followed at the places of the first
            of them whose places it still has.
        metric: What to follow.
        workers: How many runs at once.
    """

    def __init__(self, run: Run, versions: Sequence[Version], metric: Metric, workers: int) -> None:
        self._run = run
        self._versions = versions
        self._metric = metric
        self._workers = workers

    def version(self, version: Version, seed: int, horizon: int, seconds: float) -> TrialReport:
        """Run a version as its author has it, where it lies."""
        order = {"loop": version.script.found.step.loop, **self._followed(version)}
        return self._start(replace(version.script.run, seed_offset=seed), order, horizon, seconds)

    def variant(self, tree: ast.Module, seed: int, horizon: int, seconds: float) -> TrialReport | None:
        """Run a variant; None if it is no program, or what is to be followed is not in it."""
        text = text_of(tree)
        found = None if text is None else self._order(tree)
        if text is None or found is None:
            return None
        order, repeat = found
        return self._start(replace(self._run, text=text, seed_offset=seed, repeat=repeat), order, horizon, seconds)

    def many(
        self, jobs: Sequence[tuple[Version | ast.Module, int]], horizon: int, seconds: float
    ) -> list[TrialReport | None]:
        """Run several, each with its seed, as many at once as there are workers."""

        def one(job: tuple[Version | ast.Module, int]) -> TrialReport | None:
            what, seed = job
            return (
                self.version(what, seed, horizon, seconds)
                if isinstance(what, Version)
                else self.variant(what, seed, horizon, seconds)
            )

        with ThreadPoolExecutor(self._workers) as pool:
            return list(pool.map(one, jobs))

    def _followed(self, version: Version) -> dict[str, Any]:
        return follow(version.script.found, outputs=self._metric.outputs)

    def _order(self, tree: ast.Module) -> tuple[dict[str, Any], bool] | None:
        """Return what to follow in a variant, and whether its step is repeated; None if that is in no version's places any more.

        The training loop may be that of one version, and the loss that of the other.
        """
        maps = [(version, *version.places.into(tree)) for version in self._versions]
        loops = [
            (version, loop)
            for version, _, loops in maps
            if (loop := loops.find(version.script.found.step.loop)) is not None
        ]
        if not loops:
            return None
        repeat = loops[0][0].script.run.repeat
        for version, sites, _ in maps:
            moved = _moved(self._followed(version), sites, needs_pair=self._metric.outputs)
            if moved is not None and version.script.run.repeat == repeat:
                return {"loop": loops[0][1], **moved}, repeat
        return None

    def _start(self, run: Run, order: dict[str, Any], horizon: int, seconds: float) -> TrialReport:
        try:
            whole = {"agent": "trial", "extend": [], "updates": None, "loops": [order["loop"]], **order}
            with Session(run, {**whole, "horizon": horizon, "time": seconds}) as session:
                message = session.receive(seconds + _SPARE)
        except (EOFError, TimeoutError):
            return TrialReport("died", None, 0, np.zeros(0, np.int64), np.zeros(0), None, 0.0)
        if message["reason"] == "own fault":
            raise OwnFaultError(message["traceback"])
        return to_report(message)


def _moved(followed: dict[str, Any], sites: Numbering, *, needs_pair: bool) -> dict[str, Any] | None:
    """Return what to follow with the numbers of a variant; None if that is not there."""
    loss = None if followed["loss"] is None else sites.find(followed["loss"])
    site = None if followed["pair"] is None else sites.find(followed["pair"][0])
    if (followed["loss"] is not None and loss is None) or (needs_pair and site is None):
        return None
    resets = [moved for reset in followed["resets"] if (moved := sites.find(reset)) is not None]
    pair = None if site is None else [site, followed["pair"][1]]
    wanted = sorted({one for one in (*resets, loss, site) if one is not None})
    return {**followed, "loss": loss, "pair": pair, "resets": resets, "sites": wanted}
