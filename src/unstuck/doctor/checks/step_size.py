"""Are the steps too long or too short for the valley they walk in?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.line_search import Line, is_slow, line_at
from unstuck.doctor.checks.rate_place import rate_place
from unstuck.doctor.checks.shrinking_steps import shrinking
from unstuck.doctor.checks.sum_not_mean import multiplied, rows_summed, sum_remedy
from unstuck.doctor.checks.weight_roles import scaled
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.findings import Edit, Location
    from unstuck.doctor.scripts.examination import Examination

_BADLY = 0.5
_LEARNED = 0.9
_DOWN = (1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6)
_UP = (10.0, 100.0, 1e3, 1e4, 1e5, 1e6)
_MOMENTS = (0, 3, 20)
_TINY_RATIO = 1e-5
_LARGE_RATIO = 0.3
_GOOD_RATIO = 0.1
_STRAIGHT = 100.0
_ASTRAY = 10.0
_LEAP = 10.0


def check(examination: Examination) -> Iterator[Suspicion]:
    """A step that is right makes the loss fall by about what the slope promises; the loss along the update tells how far that holds."""
    learning, written = examination.learning, examination.written
    if learning.closed(written) > _LEARNED:
        return
    if learning.closed(written) > _BADLY:
        yield from shrinking(examination)
        return
    if any(
        examination.verdicts.of[variable.index].update in ("wrong", "ascends")
        for variable in examination.found.parameters
    ):
        return
    moments: tuple[int, ...] = _MOMENTS[:1] if is_slow(examination) else _MOMENTS
    if written.first_non_finite is not None:
        moments = tuple(moment for moment in moments if moment < written.first_non_finite) or (0,)
    lines = [line for moment in moments if (line := line_at(examination, moment, _DOWN)) is not None and line.slope < 0]
    examination.notes["lines"] = lines
    if not lines:
        return
    jumping = [line for line in lines if line.along[1.0] > line.loss]
    if len(jumping) * 2 > len(lines) or (jumping and written.first_non_finite is not None):
        yield from _too_large(examination, lines, jumping)
    elif lines[0].ratio > _LARGE_RATIO and not learning.has_learned(written):
        yield from _larger_than_the_weights(examination, lines[0])
    elif all(line.keeps_promise(1.0) for line in lines):
        yield from shrinking(examination)
        yield from _too_small(examination, lines)
    else:
        examination.checked.append("The loss falls along the updates.")


def _too_large(examination: Examination, lines: list[Line], jumping: list[Line]) -> Iterator[Suspicion]:
    # where the run has gone astray already, the line says nothing about the steps that led there
    sane = [line for line in jumping if line.loss <= _ASTRAY * lines[0].loss] or jumping[:1]
    best = min((line.best() for line in sane if line.best() > 0), default=0.0)
    if not best:
        return
    jumping = [line for line in sane if line.best() > 0]
    evidence: dict[str, str | int | float | list[float] | list[str] | None] = {
        "loss before the update": [line.loss for line in lines],
        "loss after it": [line.along[1.0] for line in lines],
        "loss after a step that is shorter": [line.along[best] for line in lines],
        "how much shorter": best,
        "update over weight": max(line.ratio for line in lines),
    }
    summed = rows_summed(examination)
    if summed is not None and best <= 10 / math.sqrt(summed.rows):
        evidence["rows that are summed"] = summed.rows
        evidence["learning rate in effect, for the mean"] = summed.rate_for_mean
        finding = Finding(
            fault="sum-not-mean",
            message=f"The update adds up the gradients of {summed.rows} rows instead of averaging them, "
            f"so the step is {summed.rows} times as long. "
            f"It jumps past the bottom: one update takes the loss from {jumping[0].loss:.4g} to {jumping[0].along[1.0]:.4g}.",
            location=location_of_updates(examination), evidence=evidence, lines=lines_of_updates(examination),
            remedies=(sum_remedy(examination, summed.rows),),
        )  # fmt: skip
        yield Suspicion(finding, scaled(examination, "mean instead of sum", 1 / summed.rows), needs_proof=True)
        return
    finding = Finding(
        fault="step-too-large",
        message=f"The steps are too long: one update takes the loss from {jumping[0].loss:.4g} to {jumping[0].along[1.0]:.4g}, "
        f"while one {best:g} times as long makes it fall to {jumping[0].along[best]:.4g}.",
        location=location_of_rate(examination), evidence=evidence, lines=lines_of_rate(examination),
        remedies=(Remedy(f"Multiply the learning rate by {best:g}.", _rate_times(examination, best)),),
    )  # fmt: skip
    leaps = all(line.along[1.0] > _LEAP * line.loss for line in jumping)  # then it is told whatever the trials say
    yield Suspicion(finding, scaled(examination, f"steps {best:g} times as long", best), needs_proof=not leaps)


def _larger_than_the_weights(examination: Examination, line: Line) -> Iterator[Suspicion]:
    """One update throws away what the weights were: the loss may even fall by it, to where all outputs are flat."""
    scale = 10.0 ** math.floor(math.log10(_GOOD_RATIO / line.ratio))
    place, lines = location_of_rate(examination), lines_of_rate(examination)
    evidence: dict[str, str | int | float | list[float] | list[str] | None] = {
        "update over weight": line.ratio,
        "loss before the update": line.loss,
        "loss after it": line.along[1.0],
    }
    summed = rows_summed(examination)
    fault, why = "step-too-large", ""
    own = _rate_times(examination, scale) or multiplied(examination, scale)
    remedy = Remedy(f"Multiply the learning rate by {scale:g}.", own)
    if summed is not None:
        fault = "sum-not-mean"
        place, lines = location_of_updates(examination), lines_of_updates(examination)
        why = f" It adds up the gradients of {summed.rows} rows instead of averaging them."
        evidence["rows that are summed"] = summed.rows
        evidence["learning rate in effect, for the mean"] = summed.rate_for_mean
        remedy = Remedy(
            f"Divide the gradient by the number of rows, {summed.rows}, and choose a learning rate; together for instance {scale:g}.",
            multiplied(examination, scale),
        )
    finding = Finding(
        fault=fault,
        message=f"The very first update is {line.ratio:.2g} times as large as the weights themselves: it throws them away.{why}",
        location=place, evidence=evidence, lines=lines, remedies=(remedy,),
    )  # fmt: skip
    for factor in (scale, 10 * scale, scale / 10):
        yield Suspicion(finding, scaled(examination, f"updates {factor:g} times as long", factor), needs_proof=True)


def _too_small(examination: Examination, lines: list[Line]) -> Iterator[Suspicion]:
    """The slope holds for much longer steps than those that are made, and the weights hardly move."""
    longer = [line for line in (line_at(examination, moment, _UP) for moment in (0, 20)) if line is not None]
    if not longer or len(lines) < 1:
        return
    best = min(line.best() for line in longer)
    steps = max(1, examination.written.steps)
    whole_way = max(line.ratio for line in longer) * steps
    if best < _STRAIGHT or (max(line.ratio for line in longer) > _TINY_RATIO and whole_way > 1.0):
        examination.checked.append("The steps are neither too long nor too short.")
        return
    scale = 10.0 ** math.floor(math.log10(best) - 0.5)
    finding = Finding(
        fault="step-too-small",
        message=f"The steps are too short: an update changes the weights by only "
        f"{np.median([line.ratio for line in longer]):.1g} of their size. "
        f"The loss still falls straight along steps {best:g} times as long.",
        location=location_of_rate(examination),
        evidence={
            "update over weight": [line.ratio for line in longer],
            "loss before the update": [line.loss for line in longer],
            "loss after it": [line.loss + line.slope for line in longer],
            "loss after a longer step": [line.along[best] for line in longer],
            "how much longer": best,
        },
        lines=lines_of_rate(examination),
        remedies=(Remedy(f"Multiply the learning rate by {scale:g}.", _rate_times(examination, scale)),),
    )  # fmt: skip
    yield Suspicion(finding, scaled(examination, f"steps {scale:g} times as long", scale), needs_proof=True)


def location_of_rate(examination: Examination) -> Location | None:
    """Return where the learning rate is written out, or else where the first parameter gets its new value."""
    rate = rate_place(examination)
    return location_of_updates(examination) if rate is None else rate.location


def lines_of_rate(examination: Examination) -> tuple[int, ...]:
    """Return the line of the learning rate, if it is known, and those of the updates."""
    rate = rate_place(examination)
    own = () if rate is None else (rate.line,)
    return tuple(dict.fromkeys((*own, *lines_of_updates(examination))))


def _rate_times(examination: Examination, factor: float) -> tuple[Edit, ...]:
    rate = rate_place(examination)
    return () if rate is None else rate.times(factor)


def location_of_updates(examination: Examination) -> Location | None:
    """Return where the first parameter gets its new value."""
    sites = [
        site for variable in examination.found.parameters if (site := examination.update_site(variable)) is not None
    ]
    return examination.location_of_site(min(sites, key=lambda site: site.span.line)) if sites else None


def lines_of_updates(examination: Examination) -> tuple[int, ...]:
    """Return the lines on which parameters get their new values."""
    sites = [examination.update_site(variable) for variable in examination.found.parameters]
    return tuple(sorted({examination.location_of_site(site).line for site in sites if site is not None}))
