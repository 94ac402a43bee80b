"""Is it a plot that failed?"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from unstuck.doctor.checks.crash_findings import calls_in, crash_finding, held, remedy, values_of
from unstuck.doctor.checks.edits import Change, replace, text_of
from unstuck.doctor.places import span_of
from unstuck.doctor.scripts.sites import Span

if TYPE_CHECKING:
    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.findings import Finding

_PLOTTING = ("matplotlib", "pylab", "seaborn", "mpl_toolkits")
_OBJECTS = frozenset(["Figure", "Axes", "AxesSubplot", "Axes3D", "Axes3DSubplot"])
_KEYWORD = re.compile(r"(?:got an unexpected keyword argument|object has no property) '(\w+)'")
_LENGTHS = re.compile(r"x and y must have same first dimension, but have shapes (\([^)]*\)) and (\([^)]*\))")


def explain_plot(site: CrashSite) -> Finding | None:
    """Return the finding for a crash in a call of a plotting library, None for any other crash."""
    call = next((call for call in calls_in(site) if _is_plot(site, call)), None)
    if call is None:
        return None
    found = _LENGTHS.search(site.crash.message)
    if found:
        texts = [text_of(site.source, argument) for argument in call.args[:2]]
        shapes = [f"{text} of shape {shape}" for text, shape in zip(texts, found.groups(), strict=False)]
        listed = " and ".join(shapes) or " and ".join(found.groups())
        words = f"A curve needs as many x as y, but gets {listed}."
        return crash_finding(site, words, at=call, evidence=values_of(site, call))
    return _keyword(site, call) or crash_finding(
        site, f"The plot failed: {site.text}: {site.crash.message.strip()}.", evidence=values_of(site, call)
    )


def _is_plot(site: CrashSite, call: ast.Call) -> bool:
    root: ast.expr = call.func
    while isinstance(root, ast.Attribute | ast.Subscript):
        value = held(site, root)
        if value is not None and value.kind in _OBJECTS:
            return True
        root = root.value
    value = held(site, root)
    dotted = site.imports.dotted(root) or ""
    return dotted.startswith(_PLOTTING) or (value is not None and value.kind in _OBJECTS)


def _keyword(site: CrashSite, call: ast.Call) -> Finding | None:
    """Explain settings that older versions of Matplotlib took."""
    found = _KEYWORD.search(site.crash.message)
    keyword = next((each for each in call.keywords if found and each.arg == found.group(1)), None)
    if found is None or keyword is None or keyword.arg is None:
        return None
    if keyword.arg == "projection" and isinstance(call.func, ast.Attribute) and call.func.attr == "gca":
        figure = text_of(site.source, call.func.value)
        new = f"{figure}.add_subplot"
        words = f"{figure}.gca no longer takes a projection."
        return crash_finding(
            site,
            words,
            at=call,
            remedies=[remedy(site, f"Write {new} instead of {figure}.gca.", replace(call.func, new))],
        )
    words = f"{text_of(site.source, call.func)} has no setting {keyword.arg}."
    small = keyword.arg.lower()
    if small == keyword.arg:
        return crash_finding(site, words, at=call)
    uses = [
        each
        for node in ast.walk(site.tree)
        if isinstance(node, ast.Call) and _is_plot(site, node)
        for each in node.keywords
        if each.arg == keyword.arg
    ]
    changes = []
    for each in uses:
        start = span_of(each)
        changes.append(Change(Span(start.line, start.column, start.line, start.column + len(small)), small))
    advice = remedy(site, f"Write {small}, without capitals.", *changes)
    return crash_finding(site, words, at=call, remedies=[advice])
