"""Does an update go up the gradient instead of down?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from unstuck.doctor.checks.sign_edits import turned_sign
from unstuck.doctor.checks.sign_origins import sign_origins
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.statements import flip_sign
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.doctor.checks.sign_origins import Origin
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable


def check(examination: Examination) -> Iterator[Suspicion]:
    """An update that is a positive multiple of the gradient makes the loss larger with every step."""
    of = examination.verdicts.of
    up = [variable for variable in examination.found.parameters if of[variable.index].update == "ascends"]
    if not up:
        return
    change = Change("sign of the update turned", _turned(examination, up))
    for origin in sign_origins(examination, up):
        yield Suspicion(_finding(examination, origin), change)


def _turned(examination: Examination, up: Sequence[StepVariable]) -> dict[str, object]:
    parameters = examination.found.parameters
    if len(up) == len(parameters):
        return {"scale": -1.0}
    return {"scales": {str(number): -1.0 for number, variable in enumerate(parameters) if variable in up}}


def _finding(examination: Examination, origin: Origin) -> Finding:
    names = ", ".join(variable.name for variable in origin.variables)
    match = examination.verdicts.of[origin.variables[0].index].match
    turn = flip_sign if origin.is_update else turned_sign
    edits = tuple(edit for site in origin.turned for edit in turn(examination, site))
    return Finding(
        fault="ascends",
        message=f"The update of {names} goes up the gradient: every step makes the loss larger instead of smaller.{origin.words}",
        location=None if origin.site is None else examination.location_of_site(origin.site),
        evidence={"cosine of update and gradient": 1.0 if match is None else match.cosine, "should be": -1.0},
        parameter=origin.variables[0].name,
        lines=origin.lines,
        remedies=(Remedy(origin.remedy, edits),),
    )
