"""Which attribute is asked for that is not there?"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.crash_findings import article, clearly_meant, crash_finding, did_you_mean, remedy, values_of
from unstuck.doctor.checks.edits import Change, replace, short_text_of, text_of
from unstuck.doctor.checks.own_functions import function_that_made, returns
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import line_name, span_of
from unstuck.doctor.scripts.sites import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.findings import Finding

_OBJECT = re.compile(r"'([\w.]+)' object has no attribute '(\w+)'")
_MODULE = re.compile(r"module '([\w.]+)' has no attribute '(\w+)'")
_PYTHON_3 = {"iteritems": "items", "itervalues": "values", "iterkeys": "keys"}
_OF_ARRAYS = frozenset(
    ["shape", "T", "dot", "reshape", "ndim", "size", "mean", "sum", "max", "min", "astype", "flatten", "dtype"]
)


def explain_unknown_attribute(site: CrashSite) -> Finding | None:
    """Return the finding for an AttributeError, None for any other crash."""
    if site.crash.exception != "AttributeError":
        return None
    found = _MODULE.search(site.crash.message)
    if found:
        return _of_module(site, *found.groups())
    found = _OBJECT.search(site.crash.message)
    if found is None:
        return crash_finding(site, f"{site.text} asks for something that is not there: {site.crash.message}.")
    return _of_object(site, found.group(1).rpartition(".")[2], found.group(2))


def _of_object(site: CrashSite, kind: str, name: str) -> Finding:
    node = _attribute(site, name)
    own = [each for each in ast.walk(site.tree) if isinstance(each, ast.ClassDef) and each.name == kind]
    if own:
        return _of_own_class(site, own[0], node, name)
    if kind == "NoneType":
        return _of_nothing(site, node, name)
    if kind in {"list", "tuple"} and name in _OF_ARRAYS:
        return _of_list(site, node, name, kind)
    if kind == "ndarray" and name in {"append", "extend", "insert"}:
        return _of_array(site, node, name)
    if kind == "dict" and name in _PYTHON_3:
        new = _PYTHON_3[name]
        return _renamed(site, node, name, new, f"{name} is Python 2; Python 3 calls it {new}.")
    return _misspelt(site, node, name, f"{article(kind).capitalize()} has", _attributes_of(kind))


def _attribute(site: CrashSite, name: str) -> ast.Attribute | None:
    """Return the place where the attribute is asked for."""
    if isinstance(site.node, ast.Attribute):
        return site.node
    return next((node for node in site.failing() if isinstance(node, ast.Attribute) and node.attr == name), None)


def _attributes_of(kind: str) -> list[str]:
    """Return the attributes of a type that is Python's or NumPy's own."""
    known = getattr(builtins, kind, None) or getattr(np, kind, None)
    return [name for name in dir(known) if not name.startswith("_")] if isinstance(known, type) else []


def _renamed(site: CrashSite, node: ast.Attribute | None, name: str, new: str, message: str) -> Finding:
    changes = [_rename(node, new)] if node else []
    return crash_finding(site, message, at=node, remedies=[remedy(site, f"Write {new} instead of {name}.", *changes)])


def _rename(node: ast.Attribute, new: str) -> Change:
    end = span_of(node)
    width = len(node.attr.encode())
    return Change(Span(end.end_line, end.end_column - width, end.end_line, end.end_column), new)


def _misspelt(site: CrashSite, node: ast.Attribute | None, name: str, has: str, known: Iterable[str]) -> Finding:
    known = list(known)
    meant = clearly_meant(name, known)
    words = f"{has} no {name}.{did_you_mean(name, known)}"
    if meant is None:
        return crash_finding(site, words, at=node, evidence=values_of(site, node))
    return _renamed(site, node, name, meant, words)


def _of_module(site: CrashSite, module: str, name: str) -> Finding:
    """Explain a name that a module does not have; only modules that are loaded anyway are looked into."""
    known = dir(sys.modules[module]) if module in sys.modules else []
    node = _attribute(site, name)
    shown = short_text_of(site.source, node.value) if node else module
    return _misspelt(site, node, name, f"The module {module}{f' ({shown})' if shown != module else ''} has", known)


def _of_nothing(site: CrashSite, node: ast.Attribute | None, name: str) -> Finding:
    what = short_text_of(site.source, node.value) if node else "something"
    words = f"{what} is None, so it has no {name}"
    function = function_that_made(site, node.value) if node else None
    if function is None or returns(function):
        return crash_finding(site, f"{words}.", at=node, evidence=values_of(site, node))
    place = line_name(site.source, function.lineno)
    advice = Remedy(f"End {function.name} with return and the value it has worked out.")
    words += f": the function {function.name}, in {place}, returns nothing."
    return crash_finding(site, words, at=node, lines=[function.lineno], remedies=[advice])


def _of_list(site: CrashSite, node: ast.Attribute | None, name: str, kind: str) -> Finding:
    what = short_text_of(site.source, node.value) if node else "something"
    words = f"{what} is a Python {kind}, not an array, so it has no {name}."
    numpy = next((entry.name for entry in site.imports.of_module("numpy")), None)
    changes = []
    if node is not None and numpy:
        changes = [replace(node.value, f"{numpy}.array({text_of(site.source, node.value)})")]
    advice = remedy(site, f"Make an array of it: {numpy or 'np'}.array({what}).", *changes)
    return crash_finding(site, words, at=node, evidence=values_of(site, node), remedies=[advice])


def _of_array(site: CrashSite, node: ast.Attribute | None, name: str) -> Finding:
    what = short_text_of(site.source, node.value) if node else "something"
    words = f"{what} is an array, whose size is fixed, so it has no {name}."
    numpy = next((entry.name for entry in site.imports.of_module("numpy")), "np")
    advice = [
        Remedy(f"Collect in a list, {what} = [], and make an array of it at the end."),
        Remedy(f"Write {what} = {numpy}.append({what}, ...), which makes a new array each time."),
    ]
    return crash_finding(site, words, at=node, evidence=values_of(site, node), remedies=advice)


def _of_own_class(site: CrashSite, own: ast.ClassDef, node: ast.Attribute | None, name: str) -> Finding:
    """Explain an attribute that an object of the script's own does not have, or not yet."""
    stored: dict[str, ast.FunctionDef] = {}
    methods = [part for part in own.body if isinstance(part, ast.FunctionDef)]
    for method in methods:
        for part in ast.walk(method):
            is_own = isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "self"
            if is_own and isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
                stored.setdefault(part.attr, method)
    maker = stored.get(name)
    if maker is None:
        known = {*stored, *(method.name for method in methods)}
        return _misspelt(site, node, name, f"An object of the class {own.name} has", known)
    place = line_name(site.source, maker.lineno)
    words = f"The object has no {name} yet: the method {maker.name}, in {place}, makes it, and has not got that far."
    advice = Remedy(f"Call {maker.name} before, or give self.{name} a first value in __init__.")
    return crash_finding(site, words, at=node, lines=[maker.lineno], remedies=[advice])
