"""Is there a setting of the training that nothing ever reads?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import text_of
from unstuck.doctor.checks.literal_updates import literal_updates
from unstuck.doctor.checks.name_reads import looks_names_up, reads_of
from unstuck.doctor.checks.setting_names import is_rate, is_setting
from unstuck.doctor.checks.settings import flat, numbers_given, setting_finding, settings_given, written_out_finding
from unstuck.doctor.checks.unused_argument import unused_arguments, unused_attributes
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import line_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.doctor.checks.literal_updates import LiteralUpdate
    from unstuck.doctor.checks.settings import Setting
    from unstuck.doctor.findings import Evidence, Finding
    from unstuck.doctor.scripts.source import Source


def check(tree: ast.Module, source: Source) -> Iterator[Finding]:
    """Is there a setting of the training, such as a learning rate, that nothing ever reads?

    Settings are known by their names, from a list. A number with a decimal point under any other name counts only if nothing
    reads it and an update says a number outright. A setting that is used in whatever way draws nothing, nor does one in a
    file that looks names up by their text, or that runs nothing itself and may be there to be imported.
    """
    if looks_names_up(tree) or not _runs_something(tree) or _hands_names_to_a_shell(source):
        return
    updates = list(literal_updates(tree))
    yield from _overwritten(tree, source)
    yield from _unread(tree, updates, source)
    yield from unused_arguments(tree, updates, source)
    yield from unused_attributes(tree, updates, source)


def _runs_something(tree: ast.Module) -> bool:
    for node in flat(tree.body):
        if isinstance(node, ast.For | ast.While):
            return True
        if isinstance(node, ast.Expr | ast.Assign) and isinstance(node.value, ast.Call):
            return True
    return False


def _hands_names_to_a_shell(source: Source) -> bool:
    """Whether a line of a notebook was left out that may read a variable, such as ``!python train.py --rate $rate``."""
    lines = source.text.split("\n")
    left_out = [own for own, line in zip(source.original, lines, strict=False) if line.strip() == "pass" != own.strip()]
    return any("$" in own or "{" in own for own in left_out)


# ---------------------------------------------------------------------- never read


def _unread(tree: ast.Module, updates: Sequence[LiteralUpdate], source: Source) -> Iterator[Finding]:
    given = [setting for statement in flat(tree.body) for setting in numbers_given(statement)]
    seen = set()
    for setting in given:
        once = [other.name for other in given].count(setting.name) == 1
        is_float = isinstance(setting.value, ast.Constant) and isinstance(setting.value.value, float)
        counts = is_setting(setting.name) or (is_float and once and bool(updates))
        if counts and setting.name not in seen and not _is_used(tree, setting.name):
            seen.add(setting.name)
            yield _unread_finding(setting, updates, source)


def _is_used(tree: ast.Module, name: str) -> bool:
    """Whether anything reads a variable of the module, or names it as a text, as ``__all__`` and tables of settings do."""
    named = any(isinstance(node, ast.Constant) and node.value == name for node in ast.walk(tree))
    return named or any(reads_of(tree.body, name))


def _unread_finding(setting: Setting, updates: Sequence[LiteralUpdate], source: Source) -> Finding:
    value, line = text_of(source, setting.value), setting.statement.lineno
    what = f"{setting.name} = {value} has no effect: nothing reads {setting.name}"
    if updates and is_rate(setting.name):
        return written_out_finding(what, setting.name, setting.place, updates, source, line=line)
    evidence: Evidence = {"value": value, "places that read it": 0}
    remedy = Remedy(f"Use {setting.name} where it was meant to be used, or delete the line.")
    return setting_finding(f"{what}.", setting.place, source, evidence=evidence, lines=[line], remedy=remedy)


# ---------------------------------------------------------------------- overwritten


def _overwritten(tree: ast.Module, source: Source) -> Iterator[Finding]:
    """Yield settings that another number replaces, in the same block, before anything can have read them."""
    for block in _blocks(tree.body):
        for position, statement in enumerate(block):
            for setting in settings_given(statement):
                later = _next_value(tree, setting, block[position + 1 :])
                if later is not None and _is_used(tree, setting.name):
                    yield _overwritten_finding(setting, later, source)


def _blocks(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    yield body
    for statement in body:
        if isinstance(statement, ast.If):
            yield from _blocks(statement.body)


def _next_value(tree: ast.Module, setting: Setting, following: list[ast.stmt]) -> Setting | None:
    """Return the assignment that replaces a value, if nothing that may read the value comes before it."""
    definitions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)]
    read_in_functions = any(
        isinstance(part, ast.Name) and part.id == setting.name for node in definitions for part in ast.walk(node)
    )
    for statement in following:
        again = [other for other in settings_given(statement) if other.name == setting.name]
        if again:
            return again[0]
        if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
            continue
        mentioned = any(isinstance(node, ast.Name) and node.id == setting.name for node in ast.walk(statement))
        called = any(isinstance(node, ast.Call) for node in ast.walk(statement))
        if mentioned or (called and read_in_functions):
            return None
    return None


def _overwritten_finding(setting: Setting, later: Setting, source: Source) -> Finding:
    value, new = text_of(source, setting.value), text_of(source, later.value)
    place = line_name(source, later.statement.lineno)
    message = f"{setting.name} = {value} has no effect: {place} makes {setting.name} {new} before anything reads it."
    evidence: Evidence = {"value": value, "value that counts": new}
    lines = [setting.statement.lineno, later.statement.lineno]
    remedy = Remedy("Delete the line whose value is not meant.")
    return setting_finding(message, setting.place, source, evidence=evidence, lines=lines, remedy=remedy)
