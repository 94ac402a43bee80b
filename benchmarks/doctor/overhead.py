"""What the instruments of a trial cost a script: its whole run with them and without, in turn."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from unstuck.doctor.scripts.examine import locate, scout
from unstuck.doctor.scripts.session import Session, run_in
from unstuck.doctor.scripts.source import read_source
from unstuck.doctor.scripts.taped import REPORTED
from unstuck.doctor.scripts.trials import AS_WRITTEN, Trials
from unstuck.doctor.scripts.workspace import Workspace

_REPEATS = 5
_STEPS = 20_000
_SHORTEST = 0.2


@dataclass(frozen=True)
class Order:
    """What the process that is timed has to run."""

    script: str
    order: dict[str, object]
    is_instrumented: bool


def overheads(scripts: list[Path]) -> str:
    """Return the table of both times; scripts that train for a moment only are left out."""
    rows, ratios = [], []
    for script in scripts:
        order = _order_of(script)
        if order is None:
            continue
        pairs = [[_seconds(script, order, is_instrumented=which) for which in (False, True)] for _ in range(_REPEATS)]
        plain, instrumented = (statistics.median(times) for times in zip(*pairs, strict=True))
        if plain < _SHORTEST:
            continue
        ratios.append(instrumented / plain)
        rows.append(f"| {script.name} | {plain:.2f} | {instrumented:.2f} | {ratios[-1]:.3f} |")
    head = [
        "## Seconds of a whole run, plain and as in a trial", "", f"Medians of {_REPEATS}, in turn.", "",
        "| script | plain | instrumented | ratio |", "|---|---|---|---|",
    ]  # fmt: skip
    last = (
        f"| **median** | | | **{statistics.median(ratios):.3f}** |" if ratios else "| none trains long enough | | | |"
    )
    return "\n".join([*head, *rows, last, ""])


def _order_of(script: Path) -> dict[str, object] | None:
    """Return the order of a trial of the script as written; None if it trains nothing or does not come to its end by itself."""
    source = read_source(script)
    with Workspace(source.path, source.text) as workspace:
        run = run_in(workspace, source.text)
        scouting = scout(run, source)
        located = locate(scouting)
        if located is None:
            return None
        session, found = located
        with session:
            parents = scouting.scouted.parents.get(found.step.loop, [])
            trials = Trials(run, found, REPORTED, parents, Session, 1)
            report = trials.one(AS_WRITTEN, 0, _STEPS, 20.0, go_on=False)
            if report.reason != "ended":
                return None
            return trials.order(AS_WRITTEN, 0, 10 * _STEPS, 600.0) | {"go_on": False}


def _seconds(script: Path, order: dict[str, object], *, is_instrumented: bool) -> float:
    with TemporaryDirectory() as folder:
        copied = Path(folder) / script.name
        copied.write_text(script.read_text(encoding="utf-8"), encoding="utf-8")
        asked = json.dumps(asdict(Order(str(copied), order, is_instrumented)))
        answer = subprocess.run(
            [sys.executable, "-m", "benchmarks.doctor.timed_run"],
            input=asked,
            capture_output=True,
            text=True,
            check=True,
        )
    return float(answer.stdout)
