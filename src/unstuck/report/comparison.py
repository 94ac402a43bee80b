"""Two versions of a script compared, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from unstuck.report.changes import Change
from unstuck.report.page import Page
from unstuck.report.quoting import show_changes
from unstuck.report.sparkline import ASCII_BLOCKS, BLOCKS, scale_of, sparkline
from unstuck.report.wording import clean, count, listing, spread

if TYPE_CHECKING:
    from rich.console import Console

    from unstuck.doctor.tools.comparison import Comparison, EditResult, PairResult, Tried

_STYLES = {
    "makes the difference": "bold green", "helps": "green", "no difference": "", "depends on the seed": "yellow",
    "hurts": "yellow", "breaks": "bold red", "not tried": "dim",
}  # fmt: skip
_INDENT = 2
_MOST_CURVE = 60


def show_comparison(comparison: Comparison, console: Console) -> None:
    """Print what came of a comparison: the verdict, both versions, then each edit with what it does alone.

    Fits consoles of 60 to 200 columns.

    Args:
        comparison: What to show.
        console: Where.
    """
    page = Page(console)
    page.prose(clean(comparison.sentence), "bold green" if comparison.learns else "bold")
    page.blank()
    _show_versions(comparison, page, ASCII_BLOCKS if console.options.ascii_only else BLOCKS)
    for edit in comparison.edits:
        page.blank()
        _show_edit(edit, comparison, page)
    if comparison.pairs:
        page.blank()
        page.prose("In pairs, because none makes the difference alone:", "bold")
        for pair in comparison.pairs:
            page.prose(_pair(pair, comparison), indent=_INDENT, hang=2)
    page.blank()
    page.prose(_how(comparison), "dim")
    page.print()


def _show_versions(comparison: Comparison, page: Page, blocks: str) -> None:
    versions = [(comparison.first, comparison.as_first), (comparison.second, comparison.as_second)]
    scale = scale_of(*(tried.curve for _, tried in versions))
    rows = [
        [Text(clean(name)), Text(_learning(tried)), Text(_final(tried, comparison.metric))] for name, tried in versions
    ]
    page.columns(rows)
    for name, tried in versions:
        if tried.reason:
            page.prose(f"{clean(name)}: {clean(tried.reason.splitlines()[0])}", indent=_INDENT, hang=2)
    if scale is None:
        return
    label = max(len(clean(name)) for name, _ in versions) + 2
    width = max(10, min(_MOST_CURVE, page.width - _INDENT - label))
    for name, tried in versions:
        page.add(
            [
                Text.assemble(
                    (f"{clean(name):<{label}}", "dim"), sparkline(tried.curve, scale, width=width, blocks=blocks)
                )
            ],
            _INDENT,
        )
    page.prose(str(scale), "dim", indent=_INDENT + label)


def _show_edit(edit: EditResult, comparison: Comparison, page: Page) -> None:
    heading = Text.assemble((f"Edit {edit.number}: ", "bold"), (edit.tried.effect, _STYLES[edit.tried.effect]))
    if edit.needs:
        heading.append(f", made with edit {listing(map(str, edit.needs))}, which it needs", "dim")
    page.prose(heading)
    changes = [Change(line.sign, line.line, clean(line.text), None, line.cell) for line in edit.lines]
    digits = len(str(max((change.number for change in changes), default=1)))
    page.add(show_changes(changes, page.width - _INDENT, digits), _INDENT)
    page.prose(_outcome(edit.tried, comparison), indent=_INDENT, hang=2)


def _outcome(tried: Tried, comparison: Comparison) -> str:
    if tried.effect == "not tried" or (tried.reason and not tried.final):
        return clean(tried.reason)
    final = _final(tried, comparison.metric)
    return (
        f"{final}, {clean(tried.reason)}"
        if tried.reason
        else f"{final}, as written {spread(comparison.as_first.final)}"
    )


def _final(tried: Tried, metric: str) -> str:
    return f"final {clean(metric)} {spread(tried.final)}" if tried.final else ""


def _learning(tried: Tried) -> str:
    seeds = len(tried.final)
    return f"learns on {tried.learned} of {count(seeds, 'seed')}" if seeds else "not run"


def _pair(pair: PairResult, comparison: Comparison) -> Text:
    one, other = pair.numbers
    text = Text.assemble(f"Edits {one} and {other}: ", (pair.tried.effect, _STYLES[pair.tried.effect]))
    said = _outcome(pair.tried, comparison)
    return text.append(f", {said}") if said else text


def _how(comparison: Comparison) -> str:
    length = count(comparison.horizon, "training step")
    until = f"to its end, {length}" if comparison.own_steps == comparison.horizon else f"for at most {length}"
    seeds = count(max(1, len(comparison.as_first.final)), "seed")
    what = f"Each edit was made alone in {clean(comparison.first)} and" if comparison.edits else "Each version was"
    return f"{what} run {until}, from {seeds}. {comparison.seconds:.0f} s."
