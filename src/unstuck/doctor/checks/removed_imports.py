"""Does the script use a name that NumPy no longer has?"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from unstuck.doctor.checks.crash_findings import crash_finding, remedy
from unstuck.doctor.checks.edits import Change, insert, replace, text_of
from unstuck.doctor.checks.removed_names import ADVICE, EXTRA_ARGUMENTS, METHODS, REPLACEMENTS, is_gone
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import span_of
from unstuck.doctor.scripts.sites import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.findings import Finding

_NO_ATTRIBUTE = re.compile(r"^module 'numpy' has no attribute '(\w+)'|^`np\.(\w+)` was removed")
_NO_METHOD = re.compile(
    r"^`(\w+)` was removed from the ndarray class|^'numpy\.ndarray' object has no attribute '(\w+)'"
)
_NO_NAME = re.compile(r"^cannot import name '(\w+)' from 'numpy'")


def explain_removed(site: CrashSite) -> Finding | None:
    """Return the finding for a crash over a name that NumPy used to have, None for any other crash."""
    if site.crash.exception == "AttributeError":
        method = _NO_METHOD.match(site.crash.message)
        gone = (method.group(1) or method.group(2)) if method else None
        if gone in METHODS:
            return _method(site, gone)
        found = _NO_ATTRIBUTE.match(site.crash.message)
        name = (found.group(1) or found.group(2)) if found else None
        return _attribute(site, name) if name and is_gone(name) else None
    found = _NO_NAME.match(site.crash.message) if site.crash.exception == "ImportError" else None
    return _imported(site, found.group(1)) if found and is_gone(found.group(1)) else None


def _attribute(site: CrashSite, name: str) -> Finding:
    uses = list(_uses(site))
    here = next((node for node in uses if node.attr == name), None)
    words = f"NumPy no longer has {text_of(site.source, here) if here else f'np.{name}'}."
    if name in ADVICE:
        return crash_finding(site, words, fault="wrong-import", at=here, remedies=[Remedy(ADVICE[name])])
    replaced = [node for node in uses if node.attr in REPLACEMENTS]
    changes = [change for node in replaced for change in _changes(site, node)]
    what = {text_of(site.source, node): _new_text(site, node) for node in replaced}
    summary = "Write " + ", ".join(f"{new} instead of {old}" for old, new in what.items()) + "."
    return crash_finding(site, words, fault="wrong-import", at=here, remedies=[remedy(site, summary, *changes)])


def _uses(site: CrashSite) -> Iterator[ast.Attribute]:
    """Yield every place where the script uses a name that is gone, in the order of the text."""
    found = [
        node
        for node in ast.walk(site.tree)
        if isinstance(node, ast.Attribute) and site.imports.dotted(node.value) == "numpy" and is_gone(node.attr)
    ]
    yield from sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _new_text(site: CrashSite, node: ast.Attribute) -> str:
    return REPLACEMENTS[node.attr].format(np=text_of(site.source, node.value))


def _changes(site: CrashSite, node: ast.Attribute) -> Iterator[Change]:
    yield replace(node, _new_text(site, node))
    extra = EXTRA_ARGUMENTS.get(node.attr)
    for call in ast.walk(site.tree):
        if extra and isinstance(call, ast.Call) and call.func is node and len(call.args) == 1 and not call.keywords:
            end = span_of(call.args[0])
            yield insert(end.end_line, end.end_column, f", {extra}")


def _method(site: CrashSite, name: str) -> Finding:
    words = f"Arrays no longer have the method {name}."
    node = site.node if isinstance(site.node, ast.Attribute) else None
    call = next((each for each in ast.walk(site.tree) if isinstance(each, ast.Call) and each.func is node), None)
    numpy = next((entry.name for entry in site.imports.of_module("numpy")), None)
    if name != "ptp" or call is None or not isinstance(call.func, ast.Attribute) or numpy is None:
        advice = Remedy({"itemset": "Write a[i] = value."}.get(name, f"Write np.{name}(a, ...)."))
        return crash_finding(site, words, fault="wrong-import", remedies=[advice])
    array = text_of(site.source, call.func.value)
    start, end = span_of(call), span_of(call.func)
    separator = ", " if call.args or call.keywords else ""
    change = Change(Span(start.line, start.column, end.end_line, end.end_column + 1), f"{numpy}.ptp({array}{separator}")
    summary = f"Write {numpy}.ptp({array})."
    return crash_finding(site, words, fault="wrong-import", remedies=[remedy(site, summary, change)])


def _imported(site: CrashSite, name: str) -> Finding:
    words = f"NumPy no longer has {name}."
    entry = next((entry for entry in site.imports.all if entry.dotted == f"numpy.{name}"), None)
    new = REPLACEMENTS.get(name, "")
    if entry is None or not new.startswith("{np}.") or name in EXTRA_ARGUMENTS:
        advice = Remedy(ADVICE.get(name, f"Write {new.format(np='np')} instead, and do not import it."))
        return crash_finding(site, words, fault="wrong-import", remedies=[advice])
    text = f"{new.removeprefix('{np}.')} as {entry.name}"
    advice = remedy(site, f"Import {text} instead.", replace(entry.alias, text))
    return crash_finding(site, words, fault="wrong-import", at=entry.alias, remedies=[advice])
