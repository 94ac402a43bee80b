"""Does the script end while it still learns?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination

_SECONDS = 2.0
_HALF = 0.5
_MUCH = 0.3
_LONGER = 3


def check(examination: Examination) -> Iterator[Suspicion]:
    """The script is run to its own end, and compared with itself going on."""
    learning, written = examination.learning, examination.written
    if not learning.has_learned(written) or written.reason not in ("time", "horizon") or examination.repeated:
        return
    own = examination.trials.one(Change("to its own end", to_its_end=True), 0, max(1, written.steps // _LONGER), _SECONDS)
    examination.notes["steps of its own"] = own.steps if own.reason == "ended" else None
    if own.reason != "ended" or not own.values.size:
        return
    end, longer = own.last(learning.window), written.last(learning.window)
    closed, closed_longer = learning.closed(own), learning.closed(written)
    if not math.isfinite(end) or closed > _HALF or closed_longer < closed + _MUCH or longer > _HALF * end:
        examination.checked.append("The script runs for long enough.")
        return
    head = examination.found.loops[examination.trials.outer]
    yield Suspicion(
        Finding(
            fault="too-few-steps",
            message=f"The script ends after {own.steps} steps while it still learns: {learning.metric} is {end:.4g} then, and {longer:.4g} when it goes on to {written.steps}.",
            location=examination.location(head.line) if not head.module else None,
            evidence={
                "steps of the script": own.steps, "loss at its end": end, "steps when it goes on": written.steps, "loss then": longer,
                "share of the gap closed": closed, "share of the gap closed when it goes on": closed_longer,
            },
            severity="harmful",
            lines=(examination.location(head.line).line,) if not head.module else (),
            remedies=(Remedy(f"Let it run for more steps, such as {written.steps}."),),
        )
    )  # fmt: skip
