"""Do the updates descend another loss than the one that the script reports?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from unstuck.doctor.checks.misled_loss import slip_in
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.outside_loss import squared_error_between_steps
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.taped import REPORTED
from unstuck.doctor.scripts.true_descent import descend_true_gradient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.matching import Match
    from unstuck.doctor.scripts.sites import Site

_NAMES = {
    "half_sum": "squared error",
    "mae": "absolute error",
    "bce": "cross-entropy",
    "ce": "cross-entropy",
    "softmax-ce-0": "cross-entropy of a softmax",
    "softmax-ce-1": "cross-entropy of a softmax",
}
_A = dict.fromkeys(_NAMES, "a") | {"mae": "an"}
_DIFFERENT = 0.02
_FAMILIES = ({"bce", "ce"}, {"softmax-ce-0", "softmax-ce-1", "ce"})


def check(examination: Examination) -> Iterator[Suspicion]:
    """All updates are right for one loss, and the number that is printed is another."""
    loss, descended, kind = examination.found.loss, examination.descended, examination.learning.kind
    if loss is not None and examination.is_reported_descended:
        if _all_right(examination):
            examination.checked.append("The updates descend the loss that is reported.")
        return
    site, measured = None if loss is None else examination.site_of(loss.key), REPORTED
    if loss is None and descended != "half_sum" and _all_right(examination):
        site, kind, measured = squared_error_between_steps(examination), "half_sum", "half_sum"
    if site is None:
        return
    if kind is None and _all_right(examination):
        yield from _misled(examination, site)
        return
    if (
        kind is None
        or descended not in _NAMES
        or kind == descended
        or any({kind, descended} <= family for family in _FAMILIES)
    ):
        return
    matches = examination.verdicts.matches
    if not _all_right(examination) or measured not in matches:
        return
    reported = _weakest(matches[measured])
    if reported is None or reported.error < _DIFFERENT:
        return
    pair = None if examination.found.pair is None else examination.site_of(examination.found.pair.key)
    lines = {examination.location_of_site(place).line for place in (site, pair) if place is not None}
    own = _weakest(matches[descended])
    finding = Finding(
        fault="loss-mismatch",
        message=(
            f"{site.name} is {_A[kind]} {_NAMES[kind]}, but the updates follow the gradient of the {_NAMES[descended]}. "
            "What is printed is not what is made smaller."
        ),
        location=examination.location_of_site(pair or site),
        evidence={
            "descended": _NAMES[descended],
            "reported": _NAMES[kind],
            "cosine with the gradient of the descended loss": None if own is None else round(-own.cosine, 6),
            "cosine with the gradient of the reported loss": round(-reported.cosine, 6),
        },
        lines=tuple(sorted(lines)),
        severity="harmless" if examination.learning.has_learned(examination.written) else "unproven",
        remedies=(
            Remedy(
                f"Report the {_NAMES[descended]}, or let the backward pass begin with the derivative of the {_NAMES[kind]}."
            ),
        ),
    )
    is_harmless = finding.severity == "harmless"  # it learns: nothing needs to be tried
    yield Suspicion(finding, None if is_harmless else descend_true_gradient(examination, measured))


def _misled(examination: Examination, site: Site) -> Iterator[Suspicion]:
    """Yield the reported loss that is the descended one but for a slip; the training is right, and only what is printed is not."""
    slip = slip_in(examination)
    if slip is None:
        return
    name = _NAMES[examination.descended]
    location = examination.location_of_site(slip.site or site)
    own = _weakest(examination.verdicts.matches[examination.descended])
    finding = Finding(
        fault="loss-mismatch",
        message=(
            f"{site.name} is made of the terms of a {name}, but not with its signs: for {slip.away:.0%} of the outputs it becomes "
            f"smaller as they move away from their targets. The updates follow the gradient of the right {name}, so what is "
            "printed is not what is made smaller."
        ),
        location=location,
        evidence={
            "descended": name,
            "derivative of what is reported, for output o and target t": slip.terms,
            "cosine with the gradient of the descended loss": None if own is None else round(-own.cosine, 6),
        },
        lines=tuple(sorted({location.line, examination.location_of_site(site).line})),
        severity="harmless",
        remedies=(Remedy(f"Write what is reported as the {name}: look at the sign of each of its terms."),),
    )
    yield Suspicion(finding)


def _all_right(examination: Examination) -> bool:
    return all(
        examination.verdicts.of[variable.index].update == "right"
        for variable in examination.found.parameters
        if variable.index in examination.verdicts.of
    )


def _weakest(matches: dict[int, Match]) -> Match | None:
    """Return the match of the parameter whose update fits least."""
    return max(matches.values(), key=lambda match: match.error, default=None)
