"""Remedies that need no diagnosis: what somebody tries who does not know what is wrong."""

from __future__ import annotations

import random
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from faultbench.originals import with_seed
from faultbench.running.runs import Run, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from faultbench.originals import Original

_SEEDS = (0, 1, 2)
_CLOSER = 2.0
_DRAW = 11


def random_remedy_helps(original: Original, text: str, name: str, seconds: float) -> bool:
    """Whether a remedy drawn at random from :data:`REMEDIES` mends a mutant.

    As in the doctor's own trials: on each of three seeds it must come at least twice as close to what the original comes to as the
    run as written.
    """
    remedy = random.Random(f"{_DRAW}/{name}").choice(sorted(REMEDIES))  # noqa: S311 (no secret)
    patience = max(5.0, 4 * seconds)
    for seed in _SEEDS:
        expected, as_written = (run(with_seed(each, seed), original, patience) for each in (original.text, text))
        remedied = run(with_seed(text, seed), original, patience, **REMEDIES[remedy]())
        if not _is_better(expected, as_written, remedied):
            return False
    return True


def _is_better(expected: Run, as_written: Run, remedied: Run) -> bool:
    if not np.isfinite(remedied.last):
        return False
    if not np.isfinite(as_written.last):
        return remedied.last < expected.first
    gap = as_written.last - expected.last
    return gap > 0 and remedied.last - expected.last < gap / _CLOSER


def _scaled(factor: float) -> dict[str, Any]:
    return {"change": partial(_scale, factor)}


def _scale(factor: float, before: Any, after: Any) -> Any:
    return before + factor * (after - before)


def _redrawn(deviation: Callable[[int], float]) -> dict[str, Any]:
    return {"first": partial(_redraw, deviation)}


def _redraw(deviation: Callable[[int], float], arrays: list[Any]) -> Any:
    rng = np.random.default_rng(_DRAW)
    drawn = [rng.normal(0.0, deviation(max(array.shape) if array.ndim else 1), array.shape).ravel() for array in arrays]
    return np.concatenate(drawn)


REMEDIES: dict[str, Callable[[], dict[str, Any]]] = {
    **{f"rate x {factor:g}": partial(_scaled, factor) for factor in (0.001, 0.01, 0.1, 10.0, 100.0, 1000.0)},
    "weights drawn anew, by fan-in": partial(_redrawn, lambda fan: fan**-0.5),
    "weights drawn anew, normal": partial(_redrawn, lambda _: 1.0),
    "weights drawn anew, small": partial(_redrawn, lambda _: 0.01),
    "the other sign": partial(_scaled, -1.0),
}
"""Remedies by name, each as what a run is given."""
