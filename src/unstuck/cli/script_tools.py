"""What ``unstuck diagnose`` can show instead of a diagnosis: every value of the first steps, or whether one example can be learned."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console

from unstuck.cli.documents import to_json
from unstuck.cli.streams import say
from unstuck.doctor.scripts.source import read_source, source_of
from unstuck.doctor.tools.overfit_one import overfit_source
from unstuck.doctor.tools.step_table import trace_source
from unstuck.errors import UsageError
from unstuck.report.overfit_one import show_overfit
from unstuck.report.step_table import show_step_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.doctor.options import DiagnosisOptions
    from unstuck.doctor.scripts.source import Source


def run(
    target: str, options: DiagnosisOptions, *, trace_steps: int | None, sample: int | None, overfit: bool, as_json: bool
) -> int:
    """Show what was asked for and return the exit status.

    Raises:
        UsageError: Both were asked for, or the script cannot be looked at.
    """
    if trace_steps is not None and overfit:
        raise UsageError("--trace and --overfit-one are two questions: ask one at a time.")
    source, name = _read(target)
    if trace_steps is not None:
        table = trace_source(source, name, trace_steps, sample=sample, options=options)
        _show(table, show_step_table, as_json=as_json)
        return 0
    report = overfit_source(source, name, options=options)
    _show(report, show_overfit, as_json=as_json)
    return 0 if report.learns else 1


def _read(target: str) -> tuple[Source, str]:
    return (source_of(sys.stdin.read()), "<script>") if target == "-" else (read_source(target), target)


def _show(result: Any, show: Callable[[Any, Console], None], *, as_json: bool) -> None:
    if as_json:
        say(to_json(result.to_dict()), newline=False)
    else:
        show(result, Console())
