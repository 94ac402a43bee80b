"""What a check suspects: a finding, and how to prove that its remedy helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unstuck.doctor.findings import Finding
    from unstuck.doctor.scripts.trials import Change


@dataclass(frozen=True)
class Suspicion:
    """A finding on probation.

    Attributes:
        finding: The finding. Its severity is what was observed, or ``unproven`` until it has been tried.
        change: How to run the script with the remedy; None if that cannot be done.
        needs_proof: Whether the finding is dropped unless its trial shows that the remedy helps. True where what was measured
            may as well be harmless, such as small initial weights in a script that learns.
    """

    finding: Finding
    change: Change | None = None
    needs_proof: bool = False
