"""``unstuck explain``: what a fault is, how it is measured, and how to mend it."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from unstuck.cli import options as take
from unstuck.cli.documents import to_json
from unstuck.cli.layout import Command
from unstuck.cli.streams import say
from unstuck.doctor.fault_pages import Block, Span, blocks, source_of, spans, without_mistakes
from unstuck.doctor.faults import FAULTS, MISTAKES, describe
from unstuck.doctor.formulas import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import RenderableType
    from rich.text import Text

    from unstuck.doctor.faults import Fault, Mistake

_WIDEST = 100
_INDENT = (0, 0, 0, 4)
_ITEM_WIDTH = 2
_STYLES = {"plain": "", "code": "cyan", "emphasis": "italic", "strong": "bold", "math": "italic", "doc": "cyan"}
_HEADINGS = {1: "bold underline", 2: "bold", 3: "bold"}


def _offer(_context: click.Context, _argument: click.Parameter, begun: str) -> list[CompletionItem]:
    """Offer the codes that begin like that."""
    entries: list[Fault | Mistake] = [*FAULTS.values(), *MISTAKES.values()]
    return [CompletionItem(entry.code, help=entry.title) for entry in entries if entry.code.startswith(begun)]


@click.command(
    cls=Command,
    epilog="Example: unstuck explain plateau-init",
    short_help="Say what a fault is and how to mend it.",
)
@click.argument("fault", required=False, shell_complete=_offer)
@take.json_option
def explain(fault: str | None, *, as_json: bool) -> None:
    """Say what FAULT is, how it looks in a script, how it is measured and how to mend it.

    FAULT is a code from a diagnosis, or that of a mistake behind a wrong gradient. Without it, all codes are listed.
    """
    entry = None if fault is None else describe(fault)
    if as_json:
        say(to_json(_list_document() if entry is None else _document(entry)), newline=False)
    else:
        say(_as_text(_listed() if entry is None else _shown(entry)))


def _document(entry: Fault | Mistake) -> dict[str, Any]:
    is_mistake = entry.code in MISTAKES
    return {
        "schema": 1,
        "fault": "wrong-gradient" if is_mistake else entry.code,
        "mistake": entry.code if is_mistake else None,
        "title": entry.title,
        "summary": entry.summary,
        "page": source_of(entry.code),
    }


def _list_document() -> dict[str, Any]:
    return {
        "schema": 1,
        "faults": [{"fault": code, "title": fault.title, "summary": fault.summary} for code, fault in FAULTS.items()],
        "mistakes": [
            {"mistake": code, "title": mistake.title, "summary": mistake.summary} for code, mistake in MISTAKES.items()
        ],
    }


# ---------------------------------------------------------------------- for people


def _as_text(parts: Iterable[RenderableType]) -> str:
    """Return what shall be printed, in colour and as wide as the terminal if there is one."""
    from rich.console import Console  # noqa: PLC0415 (only who reads a page pays for it)

    on_terminal = sys.stdout.isatty()
    width = min(_WIDEST, Console().width) if on_terminal else _WIDEST
    paper = io.StringIO()
    console = Console(file=paper, force_terminal=on_terminal, width=width, highlight=False)
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in paper.getvalue().strip("\n").split("\n"))


def _listed() -> Iterable[RenderableType]:
    """Show all codes with their titles."""
    from rich.text import Text  # noqa: PLC0415 (as above)

    yield Text("Faults", style="bold")
    yield _table(FAULTS)
    yield Text("\nMistakes behind wrong-gradient", style="bold")
    yield _table(MISTAKES)
    yield Text("\n'unstuck explain CODE' explains one of them.")


def _shown(entry: Fault | Mistake) -> Iterable[RenderableType]:
    """Show a page. That about wrong gradients lists the mistakes, each of which can be asked for."""
    from rich.text import Text  # noqa: PLC0415 (as above)

    before: Block | None = None
    for block in blocks(without_mistakes(source_of(entry.code))):
        if before is not None and not before.kind == block.kind == "item":
            yield Text()
        yield _part(block)
        before = block
    if entry.code == "wrong-gradient":
        yield Text()
        yield _table(MISTAKES)
        yield Text("\n'unstuck explain CODE' explains one of them.")


def _table(entries: Mapping[str, Fault] | Mapping[str, Mistake]) -> RenderableType:
    from rich.table import Table  # noqa: PLC0415 (as above)

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column()
    for code, entry in entries.items():
        table.add_row(f"  {code}", entry.title)
    return table


def _part(block: Block) -> RenderableType:
    from rich.padding import Padding  # noqa: PLC0415 (as above)
    from rich.syntax import Syntax  # noqa: PLC0415 (as above)
    from rich.text import Text  # noqa: PLC0415 (as above)

    if block.kind == "heading":
        return Text(block.text, style=_HEADINGS[block.level])
    if block.kind == "code":
        highlighted = Syntax(block.text, block.language, theme="ansi_dark").highlight(block.text)
        highlighted.rstrip()
        return Padding(highlighted, _INDENT)
    if block.kind == "math":
        return Padding(Text(plain(block.text), style="italic"), _INDENT)
    if block.kind == "item":
        return _item(_line(block.text))
    return _line(block.text)


def _item(text: Text) -> RenderableType:
    from rich.table import Table  # noqa: PLC0415 (as above)

    table = Table.grid()
    table.add_column(width=_ITEM_WIDTH)
    table.add_column()
    table.add_row("*", text)
    return table


def _line(text: str) -> Text:
    from rich.text import Text  # noqa: PLC0415 (as above)

    return Text.assemble(*((_said(span), _STYLES[span.style]) for span in spans(text)))


def _said(span: Span) -> str:
    return plain(span.text) if span.style == "math" else span.text
