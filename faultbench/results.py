"""Rows of results, in a CSV file that grows while the benchmark runs, so that it can be taken up again."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Result:
    """One script, what is true of it, and what was said.

    Attributes:
        name: Of the item.
        style: Of which original.
        operator: What was done to it, empty if nothing was.
        label: What it does, see :class:`faultbench.labels.Truth`; ``healthy`` for a script with which nothing is wrong.
        effect: What the mistake has changed.
        lines: Where the mistake is.
        outcome: What the doctor says that it does.
        healthy: Whether the doctor found nothing that matters.
        findings: Its findings, those that a trial has shown to be harmless last, see :class:`faultbench.diagnosing.Said`.
        seconds: How long the diagnosis took.
        script_seconds: How long the script runs.
        error: What went wrong in the doctor.
        loss_only: Whether the loss alone gives an alarm.
        symptom_rules: Whether the published rules do.
        gradient_check: Whether the usual gradient check does.
        random_remedy: Whether a remedy drawn at random mends it; None where it learns.
    """

    name: str
    style: str
    operator: str
    label: str
    effect: str
    lines: list[int]
    outcome: str
    healthy: bool
    findings: list[dict[str, Any]]
    seconds: float
    script_seconds: float
    error: str
    loss_only: bool
    symptom_rules: bool
    gradient_check: bool
    random_remedy: bool | None


_COLUMNS = [field.name for field in fields(Result)]
_AS_TEXT = ("name", "style", "operator", "label", "effect", "outcome", "error")


def append(path: Path, result: Result) -> None:
    """Write a row at the end of a file, which is made if it is not there."""
    is_new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if is_new:
            writer.writerow(_COLUMNS)
        row = asdict(result)
        writer.writerow([row[name] if name in _AS_TEXT else json.dumps(row[name]) for name in _COLUMNS])


def read(path: Path) -> Iterator[Result]:
    """Yield the rows of a file, none if it is not there."""
    if not path.exists():
        return
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            values: dict[str, Any] = {
                name: text if name in _AS_TEXT else json.loads(text) for name, text in row.items()
            }
            yield Result(**values)
