"""Whether several diagnoses of the same script say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unstuck.doctor.diagnose import diagnose_script

if TYPE_CHECKING:
    from pathlib import Path

_SCRIPTS = 10
_RUNS = 5


def repeatability(scripts: list[Path]) -> str:
    """Diagnose ten scripts five times each, with trials, and return which of them did not give the same findings each time."""
    chosen = scripts[:: max(1, len(scripts) // _SCRIPTS)][:_SCRIPTS]
    rows = []
    for script in chosen:
        said = [_findings(script) for _ in range(_RUNS)]
        different = sorted({finding for run in said for finding in run if any(finding not in other for other in said)})
        rows.append(f"| {script.name} | {len(set(said)) == 1} | {'; '.join(map(str, different)) or '-'} |")
    head = [f"## Findings of {_RUNS} runs", "", "| script | the same each time | what was not |", "|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def _findings(script: Path) -> tuple[str, ...]:
    return tuple(
        f"{finding.fault} {finding.mistake or ''} line {finding.location.line if finding.location else '-'} {finding.severity}"
        for finding in diagnose_script(script).findings
    )
