"""What ended the script?"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from unstuck.doctor.checks.crash_site import site_of
from unstuck.doctor.checks.missing_file import explain_missing_file
from unstuck.doctor.checks.missing_module import explain_missing_module
from unstuck.doctor.checks.other_crashes import explain_other_crash
from unstuck.doctor.checks.shape_mismatch import explain_shape_mismatch
from unstuck.doctor.checks.wrong_import import explain_wrong_import

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from unstuck.doctor.crash import Crash
    from unstuck.doctor.findings import Finding
    from unstuck.doctor.scripts.source import Source

_MOST_FILES = 1000


def explain_crash(
    crash: Crash, source: Source, *, folder: Path | None = None, is_after_training: bool = False
) -> list[Finding]:
    """Say what ended the script, where, and what to do about it.

    Args:
        crash: How it ended.
        source: The script.
        folder: Where its files and modules are looked for, by name only; by default where the script lies.
        is_after_training: Whether all training was done by then. What fails after it, such as a plot, is harmless to what was
            learned; only shapes that do not go together still count, since the same expression may be part of the network.

    Returns:
        One finding: ``missing-module``, ``missing-file``, ``wrong-import``, ``shape-mismatch`` or ``crash``.
    """
    site = site_of(crash, source)
    where = folder or (source.path.parent if source.path else None)
    files = sorted(islice(_files_in(where), _MOST_FILES)) if where else []
    finding = (
        explain_missing_module(site, files)
        or explain_missing_file(site, files)
        or explain_wrong_import(site, files)
        or explain_shape_mismatch(site)
        or explain_other_crash(site)
    )
    if is_after_training and finding.fault != "shape-mismatch":
        words = f"{finding.message} The training was over by then."
        return [replace(finding, severity="harmless", message=words)]
    return [finding]


def explain_refusal(crash: Crash, source: Source, refusal: str) -> list[Finding]:
    """Say that it was the doctor who ended the script, where, and what it may not do: elsewhere it may well be right."""
    place = "" if crash.line is None else f" in line {crash.line}"
    message = f"The script could be followed no further than to what it does{place}: {refusal}. That is no fault of it."
    return [
        replace(finding, fault="crash", severity="harmless", message=message, remedies=())
        for finding in explain_crash(crash, source)
    ]


def _files_in(folder: Path) -> Iterator[str]:
    """Yield the names of the files in a folder and in those directly in it, without hidden ones."""
    for entry in _entries(folder):
        if entry.is_dir():
            yield from (f"{entry.name}/{file.name}" for file in _entries(entry) if file.is_file())
        else:
            yield entry.name


def _entries(folder: Path) -> list[Path]:
    """Return what lies in a folder, nothing if that cannot be found out."""
    try:
        return [entry for entry in folder.iterdir() if not entry.name.startswith((".", "__"))]
    except OSError:
        return []
