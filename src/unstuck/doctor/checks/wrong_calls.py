"""Is something called that cannot be, or with the wrong arguments?"""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING

from unstuck.doctor.checks.crash_findings import (
    article,
    calls_in,
    clearly_meant,
    crash_finding,
    did_you_mean,
    held,
    names_used,
    remedy,
    values_of,
)
from unstuck.doctor.checks.edits import Change, comma_after, insert, replace, short_text_of, text_of
from unstuck.doctor.checks.shapes.context import own_nodes
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import line_name, span_of
from unstuck.doctor.scripts.sites import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.findings import Finding

_NOT_CALLABLE = re.compile(r"^'([\w.]+)' object is not callable")
_MISSING = re.compile(r"^([\w.<>]+)\(\) missing (\d+) required (?:positional|keyword-only) arguments?: (.+)$")
_TOO_MANY = re.compile(
    r"^([\w.<>]+)\(\) takes (?:from \d+ to )?(\d+) positional arguments? but (\d+) (?:was|were) given"
)
_UNEXPECTED = re.compile(r"^([\w.<>]+)\(\) got an unexpected keyword argument '(\w+)'")
_NUMBERS = frozenset(["int", "float", "float64", "float32", "int64", "bool"])
_CONTAINERS = frozenset(["list", "tuple", "dict", "ndarray", "numpy.ndarray"])


def explain_wrong_call(site: CrashSite) -> Finding | None:
    """Return the finding for a TypeError over a call, None for any other crash."""
    for pattern, explain in _EXPLANATIONS:
        found = pattern.search(site.crash.message)
        if found and site.crash.exception == "TypeError":
            return explain(site, found)
    return None


# ---------------------------------------------------------------------- not callable


def _not_callable(site: CrashSite, found: re.Match[str]) -> Finding:
    kind = found.group(1).rpartition(".")[2]
    for call in calls_in(site):
        value = held(site, call.func)
        is_literal = isinstance(call.func, ast.Constant | ast.List | ast.Tuple | ast.BinOp)
        if (value is not None and value.kind != kind) or (value is None and not is_literal):
            continue
        text = short_text_of(site.source, call.func)
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if hasattr(builtins, name):
            return _hidden_builtin(site, call, name, kind)
        words = f"{text} is {article(kind)} and cannot be called, but the brackets after it make a call of it"
        if isinstance(call.func, ast.List | ast.Tuple):
            comma = remedy(site, f"Put a comma after {text}.", comma_after(site.source, call.func))
            return crash_finding(site, f"{words}: a comma is missing.", at=call, remedies=[comma])
        return crash_finding(
            site, f"{words}.", at=call, evidence=values_of(site, call), remedies=_instead_of_call(site, call, kind)
        )
    if kind == "module":
        return crash_finding(site, f"{site.text} calls a module; a function in it was meant.")
    return crash_finding(site, f"{site.text} calls {article(kind)}, which cannot be called.")


def _instead_of_call(site: CrashSite, call: ast.Call, kind: str) -> list[Remedy]:
    """Return what was meant by ``x(...)``: a product for a number, an entry for a list or an array."""
    if len(call.args) != 1 or call.keywords:
        return []
    function, argument = text_of(site.source, call.func), text_of(site.source, call.args[0])
    product = f"{function} * ({argument})"
    entry = f"{function}[{argument}]"
    value = held(site, call.args[0])
    counts = isinstance(call.args[0], ast.Constant) or (value is not None and value.kind == "int")
    if kind in _NUMBERS or (kind == "ndarray" and isinstance(call.args[0], ast.BinOp)):
        return [remedy(site, f"Write {product} if a product is meant.", replace(call, product))]
    if kind in _CONTAINERS and counts:
        return [remedy(site, f"Write {entry} if an entry is meant.", replace(call, entry))]
    return [Remedy(f"Write {entry} for an entry, {product} for a product.")]


def _hidden_builtin(site: CrashSite, call: ast.Call, name: str, kind: str) -> Finding:
    """Explain that the script has given a built-in function's name to a variable."""
    stores = [
        node
        for node in ast.walk(site.tree)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]
    where = f" since {line_name(site.source, stores[0].lineno)}" if stores else ""
    words = f"{name} is {article(kind)}{where}, and no longer Python's own function."
    new = f"{name}_"
    calls = {id(node.func) for node in ast.walk(site.tree) if isinstance(node, ast.Call)}
    in_one_place = isinstance(site.tree, ast.Module) and all(node in list(own_nodes(site.tree)) for node in stores)
    reads = [node for node in names_used(site.tree, name) if id(node) not in calls]
    changes = [replace(node, new) for node in [*stores, *reads]] if in_one_place and stores else []
    lines = [node.lineno for node in stores[:1]]
    advice = remedy(site, f"Give the variable another name, such as {new}.", *changes)
    return crash_finding(site, words, at=call, lines=lines, remedies=[advice])


# ---------------------------------------------------------------------- arguments


def _missing(site: CrashSite, found: re.Match[str]) -> Finding:
    name, names = found.group(1), found.group(3)
    function = _function(site, name)
    place = f", which {line_name(site.source, function.lineno)} defines," if function else ""
    short = name.rpartition(".")[2]
    if names == "'self'":
        owner = name.rpartition(".")[0] or "the class"
        words = f"{short} is a method and needs an object, but is called on {owner} itself."
        return crash_finding(
            site,
            words,
            remedies=[Remedy(f"Make an object first, as in net = {owner}(...), and call net.{short}(...).")],
        )
    if short == "__init__" and function:
        short = name.split(".")[0]
        place = f", whose __init__ stands in {line_name(site.source, function.lineno)},"
    words = f"{short}{place} is called without a value for {names.replace(chr(39), '')}."
    lines = [function.lineno] if function else []
    return crash_finding(site, words, lines=lines, remedies=[Remedy(f"Pass {names.replace(chr(39), '')} too.")])


def _too_many(site: CrashSite, found: re.Match[str]) -> Finding:
    name, most, given = found.group(1), int(found.group(2)), int(found.group(3))
    function = _function(site, name)
    short = name.rpartition(".")[2]
    arguments = [arg.arg for arg in function.args.args] if function else []
    if function and "." in name and given == most + 1 and (not arguments or arguments[0] not in {"self", "cls"}):
        words = f"The method {short} has no parameter self, so the object it is called on is taken for an argument too many."
        start = _after_bracket(site, function)
        change = [insert(*start, "self, " if arguments else "self")] if start else []
        advice = remedy(site, f"Write self as the first parameter of {short}.", *change)
        return crash_finding(site, words, lines=[function.lineno], remedies=[advice])
    method = bool(arguments) and arguments[0] == "self"
    listed = f": {', '.join(arguments[1:] if method else arguments)}" if arguments else ""
    taken, passed = (most - 1, given - 1) if method else (most, given)
    words = f"{short} is called with {passed} arguments, but takes {taken}{listed}."
    return crash_finding(site, words, lines=[function.lineno] if function else [])


def _after_bracket(site: CrashSite, function: ast.FunctionDef) -> tuple[int, int] | None:
    """Return the place right after the opening bracket of a function's parameters."""
    line = site.source.text.split("\n")[function.lineno - 1]
    found = re.search(rf"def\s+{re.escape(function.name)}\s*\(", line)
    return (function.lineno, len(line[: found.end()].encode())) if found else None


def _unexpected(site: CrashSite, found: re.Match[str]) -> Finding:
    name, keyword = found.groups()
    function = _function(site, name)
    known = [arg.arg for arg in [*function.args.args, *function.args.kwonlyargs]] if function else []
    known = [each for each in known if each != "self"]
    meant = clearly_meant(keyword, known)
    short = name.rpartition(".")[2]
    question = did_you_mean(keyword, known)
    has = f" It has {', '.join(known)}." if known else ""
    words = f"{short} has no parameter {keyword}.{question or has}"
    changes = []
    for call in calls_in(site):
        for argument in call.keywords:
            if argument.arg == keyword and meant:
                start = span_of(argument)
                width = len(keyword.encode())
                changes = [Change(Span(start.line, start.column, start.line, start.column + width), meant)]
    advice = [remedy(site, f"Write {meant} instead of {keyword}.", *changes)] if meant else []
    return crash_finding(site, words, lines=[function.lineno] if function else [], remedies=advice)


def _function(site: CrashSite, name: str) -> ast.FunctionDef | None:
    """Return the script's own function that a message calls ``name``, if there is one of that name."""
    owner, _, last = name.rpartition(".")
    inside = [node for node in ast.walk(site.tree) if isinstance(node, ast.ClassDef) and node.name == owner]
    nodes = inside[0].body if inside else list(ast.walk(site.tree))
    found = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == last]
    return found[0] if len(found) == 1 else None


_EXPLANATIONS: tuple[tuple[re.Pattern[str], Callable[[CrashSite, re.Match[str]], Finding]], ...] = (
    (_NOT_CALLABLE, _not_callable),
    (_MISSING, _missing),
    (_TOO_MANY, _too_many),
    (_UNEXPECTED, _unexpected),
)
