"""What does any other error mean?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from unstuck.doctor.checks.crash_findings import crash_finding, values_of
from unstuck.doctor.checks.impossible_arithmetic import explain_impossible_arithmetic
from unstuck.doctor.checks.plot_crashes import explain_plot
from unstuck.doctor.checks.unknown_attributes import explain_unknown_attribute
from unstuck.doctor.checks.unknown_names import explain_unknown_name
from unstuck.doctor.checks.wrong_calls import explain_wrong_call
from unstuck.doctor.checks.wrong_indices import explain_wrong_index
from unstuck.doctor.checks.wrong_types import explain_wrong_type
from unstuck.doctor.checks.wrong_values import explain_wrong_value

if TYPE_CHECKING:
    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.findings import Finding

_EXPLANATIONS = (
    explain_unknown_name,
    explain_plot,
    explain_wrong_call,
    explain_wrong_type,
    explain_wrong_index,
    explain_wrong_value,
    explain_unknown_attribute,
    explain_impossible_arithmetic,
)


def explain_other_crash(site: CrashSite) -> Finding:
    """Return the finding for a crash of whatever kind; where nothing better is known, what Python says of it."""
    for explain in _EXPLANATIONS:
        finding = explain(site)
        if finding is not None:
            return finding
    return _plain(site)


def _plain(site: CrashSite) -> Finding:
    crash = site.crash
    said = crash.message.strip().partition("\n")[0].rstrip(".")
    if crash.exception == "SystemExit":
        return crash_finding(site, f"The script ends itself in {site.line_name}.")
    if crash.exception == "EOFError" and "input" in site.text:
        return crash_finding(site, f"{site.text} waits for something to be typed, and nothing was.")
    if crash.exception == "AssertionError":
        because = f": {said}" if said else ""
        return crash_finding(
            site, f"{site.text} does not hold{because}.", evidence=values_of(site, next(iter(site.statements), None))
        )
    saying = f"{crash.exception}: {said}" if said else crash.exception
    return crash_finding(
        site, f"The script ends with an error in {site.line_name}: {saying}.", evidence=values_of(site, site.node)
    )
