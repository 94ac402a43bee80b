"""What may be looked at while the doctor is worked on, and what only the scorer reads."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

SEED = "unstuck 2026"
TUNING_SHARE = 0.6
Part: TypeAlias = Literal["tuning", "held-out"]
PARTS: tuple[Part, ...] = ("tuning", "held-out")


def tuning_names(names: Iterable[str]) -> frozenset[str]:
    """Return which styles, or which operators, belong to the tuning part.

    A mutant is in the tuning part if both its style and its operator are. So the square root of the share is drawn from each, and every
    mutant in the held-out part has a style or a mistake, or both, that nobody has looked at.
    """
    ranked = sorted(names, key=_rank)
    return frozenset(ranked[: round(len(ranked) * TUNING_SHARE**0.5)])


def _rank(name: str) -> str:
    return hashlib.sha256(f"{SEED}/{name}".encode()).hexdigest()
