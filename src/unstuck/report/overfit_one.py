"""Whether a script can learn one example, in the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.text import Text

from unstuck.report.page import Page
from unstuck.report.sparkline import ASCII_BLOCKS, BLOCKS, scale_of, sparkline
from unstuck.report.wording import clean, count, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from unstuck.doctor.tools.overfit_one import ExampleRun, OverfitReport

_STYLES = {
    "learns": "bold green",
    "slowly": "bold yellow",
    "some": "bold yellow",
    "cannot": "bold red",
    "cannot-tell": "bold",
}
_OUTCOMES = {
    "learned": "learned",
    "falling": "still falling",
    "not learned": "not learned",
    "was right": "right from the start",
}
_ENDINGS = {
    "horizon": "",
    "time": "the time was over",
    "ended": "the script came to its end",
    "not finite": "the loss is no longer finite",
}
_MOST_CURVE = 40
_FEW = 8


def show_overfit(report: OverfitReport, console: Console) -> None:
    """Print the verdict, how the data were held still, and each example's run. Fits consoles of 60 to 200 columns.

    Args:
        report: What to show.
        console: Where.
    """
    page = Page(console)
    page.prose(Text.assemble((f"{clean(report.target)}: ", "bold"), (report.sentence, _STYLES[report.verdict])))
    page.prose(report.how)
    blocks = ASCII_BLOCKS if console.options.ascii_only else BLOCKS
    scale = scale_of(*(run.curve for run in report.examples))
    for run in report.examples:
        page.blank()
        page.prose(_summary(run, report.metric), hang=2)
        if scale is not None:
            page.add(
                [Text(sparkline(run.curve, scale, width=min(_MOST_CURVE, page.width - 2), blocks=blocks), "cyan")], 2
            )
        if run.outputs is not None and run.targets is not None:
            page.prose(f"outputs {_listed(run.outputs)}, targets {_listed(run.targets)}", "dim", indent=2, hang=2)
    if scale is not None:
        page.prose(str(scale), "dim", indent=2)
    page.print()


def _summary(run: ExampleRun, metric: str) -> str:
    last = number(run.last) if math.isfinite(run.last) else "not finite"
    ending = _ENDINGS.get(run.ending, clean(run.ending))
    after = f" ({ending})" if ending else ""
    change = f"{clean(metric)} {number(run.first)} -> {last}"
    return f"sample {run.sample}: {_OUTCOMES[run.outcome]}; {change} in {count(run.steps, 'step')}{after}"


def _listed(values: Sequence[float]) -> str:
    texts = [number(value) for value in values[:_FEW]]
    return " ".join([*texts, "…"] if len(values) > _FEW else texts)
