"""Is something not of the type that an operation or a function needs?"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.crash_findings import article, calls_in, crash_finding, held, remedy, values_of
from unstuck.doctor.checks.edits import insert, replace, short_text_of, text_of
from unstuck.doctor.checks.wrong_indices import whole_division
from unstuck.doctor.findings import Remedy
from unstuck.doctor.places import line_name, span_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.findings import Finding

_SIZES = frozenset(["zeros", "ones", "empty", "full"])


def explain_wrong_type(site: CrashSite) -> Finding | None:
    """Return the finding for a TypeError over operands, indices or arguments, None for any other crash."""
    if site.crash.exception not in {"TypeError", "UFuncTypeError", "_UFuncOutputCastingError"}:
        return None
    for pattern, explain in _EXPLANATIONS:
        found = re.search(pattern, site.crash.message)
        if found:
            return explain(site, found)
    return None


# ---------------------------------------------------------------------- operands


def _operands(site: CrashSite, found: re.Match[str]) -> Finding | None:
    """Explain ``a - b`` for types that know no such thing."""
    kinds = {group.rpartition(".")[2] for group in found.groups() if group}
    for node in site.failing():
        operands = _parts(node)
        values = [held(site, operand) for operand in operands]
        if not operands or not any(value is not None and value.kind in kinds for value in values):
            literal = [isinstance(operand, ast.List | ast.Constant | ast.Call) for operand in operands]
            if not any(literal):
                continue
        explained = _text(site, node, operands) or _nothing(site, node, operands) or _lists(site, node, operands, kinds)
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
    kinds = [_kind(site, operand) for operand in operands]
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
        advice = Remedy(f"Turn it into a number: float({shown}).")
        return crash_finding(site, words, at=node, evidence=evidence, remedies=[advice])
    place = line_name(site.source, definition.lineno)
    words = f"{shown} is a text, since input() in {place} always returns one, so {whole} does not work."
    summary = f"Turn it into a number in {place}: float({text_of(site.source, definition)}), or int(...) for a whole number."
    return crash_finding(
        site, words, at=node, evidence=evidence, lines=[definition.lineno], remedies=[Remedy(summary)]
    )


def _kind(site: CrashSite, node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return type(node.value).__name__
    if isinstance(node, ast.List | ast.Tuple):
        return type(node).__name__.lower()
    value = held(site, node)
    return value.kind if value else ""


def _from_input(site: CrashSite, node: ast.expr) -> ast.Call | None:
    """Return the call of ``input()`` whose result a variable is."""
    calls = []
    for statement in ast.walk(site.tree):
        if isinstance(statement, ast.Assign) and any(ast.unparse(t) == ast.unparse(node) for t in statement.targets):
            value = statement.value
            is_input = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "input"
            calls.append(value if is_input and isinstance(value, ast.Call) else None)
    return calls[0] if len(calls) == 1 else None


def _nothing(site: CrashSite, node: ast.expr | ast.stmt, operands: list[ast.expr]) -> Finding | None:
    """Explain ``None`` among numbers: it comes from a function without ``return``."""
    for operand in operands:
        function = own_function(site, operand)
        value = held(site, operand)
        is_none = value is not None and value.kind == "NoneType"
        if function is None and is_none:
            function = _function_that_made(site, operand)
        if function is not None and not returns(function):
            place = line_name(site.source, function.lineno)
            words = f"{short_text_of(site.source, operand)} is None: the function {function.name}, in {place}, returns nothing."
            advice = Remedy(f"End {function.name} with return and the value it has worked out.")
            return crash_finding(site, words, at=operand, lines=[function.lineno], remedies=[advice])
        if is_none:
            words = f"{short_text_of(site.source, operand)} is None, so {short_text_of(site.source, node)} does not work."
            return crash_finding(site, words, at=node, evidence=values_of(site, node))
        is_print = isinstance(operand, ast.Call) and isinstance(operand.func, ast.Name) and operand.func.id == "print"
        if is_print:
            words = f"{short_text_of(site.source, operand)} returns nothing, so {short_text_of(site.source, node)} does not work."
            return crash_finding(site, words, at=node, remedies=[Remedy("Put all of it inside the brackets of print.")])
    return None


def own_function(site: CrashSite, node: ast.expr) -> ast.FunctionDef | None:
    """Return the script's own function that a call calls."""
    if not isinstance(node, ast.Call):
        return None
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", None)
    found = [each for each in ast.walk(site.tree) if isinstance(each, ast.FunctionDef) and each.name == name]
    return found[0] if len(found) == 1 else None


def _function_that_made(site: CrashSite, node: ast.expr) -> ast.FunctionDef | None:
    for statement in ast.walk(site.tree):
        if isinstance(statement, ast.Assign) and any(ast.unparse(t) == ast.unparse(node) for t in statement.targets):
            return own_function(site, statement.value)
    return None


def returns(function: ast.FunctionDef) -> bool:
    """Whether a function returns anything."""
    return any(isinstance(node, ast.Return | ast.Yield) and node.value is not None for node in ast.walk(function))


def _lists(site: CrashSite, node: ast.expr | ast.stmt, operands: list[ast.expr], kinds: set[str]) -> Finding | None:
    """Explain arithmetic on a Python list, which only an array knows."""
    lists = [operand for operand in operands if _kind(site, operand) in {"list", "tuple"}]
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


# ---------------------------------------------------------------------- arguments


def _single_number(site: CrashSite, found: re.Match[str]) -> Finding:
    """Explain ``math.exp(array)`` and ``float(array)``."""
    numpy = next((entry.name for entry in site.imports.of_module("numpy")), None)
    for call in calls_in(site):
        dotted = site.imports.dotted(call.func) or ""
        name = dotted.removeprefix("math.")
        argument = short_text_of(site.source, call.args[0]) if call.args else ""
        evidence = values_of(site, call)
        if dotted.startswith("math.") and isinstance(call.func, ast.Attribute) and hasattr(np, name):
            words = f"{dotted} takes a single number, but {argument} is an array; NumPy's {name} takes both."
            changes = [replace(node, numpy) for node in _math_functions(site)] if numpy else []
            summary = f"Write {numpy or 'np'}.{name} instead of {dotted}."
            return crash_finding(site, words, at=call, evidence=evidence, remedies=[remedy(site, summary, *changes)])
        if isinstance(call.func, ast.Name) and call.func.id in {"float", "int", "round"} and call.args:
            value = held(site, call.args[0])
            of_shape = f" of shape {value.shape}" if value and value.shape else ""
            words = f"{call.func.id}() makes one number, but {argument} is an array{of_shape}."
            advice = Remedy(f"Write {argument}.astype({call.func.id}) for each entry, or pick one entry.")
            return crash_finding(site, words, at=call, evidence=evidence, remedies=[advice])
    words = f"{site.text} needs a single number, but gets an array."
    return crash_finding(site, words, evidence=values_of(site, site.node))


def _math_functions(site: CrashSite) -> Iterator[ast.expr]:
    """Yield each ``math`` in front of a function that NumPy has by the same name."""
    for node in ast.walk(site.tree):
        is_math = isinstance(node, ast.Attribute) and site.imports.dotted(node.value) == "math"
        if is_math and isinstance(node, ast.Attribute) and hasattr(np, node.attr):
            yield node.value


def _no_whole_number(site: CrashSite, found: re.Match[str]) -> Finding | None:
    """Explain a size that is no whole number: a float, a text, or a tuple where numbers are expected one by one."""
    kind = found.group(1)
    for call in calls_in(site):
        function = short_text_of(site.source, call.func)
        if kind == "tuple" and len(call.args) == 1 and isinstance(call.args[0], ast.Tuple):
            inner = ", ".join(text_of(site.source, element) for element in call.args[0].elts)
            words = f"{function} takes its sizes one by one, not as a tuple."
            advice = remedy(site, f"Write {function}({inner}).", replace(call.args[0], inner))
            return crash_finding(site, words, at=call, remedies=[advice])
        parts = [part for argument in call.args for part in ast.walk(argument) if isinstance(part, ast.expr)]
        divisions = [part for part in parts if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div)]
        if kind == "float" and len(divisions) == 1:
            words = f"{function} needs a whole number, but / gives one with a decimal point."
            return crash_finding(site, words, at=divisions[0], remedies=[whole_division(site, divisions[0])])
        wrong = [part for part in parts if _kind(site, part) == kind]
        if len(wrong) == 1:
            text = text_of(site.source, wrong[0])
            words = f"{function} needs a whole number, but {text} is {article('text' if kind == 'str' else kind)}."
            advice = remedy(site, f"Write int({text}).", replace(wrong[0], f"int({text})"))
            return crash_finding(site, words, at=wrong[0], evidence=values_of(site, call), remedies=[advice])
    return crash_finding(site, f"{site.text} needs a whole number, but gets {article(kind)}.")


def _two_sizes(site: CrashSite, found: re.Match[str]) -> Finding | None:
    """Explain ``np.zeros(3, 4)``, whose second argument is the type of the entries."""
    for call in calls_in(site):
        if site.imports.numpy(call.func) in _SIZES and len(call.args) > 1:
            inner = ", ".join(text_of(site.source, argument) for argument in call.args)
            function = text_of(site.source, call.func)
            words = f"{function} takes its sizes as one tuple; the second argument is the type of the entries."
            start, end = span_of(call.args[0]), span_of(call.args[-1])
            changes = [insert(start.line, start.column, "("), insert(end.end_line, end.end_column, ")")]
            advice = remedy(site, f"Write {function}(({inner})).", *changes)
            return crash_finding(site, words, at=call, remedies=[advice])
    return None


def _integer_array(site: CrashSite, found: re.Match[str]) -> Finding | None:
    """Explain ``w -= rate * gradient`` for an array of whole numbers."""
    for node in [*site.failing(), *site.statements]:
        if not isinstance(node, ast.AugAssign):
            continue
        text = text_of(site.source, node.target)
        words = f"{text} is an array of whole numbers, in which the result with its decimals cannot be stored."
        made = [
            statement
            for statement in ast.walk(site.tree)
            if isinstance(statement, ast.Assign) and any(ast.unparse(t) == ast.unparse(node.target) for t in statement.targets)
        ]
        only = made[0].value if len(made) == 1 else None
        changes = []
        if isinstance(only, ast.Call) and site.imports.numpy(only.func):
            dtype = next((keyword.value for keyword in only.keywords if keyword.arg == "dtype"), None)
            end = span_of(only)
            last = ", dtype=float" if only.args else "dtype=float"
            if dtype is not None:
                changes = [replace(dtype, "float")]
            elif site.imports.numpy(only.func) in {"array", "asarray", *_SIZES}:
                changes = [insert(end.end_line, end.end_column - 1, last)]
            else:
                changes = [insert(end.end_line, end.end_column, ".astype(float)")]
        place = f" in {line_name(site.source, made[0].lineno)}" if len(made) == 1 else ""
        advice = remedy(site, f"Make {text} an array of floats{place}.", *changes)
        lines = [made[0].lineno] if len(made) == 1 else []
        return crash_finding(site, words, at=node, evidence=values_of(site, node), lines=lines, remedies=[advice])
    return None


# ---------------------------------------------------------------------- indices and loops


def _list_index(site: CrashSite, found: re.Match[str]) -> Finding | None:
    """Explain ``[[0, 1] [1, 0]]``, ``rows[i, j]`` and ``rows[n / 2]`` for a list."""
    kind = found.group(1)
    for node in site.failing():
        if not isinstance(node, ast.Subscript):
            continue
        text = short_text_of(site.source, node.value)
        if isinstance(node.value, ast.List | ast.Tuple):
            words = f"A comma is missing after {text}: Python takes what follows for an index."
            end = span_of(node.value)
            advice = remedy(site, f"Put a comma after {text}.", insert(end.end_line, end.end_column, ", "))
            return crash_finding(site, words, at=node, remedies=[advice])
        if kind == "tuple" and isinstance(node.slice, ast.Tuple):
            new = text_of(site.source, node.value) + "".join(f"[{text_of(site.source, p)}]" for p in node.slice.elts)
            words = f"{text} is a Python list, which takes one index at a time, not several between one pair of brackets."
            plain = not any(isinstance(part, ast.Slice) for part in node.slice.elts)
            advice = remedy(site, f"Write {new}, or make an array of it.", *([replace(node, new)] if plain else []))
            return crash_finding(site, words, at=node, remedies=[advice])
        if kind == "float":
            words = f"{short_text_of(site.source, node.slice)} is a float, but an index has to be a whole number."
            divisions = [p for p in ast.walk(node.slice) if isinstance(p, ast.BinOp) and isinstance(p.op, ast.Div)]
            advice = whole_division(site, divisions[0]) if len(divisions) == 1 else Remedy("Write int(...) around it.")
            return crash_finding(site, words, at=node, remedies=[advice])
    return None


def _not_iterable(site: CrashSite, found: re.Match[str]) -> Finding:
    kind = found.group(1)
    for statement in site.statements:
        if isinstance(statement, ast.For) and kind == "int":
            text = text_of(site.source, statement.iter)
            words = f"A loop goes over the entries of something, but {text} is a single number."
            new = f"range({text})"
            advice = remedy(site, f"Write {new}.", replace(statement.iter, new))
            return crash_finding(site, words, at=statement.iter, evidence=values_of(site, statement.iter), remedies=[advice])
    words = f"{site.text} goes over the entries of {article(kind)}, which has none."
    return crash_finding(site, words, evidence=values_of(site, site.node))


def _not_subscriptable(site: CrashSite, found: re.Match[str]) -> Finding:
    kind = found.group(1)
    for node in site.failing():
        if isinstance(node, ast.Subscript):
            text = text_of(site.source, node.value)
            if kind in {"function", "builtin_function_or_method", "method", "type", "ufunc", "_ArrayFunctionDispatcher"}:
                inner = text_of(site.source, node.slice)
                words = f"{text} is a function: it is called with round brackets, not square ones."
                advice = remedy(site, f"Write {text}({inner}).", replace(node, f"{text}({inner})"))
                return crash_finding(site, words, at=node, remedies=[advice])
            words = f"{text} is {'None' if kind == 'NoneType' else article(kind)}, which has no entries."
            return crash_finding(site, words, at=node, evidence=values_of(site, node))
    return crash_finding(site, f"{site.text} takes an entry of {article(kind)}, which has none.")


def _no_length(site: CrashSite, found: re.Match[str]) -> Finding:
    what = found.group(1) if found.groups() else "single number"
    words = f"{site.text} asks for the length of {article(what)}, which has none."
    return crash_finding(site, words, evidence=values_of(site, site.node))


def _no_function_of(site: CrashSite, found: re.Match[str]) -> Finding:
    words = f"{site.text} needs numbers, but gets texts or lists of different lengths, which NumPy keeps as objects."
    return crash_finding(site, words, evidence=values_of(site, site.node))


_EXPLANATIONS: tuple[tuple[str, Callable[[CrashSite, re.Match[str]], Finding | None]], ...] = (
    (r"unsupported operand type\(s\) for [^:]+: '([\w.]+)' and '([\w.]+)'", _operands),
    (r"can only concatenate (\w+) \(not \"([\w.]+)\"\)", _operands),
    (r"can't multiply sequence by non-int of type '([\w.]+)'", _operands),
    (r"not supported between instances of '([\w.]+)' and '([\w.]+)'", _operands),
    (r"must be str, not (\w+)", _operands),
    (r"only (?:0-dimensional|length-1|size-1) arrays can be converted", _single_number),
    (r"'([\w.]+)' object cannot be interpreted as an integer", _no_whole_number),
    (r"Cannot interpret '.*' as a data type", _two_sizes),
    (r"Cannot cast ufunc .* output from dtype\('(\w+)'\) to dtype\('(\w+)'\)", _integer_array),
    (r"indices must be integers or slices, not ([\w.]+)", _list_index),
    (r"'([\w.]+)' object is not iterable", _not_iterable),
    (r"'([\w.]+)' object is not subscriptable", _not_subscriptable),
    (r"object of type '([\w.]+)' has no len\(\)|len\(\) of unsized object", _no_length),
    (r"not supported for the input types|loop of ufunc does not support argument", _no_function_of),
)
