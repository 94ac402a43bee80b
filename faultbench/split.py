"""What may be looked at while the doctor is worked on, and what only the scorer reads."""

from __future__ import annotations

import hashlib
from typing import Literal, TypeAlias

SEED = "unstuck 2026"
_TUNING = {"style": 0.70, "operator": 0.73}
"""Which share of all hashes is for tuning; close to 0.6 of the mutants have both their style and their operator there."""
Part: TypeAlias = Literal["tuning", "held-out"]
PARTS: tuple[Part, ...] = ("tuning", "held-out")


def is_for_tuning(kind: Literal["style", "operator"], name: str) -> bool:
    """Whether a style, or an operator, belongs to the tuning part.

    A mutant is in the tuning part if both its style and its operator are; so every mutant in the held-out part has a style or a
    mistake, or both, that nobody has looked at. Each name is settled by itself: one that is added later moves no other.
    """
    return int(hashlib.sha256(f"{SEED}/{name}".encode()).hexdigest()[:8], 16) / 16**8 < _TUNING[kind]
