"""What is said first: the diagnosis in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unstuck.doctor.faults import FAULTS, MISTAKES
from unstuck.report.wording import clause, clean, count

if TYPE_CHECKING:
    from unstuck.doctor.diagnosis import Diagnosis, Outcome
    from unstuck.doctor.findings import Finding

_NEVER_STARTS = {"does-not-parse", "missing-module"}
_SAYS: dict[Outcome, str] = {
    "learns": "learns",
    "stuck": "does not learn",
    "diverges": "diverges",
    "crashes": "crashes",
    "unfinished": "was not finished when its time was up",
    "no-training-step": "does not train",
}


def title_of(finding: Finding) -> str:
    """Return the title of a finding's fault, with the mistake behind it where one is named."""
    fault = FAULTS.get(finding.fault)
    title = fault.title if fault else _words(finding.fault)
    if finding.mistake is None:
        return title
    mistake = MISTAKES.get(finding.mistake)
    return f"{title}: {clause(mistake.title if mistake else _words(finding.mistake))}"


def verdict(diagnosis: Diagnosis, place: str) -> str:
    """Return the diagnosis in one sentence.

    Args:
        diagnosis: What was found.
        place: Where the first finding is, such as ``line 15``; empty if it is nowhere in particular.
    """
    target, findings = clean(diagnosis.target), diagnosis.findings
    if diagnosis.healthy:
        return f"{target} {_without_cause(diagnosis.outcome, len(findings))}."
    first = findings[0]
    says = _SAYS[diagnosis.outcome]
    if diagnosis.outcome == "crashes" and first.fault in _NEVER_STARTS:
        says = "cannot run"
    where = f" ({place})" if place else ""
    rest = f", the first of {len(findings)} findings" if len(findings) > 1 else ""
    return f"{target} {says}{_because(diagnosis.outcome, first)} {_reason(first)}{where}{rest}."


def _because(outcome: Outcome, first: Finding) -> str:
    """Return what stands between the outcome and its reason. A reason that nobody tried is no more than a possible one."""
    if outcome == "learns":
        return ", but perhaps" if first.severity == "unproven" else ", but"
    if outcome == "unfinished":
        return "; so far:"
    return ", perhaps because" if first.severity == "unproven" else ":"


def _reason(finding: Finding) -> str:
    mistake = MISTAKES.get(finding.mistake or "")
    return clause(mistake.title if mistake else title_of(finding))


def _without_cause(outcome: Outcome, harmless: int) -> str:
    mistakes = count(harmless, "harmless mistake")
    if outcome == "learns":
        return f"learns, in spite of {mistakes}" if harmless else "learns, and nothing is wrong with it"
    if outcome == "no-training-step":
        return "has no training step that the doctor could find"
    if outcome == "unfinished":
        return f"{_SAYS[outcome]}; until then nothing was found that matters"
    beside = f" beside {mistakes}" if harmless else ""
    return f"{_SAYS[outcome]}, and no cause was found{beside}"


def _words(code: str) -> str:
    """Return a code as words, for one that is not in the catalogue."""
    return clean(code).replace("-", " ").capitalize()
