"""The backward pass has the derivative of an activation that the forward pass does not apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unstuck.doctor.checks.definitions import expression_at, numpy_name, remedy_of
from unstuck.doctor.checks.edits import replace, short_text_of, text_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.true_descent import descend_true_gradient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.findings import Evidence
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.mistakes import Mistake
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trials import Change

_FORMULAS = {"sigmoid": "1 / (1 + {np}.exp(-({v})))", "tanh": "{np}.tanh({v})", "ReLU": "{np}.maximum(0, {v})"}


def activation_left_out(
    examination: Examination,
    variables: Sequence[StepVariable],
    sites: Sequence[Site],
    mistake: Mistake,
    evidence: Evidence,
) -> Suspicion:
    """Return the finding at the line of the forward pass: nobody writes a derivative for an activation that is not meant to be there.

    Args:
        examination: The script.
        variables: The parameters whose gradients are wrong by it.
        sites: Where the derivative is.
        mistake: The mistake; it names the activation, and the value that it was not applied to.
        evidence: What was measured.
    """
    forward = sites[0] if mistake.activated is None else examination.site_of(mistake.activated)
    line, place = examination.location_of_site(sites[0]).line, examination.location_of_site(forward)
    names = ", ".join(variable.name for variable in variables)
    remedy, change = _applied(examination, forward, mistake)
    finding = Finding(
        fault="wrong-gradient",
        mistake=mistake.code,
        message=(
            f"The gradient of {names} is multiplied with the derivative of {_a(mistake.missing)} (line {line}), but the forward pass "
            f"applies none: line {place.line} passes {forward.name} on as it is."
        ),
        location=place,
        evidence=evidence,
        parameter=variables[0].name,
        lines=tuple(
            dict.fromkeys([place.line, line, *(examination.location_of_site(site).line for site in sites[1:])])
        ),
        remedies=(remedy, Remedy("If the layer is meant to be linear, leave the derivative out of the backward pass.")),
    )
    return Suspicion(finding, change or descend_true_gradient(examination))


def _a(activation: str | None) -> str:
    return f"a {activation}"


def _applied(examination: Examination, forward: Site, mistake: Mistake) -> tuple[Remedy, Change | None]:
    """Return the remedy that applies the activation, with its trial where the text allows it."""
    node, numpy = expression_at(examination, forward), numpy_name(examination.tree)
    summary = f"Apply the {mistake.missing} there."
    formula = _FORMULAS.get(mistake.missing or "")
    if node is None or numpy is None or formula is None or examination.repeated:
        return Remedy(summary), None
    new = formula.format(np=numpy, v=text_of(examination.source, node))
    summary = f"Apply the {mistake.missing} to {short_text_of(examination.source, node)} there."
    return remedy_of(examination.source, summary, [replace(node, new)])
