"""Which number of a step is the loss that the script reports."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.expressions import is_plain_difference
from unstuck.doctor.scripts.identified import ReportedLoss
from unstuck.doctor.scripts.trace import same_sums
from unstuck.doctor.scripts.values import sums

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.identified import PairAt
    from unstuck.doctor.scripts.influence import Influence
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trace import Key

_MOST = 0.6
_LOSS_WORDS = re.compile(
    r"loss|cost|err|mse|sse|entropy|verlust|kosten|fehler|sunshi|wucha|(^|_|\.)(j|c|l|e)(_|$)", re.IGNORECASE
)
_LOSS_OPERATIONS = re.compile(r"log|norm|\*\* ?2|square|mean|sum|abs|maximum")


def find_loss(
    influence: Influence,
    carrying: Sequence[StepVariable],
    cut: int,
    pair: PairAt | None,
    histories: dict[int, NDArray[np.float64]],
) -> ReportedLoss | None:
    """Return the single number that is most like a reported loss."""
    moved = [variable for variable in carrying if variable.index in influence.moved]
    arrays = [variable for variable in moved if variable.shape != ()] or moved
    arrays = [variable for variable in arrays if influence.shows_before(cut, variable)] or arrays
    affecting = [variable for variable in arrays if pair is None or pair.key in influence.dependents[variable.index]]
    if not affecting:
        return None
    counts = Counter(key for variable in affecting for key in influence.dependents[variable.index])
    common = {key for key, count in counts.items() if count >= max(1, _MOST * len(affecting))}
    updated = {
        influence.sites[key[0]].name
        for variable in carrying
        if (key := influence.update_key(variable)) is not None and variable in affecting
    }
    scored = []
    last: dict[int, Key] = {}
    for key in common:
        last[key[0]] = max(key, last.get(key[0], key))
    for key in last.values():
        site = influence.sites[key[0]]
        if np.prod(influence.base.shapes[key]) != 1 or key in influence.base.integers or site.name in updated:
            continue
        score = _likeness(site, histories.get(key[0]), influence.base.sums[key][0])
        if score > 0:
            scored.append((score, influence.base.order[key], key))
    best: tuple[float, int, Key] | None = None
    for score, order, key in sorted(scored, key=lambda entry: (-entry[0], entry[1]))[:6]:
        total = score - _objection(influence, key, pair, carrying)
        if total > 0.5 and (best is None or total > best[0]):  # noqa: PLR2004 (a score)
            best = (total, order, key)
    if best is None:
        return None
    accumulates = influence.sites[best[2][0]].reads_itself
    key = _with_penalties(influence, best[2], last.values())
    return ReportedLoss(key, accumulates, influence.base.order[key] > cut)


def _objection(influence: Influence, key: Key, pair: PairAt | None, carrying: Sequence[StepVariable]) -> float:
    """Return what speaks against a number's being a loss, infinite if it is none.

    What the outputs are made of comes before any loss of theirs, and an error that is filed among those of its layer is sent back.
    """
    if pair is not None and (influence.feeds(key, pair) or _is_output(influence, key, pair)):
        return math.inf
    if not influence.moves_updates(key, carrying):
        return 0.0
    return math.inf if influence.sites[key[0]].kind == "item" else 1.5


def _is_output(influence: Influence, key: Key, pair: PairAt) -> bool:
    """Whether a number is the output that meets the targets, as something returns it or as it is computed once more."""
    met = influence.base.pairs[pair.key]
    looks = sums((met.right if pair.target == "left" else met.left).ravel())
    return any(other[0] == key[0] and same_sums(seen, looks) for other, seen in influence.base.sums.items())


def _with_penalties(influence: Influence, key: Key, others: Iterable[Key]) -> Key:
    """Return where the loss is whole: a penalty may be added to it after it was computed."""
    order, site = influence.base.order, influence.sites[key[0]]
    added = [
        other
        for other in others
        if order[other] > order[key]
        and (found := influence.sites[other[0]]).reads_itself
        and (found.name, found.function, found.loops) == (site.name, site.function, site.loops)
    ]
    return max(added, key=lambda other: order[other], default=key)


def _likeness(site: Site, history: NDArray[np.float64] | None, value: float) -> float:
    """Return how much a single number is like a loss: never negative, made by what losses are made by, called what they are called."""
    if site.kind in ("difference", "loop-target", "expression"):
        return 0.0
    history = None if history is None else history[np.isfinite(history)]
    if is_plain_difference(site.expression) or (
        history is not None
        and history.size
        and np.min(history) < -1e-9  # noqa: PLR2004 (below zero by more than rounding)
        and np.min(history) < -1e-3 * np.max(np.abs(history))
    ):
        return 0.0
    name = site.name.rpartition(".")[2]
    score = (
        2.0 * is_called_a_loss(name)
        + 0.5 * bool(_LOSS_OPERATIONS.search(site.expression))
        + 0.5 * bool(_LOSS_WORDS.search(re.sub(r"\(.*", "", site.expression)))
    )
    score -= 0.3 * (site.kind == "returned")
    if re.search(r"acc|correct|score|genau|zhunque", name, re.IGNORECASE):
        score -= 3.0
    return score + 0.3 * (value >= 0) + 0.8


def is_called_a_loss(name: str) -> bool:
    """Whether a name is one that losses have."""
    return bool(_LOSS_WORDS.search(name.rpartition(".")[2]))
