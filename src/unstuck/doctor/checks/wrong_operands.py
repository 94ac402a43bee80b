"""Is there arithmetic on something that cannot be calculated with: a text, a list, None?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.crash_findings import article, crash_finding, held, kind_of, remedy, values_of
from unstuck.doctor.checks.edits import replace, short_text_of, text_of
from unstuck.doctor.checks.own_functions import assignments, function_that_made, own_function, returns
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import line_name

if TYPE_CHECKING:
    import re

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.findings import Finding


def explain_operands(site: CrashSite, found: re.Match[str]) -> Finding | None:
    """Explain ``a - b`` for types that know no such thing."""
    kinds = {group.rpartition(".")[2] for group in found.groups() if group}
    for node in site.failing():
        operands = _parts(node)
        values = [held(site, operand) for operand in operands]
        if not operands or not any(value is not None and value.kind in kinds for value in values):
            literal = [isinstance(operand, ast.List | ast.Constant | ast.Call) for operand in operands]
            if not any(literal):
                continue
        explained = _text(site, node, operands) or _nothing(site, node, operands) or _lists(site, node, operands)
        if explained:
            return explained
    if ">>" in site.crash.message and "builtin_function_or_method" in site.crash.message:
        words = "print >> file is Python 2; Python 3 writes print(..., file=file)."
        return crash_finding(site, words, remedies=[Remedy("Write print(..., file=file).")])
    listed = " and ".join(article(kind) for kind in sorted(kinds))
    words = f"{site.text} does not work with {listed or 'these types'}."
    return crash_finding(site, words, evidence=values_of(site, site.node))


def _parts(node: ast.expr | ast.stmt) -> list[ast.expr]:
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.AugAssign):
        return [node.target, node.value]
    return [node.left, *node.comparators] if isinstance(node, ast.Compare) else []


def _text(site: CrashSite, node: ast.expr | ast.stmt, operands: list[ast.expr]) -> Finding | None:
    """Explain a text among numbers, such as what ``input()`` returns."""
    kinds = [kind_of(site, operand) for operand in operands]
    if "str" not in kinds:
        return None
    position = kinds.index("str")
    text, other = operands[position], operands[1 - position]
    shown, whole = short_text_of(site.source, text), short_text_of(site.source, node)
    evidence = values_of(site, node)
    is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
    if is_sum and isinstance(text, ast.Constant):
        new = f"str({text_of(site.source, other)})"
        words = f"{whole} adds a number to a text, which only takes another text."
        advice = remedy(site, f"Write {new}.", replace(other, new))
        return crash_finding(site, words, at=node, evidence=evidence, remedies=[advice])
    definition = _from_input(site, text)
    words = f"{shown} is a text, not a number, so {whole} does not work."
    if definition is None:
        advices = [] if isinstance(text, ast.Constant) else [Remedy(f"Turn it into a number: float({shown}).")]
        return crash_finding(site, words, at=node, evidence=evidence, remedies=advices)
    place = line_name(site.source, definition.lineno)
    words = f"{shown} is a text, since input() in {place} always returns one, so {whole} does not work."
    summary = (
        f"Turn it into a number in {place}: float({text_of(site.source, definition)}), or int(...) for a whole number."
    )
    return crash_finding(site, words, at=node, evidence=evidence, lines=[definition.lineno], remedies=[Remedy(summary)])


def _from_input(site: CrashSite, node: ast.expr) -> ast.Call | None:
    """Return the call of ``input()`` whose result a variable is."""
    made = assignments(site, node)
    value = made[0].value if len(made) == 1 else None
    is_input = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "input"
    return value if is_input and isinstance(value, ast.Call) else None


def _nothing(site: CrashSite, node: ast.expr | ast.stmt, operands: list[ast.expr]) -> Finding | None:
    """Explain ``None`` among numbers: it comes from a function without ``return``."""
    for operand in operands:
        value = held(site, operand)
        is_none = value is not None and value.kind == "NoneType"
        function = function_that_made(site, operand) if is_none else own_function(site, operand)
        if function is not None and not returns(function):
            place = line_name(site.source, function.lineno)
            words = f"{short_text_of(site.source, operand)} is None: the function {function.name}, in {place}, returns nothing."
            advice = Remedy(f"End {function.name} with return and the value it has worked out.")
            return crash_finding(site, words, at=operand, lines=[function.lineno], remedies=[advice])
        if is_none:
            words = (
                f"{short_text_of(site.source, operand)} is None, so {short_text_of(site.source, node)} does not work."
            )
            return crash_finding(site, words, at=node, evidence=values_of(site, node))
        is_print = isinstance(operand, ast.Call) and isinstance(operand.func, ast.Name) and operand.func.id == "print"
        if is_print:
            words = f"{short_text_of(site.source, operand)} returns nothing, so {short_text_of(site.source, node)} does not work."
            return crash_finding(site, words, at=node, remedies=[Remedy("Put all of it inside the brackets of print.")])
    return None


def _lists(site: CrashSite, node: ast.expr | ast.stmt, operands: list[ast.expr]) -> Finding | None:
    """Explain arithmetic on a Python list, which only an array knows."""
    lists = [operand for operand in operands if kind_of(site, operand) in {"list", "tuple"}]
    if not lists:
        return None
    names = " and ".join(short_text_of(site.source, operand) for operand in lists)
    what = "is a Python list" if len(lists) == 1 else "are Python lists"
    words = f"{names} {what}, so {short_text_of(site.source, node)} does not work: only arrays can be calculated with."
    numpy = next((entry.name for entry in site.imports.of_module("numpy")), None)
    storable = lists if not isinstance(node, ast.AugAssign) else lists[1:]
    changes = [replace(operand, f"{numpy}.array({text_of(site.source, operand)})") for operand in storable if numpy]
    summary = f"Make an array of it: {numpy or 'np'}.array({short_text_of(site.source, lists[0])})."
    return crash_finding(
        site, words, at=node, evidence=values_of(site, node), remedies=[remedy(site, summary, *changes)]
    )
