"""What the doctor says to a script, as a row of plain values."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import unstuck as us

if TYPE_CHECKING:
    from faultbench.items import Item
    from unstuck import Diagnosis, Finding

_OPTIONS: dict[str, Any] = {"workers": 1, "time_limit": 60.0}


@dataclass(frozen=True)
class Said:
    """What the doctor said.

    Attributes:
        healthy: Whether it found nothing that matters.
        outcome: What it says that the script does.
        findings: Code, mistake, severity, line, further lines and whether proved, of each finding, the most severe first.
        updates: Its verdict on each parameter's update.
        seconds: How long it took.
        error: What went wrong in it.
    """

    healthy: bool
    outcome: str
    findings: tuple[dict[str, Any], ...]
    updates: tuple[str, ...]
    seconds: float
    error: str = ""


def ask(item: Item, *, trials: bool) -> Said:
    """Diagnose a script as a stranger would."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script.py"
        path.write_text(item.text, encoding="utf-8")
        began = time.monotonic()
        try:
            diagnosis = us.diagnose(path, trials=trials, **_OPTIONS)
        except Exception as error:  # noqa: BLE001 (a doctor that fails is a miss, not the end of the benchmark)
            return Said(True, "failed", (), (), time.monotonic() - began, f"{type(error).__name__}: {error}")
    return said(diagnosis)


def said(diagnosis: Diagnosis) -> Said:
    """Return what matters of a diagnosis."""
    findings = tuple(_row(each) for each in diagnosis.findings)
    updates = tuple(each.update for each in diagnosis.parameters)
    return Said(diagnosis.healthy, diagnosis.outcome, findings, updates, diagnosis.seconds)


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "fault": finding.fault,
        "mistake": finding.mistake,
        "severity": finding.severity,
        "line": finding.location.line if finding.location else None,
        "lines": list(finding.lines),
        "proved": bool(finding.trial and finding.trial.proved),
    }
