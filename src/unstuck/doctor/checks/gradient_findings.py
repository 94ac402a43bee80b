"""The finding for a wrong line of the backward pass, with the change that puts it right and its trial."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from unstuck.doctor.checks.activation_left_out import activation_left_out
from unstuck.doctor.checks.definitions import expression_at
from unstuck.doctor.checks.edits import are_apart, changed, edits, shortened, text_with
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change
from unstuck.doctor.scripts.true_descent import descend_true_gradient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.checks.other_expressions import OtherExpression
    from unstuck.doctor.findings import Evidence
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.mistakes import Mistake
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Key
    from unstuck.doctor.scripts.wrong_values import Wrong

REMEDIES = {
    "missing-activation-derivative": "Multiply by the derivative of the activation.",
    "missing-output-derivative": "Multiply by the derivative of the output activation.",
    "derivative-of-activated-value": (
        "The function takes the derivative at an activated value: "
        "give it the preactivation, or write a * (1 - a) for a logistic a."
    ),
    "derivative-of-preactivation": (
        "a * (1 - a) is the derivative in terms of the activated value: "
        "give it the activated value, not the preactivation."
    ),
    "wrong-activation-derivative": "Use the derivative of the activation that the forward pass uses.",
    "missing-factor": "Multiply by the factor that is missing.",
    "softmax-diagonal": "The derivative of softmax with cross-entropy is simply outputs minus targets: leave the factor p * (1 - p) out.",
    "wrong-operand": "Use the values that the forward pass multiplied with these weights.",
    "wrong-layer": "Send the gradient back through the weights of the layer it comes from.",
    "missing-transpose": "Transpose the matrix: the gradient goes back through the weights turned round.",
    "sign-of-one-term": "Turn the sign of that term.",
    "overwritten-gradient": "Start at zero before the loop, and add each part with +=.",
    "loss-value-for-derivative": "Use the derivative of the loss with respect to the outputs, not the loss itself.",
}

_DERIVE = (
    "Derive this line again: it should be the gradient of the loss with respect to what the forward pass computed here."
)


@dataclass(frozen=True)
class Located:
    """A wrong value of the backward pass.

    Attributes:
        place: The value.
        variables: The parameters whose updates become right with it.
        mistake: What was done wrong.
        correction: What may have been meant there, if that is known.
        function: The function that returns it wrong.
    """

    place: Wrong
    variables: list[StepVariable]
    mistake: Mistake
    correction: OtherExpression | None = None
    function: Key | None = None


def suspicion_of(examination: Examination, faults: list[Located], change: Change | None) -> Suspicion:
    """Return one finding for one mistake: at the function that returns a wrong derivative if there is one, else at the wrong value.

    Args:
        examination: The script.
        faults: The wrong values that this mistake makes.
        change: How to run the script with everything put right.
    """
    variables = [variable for fault in faults for variable in fault.variables]
    names = ", ".join(variable.name for variable in variables)
    match = examination.verdicts.of[variables[0].index].match
    known = next((fault for fault in faults if fault.mistake.code == "wrong-activation-derivative"), faults[0])
    mistake = next((fault.mistake for fault in (known, *faults) if fault.mistake.code), known.mistake)
    if mistake.code is None and faults[0].correction is not None:
        mistake = replace(mistake, code=faults[0].correction.mistake, explanation=faults[0].correction.words)
    sites = [examination.site_of(fault.place.key) for fault in faults]
    function = faults[0].function
    if function is not None:
        sites.insert(0, examination.site_of(function))
    site = sites[0]
    evidence: Evidence = {
        "cosine of update and gradient": 0.0 if match is None else match.cosine,
        "error of the update, relative": 1.0 if match is None else match.error,
        "cosine of this value and what it should be": mistake.cosine,
    }
    if mistake.missing is not None:
        return activation_left_out(examination, variables, sites, mistake, evidence)
    what = f": {mistake.explanation}" if mistake.explanation else " from here on"
    forward = None
    if mistake.code == "wrong-activation-derivative" and mistake.activated is not None:
        forward = examination.site_of(mistake.activated)
        what += f". Either this line or the activation in line {forward.span.line} is to be changed, so that the two belong together"
    lines = [each.span.line for each in (site, *([] if forward is None else [forward]), *sites[1:])]
    finding = Finding(
        fault="wrong-gradient",
        mistake=mistake.code,
        message=f"The gradient of {names} is wrong because of {site.expression if len(site.expression) < 60 else site.name}{what}.",  # noqa: PLR2004 (a line's worth)
        location=examination.location_of_site(site),
        evidence=evidence,
        parameter=variables[0].name,
        lines=tuple(dict.fromkeys(lines)),
        remedies=(_remedy(examination, faults, mistake),),
    )
    return Suspicion(finding, change)


def all_put_right(examination: Examination, faults: Sequence[Located]) -> Change | None:
    """Return the change that puts every wrong line right; where one of them is not known, the change that descends the true gradient."""
    corrections = _corrections(faults)
    changes = [change for each in corrections.values() if each is not None for change in each.changes]
    if not changes or None in corrections.values() or not are_apart(changes):
        return descend_true_gradient(examination)
    return Change("put the gradient right", text=changed(examination.source.text, changes))


def _remedy(examination: Examination, faults: Sequence[Located], mistake: Mistake) -> Remedy:
    """Return the remedy, with the edits of all wrong lines if they are known."""
    corrections = _corrections(faults)
    known = [each for each in corrections.values() if each is not None]
    summary = REMEDIES.get(mistake.code or "", "" if known else _DERIVE)
    if len(known) < len(corrections):
        return Remedy(summary or _DERIVE)
    words = [f"write {_text_after(examination, site, each)}" for site, each in zip(corrections, known, strict=True)]
    lines = ", and ".join(words)
    made = edits(examination.source, [change for each in known for change in each.changes])
    return Remedy(f"{summary} {lines[0].upper()}{lines[1:]}.".strip(), made)


def _corrections(faults: Sequence[Located]) -> dict[int, OtherExpression | None]:
    """Return what may have been meant at each site, once for all the times that its value is wrong."""
    return {fault.place.key[0]: fault.correction for fault in faults}


def _text_after(examination: Examination, site: int, meant: OtherExpression) -> str:
    """Return what stands at a site after the change, and what before."""
    source, old = examination.source, examination.found.sites[site].expression
    node = expression_at(examination, examination.found.sites[site])
    new = meant.text if node is None else text_with(source, node, meant.changes)
    return f"{shortened(new)} in the place of {shortened(old)}"
