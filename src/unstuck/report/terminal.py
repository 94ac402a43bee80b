"""A diagnosis in the terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from unstuck.report.page import Page
from unstuck.report.quoting import quote, show_changes
from unstuck.report.sparkline import ASCII_BLOCKS, BLOCKS, Scale, sparkline
from unstuck.report.view import Block, ParameterView, RemedyView, TrialView, View, build_view
from unstuck.report.wording import listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.diagnosis import Diagnosis
    from unstuck.doctor.scripts.source import Place

_SEVERITY_STYLES = {"fatal": "red", "harmful": "yellow", "unproven": "magenta", "harmless": "cyan"}
_UPDATE_STYLES = {
    "right": "green",
    "wrong": "red",
    "ascends": "red",
    "frozen": "yellow",
    "unused": "yellow",
    "cannot-tell": "dim",
}
_CURVE_STYLES = {"with remedy": "cyan"}
_INDENT = 2
_MOST_CURVE = 60
_MOST_PARAMETERS = 30
_TO_ASCII = {"│": "|", "⋮": ":", "…": "."}


def show(diagnosis: Diagnosis, console: Console, places: Sequence[Place] = ()) -> None:
    """Print a diagnosis.

    From top to bottom: the verdict in one sentence; each finding with the script's lines, the evidence, the remedy and its trial;
    the loss and the parameters; what was checked and found right. Fits consoles of 60 to 200 columns.

    Args:
        diagnosis: What to show.
        console: Where.
        places: Of a notebook's lines, see :func:`unstuck.report.view.build_view`.
    """
    page = Page(console)
    Report(page, plain=console.options.ascii_only).write(build_view(diagnosis, places))
    page.print()


def as_text(diagnosis: Diagnosis, width: int = 100) -> str:
    """Return a diagnosis as plain text."""
    stream = io.StringIO()
    show(diagnosis, Console(file=stream, width=width, color_system=None), diagnosis.places)
    return stream.getvalue()


class Report:
    """Writes a view on a page.

    Args:
        page: Where to.
        plain: Whether it may use no more than ASCII for what is its own.
    """

    def __init__(self, page: Page, *, plain: bool) -> None:
        self._page = page
        self._blocks = ASCII_BLOCKS if plain else BLOCKS
        self._translation = str.maketrans(_TO_ASCII if plain else {})

    def write(self, view: View) -> None:
        """Write all of it."""
        page = self._page
        page.prose(view.verdict, "bold green" if view.healthy else "bold")
        for block in view.blocks:
            page.blank()
            self._block(block)
        page.blank()
        if view.loss:
            page.prose(view.loss.summary)
            self._curves([("", view.loss.curve)], view.loss.scale)
        self._parameters(view)
        page.blank()
        if view.checked:
            page.prose("Checked and found right:", "dim")
        for sentence in view.checked:
            page.prose(f"- {sentence}", "dim", indent=_INDENT, hang=2)
        for line in page.lines:
            line.plain = line.plain.translate(self._translation)

    def _block(self, block: Block) -> None:
        page = self._page
        style = f"bold {_SEVERITY_STYLES[block.severity]}"
        where = f"  {block.place}" if block.place else ""
        heading = Text.assemble((block.severity, style), "  ", (block.title, "bold"), (where, "dim"))
        page.prose(heading, hang=len(block.severity) + 2)
        digits = _digits(block)
        if block.excerpt:
            page.blank()
            page.add(quote(block.excerpt, page.width - _INDENT, digits, style), _INDENT)
        page.blank()
        for line in block.message:
            page.prose(line, indent=_INDENT)
        page.blank()
        page.columns([[Text(name, "dim"), Text(value)] for name, value in block.evidence], indent=_INDENT)
        for remedy in block.remedies[:1]:
            self._remedy(remedy, "Remedy: ", digits)
        if block.trial:
            self._trial(block.trial)
        for remedy in block.remedies[1:]:
            self._remedy(remedy, "Or: ", digits)
        page.blank()
        page.prose(f"More: {block.page}", "dim", indent=_INDENT)

    def _remedy(self, remedy: RemedyView, word: str, digits: int) -> None:
        first, *rest = remedy.summary
        self._page.blank()
        self._page.prose(Text.assemble((word, "bold"), first), indent=_INDENT)
        for line in rest:
            self._page.prose(line, indent=_INDENT)
        self._page.add(show_changes(remedy.changes, self._page.width - _INDENT, digits), _INDENT)

    def _trial(self, trial: TrialView) -> None:
        self._page.blank()
        word = (trial.word, f"bold {'green' if trial.proved else 'yellow'}")
        self._page.prose(Text.assemble(("Trial: ", "bold"), trial.summary, ": ", word), indent=_INDENT)
        self._curves(trial.curves, trial.scale)
        if trial.controls:
            self._page.prose(f"controls: {trial.controls}", "dim", indent=2 * _INDENT, hang=_INDENT)

    def _curves(self, curves: Sequence[tuple[str, tuple[float, ...]]], scale: Scale | None) -> None:
        """Draw curves one above the other on the same scale, and say which that is."""
        if scale is None:
            return
        label = max(len(name) for name, _ in curves)
        label += 2 if label else 0
        width = min(_MOST_CURVE, self._page.width - 2 * _INDENT - label)
        longest = max(len(curve) for _, curve in curves)
        for name, curve in curves:
            share = max(1, round(len(curve) / longest * width))
            drawn = sparkline(curve, scale, width=share, blocks=self._blocks)
            style = _CURVE_STYLES.get(name, "")
            self._page.add([Text.assemble((f"{name:<{label}}", "dim"), (drawn, style))], 2 * _INDENT)
        self._page.prose(str(scale), "dim", indent=2 * _INDENT + label)

    def _parameters(self, view: View) -> None:
        page = self._page
        if view.brief:
            if view.parameters:
                page.prose(f"Every update is right: {listing(f'{row.name} {row.shape}' for row in view.parameters)}.")
            return
        page.blank()
        has_lines = any(row.line for row in view.parameters)  # a network has none
        titles = ("parameter", "shape", *(["line"] if has_lines else []), "update", "cosine")
        rows = [[Text(title, "dim") for title in titles]]
        for row in view.parameters[:_MOST_PARAMETERS]:
            line = [Text(row.line)] if has_lines else []
            verdict = Text(row.verdict, _UPDATE_STYLES[row.update])
            rows.append([Text(row.name), Text(row.shape), *line, verdict, Text(row.cosine)])
        if len(rows) > 1:
            page.columns(rows, right=(2, 4) if has_lines else (3,))
        left_out = view.parameters[_MOST_PARAMETERS:]
        if left_out:
            page.prose(f"and {len(left_out)} more, of which {_right(left_out)} are right", "dim")


def _right(parameters: Sequence[ParameterView]) -> str:
    right = sum(parameter.update == "right" for parameter in parameters)
    return "all" if right == len(parameters) else str(right)


def _digits(block: Block) -> int:
    """Return how many digits the line numbers of a block have."""
    numbers = [line.number for line in block.excerpt if line]
    numbers += [change.number for remedy in block.remedies for change in remedy.changes]
    return len(str(max(numbers, default=1)))
