"""A diagnosis as a fragment of HTML, for notebooks: all styles inline, on light ground and on dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unstuck.report.curves_html import draw
from unstuck.report.elements import element, escaped, paragraph
from unstuck.report.view import build_view
from unstuck.report.wording import listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.diagnosis import Diagnosis
    from unstuck.doctor.scripts.source import Place
    from unstuck.report.changes import Change
    from unstuck.report.script import Excerpt
    from unstuck.report.view import Block, ParameterView, RemedyView, TrialView, View

_BADGES = {"fatal": "#b92b27", "harmful": "#8f5a00", "unproven": "#7a4cc2", "harmless": "#0f6b7c"}
_WORDS = {"right": "#2c8a4b", "wrong": "#d8453c", "ascends": "#d8453c", "frozen": "#a87400", "unused": "#a87400"}
_PAGE = "font:14px/1.5 system-ui,sans-serif;max-width:60em;color:inherit;text-align:left;overflow-wrap:anywhere"
_CODE = (
    "font:13px/1.45 ui-monospace,Menlo,Consolas,monospace;margin:.5em 0;padding:.5em .8em;border:0;border-radius:4px;"
    "background:rgba(127,127,127,.12);color:inherit;overflow-x:auto;white-space:pre"
)
_MONOSPACE = "font-family:ui-monospace,Menlo,Consolas,monospace"
_QUIET = "opacity:.65"
_NUMBER = "opacity:.55;user-select:none"
_WRONG = "background:rgba(216,69,60,.22);text-decoration:underline wavy #d8453c"
_TINTS = {"-": "216,69,60", "+": "44,138,75"}
_CELL = (
    "padding:.1em 1.2em .1em 0;border:0;text-align:left;vertical-align:top;background:none;color:inherit;font-size:1em"
)


def to_html(diagnosis: Diagnosis, places: Sequence[Place] = ()) -> str:
    """Return a diagnosis as a ``<div>`` that needs nothing from outside, for ``_repr_html_``.

    Args:
        diagnosis: What to show.
        places: Of a notebook's lines, see :func:`unstuck.report.view.build_view`.
    """
    view = build_view(diagnosis, places)
    colour = f";color:{_WORDS['right']}" if view.healthy else ""
    parts = [element("p", escaped(view.verdict), style=f"font-size:1.15em;font-weight:600;margin:.3em 0 .8em{colour}")]
    parts += map(_block, view.blocks)
    parts.append(_measured(view))
    if view.checked:
        items = "".join(element("li", escaped(sentence), style="margin:0") for sentence in view.checked)
        parts.append(paragraph("Checked and found right:", style=_QUIET))
        parts.append(element("ul", items, style=f"margin:.2em 0 .6em 1.4em;padding:0;{_QUIET}"))
    return element("div", "".join(parts), style=_PAGE)


def _block(block: Block) -> str:
    badge = f"background:{_BADGES[block.severity]};color:#fff;border-radius:3px;padding:.1em .5em;font-size:.85em;font-weight:600"
    where = f" {element('span', escaped(block.place), style=_QUIET)}" if block.place else ""
    heading = (
        f"{element('span', escaped(block.severity), style=badge)} {element('strong', escaped(block.title))}{where}"
    )
    rows = [[element("span", escaped(name), style=_QUIET), escaped(value)] for name, value in block.evidence]
    parts = [
        element("div", heading),
        _excerpt(block.excerpt) if block.excerpt else "",
        *(paragraph(escaped(line)) for line in block.message),
        _table(rows),
        *(_remedy(remedy, "Remedy: ") for remedy in block.remedies[:1]),
        _trial(block.trial) if block.trial else "",
        *(_remedy(remedy, "Or: ") for remedy in block.remedies[1:]),
        element(
            "div", f"More: {element('code', escaped(block.page), style='color:inherit;background:none')}", style=_QUIET
        ),
    ]
    tint = f"border-left:3px solid {_BADGES[block.severity]};padding:.1em 0 .1em .9em;margin:0 0 1.2em"
    return element("div", "".join(parts), style=tint)


def _excerpt(excerpt: Excerpt) -> str:
    digits = max(len(str(line.number)) for line in excerpt if line)
    rows = []
    for line in excerpt:
        if line is None:
            rows.append(element("span", f"  {'⋮':>{digits}}", style=_NUMBER))
            continue
        begin, end = line.mark or (len(line.text), len(line.text))
        wrong = element("span", escaped(line.text[begin:end] or " "), style=_WRONG) if line.mark else ""
        code = f"{escaped(line.text[:begin])}{wrong}{escaped(line.text[end:])}"
        rows.append(f"{element('span', f'  {line.number:>{digits}} │ ', style=_NUMBER)}{code}")
    return element("pre", "\n".join(rows), style=_CODE)


def _remedy(remedy: RemedyView, word: str) -> str:
    first, *rest = remedy.summary
    parts = [paragraph(element("strong", word), escaped(first)), *(paragraph(escaped(line)) for line in rest)]
    if remedy.changes:
        parts.append(_changes(remedy.changes))
    return "".join(parts)


def _changes(changes: Sequence[Change]) -> str:
    digits = max(len(str(change.number)) for change in changes)
    rows, cell = [], None
    for change in changes:
        if change.cell != cell:
            cell = change.cell
            rows.append(element("span", f"cell {cell}", style=f"display:block;{_NUMBER}"))
        begin, end = change.changed or (0, 0)
        tint = _TINTS[change.sign]
        changed = (
            element("span", escaped(change.text[begin:end]), style=f"background:rgba({tint},.3)") if begin < end else ""
        )
        number = element("span", f"{change.number:>{digits}} │ ", style=_NUMBER)
        code = f"{change.sign} {number}{escaped(change.text[:begin])}{changed}{escaped(change.text[end:])}"
        rows.append(element("span", code, style=f"display:block;background:rgba({tint},.14)"))
    return element("pre", "".join(rows), style=_CODE)


def _trial(trial: TrialView) -> str:
    word = element("strong", trial.word, style=f"color:{_WORDS['right' if trial.proved else 'frozen']}")
    parts = [paragraph(element("strong", "Trial: "), escaped(trial.summary), ": ", word)]
    parts.append(draw(trial.curves, trial.scale))
    if trial.controls:
        parts.append(paragraph(escaped(f"controls: {trial.controls}"), style=_QUIET))
    return "".join(parts)


def _measured(view: View) -> str:
    """Return the loss and the parameters."""
    parts = []
    if view.loss:
        parts += [paragraph(escaped(view.loss.summary)), draw([("", view.loss.curve)], view.loss.scale)]
    if view.brief and view.parameters:
        names = listing(f"{row.name} {row.shape}" for row in view.parameters)
        parts.append(paragraph(escaped(f"Every update is right: {names}.")))
    elif view.parameters:
        rows = [_PARAMETER_HEADS, *map(_parameter, view.parameters)]
        if not any(row.line for row in view.parameters):  # a network has none
            rows = [row[:2] + row[3:] for row in rows]
        parts.append(_table(rows))
    return "".join(parts)


_PARAMETER_HEADS = [element("span", head, style=_QUIET) for head in ("parameter", "shape", "line", "update", "cosine")]


def _parameter(row: ParameterView) -> list[str]:
    colour = _WORDS.get(row.update)
    word = element("span", row.verdict, style=f"color:{colour};font-weight:600" if colour else _QUIET)
    return [element("span", escaped(row.name), style=_MONOSPACE), escaped(row.shape), row.line, word, row.cosine]


def _table(rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    lines = ["".join(element("td", entry, style=_CELL) for entry in row) for row in rows]
    body = "".join(element("tr", line, style="background:none;border:0") for line in lines)
    return element("table", body, style="border-collapse:collapse;border:0;margin:.5em 0;font-size:1em")
