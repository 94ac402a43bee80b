"""Which name does the script use that stands for nothing, or for nothing yet?"""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.crash_findings import (
    bound_names,
    clearly_meant,
    crash_finding,
    did_you_mean,
    names_used,
    remedy,
)
from unstuck.doctor.checks.edits import insert, replace
from unstuck.doctor.checks.shapes.context import own_nodes
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import line_name

if TYPE_CHECKING:
    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.findings import Finding

_UNDEFINED = re.compile(r"^name '(\w+)' is not defined")
_LOCAL = re.compile(
    r"^cannot access local variable '(\w+)'|^local variable '(\w+)' referenced before|^cannot access free variable '(\w+)'"
)
_PYTHON_3 = {"xrange": "range", "raw_input": "input", "unicode": "str", "long": "int", "unichr": "chr"}
_CONSTANTS = {"true": "True", "TRUE": "True", "false": "False", "FALSE": "False", "null": "None", "none": "None"}


def explain_unknown_name(site: CrashSite) -> Finding | None:
    """Return the finding for a NameError, None for any other crash."""
    if site.crash.exception not in {"NameError", "UnboundLocalError"}:
        return None
    local = _LOCAL.match(site.crash.message)
    if local:
        return _local(site, next(filter(None, local.groups())))
    found = _UNDEFINED.match(site.crash.message)
    if found is None:
        return None
    name = found.group(1)
    return (
        _elsewhere(site, name)
        or _language(site, name)
        or _assigned_later(site, name)
        or _attribute_of_self(site, name)
        or _numpy_function(site, name)
        or _misspelt(site, name)
    )


def _replace_all(site: CrashSite, name: str, new: str, message: str) -> Finding:
    """Return a finding whose remedy writes ``new`` wherever the script says ``name``."""
    changes = [replace(node, new) for node in names_used(site.tree, name)]
    return crash_finding(site, message, remedies=[remedy(site, f"Write {new} instead of {name}.", *changes)])


def _language(site: CrashSite, name: str) -> Finding | None:
    if name in bound_names(site.tree):
        return None
    if name in _PYTHON_3:
        new = _PYTHON_3[name]
        return _replace_all(site, name, new, f"{name} is Python 2; Python 3 calls it {new}.")
    if name in _CONSTANTS:
        new = _CONSTANTS[name]
        return _replace_all(site, name, new, f"{name} is not a word of Python, which writes {new}.")
    if name == "reduce":
        return crash_finding(site, "reduce is Python 2.", remedies=[Remedy("Write from functools import reduce.")])
    return None


def _lines_of(tree: ast.AST, name: str) -> list[int]:
    """Return the lines on which a name gets a value."""
    lines = []
    for node in own_nodes(tree) if isinstance(tree, ast.Module | ast.FunctionDef) else ():
        is_variable = isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        if is_variable or (isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name):
            lines.append(getattr(node, "lineno", 0))
    return sorted(lines)


def _assigned_later(site: CrashSite, name: str) -> Finding | None:
    """Does the name get its value only further down?"""
    lines = _lines_of(site.tree, name)
    here = site.crash.callers[0] if site.crash.callers else site.crash.line or 0
    if not lines or lines[0] < here:
        return None
    first = lines[0]
    place = line_name(site.source, first)
    if first == here:
        words = f"{name} is used in the very statement that first gives it a value, in {place}."
        advice = f"Give {name} its first value before {site.line_name}."
    else:
        words = f"{name} is used in {site.line_name}, but gets its value only in {place}."
        advice = f"Move what makes {name} before {site.line_name}."
    return crash_finding(site, words, lines=[first], remedies=[Remedy(advice)])


def _elsewhere(site: CrashSite, name: str) -> Finding | None:
    """Is the name a local variable of some function, out of sight here?"""
    if _lines_of(site.tree, name):
        return None
    here = site.crash.function.rpartition(".")[2]
    for node in ast.walk(site.tree):
        if isinstance(node, ast.FunctionDef) and node.name != here:
            lines = _lines_of(node, name) or [arg.lineno for arg in node.args.args if arg.arg == name]
            if lines:
                place = line_name(site.source, lines[0])
                words = f"{name} only exists inside the function {node.name}, where {place} makes it."
                advice = Remedy(
                    f"Let {node.name} return {name}, and keep what it returns; or pass {name} as an argument."
                )
                return crash_finding(site, words, lines=lines[:1], remedies=[advice])
    return None


def _attribute_of_self(site: CrashSite, name: str) -> Finding | None:
    if "self" not in site.crash.variables:
        return None
    for node in ast.walk(site.tree):
        is_own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
        if is_own and isinstance(node, ast.Attribute) and node.attr == name:
            return _one_place(site, name, f"self.{name}", f"{name} is kept in self, as self.{name}.")
        if isinstance(node, ast.ClassDef) and any(
            isinstance(part, ast.FunctionDef) and part.name == name for part in node.body
        ):
            return _one_place(site, name, f"self.{name}", f"{name} is a method, which is called as self.{name}.")
    return None


def _one_place(site: CrashSite, name: str, new: str, message: str) -> Finding:
    changes = [replace(site.node, new)] if isinstance(site.node, ast.Name) else []
    return crash_finding(site, message, remedies=[remedy(site, f"Write {new} instead of {name}.", *changes)])


def _numpy_function(site: CrashSite, name: str) -> Finding | None:
    numpy = next((entry.name for entry in site.imports.of_module("numpy")), None)
    for module, prefix in ((np, ""), (np.random, "random."), (np.linalg, "linalg.")):
        if numpy and name in getattr(module, "__all__", ()) and not hasattr(builtins, name):
            new = f"{numpy}.{prefix}{name}"
            return _replace_all(site, name, new, f"{name} is a function of NumPy: it is called {new}.")
    return None


def _misspelt(site: CrashSite, name: str) -> Finding:
    known = {*_names(site), *dir(builtins)}
    meant = clearly_meant(name, _names(site)) or clearly_meant(name, dir(builtins))
    words = f"{name} is used in {site.line_name}, but nothing is called so."
    if meant:
        return _replace_all(site, name, meant, f"{words} Did you mean {meant}?")
    advice = Remedy(f"Give {name} a value first, or write the name that was meant.")
    return crash_finding(site, words + did_you_mean(name, known), remedies=[advice])


def _names(site: CrashSite) -> set[str]:
    """Return the names that can be seen where the script crashed."""
    visible = {name for name in site.crash.variables if name.isidentifier()}
    own = bound_names(site.tree) if not visible else set()
    functions = {node.name for node in site.tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return visible | own | functions | {entry.name for entry in site.imports.all if entry.name != "*"}


def _local(site: CrashSite, name: str) -> Finding:
    """Explain a variable that is local because the function assigns to it."""
    owner = _function(site)
    lines = _lines_of(owner, name) if owner else []
    deleted_later = [line for line in lines if line >= (site.crash.line or 0)]
    outside = _lines_of(site.tree, name)
    where = line_name(site.source, lines[0]) if lines else "a later line"
    function = site.crash.function.rpartition(".")[2]
    if not outside or owner is None:
        words = f"{name} is used in {site.line_name} before it has a value: {where} gives it one, but was not reached."
        advice = [Remedy(f"Give {name} a value at the beginning of {function or 'the function'}.")]
        return crash_finding(site, words, lines=lines[:1], remedies=advice)
    words = (
        f"{name} is used in {site.line_name} before it has a value: since {function} assigns to it, in {where}, "
        f"{name} is a variable of its own in there, not the one made in {line_name(site.source, outside[0])}."
    )
    first = owner.body[0]
    change = insert(first.lineno, 0, f"{' ' * first.col_offset}global {name}\n")
    one_line = first.lineno == owner.lineno
    advice = [
        remedy(site, f"Write global {name} at the top of {function}, or pass {name} as an argument and return it.",
               *(() if one_line or not deleted_later else (change,)))
    ]  # fmt: skip
    return crash_finding(site, words, lines=[*lines[:1], outside[0]], remedies=advice)


def _function(site: CrashSite) -> ast.FunctionDef | None:
    """Return the function of the crash."""
    line = site.crash.line or 0
    found = [
        node
        for node in ast.walk(site.tree)
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or line)
    ]
    return found[-1] if found else None
