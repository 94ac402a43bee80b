"""The squared error that a script computes between its training steps, where the steps themselves compute no loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trace import Key, Trace

_SAME = 1e-9
_CHANGED = 1e-6
_NUDGE = 0.5
_ROUNDS = 11
_SECONDS = 1.5


def squared_error_between_steps(examination: Examination) -> Site | None:
    """Return where a squared error is computed after each round of steps; None if it is not the only number that changes there.

    A script that reports two numbers, such as a loss and an accuracy, does not say which of them it means to make smaller.
    """
    found, scouted = examination.found, examination.scouted
    parents = scouted.parents.get(found.step.loop, [])
    if found.loss is not None or found.pair is None or not parents:
        return None
    outside = {site for site, loops in scouted.inside.items() if parents[-1] in loops and found.step.loop not in loops}
    numbers = [site for site in outside & set(scouted.histories) if found.sites[site].kind != "loop-target"]
    numbers = [site for site in numbers if len(set(scouted.histories[site].tolist())) > 1]
    rounds = min(_ROUNDS, int(_SECONDS / max(1e-5, examination.pace) / examination.learning.window))
    if not numbers or rounds < 2:  # noqa: PLR2004 (a change needs two)
        return None
    steps = rounds * examination.learning.window + 1
    keys = [(site, occurrence) for site in numbers for occurrence in range(rounds)]
    rng = np.random.default_rng(31)
    shift = {variable.index: _NUDGE * rng.normal(size=variable.shape) for variable in found.parameters}
    trace, moved = found.step.replay_all(
        [{"pairs": True, "steps": steps, "values": keys}, {"steps": steps, "values": keys, "shift": shift}]
    )
    nothing = np.zeros(0)
    numbers = [
        site
        for site in numbers
        if not np.array_equal(trace.values.get((site, 0), nothing), moved.values.get((site, 0), nothing))
    ]
    errors = [key for key in trace.pairs if key[0] in outside and key[1] == 0 and _meets_the_same(trace, key)]
    if not numbers or not all(any(_is_multiple(trace, (site, 0), error) for error in errors) for site in numbers):
        return None
    return found.sites[min(numbers)]


def _meets_the_same(trace: Trace, key: Key) -> bool:
    """Whether one side of a subtraction stays the same from round to round, as targets do, and the other holds fractions."""
    after = trace.pairs.get((key[0], 1))
    if after is None or after.left.shape != trace.pairs[key].left.shape or after.left.size < 2:  # noqa: PLR2004 (one number is a multiple of any)
        return False
    sides = [np.array_equal(one, other) for one, other in zip(trace.pairs[key], after, strict=True)]
    outputs = trace.pairs[key][sides.index(False)] if False in sides else np.zeros(1)
    return sides[0] != sides[1] and not np.array_equal(outputs, np.round(outputs))


def _is_multiple(trace: Trace, number: Key, error: Key) -> bool:
    """Whether a number is the same multiple of a sum of squares in two rounds in which that sum differs."""
    values = [trace.values.get((number[0], occurrence)) for occurrence in (0, 1)]
    sums = [
        float(np.sum((pair.left - pair.right) ** 2))
        for pair in (trace.pairs[error], trace.pairs[error[0], 1])
        if pair.left.shape == pair.right.shape
    ]
    if len(sums) < 2 or min(sums) <= 0 or abs(sums[0] - sums[1]) <= _CHANGED * sums[0]:  # noqa: PLR2004 (both)
        return False
    ratios = [float(value.ravel()[0]) / total for value, total in zip(values, sums, strict=True) if value is not None]
    return len(ratios) == len(sums) and abs(ratios[0] - ratios[1]) <= _SAME * abs(ratios[0]) and ratios[0] > 0
