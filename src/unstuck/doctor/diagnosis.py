"""The result of a diagnosis."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from unstuck.doctor.findings import CONSEQUENCES, SEVERITIES

if TYPE_CHECKING:
    from unstuck.doctor.findings import Finding, Location
    from unstuck.doctor.scripts.source import Place

Outcome: TypeAlias = Literal["learns", "stuck", "diverges", "crashes", "unfinished", "no-training-step"]
"""What the script does as it is written."""

UpdateVerdict: TypeAlias = Literal["right", "wrong", "ascends", "frozen", "unused", "cannot-tell"]
"""What its update does to a parameter."""

_WRONG_UPDATES = frozenset({"wrong-gradient", "ascends", "updated-weights", "optimizer-error"})


@dataclass(frozen=True)
class LossReport:
    """The loss of a script.

    Attributes:
        name: What the script calls it; None where it computes none and only descends one.
        location: Where it is computed.
        kind: What the reported value is: ``mse``, ``half_sum``, ``mae``, ``bce``, ``ce``, or None if it is none of these.
        descended: Which loss the updates descend, by the same names; ``reported`` if they descend the reported one and it has no name here.
        first: Its value at the first step, None if not finite.
        last: Its value at the last step that was run, None if not finite.
        curve: At most 60 values over the run as written.
    """

    name: str | None
    location: Location | None
    kind: str | None
    descended: str | None
    first: float | None
    last: float | None
    curve: tuple[float, ...] = ()


@dataclass(frozen=True)
class ParameterReport:
    """A parameter and the verdict on its update.

    Attributes:
        name: As the script has it, such as ``w1`` or ``self.layers[0].W``.
        line: Where it is updated, or where it is made if it never is.
        shape: Its shape.
        update: The verdict.
        cosine: Between the update and the downhill direction, at states drawn at random; None where not measured.
        scale: The update over the negative gradient, least squares; None where not measured.
    """

    name: str
    line: int
    shape: tuple[int, ...]
    update: UpdateVerdict
    cosine: float | None = None
    scale: float | None = None


@dataclass(frozen=True)
class Diagnosis:
    """What the doctor has to say about a script.

    Attributes:
        target: What was diagnosed.
        outcome: What the script does as it is written.
        seconds: How long the diagnosis took.
        loss: The loss, None if there is none.
        parameters: Every parameter with its verdict.
        findings: What is wrong; what stops this script first comes first.
        checked: What was checked and found right, a sentence each.
        steps: How many training steps the run as written had, None if there was no training step.
        lines: The script's own lines, for reports.
        places: For each of them its line, and in a notebook its cell.
    """

    target: str
    outcome: Outcome
    seconds: float
    loss: LossReport | None = None
    parameters: tuple[ParameterReport, ...] = ()
    findings: tuple[Finding, ...] = ()
    checked: tuple[str, ...] = ()
    steps: int | None = None
    lines: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether nothing was found that matters: no finding that is fatal, harmful or unproven."""
        return all(finding.severity == "harmless" for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return the diagnosis as a document of plain values; ``unstuck.doctor.documents.schema`` describes it."""
        from unstuck.doctor.documents import to_document  # noqa: PLC0415 (documents know diagnoses)

        return to_document(self)

    def __str__(self) -> str:
        """Return the report as text."""
        text: str = import_module("unstuck.report.terminal").as_text(
            self
        )  # by name: a result does not rest on how it is shown
        return text

    def _repr_html_(self) -> str:
        """Return the report for a notebook."""
        html: str = import_module("unstuck.report.html").to_html(self, self.places)
        return html


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Return findings with the most severe first; of a severity what was proved before the rest, in the order of the lines.

    Where updates are measured to be wrong, what may follow from that comes after them unless its own remedy was proved.
    """
    is_wrong = any(finding.fault in _WRONG_UPDATES and finding.severity != "harmless" for finding in findings)

    def place(finding: Finding) -> tuple[int, bool, bool, int, str]:
        is_proved = bool(finding.trial and finding.trial.proved)
        severity = SEVERITIES.index(finding.severity)
        follows = is_wrong and finding.fault in CONSEQUENCES and not is_proved
        return (
            max(severity, SEVERITIES.index("unproven")) if follows else severity,
            not is_proved,
            follows,
            finding.location.line if finding.location else 0,
            finding.fault,
        )

    return tuple(sorted(findings, key=place))
