"""Arrays that a function cannot join, reshape, sum or make."""

from __future__ import annotations

import ast
import math
import re
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import edits, replace, short_text_of, text_of
from unstuck.doctor.checks.shapes.expressions import Evaluator
from unstuck.doctor.checks.shapes.scope import MisfitError
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.places import line_name, line_of, location_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.checks.shapes.rules import Shape
    from unstuck.doctor.checks.shapes.scope import Scope
    from unstuck.doctor.findings import Evidence

_JOINING = frozenset(["concatenate", "hstack", "vstack", "stack", "column_stack", "dstack", "append", "block"])
_ALONE = 1


def explain_call(site: CrashSite, scope: Scope) -> Finding:
    """Return the finding for a crash over shapes that is not a plain operation."""
    message = site.crash.message
    if "inhomogeneous" in message:
        return _ragged(site)
    if "input array" in message or "cannot be concatenated" in message:
        return _joining(site, scope)
    if "cannot reshape" in message:
        return _reshaping(site, scope)
    if "is out of bounds for array of dimension" in message:
        return _axis(site, scope)
    return _finding(site, f"In {site.line_name}, {site.text}: {_first_line(message)}.", None, scope)


def _first_line(message: str) -> str:
    return message.strip().split("\n", maxsplit=1)[0].rstrip(".")


def _finding(
    site: CrashSite,
    message: str,
    node: ast.expr | None,
    scope: Scope | None,
    remedies: tuple[Remedy, ...] = (),
    more: Evidence | None = None,
) -> Finding:
    """Return a finding whose evidence is the shapes of the variables in the expression that failed."""
    shapes = _shapes_of_names(site, node, scope) if scope else {}
    line = node.lineno if node else site.crash.line
    return Finding(
        fault="shape-mismatch",
        message=message,
        location=location_of(site.source, node) if node else site.location,
        evidence={**shapes, **(more or {}), "NumPy says": site.crash.message.strip()},
        severity="fatal",
        lines=() if line is None else (line_of(site.source, line),),
        remedies=remedies,
    )


def _shapes_of_names(site: CrashSite, node: ast.expr | None, scope: Scope) -> dict[str, str]:
    nodes = ast.walk(node) if node else site.walk()
    shapes = {}
    for part in nodes:
        if isinstance(part, ast.Name | ast.Attribute | ast.Subscript):
            value = scope.values.get(ast.unparse(part))
            if value is not None and value.shape:
                shapes[f"shape of {text_of(site.source, part)}"] = str(value.shape)
    return shapes


def _calls(site: CrashSite) -> Iterator[tuple[ast.Call, str]]:
    """Yield the calls that may have failed, with the last part of what they call."""
    for node in site.failing():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = site.imports.numpy(node.func) or (node.func.attr if isinstance(node.func, ast.Attribute) else "")
            yield node, name


def _shape(scope: Scope, node: ast.expr) -> Shape | None:
    try:
        return Evaluator(scope).shape(node)
    except MisfitError:
        return None


# ---------------------------------------------------------------------- joining


def _joining(site: CrashSite, scope: Scope) -> Finding:
    call = next((call for call, name in _calls(site) if name in _JOINING and call.args), None)
    if call is None:
        return _finding(site, f"Arrays cannot be joined: {_first_line(site.crash.message)}.", None, scope)
    first = call.args[0]
    parts = first.elts if isinstance(first, ast.List | ast.Tuple) else call.args[:2]
    shapes = [_shape(scope, part) for part in parts]
    named = [
        text if shape is None else f"{text} of shape {shape}" if shape else f"the number {text}"
        for text, shape in zip((short_text_of(site.source, part) for part in parts), shapes, strict=True)
    ]
    why = "their sizes may differ only along the axis along which they are joined"
    if len({len(shape) for shape in shapes if shape is not None}) > 1:
        why = "they need equally many dimensions"
    elif () in shapes:
        why = "plain numbers have no axis to be joined along; np.array([...]) makes an array of them"
    whole = short_text_of(site.source, call)
    return _finding(site, f"{whole} cannot join {' and '.join(named)}: {why}.", call, scope)


# ---------------------------------------------------------------------- reshaping


def _reshaping(site: CrashSite, scope: Scope) -> Finding:
    found = re.search(r"cannot reshape array of size (\d+) into shape \(([^)]*)\)", site.crash.message)
    size = int(found.group(1)) if found else 0
    wanted = [-1 if part == "newaxis" else int(part) for part in found.group(2).split(",") if part] if found else []
    call = next((call for call, name in _calls(site) if name == "reshape"), None)
    what = _reshaped_array(call, site)
    shape = _shape(scope, what) if what is not None else None
    text = short_text_of(site.source, what) if what is not None else "the array"
    has = f"has shape {shape}, which is {size} numbers" if shape else f"has {size} numbers"
    needs = f"{math.prod(wanted)} are needed" if -1 not in wanted else f"a multiple of {-math.prod(wanted)} is needed"
    sizes = ", ".join(map(str, wanted))
    message = f"{text} {has}, but for the shape ({sizes}{',' if len(wanted) == _ALONE else ''}) {needs}."
    return _finding(site, message, call, scope, _left_to_numpy(call, size, wanted, site))


def _reshaped_array(call: ast.Call | None, site: CrashSite) -> ast.expr | None:
    if call is None:
        return None
    if site.imports.numpy(call.func):
        return call.args[0] if call.args else None
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def _left_to_numpy(call: ast.Call | None, size: int, wanted: list[int], site: CrashSite) -> tuple[Remedy, ...]:
    """Return the remedy that writes -1 for the one dimension that does not suit the others."""
    if call is None or -1 in wanted:
        return ()
    position = [index for index in range(len(wanted)) if _divides(wanted[:index] + wanted[index + 1 :], size)]
    arguments = call.args[1:] if site.imports.numpy(call.func) else call.args
    entries = arguments[0].elts if len(arguments) == 1 and isinstance(arguments[0], ast.Tuple) else arguments
    if len(position) != 1 or len(entries) != len(wanted) or not size:
        return ()
    entry = entries[position[0]]
    shape = tuple(
        size // math.prod(wanted[: position[0]] + wanted[position[0] + 1 :]) if index == position[0] else known
        for index, known in enumerate(wanted)
    )
    summary = (
        f"Write -1 instead of {text_of(site.source, entry)}, and NumPy works out that size: the shape is then {shape}."
    )
    return (Remedy(summary, edits(site.source, [replace(entry, "-1")])),)


def _divides(sizes: list[int], size: int) -> bool:
    product = math.prod(sizes)
    return product > 0 and size % product == 0


# ---------------------------------------------------------------------- axes


def _axis(site: CrashSite, scope: Scope) -> Finding:
    found = re.search(r"axis (-?\d+) is out of bounds for array of dimension (\d+)", site.crash.message)
    axis, dimensions = (int(found.group(1)), int(found.group(2))) if found else (0, 0)
    for call, name in _calls(site):
        what = call.args[0] if site.imports.numpy(call.func) and call.args else None
        if what is None and isinstance(call.func, ast.Attribute) and not site.imports.numpy(call.func):
            what = call.func.value
        shape = _shape(scope, what) if what is not None else None
        if what is None or (shape is not None and len(shape) != dimensions):
            continue
        text = short_text_of(site.source, what)
        size = f", of shape {shape}," if shape is not None else ""
        message = f"np.{name} is asked for axis {axis} of {text}{size} which has {_dimensions(dimensions)}."
        return _finding(site, message, call, scope)
    return _finding(
        site, f"{site.text} asks for axis {axis} of an array that has {_dimensions(dimensions)}.", None, scope
    )


def _dimensions(count: int) -> str:
    if count == 0:
        return "no axes at all: it is a single number"
    return "a single dimension, axis 0" if count == 1 else f"{count} dimensions, axes 0 to {count - 1}"


# ---------------------------------------------------------------------- rows of different length


def _ragged(site: CrashSite) -> Finding:
    for node in site.failing():
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.List | ast.Tuple):
            rows = [row for row in node.args[0].elts if isinstance(row, ast.List | ast.Tuple)]
            lengths = [len(row.elts) for row in rows]
            odd = [row for row in rows if lengths.count(len(row.elts)) == 1]
            if len(set(lengths)) > 1:
                message = (
                    f"The rows of an array must have equal lengths; these have {', '.join(map(str, lengths))} entries."
                )
                place: ast.expr = node
                if len(odd) == 1 and len(rows) > 2:  # noqa: PLR2004 (two rows: either may be the wrong one)
                    place = odd[0]
                    message += (
                        f" Look at {short_text_of(site.source, place)} in {line_name(site.source, place.lineno)}."
                    )
                return _finding(site, message, place, None, more={"entries of the rows": [float(n) for n in lengths]})
    message = f"{site.text} cannot be an array: its entries have different lengths, so they form no rows and columns."
    return _finding(site, message, None, None)
