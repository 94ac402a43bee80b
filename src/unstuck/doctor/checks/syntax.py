"""Why is the script no Python, and where?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import edits
from unstuck.doctor.checks.parsing import Explained, Slip, slip_of
from unstuck.doctor.checks.syntax_brackets import explain_brackets
from unstuck.doctor.checks.syntax_indentation import explain_indentation
from unstuck.doctor.checks.syntax_python2 import explain_python2
from unstuck.doctor.checks.syntax_quotes import explain_quotes
from unstuck.doctor.checks.syntax_slips import explain_slip
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.places import line_of, location_of

if TYPE_CHECKING:
    from unstuck.doctor.scripts.source import Source

_EXPLANATIONS = (explain_indentation, explain_python2, explain_brackets, explain_quotes, explain_slip)


def explain_syntax(error: SyntaxError, source: Source) -> Finding:
    """Say why a script is no Python, where, and what to do about it.

    A remedy has edits only where trying them showed that exactly one change gets the parser further.

    Args:
        error: What parsing or compiling ``source.text`` has raised.
        source: The script.

    Returns:
        A finding ``does-not-parse``.
    """
    slip = slip_of(error, source.text)
    explained = next(filter(None, (explain(slip) for explain in _EXPLANATIONS)), None) or _plain(slip)
    span = explained.span or slip.span
    lines = {line_of(source, line) for line in (span.line, *explained.lines)}
    remedy = Remedy(explained.remedy, edits(source, explained.changes)) if explained.remedy else None
    return Finding(
        fault="does-not-parse",
        message=explained.message,
        location=location_of(source, span),
        evidence={"Python says": f"{slip.kind}: {slip.said}", "line": slip.line_text.strip()},
        severity="fatal",
        lines=tuple(sorted(lines)),
        remedies=(remedy,) if remedy else (),
    )


def _plain(slip: Slip) -> Explained:
    where = slip.after.split()[0] if slip.after.split() else "the end of the line"
    said = "" if slip.said == "invalid syntax" else f": {slip.said}"
    return Explained(f"The line is no Python, at {where}{said}.")
