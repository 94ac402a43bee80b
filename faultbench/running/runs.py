"""Runs of a script: as it is, from given states, or with another remedy."""

from __future__ import annotations

import io
import math
import sys
import time
import warnings
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from faultbench.running.forked import in_fork
from faultbench.running.instrumented import WATCHER, instrumented
from faultbench.running.watcher import Enough, Watcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faultbench.originals import Original

_PATIENCE = 20.0
_POINTS = 300


@dataclass(frozen=True)
class Run:
    """What was seen of a run.

    Attributes:
        error: The name of the exception that ended it, "timeout", or an empty string.
        line: The script's line that raised it, 0 if none did.
        losses: In their order, thinned out evenly.
        updates: By how much each update changed the parameters, where states were given.
        start: The first parameters, None if there were none.
        end: The last parameters, None if they could not be had.
        shapes: Those of the parameters.
        steps: How many updates there were.
        seconds: How long it took.
    """

    error: str = ""
    line: int = 0
    losses: list[float] = field(default_factory=list)
    updates: list[list[float]] = field(default_factory=list)
    start: list[float] | None = None
    end: list[float] | None = None
    shapes: list[list[int]] = field(default_factory=list)
    steps: int = 0
    seconds: float = 0.0

    @property
    def first(self) -> float:
        """The first loss."""
        return self.losses[0] if self.losses else math.nan

    @property
    def last(self) -> float:
        """The median of the last twentieth of the losses."""
        tail = self.losses[-max(1, len(self.losses) // 20) :]
        return float(np.median(tail)) if tail else math.nan


def run(text: str, original: Original, patience: float = _PATIENCE, **watching: Any) -> Run:
    """Run a script in a process of its own; ``watching`` is what :class:`Watcher` takes."""
    result = in_fork(partial(_watch, text, original, watching), patience)
    if result is None:
        return Run(error="timeout", seconds=patience)
    return Run(**result) if result else Run(error="died")


def _watch(text: str, original: Original, watching: dict[str, Any]) -> dict[str, Any]:
    watcher = Watcher(**watching)
    error, line, began = "", 0, time.monotonic()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            code = compile(instrumented(text, original), "<script>", "exec")
            sys.stdout = io.StringIO()
            names = {"__name__": "__main__", WATCHER: watcher}
            exec(code, names)  # noqa: S102 (scripts of our own, in a process of their own)
        except Enough:
            pass
        except BaseException as raised:  # noqa: BLE001 (whatever a script raises is what it came to)
            error, line = type(raised).__name__, _line_of(raised)
    watcher.end()
    end = watcher.parameters()
    return {
        "error": error,
        "line": line,
        "losses": _thinned(watcher.losses),
        "updates": [update.tolist() for update in watcher.updates],
        "start": None if watcher.start is None else watcher.start.tolist(),
        "end": None if end is None else end.tolist(),
        "shapes": [list(shape) for shape in watcher.shapes],
        "steps": watcher.steps,
        "seconds": round(time.monotonic() - began, 3),
    }


def _line_of(raised: BaseException) -> int:
    line, trace = 0, raised.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<script>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _thinned(losses: Sequence[float]) -> list[float]:
    if len(losses) <= _POINTS:
        return list(losses)
    return [losses[round(place)] for place in np.linspace(0, len(losses) - 1, _POINTS)]
