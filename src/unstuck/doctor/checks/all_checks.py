"""The checks that look at a training step, in the order in which they are asked."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.suspicion import Suspicion

NAMES = (
    "no_loop", "updated_weights", "ascends", "wrong_gradient", "frozen_parameter", "unused_parameter", "loss_mismatch",
)  # fmt: skip


class Check(Protocol):
    """Asks one question."""

    def __call__(self, examination: Examination) -> Iterator[Suspicion]:
        """Yield what is suspected."""
        ...


def all_checks() -> Iterator[tuple[str, Check]]:
    """Yield every check with its name."""
    for name in NAMES:
        check: Check = import_module(f"unstuck.doctor.checks.{name}").check
        yield name, check
