"""Why can a module not be found: not installed, misspelt, or a file that is not there?"""

from __future__ import annotations

import ast
import re
import sys
from importlib.machinery import PathFinder
from pathlib import PurePosixPath
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from unstuck.doctor.checks.crash_findings import clearly_meant, crash_finding, did_you_mean, names_used, remedy
from unstuck.doctor.checks.edits import Change, text_of
from unstuck.doctor.checks.module_names import GONE, MOVED, PIP_NAMES, SINCE_PYTHON_3
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import span_of
from unstuck.doctor.scripts.sites import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.checks.imports import Importing
    from unstuck.doctor.findings import Finding

_MISSING = re.compile(r"^No module named '?([\w.]+)'?$")


def explain_missing_module(site: CrashSite, files: Sequence[str]) -> Finding | None:
    """Return the finding for a module that was not found, None for any other crash.

    Args:
        site: The crash.
        files: What lies in the script's folder, relative to it.
    """
    found = _MISSING.match(site.crash.message)
    if site.crash.exception != "ModuleNotFoundError" or found is None:
        return None
    module = found.group(1)
    top, _, inner = module.partition(".")
    for gone, advice in GONE.items():
        if any(name == gone or name.startswith(f"{gone}.") for name in (module, *_imported(site))):
            return _finding(site, module, f"The module {gone} cannot be had here. {advice}", Remedy(advice))
    if module in MOVED:
        return _renamed(site, module, MOVED[module], f"The module {module} is now called {MOVED[module]}.")
    if top in SINCE_PYTHON_3:
        new = SINCE_PYTHON_3[top]
        return _renamed(site, top, new, f"{top} is a module of Python 2; Python 3 calls it {new}.")
    if inner:
        return _submodule(site, module)
    return _own_file(site, module, files) or _not_installed(site, module)


def _submodule(site: CrashSite, module: str) -> Finding:
    parent, _, last = module.rpartition(".")
    known = submodules(parent)
    meant = clearly_meant(last, known)
    message = f"{parent} is there, but has no module {last}.{did_you_mean(last, known)}"
    if meant:
        return _renamed(site, module, f"{parent}.{meant}", message)
    return _finding(site, module, message, Remedy(f"Look up what {parent} calls it in the installed version."))


def submodules(package: str) -> list[str]:
    """Return the names of a package's modules, found without importing it.

    >>> "pool" in submodules("multiprocessing")
    True
    """
    path: list[str] | None = None
    for part in package.split("."):
        try:
            spec = PathFinder.find_spec(part, path)
        except (ImportError, ValueError):
            return []
        if spec is None or spec.submodule_search_locations is None:
            return []
        path = list(spec.submodule_search_locations)
    return [module.name for module in iter_modules(path)]


def _own_file(site: CrashSite, module: str, files: Sequence[str]) -> Finding | None:
    """Return the finding for a module that is a file of the author's under another name or in another folder."""
    own = {PurePosixPath(file).stem: file for file in files if file.endswith(".py")}
    if module in own:
        summary = f"Put {own[module]} into the script's folder."
        return _finding(site, module, f"There is no {module}.py beside the script, but {own[module]}.", Remedy(summary))
    beside = [file.removesuffix(".py") for file in files if file.endswith(".py") and "/" not in file]
    meant = clearly_meant(module, [name for name in beside if name != _stem(site)])
    if meant is None or module in PIP_NAMES:
        return None
    return _renamed(site, module, meant, f"There is no {module}.py beside the script, but {meant}.py.")


def _stem(site: CrashSite) -> str:
    return site.source.path.stem if site.source.path else ""


def _not_installed(site: CrashSite, module: str) -> Finding:
    if module in PIP_NAMES:
        name = PIP_NAMES[module]
        called = f" pip calls it {name}." if name != module else ""
        message = f"The module {module} is not installed here.{called}"
        return _finding(site, module, message, Remedy(f"Install it: pip install {name}"))
    meant = clearly_meant(module, PIP_NAMES) or clearly_meant(module, sys.stdlib_module_names)
    if meant:
        return _renamed(site, module, meant, f"There is no module {module}. Did you mean {meant}?")
    message = f"There is no module {module}: it is neither installed nor a file {module}.py beside the script."
    message += did_you_mean(module, [*PIP_NAMES, *sys.stdlib_module_names])
    own = Remedy(f"If {module}.py is your own file, put it beside the script.")
    return _finding(site, module, message, own, Remedy(f"If it is a package, install it: pip install {module}"))


def _finding(site: CrashSite, module: str, message: str, *remedies: Remedy) -> Finding:
    statement = _statement(site)
    span = _span_of_name(site, statement, module) if statement else None
    return crash_finding(site, message, fault="missing-module", at=span, remedies=remedies)


def _renamed(site: CrashSite, module: str, new: str, message: str) -> Finding:
    """Return a finding whose remedy puts another name into the import statement."""
    statement = _statement(site)
    span = _span_of_name(site, statement, module) if statement else None
    if statement is None or span is None:
        return _finding(site, module, message, Remedy(f"Import {new}."))
    alias = next((alias for alias in statement.names if alias.name == module), None)
    plain = isinstance(statement, ast.Import) and alias is not None and alias.asname is None
    keeps_name = plain and "." not in module and any(names_used(site.tree, module))
    change = Change(span, f"{new} as {module}" if keeps_name else new)
    return crash_finding(
        site,
        message,
        fault="missing-module",
        at=span,
        remedies=[remedy(site, f"Import {new} instead of {module}.", change)],
    )


def _imported(site: CrashSite) -> list[str]:
    """Return the modules that the statement imports from, by their whole names."""
    statement = _statement(site)
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    return [f"{statement.module}.{alias.name}" for alias in statement.names] if statement else []


def _statement(site: CrashSite) -> Importing | None:
    return next((node for node in site.statements if isinstance(node, ast.Import | ast.ImportFrom)), None)


def _span_of_name(site: CrashSite, statement: Importing, module: str) -> Span | None:
    """Return where an import statement names a module."""
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            if alias.name == module or alias.name.startswith(f"{module}."):
                start = span_of(alias)
                return Span(start.line, start.column, start.line, start.column + len(module.encode()))
        return None
    found = re.match(rf"from\s+({re.escape(module)})\b", text_of(site.source, statement))
    if found is None:
        return None
    start = span_of(statement)
    return Span(start.line, start.column + found.start(1), start.line, start.column + found.end(1))
