"""Which index or key is not there, and what is?"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from unstuck.doctor.checks.crash_findings import (
    clearly_meant,
    crash_finding,
    did_you_mean,
    held,
    remedy,
    values_of,
)
from unstuck.doctor.checks.edits import insert, operator_change, replace, short_text_of, text_of
from unstuck.doctor.checks.shapes.expressions import Evaluator
from unstuck.doctor.checks.shapes.scope import MisfitError, scope_of
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import span_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.checks.shapes.rules import Shape
    from unstuck.doctor.findings import Finding


def explain_wrong_index(site: CrashSite) -> Finding | None:
    """Return the finding for an IndexError or a KeyError, None for any other crash."""
    if site.crash.exception == "KeyError":
        return _missing_key(site)
    if site.crash.exception != "IndexError":
        return None
    for pattern, explain in _EXPLANATIONS:
        found = re.search(pattern, site.crash.message)
        if found:
            return explain(site, found)
    words = f"{site.text} picks what is not there: {site.crash.message}."
    return crash_finding(site, words, evidence=values_of(site, site.node))


def _subscripts(site: CrashSite) -> Iterator[ast.Subscript]:
    if isinstance(site.node, ast.Subscript):
        yield site.node
    yield from (node for node in site.failing() if isinstance(node, ast.Subscript) and node is not site.node)


def _shape(site: CrashSite, node: ast.expr) -> Shape | None:
    try:
        return Evaluator(scope_of(site.tree, site.imports, site.crash.variables)).shape(node)
    except MisfitError:
        return None


def _out_of_bounds(site: CrashSite, found: re.Match[str]) -> Finding:
    index, axis, size = (int(number) for number in found.groups())
    for node in _subscripts(site):
        shape = _shape(site, node.value)
        if shape is not None and (len(shape) <= axis or shape[axis] != size):
            continue
        array = short_text_of(site.source, node.value)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        part = parts[axis] if axis < len(parts) else node.slice
        text = short_text_of(site.source, part)
        value = f", which is {index}," if not isinstance(part, ast.Constant) else ""
        of_shape = f" of shape {shape}" if shape else ""
        words = f"{text}{value} is no index of {array}{of_shape}: {_valid(size)}."
        advice = [Remedy(f"Let the index run up to {size - 1}.")] if size else [Remedy(f"Fill {array} before.")]
        return crash_finding(site, words, at=node, evidence=values_of(site, node), remedies=advice)
    return crash_finding(site, f"In {site.text}, {index} is no index along axis {axis}: {_valid(size)}.")


def _valid(size: int) -> str:
    return f"indices go from 0 to {size - 1}" if size else "there is nothing in it"


def _list_index(site: CrashSite, _found: re.Match[str]) -> Finding:
    for node in _subscripts(site):
        value = held(site, node.value)
        if value is not None and value.kind not in {"list", "tuple"}:
            continue
        what = short_text_of(site.source, node.value)
        index = short_text_of(site.source, node.slice)
        number = held(site, node.slice)
        is_known = number is not None and not isinstance(node.slice, ast.Constant)
        shown = f"{index}, which is {number.text}," if number is not None and is_known else index
        size = f": indices go from 0 to {value.shape[0] - 1}" if value is not None and value.shape else ""
        words = f"{shown} is no index of the {value.kind if value else 'list'} {what}{size}."
        return crash_finding(site, words, at=node, evidence=values_of(site, node))
    if "pop" in site.crash.message:
        return crash_finding(site, f"{site.text} takes something out of an empty list.")
    return crash_finding(site, f"{site.text} has an index past the end of a list.")


def _too_many(site: CrashSite, found: re.Match[str]) -> Finding:
    dimensions, given = int(found.group(1)), int(found.group(2))
    for node in _subscripts(site):
        count = len(node.slice.elts) if isinstance(node.slice, ast.Tuple) else 1
        shape = _shape(site, node.value)
        if count != given or (shape is not None and len(shape) != dimensions):
            continue
        array = short_text_of(site.source, node.value)
        of_shape = f", of shape {shape}," if shape is not None else ""
        has = "is a single number" if dimensions == 0 else f"has {_dimensions(dimensions)}"
        words = f"{short_text_of(site.source, node)} has {given} indices, but {array}{of_shape} {has}."
        advice = [Remedy(f"Make {array} an array of {_dimensions(given)}, or index it with {dimensions}.")]
        return crash_finding(site, words, at=node, evidence=values_of(site, node), remedies=advice)
    return crash_finding(site, f"{site.text} has {given} indices for an array of {_dimensions(dimensions)}.")


def _dimensions(count: int) -> str:
    return "1 dimension" if count == 1 else f"{count} dimensions"


def _no_whole_number(site: CrashSite, _found: re.Match[str]) -> Finding:
    """Explain an index with a decimal point."""
    for node in _subscripts(site):
        divisions = [
            part for part in ast.walk(node.slice) if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div)
        ]
        if len(divisions) == 1:
            words = f"{short_text_of(site.source, node.slice)} is no index: / gives a number with a decimal point."
            return crash_finding(site, words, at=node, remedies=[whole_division(site, divisions[0])])
        value = held(site, node.slice)
        if value is None or not (value.dtype or value.kind).startswith("float"):
            continue
        text = short_text_of(site.source, node.slice)
        kind = "an array of floats" if value.shape else "a float"
        end = span_of(node.slice)
        if value.shape and isinstance(node.slice, ast.Name):
            change = insert(end.end_line, end.end_column, ".astype(int)")
            advice = remedy(site, f"Write {text}.astype(int).", change)
        else:
            advice = remedy(
                site, f"Write int({text}).", replace(node.slice, f"int({text_of(site.source, node.slice)})")
            )
        words = f"{text} is {kind}, but an index has to be a whole number."
        return crash_finding(site, words, at=node, evidence=values_of(site, node), remedies=[advice])
    words = f"{site.text} has an index that is no whole number."
    return crash_finding(site, words, evidence=values_of(site, site.node))


def whole_division(site: CrashSite, division: ast.BinOp) -> Remedy:
    """Return the remedy that writes ``//`` instead of ``/``."""
    return remedy(
        site, "Write // instead of /, which drops the decimals.", *operator_change(site.source, division, "/", "//")
    )


def _mask(site: CrashSite, _found: re.Match[str]) -> Finding:
    words = f"{site.text} picks by True and False, but of another size: {site.crash.message.partition('; ')[2]}."
    return crash_finding(site, words, evidence=values_of(site, site.node))


def _missing_key(site: CrashSite) -> Finding:
    given = site.crash.message.strip()
    for node in _subscripts(site):
        prefix = f"{ast.unparse(node.value)}["
        keys = [
            name[len(prefix) : -1] for name in site.crash.variables if name.startswith(prefix) and name.endswith("]")
        ]
        keys = [key for key in keys if key.count("[") == 0 and "]" not in key]
        what = short_text_of(site.source, node.value)
        if not keys:
            words = f"{what} has no entry {given}."
            return crash_finding(site, words, at=node, remedies=[Remedy(f"Put an entry {given} into {what} before.")])
        plain = {key.strip("'\""): key for key in keys}
        meant = clearly_meant(given.strip("'\""), plain)
        question = did_you_mean(given.strip("'\""), plain)
        words = f"{what} has no entry {given}, only {', '.join(keys[:6])}.{question}"
        evidence = {"entries": keys[:20]}
        is_literal = isinstance(node.slice, ast.Constant)
        advice = (
            [remedy(site, f"Write {plain[meant]} instead of {given}.", replace(node.slice, plain[meant]))]
            if meant and is_literal
            else [Remedy(f"Put an entry {given} into {what} before, or write one that is there.")]
        )
        return crash_finding(site, words, at=node, evidence=evidence, remedies=advice)
    return crash_finding(site, f"{site.text} asks for an entry {given} that is not there.")


_EXPLANATIONS: tuple[tuple[str, Callable[[CrashSite, re.Match[str]], Finding]], ...] = (
    (r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", _out_of_bounds),
    (r"too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed", _too_many),
    (r"valid indices|integer \(or boolean\) type", _no_whole_number),
    (r"boolean index did not match", _mask),
    (r"index out of range|pop from empty list", _list_index),
)
