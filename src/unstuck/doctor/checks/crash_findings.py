"""What all findings about crashes have in common."""

from __future__ import annotations

import ast
from difflib import get_close_matches
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import edits, short_text_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.places import line_of, location_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.checks.edits import Change
    from unstuck.doctor.crash import Held
    from unstuck.doctor.findings import Evidence
    from unstuck.doctor.places import Spanning

_CLOSE = 0.75
_CLEARLY_CLOSER = 0.8
_SHORT = 2
_NAMES = {"ndarray": "array", "str": "text", "NoneType": "None"}
_UNINTERESTING = frozenset(["module", "function", "type", "builtin_function_or_method", "method"])


def crash_finding(
    site: CrashSite,
    message: str,
    *,
    fault: str = "crash",
    at: Spanning | None = None,
    evidence: Evidence | None = None,
    remedies: Sequence[Remedy] = (),
    lines: Sequence[int] = (),
) -> Finding:
    """Return a finding for a crash, with what Python says as evidence beside whatever else was seen.

    Args:
        site: The crash.
        message: What is wrong, in plain words.
        fault: The code of the fault.
        at: What is wrong, if it is not the expression that failed.
        evidence: What was seen.
        remedies: What to do.
        lines: Other lines of the text that have to do with it.
    """
    crash = site.crash
    all_lines = (*crash.callers, *(() if crash.line is None else (crash.line,)), *lines)
    return Finding(
        fault=fault,
        message=message,
        location=location_of(site.source, at) if at is not None else site.location,
        evidence={**(evidence or {}), "Python says": saying(site)},
        severity="fatal",
        lines=tuple(sorted({line_of(site.source, line) for line in all_lines})),
        remedies=tuple(remedies),
    )


def saying(site: CrashSite) -> str:
    """Return what Python says of the crash, its first line."""
    first_line = site.crash.message.strip().partition("\n")[0]
    return f"{site.crash.exception}: {first_line}" if first_line else site.crash.exception


def remedy(site: CrashSite, summary: str, *changes: Change) -> Remedy:
    """Return a remedy with changes of the program's text, if there are any."""
    return Remedy(summary, edits(site.source, changes))


def held(site: CrashSite, node: ast.expr) -> Held | None:
    """Return what an expression held when the script crashed; None if it is no variable."""
    return site.crash.variables.get(ast.unparse(node))


def kind_of(site: CrashSite, node: ast.expr) -> str:
    """Return the name of the type of an expression, as far as it shows or a variable says it; else nothing."""
    if isinstance(node, ast.Constant):
        return type(node.value).__name__
    if isinstance(node, ast.List | ast.Tuple):
        return type(node).__name__.lower()
    value = held(site, node)
    return value.kind if value else ""


def values_of(site: CrashSite, node: ast.expr | ast.stmt | None) -> dict[str, str]:
    """Return what the variables in an expression held, for the evidence: shapes of arrays, else what they look like."""
    found: dict[str, str] = {}
    for part in ast.walk(node) if node is not None else ():
        if isinstance(part, ast.Name | ast.Attribute | ast.Subscript):
            value = held(site, part)
            if value is not None and value.kind not in _UNINTERESTING:
                found[short_text_of(site.source, part)] = description(value)
    return found


def description(value: Held) -> str:
    """Return what a variable held, in a few words.

    >>> from unstuck.doctor.crash import Held
    >>> description(Held("ndarray", (4, 2), "float64", "array(...)")), description(Held("int", (), None, "5"))
    ('array of shape (4, 2)', 'int 5')
    """
    if value.shape:
        return f"{_NAMES.get(value.kind, value.kind)} of shape {value.shape}"
    return value.text if value.kind == "NoneType" else f"{value.kind} {value.text}"


def article(word: str) -> str:
    """Return the name of a type with its article.

    >>> article("int"), article("list"), article("ndarray")
    ('an int', 'a list', 'an array')
    """
    name = _NAMES.get(word, word)
    return name if name == "None" else f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def clearly_meant(given: str, known: Iterable[str]) -> str | None:
    """Return the one known name that ``given`` is a slip of, None if none is or if there are several.

    >>> clearly_meant("sigmod", ["sigmoid", "X"]), clearly_meant("w3", ["w1", "w2"]), clearly_meant("x_Train", ["x_train"])
    ('sigmoid', None, 'x_train')
    """
    others = sorted(set(known) - {given})
    spelled = [name for name in others if name.lower() == given.lower()]
    if spelled:
        return spelled[0] if len(spelled) == 1 else None
    if len(given) <= _SHORT:
        return None
    close = get_close_matches(given, others, n=2, cutoff=_CLOSE)
    if len(close) == 1:
        return close[0]
    closest = get_close_matches(given, others, n=2, cutoff=_CLEARLY_CLOSER)
    return closest[0] if len(closest) == 1 else None


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Return the question which of up to three known names was meant, or nothing if none is close.

    >>> did_you_mean("spacial", ["special", "spatial", "stats"]), did_you_mean("x", ["y"])
    (' Did you mean spatial or special?', '')
    """
    others = sorted(set(known) - {given})
    meant = clearly_meant(given, others)
    close = [meant] if meant else get_close_matches(given, others, n=3, cutoff=_CLOSE) if len(given) > _SHORT else []
    return f" Did you mean {' or '.join(sorted(close))}?" if close else ""


def calls_in(site: CrashSite) -> Iterator[ast.Call]:
    """Yield the calls that may have failed; first the one that did, if it is known."""
    if isinstance(site.node, ast.Call):
        yield site.node
    yield from (node for node in site.failing() if isinstance(node, ast.Call) and node is not site.node)


def names_used(tree: ast.AST, name: str) -> Iterator[ast.Name]:
    """Yield the places at which a name is read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            yield node


def bound_names(tree: ast.AST) -> set[str]:
    """Return every name that a script binds anywhere: variables, functions, classes, parameters, imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.alias) and node.name != "*":
            names.add(node.asname or node.name.partition(".")[0])
    return names
