"""Does an import bring in something else than what the script goes on to use?"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.crash_findings import (
    bound_names,
    calls_in,
    clearly_meant,
    crash_finding,
    did_you_mean,
    remedy,
)
from unstuck.doctor.checks.edits import Change, insert, replace
from unstuck.doctor.checks.import_names import CUSTOMARY, WRITTEN_BY_HAND, first_import_line
from unstuck.doctor.checks.missing_module import submodules
from unstuck.doctor.checks.module_names import PIP_NAMES
from unstuck.doctor.checks.removed_imports import explain_removed
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import line_name, span_of
from unstuck.doctor.scripts.sites import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.checks.imports import Imported
    from unstuck.doctor.findings import Finding

_NO_ATTRIBUTE = re.compile(r"^(?:partially initialized )?module '([\w.]+)' has no attribute '(\w+)'")
_NO_NAME = re.compile(r"^cannot import name '(\w+)' from (?:partially initialized module )?'([\w.]+)'")
_UNDEFINED = re.compile(r"^name '(\w+)' is not defined")
_SHADOWED = frozenset(["abs", "all", "any", "divmod", "max", "min", "pow", "round", "sum"])
"""Built-in functions that ``from numpy import *`` replaces."""

_ARRAY_TO_NUMBER = re.compile(r"only (?:0-dimensional|length-1|size-1) arrays can be converted to Python scalars")


def explain_wrong_import(site: CrashSite, files: Sequence[str]) -> Finding | None:
    """Return the finding for a crash that an import is to blame for, None for any other crash.

    Args:
        site: The crash.
        files: What lies in the script's folder, relative to it.
    """
    return (
        _hidden_by_own_file(site, files)
        or explain_removed(site)
        or _module_without_attribute(site)
        or _name_not_imported(site)
        or _import_of_unknown_name(site)
        or _starred_over_builtin(site)
        or _function_for_single_numbers(site)
    )


def _finding(site: CrashSite, message: str, *remedies: Remedy, at: Imported | None = None) -> Finding:
    lines = [at.statement.lineno] if at else []
    node = span_of(at.alias) if at else None
    return crash_finding(site, message, fault="wrong-import", at=node, remedies=remedies, lines=lines)


# ---------------------------------------------------------------------- files


def _hidden_by_own_file(site: CrashSite, files: Sequence[str]) -> Finding | None:
    """Does a file in the script's folder have the name of the module that was meant?"""
    message = site.crash.message
    found = _NO_ATTRIBUTE.match(message)
    module = found.group(1) if found else None
    if module is None:
        found = _NO_NAME.match(message) or re.search(r"()'([\w.]+)' is not a package", message)
        module = found.group(2) if found else None
    if module is None or "." in module:
        return None
    known = module in sys.stdlib_module_names or module in PIP_NAMES
    beside = f"{module}.py" in files
    if not (known and (beside or "consider renaming" in message)):
        return None
    words = f"The file {module}.py beside the script hides the module {module}: import {module} finds the file first."
    if site.source.path and PurePosixPath(site.source.path.name).stem == module:
        words = f"The script itself is called {module}.py, so import {module} finds the script, not the module."
    advice = Remedy(f"Give the file {module}.py another name, and delete the folder __pycache__ beside it.")
    return _finding(site, words, advice, at=next(iter(site.imports.of_module(module)), None))


# ---------------------------------------------------------------------- attributes of modules


def _module_without_attribute(site: CrashSite) -> Finding | None:
    found = _NO_ATTRIBUTE.match(site.crash.message)
    if site.crash.exception != "AttributeError" or found is None:
        return None
    module, name = found.groups()
    if module == "random" and name in dir(np.random):
        return _random(site)
    imported = next(iter(site.imports.of_module(module)), None)
    if imported is None:
        return None
    if module == "matplotlib" and imported.alias.asname and name not in submodules(module):
        span = span_of(imported.alias)
        change = replace(Span(span.line, span.column, span.line, span.column + len(module)), "matplotlib.pyplot")
        line = line_name(site.source, imported.statement.lineno)
        words = f"{imported.name} stands for matplotlib itself, which cannot {name}; its module pyplot can."
        advice = remedy(site, f"Import matplotlib.pyplot as {imported.name} in {line}.", change)
        return _finding(site, words, advice, at=imported)
    if name not in submodules(module):
        return None
    words = f"import {module} alone does not make {module}.{name} available: it is a module of its own."
    alias = imported.alias
    if alias.asname is None and alias.name == module:
        advice = remedy(site, f"Import {module}.{name}.", replace(alias, f"{module}.{name}"))
    else:
        start = span_of(imported.statement)
        line_feed = f"import {module}.{name}\n{' ' * start.column}"
        advice = remedy(site, f"Import {module}.{name} too.", insert(start.line, start.column, line_feed))
    return _finding(site, words, advice, at=imported)


def _random(site: CrashSite) -> Finding:
    """Explain that Python's ``random`` was taken for NumPy's."""
    import random  # noqa: PLC0415 (only to see what it has)

    numpy = next((entry.name for entry in site.imports.of_module("numpy")), None)
    names = {entry.name for entry in site.imports.of_module("random")}
    own = dir(random)
    wrong = [
        node
        for node in ast.walk(site.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names
        if node.attr in dir(np.random) and node.attr not in own
    ]
    changes = [replace(node.value, f"{numpy}.random") for node in wrong] if numpy else []
    listed = " and ".join(dict.fromkeys(f"random.{node.attr}" for node in wrong))
    words = f"{listed or site.text} is a function of NumPy, but random stands for Python's own module."
    return _finding(site, words, remedy(site, f"Write {numpy or 'np'}.random instead of random there.", *changes))


# ---------------------------------------------------------------------- names


def _name_not_imported(site: CrashSite) -> Finding | None:
    """Is a customary name used, such as ``np``, that no import binds?"""
    found = _UNDEFINED.match(site.crash.message)
    if site.crash.exception != "NameError" or found is None:
        return None
    name = found.group(1)
    module = CUSTOMARY.get(name)
    if module is None or name in bound_names(site.tree):
        return None
    imported = next((entry for entry in site.imports.of_module(module) if entry.name != name), None)
    plain = next((entry for entry in site.imports.all if entry.alias.name == module), None)
    entry = imported or (plain if plain is not None and isinstance(plain.statement, ast.Import) else None)
    if entry is not None and entry.alias.name == module:
        line = line_name(site.source, entry.statement.lineno)
        words = f"{name} is not defined: {line} imports {module} under the name {entry.name}."
        if any(isinstance(node, ast.Name) and node.id == entry.name for node in ast.walk(site.tree)):
            start = span_of(entry.statement)
            new = f"import {module} as {name}\n{' ' * start.column}"
            advice = remedy(site, f"Import {module} as {name} too.", insert(start.line, start.column, new))
        else:
            advice = remedy(site, f"Import {module} as {name}.", replace(entry.alias, _import_as(module, name)))
        return _finding(site, words, advice)
    line_number = first_import_line(site.tree)
    change = insert(line_number, 0, f"import {_import_as(module, name)}\n")
    words = f"{name} is not defined: the script never imports {module}."
    return _finding(site, words, remedy(site, f"Write import {_import_as(module, name)} at the top.", change))


def _import_as(module: str, name: str) -> str:
    return module if module == name else f"{module} as {name}"


def _import_of_unknown_name(site: CrashSite) -> Finding | None:
    if site.crash.exception == "ImportError" and "relative import" in site.crash.message:
        words = "An import that begins with a dot only works inside a package, and the script was started on its own."
        return _finding(site, words, Remedy("Leave the dot out, and put the imported file beside the script."))
    found = _NO_NAME.match(site.crash.message)
    if site.crash.exception != "ImportError" or found is None:
        return None
    name, module = found.groups()
    imported = next((entry for entry in site.imports.all if entry.dotted == f"{module}.{name}"), None)
    known = dir(sys.modules[module]) if module in sys.modules else []
    meant = clearly_meant(name, known)
    words = (
        f"{module} has nothing called {name}, at least not in the version installed here.{did_you_mean(name, known)}"
    )
    if module == "numpy" and name in WRITTEN_BY_HAND:
        words = f"NumPy has no {name}: it has to be written by hand."
        return _finding(
            site, words, Remedy(f"Do not import {name}, but define it: {WRITTEN_BY_HAND[name]}."), at=imported
        )
    if meant is None or imported is None:
        return _finding(site, words, Remedy(f"Look up what {module} calls it now, or install an older version."))
    span = span_of(imported.alias)
    change = Change(Span(span.line, span.column, span.line, span.column + len(name.encode())), meant)
    return _finding(site, words, remedy(site, f"Import {meant} instead of {name}.", change), at=imported)


# ---------------------------------------------------------------------- names that hide others


def _starred_over_builtin(site: CrashSite) -> Finding | None:
    """Has ``from numpy import *`` put NumPy's ``max`` in the place of Python's?"""
    stars = site.imports.stars("numpy")
    if not stars or site.crash.exception not in {"AxisError", "TypeError", "ValueError"}:
        return None
    for call in calls_in(site):
        if isinstance(call.func, ast.Name) and call.func.id in _SHADOWED and call.func.id not in bound_names(site.tree):
            name, star = call.func.id, stars[-1]
            words = (
                f"from numpy import * has replaced Python's own {name} by NumPy's, whose second argument is an axis "
                f"and which takes an array, so {site.text} means something else."
            )
            end = span_of(star.statement)
            new = f"\n{' ' * end.column}from builtins import {name}"
            change = insert(end.end_line, end.end_column, new)
            advice = remedy(site, f"Take Python's own {name} back after that import, or import numpy as np.", change)
            return _finding(site, words, advice, at=star)
    return None


def _function_for_single_numbers(site: CrashSite) -> Finding | None:
    """Was ``exp`` imported from math, which knows only single numbers, and called with an array?"""
    if not _ARRAY_TO_NUMBER.search(site.crash.message):
        return None
    for call in calls_in(site):
        if not isinstance(call.func, ast.Name) or hasattr(builtins, call.func.id) or not hasattr(np, call.func.id):
            continue
        name = call.func.id
        single = [entry for entry in site.imports.all if entry.dotted == f"math.{name}" and entry.name == name]
        starred = site.imports.stars("math")
        if not single and not starred:
            continue
        entry = (single or list(starred))[-1]
        words = f"{name} comes from math and takes a single number; for arrays there is NumPy's {name}."
        span = span_of(entry.statement)
        only = len(entry.statement.names) == 1
        if single and only:
            change = replace(entry.statement, f"from numpy import {name}")
        else:
            change = insert(span.end_line, span.end_column, f"\n{' ' * span.column}from numpy import {name}")
        return _finding(site, words, remedy(site, f"Import {name} from numpy.", change), at=entry)
    return None
