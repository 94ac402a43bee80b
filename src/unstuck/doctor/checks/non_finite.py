"""Where does the first value come from that is no finite number?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.late_state import after_steps
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.trace import Key, Trace

_LARGE = 1e3
_SECONDS = 1.5
_MORE_STEPS = 20
_REASONS = {
    "log": "the logarithm of 0 or of a negative number",
    "exp": "the exponential of a number that is too large",
    "sqrt": "the square root of a negative number",
    "/": "a division by 0, or of one infinity by another",
}


@dataclass(frozen=True)
class FirstBad:
    """The first value that is not finite.

    Attributes:
        key: The value.
        step: How many steps the run had had.
        largest: The largest parameter, in size, where the step began.
        trace: The step.
    """

    key: Key
    step: int
    largest: float
    trace: Trace


def check(examination: Examination) -> Iterator[Suspicion]:
    """The run is followed up to the step where a NaN or an infinity that stays first shows, and that step is looked into."""
    written = examination.written
    if written.first_non_finite is None or _recovers(examination):
        return
    bad = _first_bad(examination, written.first_non_finite)
    if bad is None:
        return
    site = examination.site_of(bad.key)
    reason = next(
        (reason for sign, reason in _REASONS.items() if sign in site.expression),
        "a number beyond the largest that can be held",
    )
    grown = bad.largest > _LARGE
    number = bad.step + examination.found.step.iteration
    message = f"{site.expression} is no finite number any more in step {number}: {reason}."
    message += (
        f" By then the weights have grown to {bad.largest:.3g}, so the steps are too large before anything else."
        if grown
        else ""
    )
    evidence: dict[str, str | int | float | list[float] | list[str] | None] = {
        "step": number, "value": _shown(bad.trace.sums[bad.key][0]), "largest parameter before the step": bad.largest,
        "steps until the loss is not finite": written.first_non_finite + 1,
    }  # fmt: skip
    remedy = "Take smaller steps, so that the weights do not grow without limit." if grown else _remedy(site.expression)
    yield Suspicion(
        Finding(
            fault="non-finite", message=message, location=None if site.module else examination.location_of_site(site), evidence=evidence,
            severity="harmless" if _weights_survive(examination, bad) else "fatal",
            lines=() if site.module else (examination.location_of_site(site).line,), remedies=(Remedy(remedy),),
        )
    )  # fmt: skip


def _recovers(examination: Examination) -> bool:
    """Whether the loss is finite again at the end, as that of a net which learns in spite of overflows."""
    values = examination.written.values
    return bool(values.size and np.isfinite(values[-1])) or examination.learning.closed(examination.written) > 0


def _first_bad(examination: Examination, first: int) -> FirstBad | None:
    """Run the script up to the step in which the first such value appears: the weights may be lost some steps before the loss is."""
    found = examination.found
    low, high = 0, max(1, first - found.step.iteration + 2)
    if high * max(found.own.seconds, 1e-4) > _SECONDS * 10:
        return None
    while high - low > 1:  # the parameters after `low` steps are finite, after `high` steps not, or the loss is not
        middle = (low + high) // 2
        if _is_sound(found, middle):
            low = middle
        else:
            high = middle
    values, _ = after_steps(found, low)
    start = {variable.index: variable.start for variable in found.parameters if variable.start is not None}
    largest = max(
        (float(np.max(np.abs(value))) for value in (values if low else start).values() if value.size), default=0.0
    )
    base = found.step.replay(steps=low + 1, record=True, values=[])
    bad = [key for key, sums in base.sums.items() if not np.isfinite(sums).all()]
    bad = bad or _of_last_step(found, values if low else {})
    if not bad:
        return None
    return FirstBad(
        min(bad, key=lambda key: base.order.get(key, 0)),
        low,
        largest,
        base if bad[0] in base.sums else _step_from(found, values),
    )


def _weights_survive(examination: Examination, bad: FirstBad) -> bool:
    """Whether the weights are finite numbers still after some more steps, so that only what is reported is lost."""
    return _is_sound(examination.found, bad.step + _MORE_STEPS)


def _is_sound(found: Identified, steps: int) -> bool:
    trace = found.step.replay(steps=steps, record=False, ends=[variable.index for variable in found.parameters])
    return trace.is_whole and all(np.isfinite(end).all() for end in trace.ends.values())


def _step_from(found: Identified, values: dict[int, np.ndarray]) -> Trace:
    return found.step.replay(state=found.step.define_state(values), values=[])


def _of_last_step(found: Identified, values: dict[int, np.ndarray]) -> list[Key]:
    """Return the values that are not finite in a step from known parameters."""
    trace = _step_from(found, values)
    return sorted(
        (key for key, sums in trace.sums.items() if not np.isfinite(sums).all()), key=lambda key: trace.order[key]
    )


def _shown(value: float) -> str:
    return "NaN" if np.isnan(value) else "inf" if value > 0 else "-inf"


def _remedy(expression: str) -> str:
    if "log" in expression:
        return "Keep what goes into the logarithm above 0, such as with np.clip(p, 1e-12, 1)."
    if "exp" in expression:
        return "Subtract the largest entry of each row before exp, or limit what goes into it with np.clip."
    if "/" in expression:
        return "Add a small number such as 1e-12 to what it is divided by."
    return "Limit the values that go into it."
