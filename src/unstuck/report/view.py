"""What a report says, in the order in which it says it: made once from a diagnosis, shown in the terminal and as HTML.

Every text in a view is printable as it is; only the colours and the widths are left to those who show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.report.changes import Change, changes_of
from unstuck.report.losses import LossView, loss_view
from unstuck.report.script import Excerpt, Script, name_place
from unstuck.report.sparkline import Scale, scale_of
from unstuck.report.verdict import title_of, verdict
from unstuck.report.wording import clean, count, evidence_text, listed, sentences, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.diagnosis import Diagnosis, ParameterReport, UpdateVerdict
    from unstuck.doctor.findings import Finding, Remedy, Severity, Trial
    from unstuck.doctor.scripts.source import Place

_DRAWN = ("as written", "with remedy")


@dataclass(frozen=True)
class RemedyView:
    """What to do.

    Attributes:
        summary: In a sentence.
        changes: As lines that go and come; none where it cannot be said that way.
    """

    summary: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class TrialView:
    """How the remedy was tried.

    Attributes:
        summary: For how long, and what came of it: ``20,000 steps, 3 seeds, final J 0.6931 -> 0.001 to 0.0014``.
        proved: Whether that proves it.
        curves: What is drawn, by name; one above the other on one scale.
        scale: That scale, None if there is nothing to draw.
        controls: What came of the controls, on one line; empty if there were none.
    """

    summary: str
    proved: bool
    curves: tuple[tuple[str, tuple[float, ...]], ...]
    scale: Scale | None
    controls: str

    @property
    def word(self) -> str:
        """The result in a word or two."""
        return "proved" if self.proved else "not proved"


@dataclass(frozen=True)
class Block:
    """A finding.

    Attributes:
        severity: How much it matters.
        title: What it is.
        place: Where it is, such as ``line 15``; empty if it is nowhere in particular.
        excerpt: The script's lines around the place.
        message: What is wrong with this script, line by line.
        evidence: What was measured: name and value.
        remedies: What to do, the best first.
        trial: How the first remedy was tried, None if it was not.
        page: The command that shows more about this fault.
    """

    severity: Severity
    title: str
    place: str
    excerpt: Excerpt
    message: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]
    remedies: tuple[RemedyView, ...]
    trial: TrialView | None
    page: str


@dataclass(frozen=True)
class ParameterView:
    """A parameter: its name, shape, line, what its update does (as the code and as a word or two), the cosine (may be empty)."""

    name: str
    shape: str
    line: str
    update: UpdateVerdict
    verdict: str
    cosine: str


@dataclass(frozen=True)
class View:
    """A report.

    Attributes:
        verdict: The diagnosis in one sentence.
        healthy: Whether nothing was found that matters.
        blocks: The findings.
        loss: The loss of the script, None if it has none.
        parameters: Its parameters.
        checked: What was found right.
    """

    verdict: str
    healthy: bool
    blocks: tuple[Block, ...]
    loss: LossView | None
    parameters: tuple[ParameterView, ...]
    checked: tuple[str, ...]

    @property
    def brief(self) -> bool:
        """Whether the parameters need no table: nothing was found, and the update of each is right."""
        return not self.blocks and all(parameter.update == "right" for parameter in self.parameters)


def build_view(diagnosis: Diagnosis, places: Sequence[Place] = ()) -> View:
    """Return what is to be shown of a diagnosis.

    Args:
        diagnosis: The diagnosis. Line numbers and columns in it are the user's own, see
            :func:`unstuck.doctor.places.location_of`; its lines are those of
            :attr:`unstuck.doctor.scripts.source.Source.original`.
        places: For a notebook, where each of these lines stands: :attr:`unstuck.doctor.scripts.source.Source.places`. Without it
            the lines of a notebook's cells cannot be found and are not quoted.
    """
    script = Script(diagnosis.lines, tuple(places))
    first = diagnosis.findings[0].location if diagnosis.findings else None
    return View(
        verdict(diagnosis, name_place(first)),
        diagnosis.healthy and diagnosis.outcome == "learns",
        tuple(_block(finding, script) for finding in diagnosis.findings),
        loss_view(diagnosis.loss, diagnosis.steps),
        tuple(map(_parameter, diagnosis.parameters)),
        tuple(map(clean, diagnosis.checked)),
    )


def _block(finding: Finding, script: Script) -> Block:
    return Block(
        finding.severity,
        title_of(finding),
        name_place(finding.location),
        script.excerpt(finding.location, finding.lines) if finding.location else (),
        sentences(finding.message),
        tuple((clean(name), evidence_text(value)) for name, value in finding.evidence.items()),
        tuple(_remedy(remedy, script) for remedy in finding.remedies),
        _trial(finding.trial) if finding.trial else None,
        f"unstuck explain {clean(finding.fault)}",
    )


def _remedy(remedy: Remedy, script: Script) -> RemedyView:
    return RemedyView(sentences(remedy.summary), changes_of(remedy.edits, script))


def _trial(trial: Trial) -> TrialView:
    metric = clean(trial.metric)
    values = f"final {metric} {spread(trial.as_written)} -> {spread(trial.with_remedy)}"
    curves = tuple((name, tuple(trial.curves[name])) for name in _DRAWN if trial.curves.get(name))
    together = f"{listed(trial.changes)}, all together: " if len(trial.changes) > 1 else ""
    return TrialView(
        f"{together}{count(trial.horizon, 'step')}, {count(trial.seeds, 'seed')}, {values}",
        trial.proved,
        curves,
        scale_of(*(curve for _, curve in curves)),
        ", ".join(f"{clean(name)} -> {spread(values)}" for name, values in trial.controls.items()),
    )


def _parameter(parameter: ParameterReport) -> ParameterView:
    return ParameterView(
        clean(parameter.name),
        "number" if parameter.shape == () else str(tuple(parameter.shape)),
        str(parameter.line or ""),
        parameter.update,
        parameter.update.replace("-", " "),
        "" if parameter.cosine is None else f"{parameter.cosine:.4f}",
    )
