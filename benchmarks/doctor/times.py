"""How long a diagnosis takes, without trials and with them."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from unstuck.doctor.diagnose import diagnose_script
from unstuck.doctor.options import DiagnosisOptions

if TYPE_CHECKING:
    from pathlib import Path


def times(scripts: list[Path]) -> str:
    """Diagnose every script in both ways and return the table of seconds."""
    rows, without, with_trials = [], [], []
    for script in scripts:
        without.append(_seconds(script, trials=False))
        with_trials.append(_seconds(script, trials=True))
        rows.append(f"| {script.name} | {without[-1]:.1f} | {with_trials[-1]:.1f} |")
    medians = f"| **median** | **{statistics.median(without):.1f}** | **{statistics.median(with_trials):.1f}** |"
    head = ["## Seconds of a diagnosis", "", "| script | without trials | with trials |", "|---|---|---|"]
    return "\n".join([*head, *rows, medians, ""])


def _seconds(script: Path, *, trials: bool) -> float:
    began = time.perf_counter()
    diagnose_script(script, DiagnosisOptions(trials=trials))
    return time.perf_counter() - began
