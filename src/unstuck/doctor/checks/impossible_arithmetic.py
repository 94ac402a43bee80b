"""Is there a number that cannot be worked out: division by zero, an overflow, a matrix without an inverse, no memory, no end?"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from unstuck.doctor.checks.crash_findings import calls_in, crash_finding, held, remedy, values_of
from unstuck.doctor.checks.edits import replace, short_text_of
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import line_name

if TYPE_CHECKING:
    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.findings import Finding

_UNABLE = re.compile(r"Unable to allocate (\S+ \S+) for an array with shape (\([^)]*\))")


def explain_impossible_arithmetic(site: CrashSite) -> Finding | None:
    """Return the finding for a number that cannot be worked out, None for any other crash."""
    explain = {
        "ZeroDivisionError": _division,
        "OverflowError": _overflow,
        "FloatingPointError": _strict,
        "LinAlgError": _linear_algebra,
        "RecursionError": _recursion,
        "MemoryError": _memory,
        "_ArrayMemoryError": _memory,
    }.get(site.crash.exception)
    return explain(site) if explain else None


def _division(site: CrashSite) -> Finding:
    for node in site.failing():
        parts = (node.op, node.right) if isinstance(node, ast.BinOp) else None
        parts = (node.op, node.value) if isinstance(node, ast.AugAssign) else parts
        if parts is None or not isinstance(parts[0], ast.Div | ast.FloorDiv | ast.Mod):
            continue
        divisor = parts[1]
        value = held(site, divisor)
        if value is not None and value.text not in {"0", "0.0", "-0.0"}:
            continue
        words = f"{short_text_of(site.source, node)} divides by {short_text_of(site.source, divisor)}, which is 0."
        return crash_finding(site, words, at=node, evidence=values_of(site, divisor))
    return crash_finding(site, f"{site.text} divides by zero.", evidence=values_of(site, site.node))


def _overflow(site: CrashSite) -> Finding:
    numpy = next((entry.name for entry in site.imports.of_module("numpy")), None)
    for call in calls_in(site):
        if site.imports.dotted(call.func) == "math.exp" and call.args:
            argument = short_text_of(site.source, call.args[0])
            words = f"math.exp({argument}) is larger than any float; math.exp stops the script above 709."
            changes = [replace(call.func, f"{numpy}.exp")] if numpy else []
            advice = [
                remedy(
                    site,
                    f"Write {numpy or 'np'}.exp, which returns infinity with a warning, as a sigmoid bears.",
                    *changes,
                ),
                Remedy("Look at why the number has grown so large: too large weights, inputs or steps."),
            ]
            return crash_finding(site, words, at=call, evidence=values_of(site, call), remedies=advice)
    if "float infinity" in site.crash.message:
        words = f"{site.text} is to make a whole number of infinity: something before has grown without bound."
    elif "out of bounds for" in site.crash.message:
        words = f"{site.text}: {site.crash.message}, which holds small whole numbers only."
        advice = [Remedy("Turn the array into floats first: .astype(float).")]
        return crash_finding(site, words, evidence=values_of(site, site.node), remedies=advice)
    else:
        words = f"{site.text} is larger than any float."
    return crash_finding(site, words, evidence=values_of(site, site.node))


def _strict(site: CrashSite) -> Finding:
    words = (
        f"{site.text}: {site.crash.message}; np.seterr or np.errstate makes an error of what is otherwise a warning."
    )
    return crash_finding(site, words, evidence=values_of(site, site.node))


def _linear_algebra(site: CrashSite) -> Finding:
    for call in calls_in(site):
        if (
            (site.imports.numpy(call.func) or "").startswith("linalg.")
            and "Singular" in site.crash.message
            and call.args
        ):
            argument = short_text_of(site.source, call.args[0])
            words = f"{argument} is singular: some of its rows are combinations of others, so it has no inverse."
            advice = [Remedy("Write np.linalg.pinv or np.linalg.lstsq, or add a small multiple of the identity.")]
            return crash_finding(site, words, at=call, evidence=values_of(site, call), remedies=advice)
    return crash_finding(site, f"{site.text}: {site.crash.message}.", evidence=values_of(site, site.node))


def _recursion(site: CrashSite) -> Finding:
    name = site.crash.function.rpartition(".")[2]
    for node in ast.walk(site.tree):
        if not isinstance(node, ast.FunctionDef) or (name and node.name != name):
            continue
        for call in ast.walk(node):
            called = getattr(call.func, "id", getattr(call.func, "attr", "")) if isinstance(call, ast.Call) else ""
            if isinstance(call, ast.Call) and called == node.name:
                place = line_name(site.source, call.lineno)
                words = f"{node.name} calls itself in {place}, and never stops doing so."
                advice = [Remedy(f"Let {node.name} return before that line in some case, or write a loop.")]
                return crash_finding(site, words, at=call, lines=[node.lineno], remedies=advice)
    return crash_finding(site, "Functions call each other without end.")


def _memory(site: CrashSite) -> Finding:
    found = _UNABLE.search(site.crash.message)
    what = f"an array of shape {found.group(2)}, which takes {found.group(1)}" if found else "more memory than there is"
    words = f"{site.text} needs {what}."
    advice = [Remedy("Check that these sizes are meant; two shapes such as (n, 1) and (n,) give an array of (n, n).")]
    return crash_finding(site, words, evidence=values_of(site, site.node), remedies=advice)
