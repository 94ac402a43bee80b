"""Which file is missing, and is there one that was meant?"""

from __future__ import annotations

import ast
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from unstuck.doctor.checks.crash_findings import clearly_meant, crash_finding, remedy
from unstuck.doctor.checks.edits import insert, replace, text_of
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import span_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.findings import Evidence, Finding

_NAMED = re.compile(r"No such file or directory: (?P<quoted>(?:b?'.*'|\".*\"))$|^(?P<plain>.+) not found\.$", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f]")
_WINDOWS = re.compile(r"^[A-Za-z]:[\\/]")
_MOST = 8


def explain_missing_file(site: CrashSite, files: Sequence[str]) -> Finding | None:
    """Return the finding for a file that was not found, None for any other crash.

    Args:
        site: The crash.
        files: What lies in the script's folder, relative to it.
    """
    found = _NAMED.search(site.crash.message)
    if site.crash.exception not in {"FileNotFoundError", "OSError"} or found is None:
        return None
    path = found.group("plain") or _unquoted(found.group("quoted"))
    constants = [node for node in ast.walk(site.tree) if isinstance(node, ast.Constant) and node.value == path]
    only = constants[0] if len(constants) == 1 else None
    if _CONTROL.search(path):
        return _escaped(site, path, only)
    near = near_files(path, files)
    evidence: Evidence = {"file": path, "files there": list(files[:_MOST])}
    if near:
        listed = " or ".join(near[:3])
        message = f"The file {path} does not exist. Did you mean {listed}?"
        edits = [replace(only, repr(near[0]))] if only is not None and len(near) == 1 else []
        remedies = [remedy(site, f"Write {listed} instead of {path}.", *edits)]
    else:
        message = f"The file {path} does not exist{_elsewhere(path)}."
        remedies = [
            Remedy(f"Put {PurePosixPath(path.replace(chr(92), '/')).name} beside the script and use that name.")
        ]
    return crash_finding(site, message, fault="missing-file", evidence=evidence, remedies=remedies)


def near_files(path: str, files: Sequence[str]) -> list[str]:
    """Return the files that may have been meant: of the same name but for capitals, folder or ending, else of one close to it.

    >>> near_files("Data.csv", ["data.csv", "x.py"]), near_files("a.csv", ["in/a.csv"]), near_files("digts.csv", ["digits.csv"])
    (['data.csv'], ['in/a.csv'], ['digits.csv'])
    """
    name = PurePosixPath(path.replace("\\", "/")).name.lower()
    others = [file for file in files if file != path]
    same = [file for file in others if PurePosixPath(file).name.lower() == name]
    longer = [file for file in others if PurePosixPath(file).name.lower().startswith(f"{name}.")]
    if same or longer:
        return same or longer
    meant = clearly_meant(name, {PurePosixPath(file).name.lower() for file in others})
    return [file for file in others if PurePosixPath(file).name.lower() == meant]


def _unquoted(text: str) -> str:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text.strip("'\"")
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _elsewhere(path: str) -> str:
    """Say so if a path can only be right on another computer."""
    if _WINDOWS.match(path):
        return ": it names a drive of a Windows computer"
    if path.startswith(("/content/", "/kaggle/")):
        return ": it names a folder of a notebook service"
    return ": it names a folder of a particular computer" if path.startswith(("/home/", "/Users/")) else ""


def _escaped(site: CrashSite, path: str, only: ast.Constant | None) -> Finding:
    """Explain a path whose backslashes became line feeds or tabs."""
    shown = path.encode("unicode_escape").decode()
    message = (
        f"The file {shown} does not exist: in a string, a backslash and the letter after it "
        "can stand for one special character, such as \\n for a new line."
    )
    summary = "Write r before the string, or / instead of \\."
    changes = []
    if only is not None and text_of(site.source, only)[0] in "'\"":
        start = span_of(only)
        changes = [insert(start.line, start.column, "r")]
    return crash_finding(
        site,
        message,
        fault="missing-file",
        at=only,
        evidence={"file": shown},
        remedies=[remedy(site, summary, *changes)],
    )
