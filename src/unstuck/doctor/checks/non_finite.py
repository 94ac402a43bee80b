"""Where does the first value come from that is no finite number?"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import remedy_of
from unstuck.doctor.checks.edits import replace, text_of
from unstuck.doctor.checks.non_finite_source import (
    definition_lines,
    divisor_at,
    is_made_of_bad,
    source_of_bad,
    variables_that_spoil,
)
from unstuck.doctor.checks.target_source import made_at
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.late_state import after_steps
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.mended_step import Mended
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trace import Key, Trace

    Evidence = dict[str, str | int | float | list[float] | list[str] | None]

_LARGE = 1e3
_SECONDS = 1.5
_MORE_STEPS = 20
REASONS = {
    "log": "the logarithm of 0 or of a negative number",
    "exp": "the exponential of a number that is too large",
    "sqrt": "the square root of a negative number",
    "/": "a division by 0, or of one infinity by another",
}
"""Why a value is not finite, by what stands in its expression."""


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
    mended = examination.found.mended
    if mended is not None and not mended.overflows:
        yield from _from_the_start(examination, mended)
        return
    written = examination.written
    if written.first_non_finite is None or _recovers(examination):
        return
    bad = _first_bad(examination, written.first_non_finite)
    if bad is None:
        return
    site = examination.site_of(bad.key)
    if bad.step == 0 and is_made_of_bad(examination.found, site):
        return  # the data are what is wrong, and are asked about on their own
    reason = next(
        (reason for sign, reason in REASONS.items() if sign in site.expression),
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
    evidence: Evidence = {
        "step": number, "value": _shown(bad.trace.sums[bad.key][0]), "largest parameter before the step": bad.largest,
        "steps until the loss is not finite": written.first_non_finite + 1,
    }  # fmt: skip
    remedy = (
        "Take smaller steps, so that the weights do not grow without limit." if grown else remedy_for(site.expression)
    )
    yield Suspicion(
        Finding(
            fault="non-finite", message=message, location=None if site.module else examination.location_of_site(site), evidence=evidence,
            severity="harmless" if _weights_survive(examination, bad) else "fatal",
            lines=() if site.module else (examination.location_of_site(site).line,), remedies=(Remedy(remedy),),
        )
    )  # fmt: skip


def _from_the_start(examination: Examination, mended: Mended) -> Iterator[Suspicion]:
    """What is not finite although no training had yet spoilt it, so that all outputs are NaN from the first step on."""
    for key in mended.filled[:1]:
        site = examination.site_of(key)
        numbers = int(np.prod(mended.own.shapes[key]))
        what = f"{site.expression} is no finite number from the first step on: {_reason(examination, site)}."
        yield _spoilt(examination, site, what, {"step": examination.found.step.iteration, "numbers": numbers})
    seen = set()
    for variable in [] if mended.filled else variables_that_spoil(examination.found, mended):
        source = source_of_bad(examination, variable)
        place = None if source is None else (source.module, source.span)
        if place not in seen or place is None:
            seen.add(place)
            yield _spoilt_variable(examination, variable, source)


def _spoilt_variable(examination: Examination, variable: StepVariable, source: Site | None) -> Suspicion:
    bad = None if variable.start is None else int((~np.isfinite(variable.start)).sum())
    what = f"'{variable.name}' holds {'' if bad is None else f'{bad} '}numbers that are NaN or infinite before the training begins"
    what += "." if source is None else f"; they come from {source.expression}: {_reason(examination, source)}."
    what += " Whatever is computed with them becomes NaN too, so nothing can be learned."
    return _spoilt(examination, source, what, {"numbers that are not finite": bad, "numbers": variable.size}, variable)


def _spoilt(
    examination: Examination,
    source: Site | None,
    message: str,
    evidence: Evidence,
    variable: StepVariable | None = None,
) -> Suspicion:
    lines: tuple[int, ...] = ()
    location, change = None, None
    remedy = Remedy("Look for where these numbers become NaN or infinite, and leave them out or fill them in.")
    if source is not None and not source.module:
        location = examination.location_of_site(source)
        remedy = Remedy(remedy_for(source.expression))
        divisor = divisor_at(examination, source)
        defined = [] if divisor is None else definition_lines(examination, divisor, source.span.line)
        lines = (location.line, *(examination.location(line).line for line in defined))
        if divisor is not None:
            text = text_of(examination.source, divisor)
            remedy, change = remedy_of(examination.source, remedy_for("/"), [replace(divisor, f"({text} + 1e-12)")])
    elif variable is not None and source is None:
        made = made_at(examination, variable)
        location = None if made is None else made.location
        lines = () if location is None else (location.line,)
    return Suspicion(
        Finding("non-finite", message, location, evidence, severity="fatal", lines=tuple(dict.fromkeys(lines)), remedies=(remedy,)), change
    )  # fmt: skip


def _reason(examination: Examination, site: Site) -> str:
    """Return why a value may not be finite."""
    if divisor_at(examination, site) is not None:
        return REASONS["/"]
    found = (reason for sign, reason in REASONS.items() if sign != "/" and sign in site.expression)
    return next(found, "a number that is missing, or beyond the largest that can be held")


def _recovers(examination: Examination) -> bool:
    """Whether the loss is finite again at the end, as that of a net which learns in spite of overflows."""
    values = examination.written.values
    return bool(values.size and np.isfinite(values[-1])) or examination.learning.closed(examination.written) > 0


def _first_bad(examination: Examination, first: int) -> FirstBad | None:
    """Run the script up to the step in which the first such value appears: the weights may be lost some steps before the loss is."""
    found = examination.found
    if found.mended is not None:
        found = dataclasses.replace(found, step=found.mended.step, own=found.mended.own)
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


def remedy_for(expression: str) -> str:
    """Return what to do about an expression whose value is not finite."""
    if "log" in expression:
        return "Keep what goes into the logarithm above 0, such as with np.clip(p, 1e-12, 1)."
    if "exp" in expression:
        return "Subtract the largest entry of each row before exp, or limit what goes into it with np.clip."
    if "/" in expression:
        return "Add a small number such as 1e-12 to what it is divided by."
    return "Limit the values that go into it."
