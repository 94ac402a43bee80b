"""Is there a setting among the parameters of a function, or among what an object keeps, that nothing ever reads?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import short_text_of, text_of
from unstuck.doctor.checks.name_reads import reads_of
from unstuck.doctor.checks.setting_names import is_rate, is_setting
from unstuck.doctor.checks.settings import is_number, setting_finding, settings_given, written_out_finding
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import line_name, span_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.doctor.checks.literal_updates import LiteralUpdate
    from unstuck.doctor.findings import Evidence, Finding
    from unstuck.doctor.scripts.source import Source


def unused_arguments(tree: ast.Module, updates: Sequence[LiteralUpdate], source: Source) -> Iterator[Finding]:
    """Yield settings among the parameters of the script's functions that the function never reads, or overwrites first.

    Left out are functions of which something else decides the parameters: those handed on, decorated, without a body of their
    own, of the same name as another one, and methods of classes that derive from others.
    """
    derived = [
        node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and (node.bases or node.decorator_list)
    ]
    methods = [part for node in derived for part in ast.walk(node)]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    names = [function.name for function in functions]
    for function in functions:
        decided = function in methods or bool(function.decorator_list) or names.count(function.name) > 1
        if decided or _is_empty(function) or not _is_only_called(tree, function):
            continue
        for argument in [*function.args.args, *function.args.kwonlyargs]:
            if is_setting(argument.arg):
                yield from _parameter(function, argument, updates, source)


def _is_empty(function: ast.FunctionDef) -> bool:
    return all(isinstance(node, ast.Pass | ast.Raise | ast.Expr) for node in function.body)


def _is_only_called(tree: ast.Module, function: ast.FunctionDef) -> bool:
    """Whether a function is called, and never handed on; a class is called by its own name."""
    name = function.name
    if name == "__init__":
        return True
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    uses = [node for node in ast.walk(tree) if name in {getattr(node, "id", None), getattr(node, "attr", None)}]
    return bool(uses) and all(id(node) in called for node in uses)


def _parameter(
    function: ast.FunctionDef, argument: ast.arg, updates: Sequence[LiteralUpdate], source: Source
) -> Iterator[Finding]:
    name = argument.arg
    what = f"The parameter {name} of {function.name} has no effect:"
    for statement in function.body:
        given = [setting for setting in settings_given(statement) if setting.name == name]
        if given:
            value, place = text_of(source, given[0].value), line_name(source, statement.lineno)
            evidence: Evidence = {"value that counts": value}
            remedy = Remedy(f"Delete {short_text_of(source, statement)} in {place}, or take the parameter out.")
            message = f"{what} {place} makes it {value} before anything reads it."
            lines = [argument.lineno, statement.lineno]
            yield setting_finding(message, argument, source, evidence=evidence, lines=lines, remedy=remedy)
            return
        if any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(statement)):
            return
    what = f"{what} {function.name} never reads it"
    inside = _inside(function, updates)
    if inside and is_rate(name):
        yield written_out_finding(what, name, argument, inside, source, line=argument.lineno)
        return
    remedy = Remedy(f"Use {name} in {function.name}, or take the parameter out.")
    evidence = {"places that read it": 0}
    yield setting_finding(f"{what}.", argument, source, evidence=evidence, lines=[argument.lineno], remedy=remedy)


def _inside(owner: ast.FunctionDef | ast.ClassDef, updates: Sequence[LiteralUpdate]) -> list[LiteralUpdate]:
    span = span_of(owner)
    return [update for update in updates if span.line <= update.statement.lineno <= span.end_line]


def unused_attributes(tree: ast.Module, updates: Sequence[LiteralUpdate], source: Source) -> Iterator[Finding]:
    """Yield settings that an object keeps and nothing ever reads: numbers, and parameters that are used for nothing else."""
    read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}
    named = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for owner in ast.walk(tree):
        if not isinstance(owner, ast.ClassDef) or owner.bases or owner.decorator_list:
            continue
        for method in (part for part in owner.body if isinstance(part, ast.FunctionDef)):
            for node in (part for part in ast.walk(method) if isinstance(part, ast.Assign)):
                target = node.targets[0]
                kept = isinstance(target, ast.Attribute) and is_setting(target.attr) and target.attr not in read | named
                if isinstance(target, ast.Attribute) and kept and _is_all_there_is(node.value, method):
                    yield _attribute(node, target, _inside(owner, updates), source)


def _is_all_there_is(value: ast.expr, method: ast.FunctionDef) -> bool:
    """Whether what is kept is a number, or a parameter that the method uses for nothing else."""
    if not isinstance(value, ast.Name):
        return is_number(value)
    parameters = {argument.arg for argument in [*method.args.args, *method.args.kwonlyargs]}
    return value.id in parameters and len(list(reads_of(method.body, value.id))) == 1


def _attribute(node: ast.Assign, target: ast.Attribute, inside: Sequence[LiteralUpdate], source: Source) -> Finding:
    name = text_of(source, target)
    what = f"{name} has no effect: nothing reads it"
    if inside and is_rate(target.attr):
        return written_out_finding(what, name, node, inside, source, line=node.lineno)
    remedy = Remedy(f"Use {name} where it was meant to be used, or take it out.")
    evidence: Evidence = {"places that read it": 0}
    return setting_finding(f"{what}.", node, source, evidence=evidence, lines=[node.lineno], remedy=remedy)
