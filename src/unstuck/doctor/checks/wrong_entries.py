"""Is an entry taken, or a loop run, of something that has no such entries?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.crash_findings import article, crash_finding, remedy, values_of
from unstuck.doctor.checks.edits import comma_after, replace, short_text_of, text_of
from unstuck.doctor.checks.wrong_indices import whole_division
from unstuck.doctor.findings import Remedy

if TYPE_CHECKING:
    import re

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.findings import Finding


def explain_list_index(site: CrashSite, found: re.Match[str]) -> Finding | None:
    """Explain ``[[0, 1] [1, 0]]``, ``rows[i, j]`` and ``rows[n / 2]`` for a list."""
    kind = found.group(1)
    for node in site.failing():
        if not isinstance(node, ast.Subscript):
            continue
        text = short_text_of(site.source, node.value)
        if isinstance(node.value, ast.List | ast.Tuple):
            words = f"A comma is missing after {text}: Python takes what follows for an index."
            advice = remedy(site, f"Put a comma after {text}.", comma_after(site.source, node.value))
            return crash_finding(site, words, at=node, remedies=[advice])
        if kind == "tuple" and isinstance(node.slice, ast.Tuple):
            new = text_of(site.source, node.value) + "".join(f"[{text_of(site.source, p)}]" for p in node.slice.elts)
            words = (
                f"{text} is a Python list, which takes one index at a time, not several between one pair of brackets."
            )
            plain = not any(isinstance(part, ast.Slice) for part in node.slice.elts)
            advice = remedy(site, f"Write {new}, or make an array of it.", *([replace(node, new)] if plain else []))
            return crash_finding(site, words, at=node, remedies=[advice])
        if kind == "float":
            words = f"{short_text_of(site.source, node.slice)} is a float, but an index has to be a whole number."
            divisions = [p for p in ast.walk(node.slice) if isinstance(p, ast.BinOp) and isinstance(p.op, ast.Div)]
            advice = whole_division(site, divisions[0]) if len(divisions) == 1 else Remedy("Write int(...) around it.")
            return crash_finding(site, words, at=node, remedies=[advice])
    return None


def explain_not_iterable(site: CrashSite, found: re.Match[str]) -> Finding:
    """Explain ``for i in 10``."""
    kind = found.group(1)
    for statement in site.statements:
        if isinstance(statement, ast.For) and kind == "int":
            text = text_of(site.source, statement.iter)
            words = f"A loop goes over the entries of something, but {text} is a single number."
            new = f"range({text})"
            advice = remedy(site, f"Write {new}.", replace(statement.iter, new))
            return crash_finding(
                site, words, at=statement.iter, evidence=values_of(site, statement.iter), remedies=[advice]
            )
    words = f"{site.text} goes over the entries of {article(kind)}, which has none."
    return crash_finding(site, words, evidence=values_of(site, site.node))


def explain_not_subscriptable(site: CrashSite, found: re.Match[str]) -> Finding:
    """Explain ``np.array[1, 2]``, and entries of what has none."""
    kind = found.group(1)
    for node in site.failing():
        if isinstance(node, ast.Subscript):
            text = text_of(site.source, node.value)
            if kind in {
                "function",
                "builtin_function_or_method",
                "method",
                "type",
                "ufunc",
                "_ArrayFunctionDispatcher",
            }:
                inner = text_of(site.source, node.slice)
                if site.imports.numpy(node.value) in {"array", "asarray"}:
                    inner = f"[{inner}]"
                words = f"{text} is a function: it is called with round brackets, not square ones."
                advice = remedy(site, f"Write {text}({inner}).", replace(node, f"{text}({inner})"))
                return crash_finding(site, words, at=node, remedies=[advice])
            words = f"{text} is {'None' if kind == 'NoneType' else article(kind)}, which has no entries."
            return crash_finding(site, words, at=node, evidence=values_of(site, node))
    return crash_finding(site, f"{site.text} takes an entry of {article(kind)}, which has none.")
