"""Is a number that the script computes beside its training NaN, although the training itself is sound?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.non_finite import REASONS, remedy_for
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.sites import Site

_OFTEN = 0.5
_FEWEST = 2


def check(examination: Examination) -> Iterator[Suspicion]:
    """The numbers that are not the loss followed are looked at time by time; infinity may be meant, as that of a best loss so far."""
    if examination.written.first_non_finite is not None or examination.found.mended is not None:
        return
    for number in sorted(numbers_that_are_nan(examination)):
        site = examination.found.sites[number]
        reason = next((reason for sign, reason in REASONS.items() if sign in site.expression), None)
        if reason is not None and not site.module:
            yield _suspicion(examination, site, reason, examination.scouted.histories[number])
            return


def numbers_that_are_nan(examination: Examination) -> list[int]:
    """Return the sites that gave NaN at least every other time, leaving out the loss that is followed."""
    loss = examination.found.loss
    return [
        site
        for site, history in examination.scouted.histories.items()
        if (loss is None or site != loss.key[0]) and history.size >= _FEWEST and np.isnan(history).mean() >= _OFTEN
    ]


def _suspicion(examination: Examination, site: Site, reason: str, history: np.ndarray) -> Suspicion:
    bad, place = int(np.isnan(history).sum()), examination.location_of_site(site)
    finding = Finding(
        "non-finite",
        f"{site.expression} is NaN in {bad} of the {history.size} times that it was seen: {reason}. The weights stay finite; "
        "the number that is reported says nothing about them.",
        place,
        {"times seen": history.size, "times not a number": bad},
        severity="harmless",
        lines=(place.line,),
        remedies=(Remedy(remedy_for(site.expression)),),
    )
    return Suspicion(finding)
