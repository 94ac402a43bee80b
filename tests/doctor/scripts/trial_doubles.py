"""Trials that run nothing: what each change achieves is made up."""

from types import SimpleNamespace

import numpy as np

from unstuck.doctor.findings import Finding
from unstuck.doctor.scripts.learning import Learning
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import AS_WRITTEN, Change, TrialReport

LEARNING = Learning("J", None, 1.0, 1, None)


def report(final, steps=100, *, reason="horizon", seconds=0.1, own_steps=None):
    """Return a run whose loss is 1 at its first step and ``final`` from then on."""
    values = np.full(steps, float(final))
    values[:1] = 1.0
    return TrialReport(reason, None, steps, np.arange(steps), values, None, seconds, own_steps)


class FakeTrials:
    """Runs that end at once.

    Args:
        finals: The last loss by the name of the change, or a list with one for each seed; 1 for a change that is not named.
        steps: How many steps a change gets done, all that were asked for if it is not named.
    """

    workers = 2

    def __init__(self, finals=None, steps=None, long_run=None):
        self.finals, self.steps, self.long_run = finals or {}, steps or {}, long_run
        self.asked = []

    def one(self, change, seed, horizon, seconds, *, go_on=True, enough=None, window=1):
        del seconds, window
        self.asked.append((change.name, seed, horizon))
        if change is AS_WRITTEN and not go_on and self.long_run is not None:
            return self.long_run
        final = self.finals.get(change.name, 1.0)
        final = final[min(seed, len(final) - 1)] if isinstance(final, list) else final
        steps = min(horizon, self.steps.get(change.name, horizon))
        reached = enough is not None and final <= enough
        return report(final, steps, reason="enough" if reached else "horizon" if steps == horizon else "time")

    def many(self, changes, horizon, seconds):
        return [self.one(change, seed, horizon, seconds) for change, seed in changes]


def examination(trials=None, *, written=None, learning=LEARNING, shapes=((3, 4), (4,))):
    """Return what a proof reads of an examination."""
    return SimpleNamespace(
        trials=trials or FakeTrials(),
        written=written or report(1.0),
        learning=learning,
        notes={},
        found=SimpleNamespace(parameters=[SimpleNamespace(shape=shape) for shape in shapes]),
    )


def suspicion(name="mend", *, fault="ascends", needs_proof=False, parameter=None, updates=None, text=None):
    """Return a suspicion whose remedy is a change of that name."""
    finding = Finding(fault, f"{fault}!", None, {}, parameter=parameter)
    updates = {"sign": -1.0} if updates is None else updates
    return Suspicion(finding, Change(name, updates, text), needs_proof)
