"""How far a training is: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING, Any

from unstuck.cli.streams import say
from unstuck.training.callbacks import Callback

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.training.history import Row
    from unstuck.training.trainer import Trainer

_BAR_SECONDS = 0.1
_LINE_SECONDS = 5.0


def describe_row(row: Row) -> str:
    """Return an epoch's numbers as text, such as ``epoch 3  loss 0.12``."""
    numbers = "  ".join(f"{name.replace('_', ' ')} {value:.5g}" for name, value in row.items() if name != "epoch")
    return f"epoch {int(row['epoch'])}  {numbers}"


def progress(epochs: int, every: int | None = None) -> Callback:
    """Return what shows the progress: lines every ``every`` epochs where given, else a bar if somebody can see it."""
    if every is None and sys.stderr is not None and sys.stderr.isatty():
        return ProgressBar(epochs)
    return ProgressLines(every or 0)


class Opening(Callback):
    """Says something when all is checked and the training begins."""

    def __init__(self, text: str, show: Callable[[str], None]) -> None:
        self._text, self._show = text, show

    def on_start(self, trainer: Trainer) -> None:
        """Say it."""
        self._show(self._text)


class ProgressBar(Callback):
    """A bar on stderr, drawn at most ten times a second; the first 0.1 s draw nothing."""

    def __init__(self, epochs: int) -> None:
        self._epochs = epochs
        self._bar: Any = None

    def on_start(self, trainer: Trainer) -> None:
        """Start the clock."""
        self._next = perf_counter() + _BAR_SECONDS

    def on_epoch(self, trainer: Trainer, row: Row) -> bool | None:
        """Draw, if it is time to."""
        if perf_counter() < self._next:
            return None
        if self._bar is None:
            self._bar = _rich_bar()
            self._task = self._bar.add_task("", total=self._epochs)
            self._bar.start()
        self._bar.update(self._task, completed=int(row["epoch"]), description=describe_row(row), refresh=True)
        self._next = perf_counter() + _BAR_SECONDS
        return None

    def on_end(self, trainer: Trainer) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()


class ProgressLines(Callback):
    """A plain line on stderr every five seconds, or every ``every`` epochs where that is asked for."""

    def __init__(self, every: int = 0) -> None:
        self._every = every

    def on_start(self, trainer: Trainer) -> None:
        """Start the clock."""
        self._next = perf_counter() + _LINE_SECONDS

    def on_epoch(self, trainer: Trainer, row: Row) -> bool | None:
        """Write a line, if it is time to."""
        epoch = int(row["epoch"])
        due = epoch == 1 or epoch % self._every == 0 if self._every else perf_counter() >= self._next
        if due:
            say(describe_row(row), err=True)
            self._next = perf_counter() + _LINE_SECONDS
        return None


def _rich_bar() -> Any:
    from rich.console import Console  # noqa: PLC0415 (only who sees a bar pays for it)
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415 (as above)

    return Progress(
        BarColumn(bar_width=20),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
    )
