"""Does a function get something else than it needs: an array for a number, a float for a whole number?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.crash_findings import article, calls_in, crash_finding, held, kind_of, remedy, values_of
from unstuck.doctor.checks.edits import insert, replace, short_text_of, text_of
from unstuck.doctor.checks.own_functions import assignments
from unstuck.doctor.checks.wrong_indices import whole_division
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import line_name, span_of

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.findings import Finding

_SIZES = frozenset(["zeros", "ones", "empty", "full"])


def explain_single_number(site: CrashSite, _found: re.Match[str]) -> Finding:
    """Explain ``math.exp(array)`` and ``float(array)``."""
    numpy = next((entry.name for entry in site.imports.of_module("numpy")), None)
    for call in calls_in(site):
        dotted = site.imports.dotted(call.func) or ""
        name = dotted.removeprefix("math.")
        argument = short_text_of(site.source, call.args[0]) if call.args else ""
        evidence = values_of(site, call)
        if dotted.startswith("math.") and isinstance(call.func, ast.Attribute) and hasattr(np, name):
            words = f"{dotted} takes a single number, but {argument} is an array; NumPy's {name} takes both."
            changes = [replace(node, numpy) for node in _math_functions(site)] if numpy else []
            summary = f"Write {numpy or 'np'}.{name} instead of {dotted}."
            return crash_finding(site, words, at=call, evidence=evidence, remedies=[remedy(site, summary, *changes)])
        if isinstance(call.func, ast.Name) and call.func.id in {"float", "int", "round"} and call.args:
            value = held(site, call.args[0])
            of_shape = f" of shape {value.shape}" if value and value.shape else ""
            words = f"{call.func.id}() makes one number, but {argument} is an array{of_shape}."
            advice = Remedy(f"Write {argument}.astype({call.func.id}) for each entry, or pick one entry.")
            return crash_finding(site, words, at=call, evidence=evidence, remedies=[advice])
    words = f"{site.text} needs a single number, but gets an array."
    return crash_finding(site, words, evidence=values_of(site, site.node))


def _math_functions(site: CrashSite) -> Iterator[ast.expr]:
    """Yield each ``math`` in front of a function that NumPy has by the same name."""
    for node in ast.walk(site.tree):
        is_math = isinstance(node, ast.Attribute) and site.imports.dotted(node.value) == "math"
        if is_math and isinstance(node, ast.Attribute) and hasattr(np, node.attr):
            yield node.value


def explain_no_whole_number(site: CrashSite, found: re.Match[str]) -> Finding | None:
    """Explain a size that is no whole number: a float, a text, or a tuple where numbers are expected one by one."""
    kind = found.group(1)
    for call in calls_in(site):
        function = short_text_of(site.source, call.func)
        if kind == "tuple" and len(call.args) == 1 and isinstance(call.args[0], ast.Tuple):
            inner = ", ".join(text_of(site.source, element) for element in call.args[0].elts)
            words = f"{function} takes its sizes one by one, not as a tuple."
            advice = remedy(site, f"Write {function}({inner}).", replace(call.args[0], inner))
            return crash_finding(site, words, at=call, remedies=[advice])
        parts = [part for argument in call.args for part in ast.walk(argument) if isinstance(part, ast.expr)]
        divisions = [part for part in parts if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div)]
        if kind == "float" and len(divisions) == 1:
            words = f"{function} needs a whole number, but / gives one with a decimal point."
            return crash_finding(site, words, at=divisions[0], remedies=[whole_division(site, divisions[0])])
        wrong = [part for part in parts if kind_of(site, part) == kind]
        if len(wrong) == 1:
            text = text_of(site.source, wrong[0])
            words = f"{function} needs a whole number, but {text} is {article('text' if kind == 'str' else kind)}."
            advice = remedy(site, f"Write int({text}).", replace(wrong[0], f"int({text})"))
            return crash_finding(site, words, at=wrong[0], evidence=values_of(site, call), remedies=[advice])
    return crash_finding(site, f"{site.text} needs a whole number, but gets {article(kind)}.")


def explain_two_sizes(site: CrashSite, _found: re.Match[str]) -> Finding | None:
    """Explain ``np.zeros(3, 4)``, whose second argument is the type of the entries."""
    for call in calls_in(site):
        if site.imports.numpy(call.func) in _SIZES and len(call.args) > 1:
            inner = ", ".join(text_of(site.source, argument) for argument in call.args)
            function = text_of(site.source, call.func)
            words = f"{function} takes its sizes as one tuple; the second argument is the type of the entries."
            start, end = span_of(call.args[0]), span_of(call.args[-1])
            changes = [insert(start.line, start.column, "("), insert(end.end_line, end.end_column, ")")]
            advice = remedy(site, f"Write {function}(({inner})).", *changes)
            return crash_finding(site, words, at=call, remedies=[advice])
    return None


def explain_integer_array(site: CrashSite, _found: re.Match[str]) -> Finding | None:
    """Explain ``w -= rate * gradient`` for an array of whole numbers."""
    for node in [*site.failing(), *site.statements]:
        if not isinstance(node, ast.AugAssign):
            continue
        text = text_of(site.source, node.target)
        words = f"{text} is an array of whole numbers, in which the result with its decimals cannot be stored."
        made = assignments(site, node.target)
        only = made[0].value if len(made) == 1 else None
        changes = []
        if isinstance(only, ast.Call) and site.imports.numpy(only.func):
            dtype = next((keyword.value for keyword in only.keywords if keyword.arg == "dtype"), None)
            end = span_of(only)
            last = ", dtype=float" if only.args else "dtype=float"
            if dtype is not None:
                changes = [replace(dtype, "float")]
            elif site.imports.numpy(only.func) in {"array", "asarray", *_SIZES}:
                changes = [insert(end.end_line, end.end_column - 1, last)]
            else:
                changes = [insert(end.end_line, end.end_column, ".astype(float)")]
        place = f" in {line_name(site.source, made[0].lineno)}" if len(made) == 1 else ""
        advice = remedy(site, f"Make {text} an array of floats{place}.", *changes)
        lines = [made[0].lineno] if len(made) == 1 else []
        return crash_finding(site, words, at=node, evidence=values_of(site, node), lines=lines, remedies=[advice])
    return None


def explain_no_length(site: CrashSite, found: re.Match[str]) -> Finding:
    """Explain ``len(3)``."""
    what = found.group(1) or "single number"
    words = f"{site.text} asks for the length of {article(what)}, which has none."
    return crash_finding(site, words, evidence=values_of(site, site.node))


def explain_no_function_of(site: CrashSite, _found: re.Match[str]) -> Finding:
    """Explain ``np.exp`` of texts or of ragged lists."""
    words = f"{site.text} needs numbers, but gets texts or lists of different lengths, which NumPy keeps as objects."
    return crash_finding(site, words, evidence=values_of(site, site.node))
