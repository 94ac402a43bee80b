"""Whether a mutant updates its parameters as the original does: asked of the original, at states drawn at random."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from faultbench.running.runs import Run, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faultbench.originals import Original

_STATES = 5
_SAME = 1e-6
_NOTHING = 1e-12


def states_for(start: Sequence[float], count: int = _STATES) -> list[Any]:
    """Return parameters drawn at random: of the first ones' size, but at least a fifth of a normal distribution's."""
    rng = np.random.default_rng(5)
    scale = max(0.2, min(1.0, float(np.sqrt(np.mean(np.square(start))))))
    return [rng.normal(0.0, scale, len(start)) for _ in range(count)]


@cache
def original_run(original: Original) -> Run:
    """Return the original's updates from those states."""
    return run(original.text, original, states=states_for(original_start(original)))


@cache
def original_start(original: Original) -> list[float]:
    """Return the original's first parameters."""
    return run(original.text, original, states=[]).start or []


def update_factors(original: Original, text: str) -> list[float] | None:
    """Return for each parameter the positive factor by which a mutant's updates are the original's, or None if one has none.

    The optimizer's own memory is filled by the states before, so that a mistake in it shows from the second state on.
    """
    expected = original_run(original)
    found = run(text, original, states=states_for(original_start(original)))
    if found.error or found.shapes != expected.shapes or len(found.updates) != len(expected.updates):
        return None
    theirs, ours = np.array(expected.updates), np.array(found.updates)
    if not np.isfinite(ours).all():
        return None
    factors = []
    for part in _parts(expected.shapes):
        own, other = ours[:, part], theirs[:, part]
        if max(np.linalg.norm(own), np.linalg.norm(other)) <= _NOTHING:
            continue  # nothing moves it in either
        factor = float((own * other).sum() / max((other * other).sum(), _NOTHING))
        if factor <= 0 or np.linalg.norm(own - factor * other) > _SAME * factor * np.linalg.norm(other) + _NOTHING:
            return None
        factors.append(factor)
    return factors


def update_factor(original: Original, text: str) -> float | None:
    """Return the one positive factor by which all of a mutant's updates are the original's, or None if there is none."""
    factors = update_factors(original, text)
    return factors[0] if factors and np.ptp(factors) <= _SAME * max(factors) else None


def losses_alike(original: Original, text: str) -> bool:
    """Whether a mutant tells the original's losses, up to one positive factor, at those states."""
    states = states_for(original_start(original))
    theirs, ours = (np.array(run(each, original, states=states, holds=True).losses) for each in (original.text, text))
    if theirs.shape != ours.shape or not len(ours) or not np.isfinite(ours).all():
        return False
    factor = float((ours * theirs).sum() / max((theirs * theirs).sum(), _NOTHING))
    return factor > 0 and bool(np.allclose(ours, factor * theirs, rtol=_SAME, atol=_NOTHING))


def loss_at_end(original: Original, text: str, end: Sequence[float] | None) -> float:
    """Return the original's own loss with the parameters that a mutant has come to, NaN if it has none."""
    if end is None or not np.isfinite(end).all():
        return float("nan")
    found = run(text, original, states=[np.array(end, float)], holds=True)
    return found.losses[-1] if found.losses else float("nan")


def _parts(shapes: Sequence[Sequence[int]]) -> list[slice]:
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    return [slice(int(end) - int(np.prod(shape)), int(end)) for end, shape in zip(ends, shapes, strict=True)]
