"""Does an update go up the gradient instead of down?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.statements import flip_sign
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination


def check(examination: Examination) -> Iterator[Suspicion]:
    """An update that is a positive multiple of the gradient makes the loss larger with every step."""
    of = examination.verdicts.of
    up = [variable for variable in examination.found.parameters if of[variable.index].update == "ascends"]
    if not up:
        return
    sites = [site for variable in up if (site := examination.update_site(variable)) is not None]
    whole = len(up) == len(examination.found.parameters)
    names = ", ".join(variable.name for variable in up)
    change: dict[str, object] = {"scale": -1.0} if whole else {
        "scales": {str(number): -1.0 for number, variable in enumerate(examination.found.parameters) if variable in up}
    }  # fmt: skip
    match = of[up[0].index].match
    finding = Finding(
        fault="ascends",
        message=f"The update of {names} goes up the gradient: every step makes the loss larger instead of smaller.",
        location=examination.location_of_site(sites[0]) if sites else None,
        evidence={"cosine of update and gradient": 1.0 if match is None else match.cosine, "should be": -1.0},
        parameter=up[0].name,
        lines=tuple(sorted({site.span.line for site in sites})),
        remedies=(
            Remedy(
                "Turn the sign of the update.", tuple(edit for site in sites for edit in flip_sign(examination, site))
            ),
        ),
    )
    yield Suspicion(finding, Change("sign of the update turned", change))
