"""Is a value one that an operation cannot take, though its type is right?"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from unstuck.doctor.checks.crash_findings import calls_in, crash_finding, held, kind_of, remedy, values_of
from unstuck.doctor.checks.edits import insert, replace, short_text_of, text_of
from unstuck.doctor.checks.own_functions import own_function
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import line_name, span_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.findings import Finding

_PAIR = 2


def explain_wrong_value(site: CrashSite) -> Finding | None:
    """Return the finding for a ValueError that is not about shapes, None for any other crash."""
    if site.crash.exception != "ValueError":
        return None
    for pattern, explain in _EXPLANATIONS:
        found = re.search(pattern, site.crash.message)
        if found:
            return explain(site, found)
    return None


# ---------------------------------------------------------------------- yes or no of an array


def _truth(site: CrashSite, _found: re.Match[str]) -> Finding:
    """Explain ``if x > 0`` and ``max(0, x)`` for an array."""
    numpy = next((entry.name for entry in site.imports.of_module("numpy")), "np")
    for call in calls_in(site):
        if isinstance(call.func, ast.Name) and call.func.id in {"max", "min"} and len(call.args) == _PAIR:
            new = f"{numpy}.{call.func.id}imum"
            words = f"{call.func.id} picks one of two single values; for each entry of an array there is {new}."
            advice = remedy(site, f"Write {new}.", replace(call.func, new))
            return crash_finding(site, words, at=call, evidence=values_of(site, call), remedies=[advice])
    for statement in site.statements:
        test = statement.test if isinstance(statement, ast.If | ast.While | ast.Assert) else None
        if test is not None:
            text = short_text_of(site.source, test)
            words = f"{text} is an array of many True and False, but if and while need a single one."
            advice = Remedy(
                f"Write {numpy}.where({text}, ..., ...) to choose for each entry, {numpy}.all(...) if all must hold."
            )
            return crash_finding(site, words, at=test, evidence=values_of(site, test), remedies=[advice])
    for kind in (ast.BoolOp, ast.IfExp, ast.Compare):
        for node in (node for node in site.walk() if isinstance(node, kind)):
            return _choice(site, node.test if isinstance(node, ast.IfExp) else node, numpy)
    return crash_finding(site, f"{site.text} needs a single True or False, but gets an array of them.")


def _choice(site: CrashSite, node: ast.expr, numpy: str) -> Finding:
    """Explain ``x > 0 and x < 1`` and ``1 if x > 0 else 0`` for an array."""
    words = f"{short_text_of(site.source, node)} needs a single True or False, but gets an array of them."
    advice = Remedy(f"To choose for each entry of an array, write {numpy}.where(condition, one, other).")
    if isinstance(node, ast.BoolOp):
        word, sign = ("and", "&") if isinstance(node.op, ast.And) else ("or", "|")
        advice = Remedy(f"For each entry of an array write {sign} instead of {word}, each condition in brackets.")
    return crash_finding(site, words, at=node, evidence=values_of(site, node), remedies=[advice])


# ---------------------------------------------------------------------- several names at once


def _too_many(site: CrashSite, found: re.Match[str]) -> Finding:
    return _unpacking(site, int(found.group(1)), "more")


def _not_enough(site: CrashSite, found: re.Match[str]) -> Finding:
    return _unpacking(site, int(found.group(1)), found.group(2) or "fewer")


def _unpacking(site: CrashSite, expected: int, given: str) -> Finding:
    for statement in site.statements:
        if not isinstance(statement, ast.Assign | ast.For):
            continue
        value = statement.value if isinstance(statement, ast.Assign) else statement.iter
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        what, names = short_text_of(site.source, value), short_text_of(site.source, target)
        gives = f"each entry of {what}" if isinstance(statement, ast.For) else what
        words = f"{names} are {expected} names, but {gives} has {given} values for them."
        lines = []
        function = own_function(site, value)
        if function is not None:
            lines = [function.lineno]
            words += f" {function.name} is defined in {line_name(site.source, function.lineno)}."
        whole = value.value if isinstance(value, ast.Attribute) and value.attr == "shape" else value
        known = held(site, whole)
        if whole is not value and known is not None and known.shape is not None:
            words = f"{names} are {expected} names, but {what} is {known.shape}."
        return crash_finding(site, words, at=statement if isinstance(statement, ast.Assign) else value,
                             evidence=values_of(site, value), lines=lines)  # fmt: skip
    return crash_finding(site, f"{site.text} has {expected} names for {given} values.")


# ---------------------------------------------------------------------- texts that are no numbers


def _no_number(site: CrashSite, found: re.Match[str]) -> Finding:
    text = found.group(1)
    for call in calls_in(site):
        name = site.imports.numpy(call.func)
        if name in {"loadtxt", "genfromtxt"}:
            row = re.search(r"at row (\d+), column (\d+)", site.crash.message)
            where = f" in row {int(row.group(1)) + 1}, column {row.group(2)}," if row else ""
            words = f"The file has {text}{where} where a number is expected."
            given = {keyword.arg for keyword in call.keywords}
            if "skiprows" in given or not row or row.group(1) != "0":
                delimiter = (
                    " If the columns are separated by commas, write delimiter=','." if "delimiter" not in given else ""
                )
                advice = [Remedy(f"Take what is no number out of the file, or choose columns with usecols.{delimiter}")]
            else:
                end = span_of(call)
                change = insert(end.end_line, end.end_column - 1, ", skiprows=1")
                advice = [remedy(site, "If the first row holds the names of the columns, skip it: skiprows=1.", change)]
            return crash_finding(site, words, at=call, remedies=advice)
    words = f"The text {text} is no number, so {site.text} cannot make one of it."
    return crash_finding(site, words, evidence=values_of(site, site.node))


def _no_whole_number(site: CrashSite, found: re.Match[str]) -> Finding:
    text = found.group(1)
    words = f"The text {text} is no whole number, so int() cannot read it."
    for call in calls_in(site):
        is_int = isinstance(call.func, ast.Name) and call.func.id == "int" and len(call.args) == 1
        if is_int and re.fullmatch(r"'\s*-?\d+\.\d*\s*'", text):
            inner = call.args[0]
            new = f"float({text_of(site.source, inner)})"
            advice = remedy(site, f"Read it as a float first: int({new}).", replace(inner, new))
            return crash_finding(site, words, at=call, evidence=values_of(site, call), remedies=[advice])
    return crash_finding(site, words, evidence=values_of(site, site.node))


# ---------------------------------------------------------------------- numbers out of range


def _domain(site: CrashSite, _found: re.Match[str]) -> Finding:
    for call in calls_in(site):
        dotted = site.imports.dotted(call.func)
        if dotted in {"math.log", "math.log2", "math.log10", "math.sqrt"} and call.args:
            argument = short_text_of(site.source, call.args[0])
            needs = "a number that is not negative" if dotted == "math.sqrt" else "a positive number"
            value = held(site, call.args[0])
            shown = f"{argument}, which is {value.text}" if value else argument
            words = f"{dotted} needs {needs}, but gets {shown}."
            advice = [Remedy(f"Keep it away from 0: {dotted}(max({argument}, 1e-12)).")] if "log" in dotted else []
            return crash_finding(site, words, at=call, evidence=values_of(site, call), remedies=advice)
    return crash_finding(
        site, f"{site.text} is asked for a number it is not defined for.", evidence=values_of(site, site.node)
    )


def _not_finite(site: CrashSite, _found: re.Match[str]) -> Finding:
    words = f"{site.text} is to make a whole number of NaN, which is none: something before has become NaN."
    return crash_finding(site, words, evidence=values_of(site, site.node))


def _single(site: CrashSite, _found: re.Match[str]) -> Finding:
    for call in calls_in(site):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "item":
            array = short_text_of(site.source, call.func.value)
            value = held(site, call.func.value)
            of_shape = f", of shape {value.shape}," if value and value.shape else ""
            words = f"item() returns the only entry of an array, but {array}{of_shape} has several."
            return crash_finding(site, words, at=call, evidence=values_of(site, call))
    return crash_finding(site, f"{site.text} needs an array with a single entry.", evidence=values_of(site, site.node))


def _negative_size(site: CrashSite, _found: re.Match[str]) -> Finding:
    for call in calls_in(site):
        for argument in call.args:
            for part in (node for node in ast.walk(argument) if isinstance(node, ast.Name)):
                value = held(site, part) if kind_of(site, part) == "int" else None
                if value is not None and value.text.startswith("-"):
                    words = f"{site.text} makes an array with a negative size: {short_text_of(site.source, part)} is {value.text}."
                    return crash_finding(site, words, evidence=values_of(site, argument))
    return crash_finding(site, f"{site.text} makes an array with a negative size.", evidence=values_of(site, site.node))


_EXPLANATIONS: tuple[tuple[str, Callable[[CrashSite, re.Match[str]], Finding]], ...] = (
    (r"truth value of an array", _truth),
    (r"too many values to unpack \(expected (\d+)", _too_many),
    (r"not enough values to unpack \(expected (?:at least )?(\d+), got (\d+)\)", _not_enough),
    (r"could not convert string (?:to float: )?(?:np\.str_\()?('.*?')", _no_number),
    (r"invalid literal for int\(\) with base 10: ('.*')", _no_whole_number),
    (r"math domain error|expected a (?:positive|nonnegative) input", _domain),
    (r"cannot convert float NaN to integer", _not_finite),
    (r"can only convert an array of size 1", _single),
    (r"negative dimensions are not allowed", _negative_size),
)
