"""Which operands have shapes that do not go together, and what would?"""

from __future__ import annotations

import ast
import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from unstuck.doctor.checks import shape_words
from unstuck.doctor.checks.edits import short_text_of
from unstuck.doctor.checks.shape_calls import explain_call
from unstuck.doctor.checks.shapes.candidates import PRODUCTS, Failure, core_of
from unstuck.doctor.checks.shapes.context import Context, context_of
from unstuck.doctor.checks.shapes.expressions import RULES, Evaluator
from unstuck.doctor.checks.shapes.history import picks_one_of_several, worked_before
from unstuck.doctor.checks.shapes.operations import Operation, operation_of
from unstuck.doctor.checks.shapes.remedies import remedies
from unstuck.doctor.checks.shapes.scope import MisfitError, Value, scope_of
from unstuck.doctor.checks.shapes.spread import spread
from unstuck.doctor.findings import Finding
from unstuck.doctor.places import line_name, line_of, location_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.checks.shapes.operations import Kind
    from unstuck.doctor.checks.shapes.rules import Shape
    from unstuck.doctor.checks.shapes.scope import Scope
    from unstuck.doctor.findings import Evidence

_SAYINGS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"shapes .* not aligned", frozenset(["dot", "matmul", "elementwise"])),  # the last for np.matrix
    (r"matmul: Input operand", frozenset(["matmul", "in-place"])),
    (r"operands could not be broadcast together with shapes", frozenset(["elementwise", "in-place"])),
    (r"non-broadcastable output operand", frozenset(["in-place", "elementwise"])),
    (r"could not broadcast input array", frozenset(["stored"])),
    (r"shape mismatch: value array of shape", frozenset(["stored"])),
    (r"inhomogeneous", frozenset()),
    (r"setting an array element with a sequence", frozenset(["stored"])),
    (r"all the input arrays? ", frozenset()),
    (r"all input arrays must have the same shape", frozenset()),
    (r"zero-dimensional arrays cannot be concatenated", frozenset()),
    (r"cannot reshape array", frozenset()),
    (r"axis \d+ is out of bounds|axes don't match array", frozenset()),
    (r"mismatch in its core dimension|operands? could not be broadcast|shape mismatch: ", frozenset()),
    (r"Last 2 dimensions of the array must be square", frozenset()),
)
"""What NumPy says, and which kinds of operations it says it of."""

_MOST = 5
_SHAPE = re.compile(r"\((\d+,(?:\d+)?(?:,\d+)*|)\)")


def explain_shape_mismatch(site: CrashSite) -> Finding | None:
    """Return the finding for a crash over shapes, None for any other crash."""
    kinds = next((kinds for saying, kinds in _SAYINGS if re.search(saying, site.crash.message)), None)
    if kinds is None or site.crash.exception not in {"ValueError", "AxisError", "LinAlgError"}:
        return None
    scope = scope_of(site.tree, site.imports, site.crash.variables)
    located = _located(site, scope, kinds) if site.tree.body else None
    if located is None:
        return explain_call(site, scope)
    operation, shapes, statement = located
    context = context_of(site.tree, statement)
    scope = _with_shapes(scope, operation, shapes)
    failure = Failure(operation, shapes, scope, context.owner)
    before = worked_before(site, statement, scope)
    editable = before == "no" and _called_once(site) and not picks_one_of_several(operation, context, scope)
    found = remedies(failure, statement, site.source, editable=editable)
    message = _message(failure, site)
    if before == "yes":
        message += " " + _changed_since(failure, context)
    origin = spread(failure)
    if origin is not None:
        message += " " + shape_words.spread_words(origin, site.source)
        found = (shape_words.spread_remedy(origin, site.source),)
    hint = None if origin else shape_words.hint(failure, site.source)
    lines = (*site.crash.callers, operation.node.lineno, *((origin.node.lineno,) if origin else ()))
    return Finding(
        fault="shape-mismatch",
        message=message,
        location=location_of(site.source, operation.node),
        evidence=_evidence(failure, site),
        severity="fatal",
        lines=tuple(sorted({line_of(site.source, line) for line in lines})),
        remedies=(*found, *((hint,) if hint and not any(remedy.edits for remedy in found) else ())),
    )


# ---------------------------------------------------------------------- where


def _located(
    site: CrashSite, scope: Scope, kinds: frozenset[str]
) -> tuple[Operation, tuple[Shape | None, ...], ast.stmt] | None:
    """Return the operation that failed, the shapes of its operands, and its statement."""
    said = tuple(_shapes_in(site.crash.message))
    ranked: list[tuple[tuple[int, bool], Operation, tuple[Shape | None, ...]]] = []
    for found in (operation for operation in _operations(site) if operation.kind in kinds):
        operation = _product_of_matrices(found) if "not aligned" in site.crash.message else found
        own = tuple(_shape(scope, operand) for operand in operation.operands)
        shapes = _agreed(own, said, operation.kind)
        if shapes is None or _fit(operation, scope, shapes):
            continue
        # An instrumented subtraction fails at the place of the expression around it, so that place alone decides nothing.
        rank = (sum(shape is None for shape in own), operation.node is not site.node)
        ranked.append((rank, operation, shapes))
    if not ranked:
        return None
    _, operation, shapes = min(ranked, key=lambda entry: entry[0])
    statement = next(s for s in site.statements if any(node is operation.node for node in ast.walk(s)))
    return operation, shapes, statement


def _with_shapes(scope: Scope, operation: Operation, shapes: tuple[Shape | None, ...]) -> Scope:
    """Return the scope with what NumPy has said about operands of which nothing was known before."""
    knowing = scope.copy()
    evaluator = Evaluator(knowing)
    for operand, shape in zip(operation.operands, shapes, strict=True):
        node = core_of(operand, lambda part: _shape(scope, part))
        known = shape
        if isinstance(node, ast.Attribute) and node.attr == "T" and shape is not None:
            node, known = node.value, shape[::-1]
        if (
            isinstance(node, ast.Name | ast.Attribute | ast.Subscript)
            and _shape(scope, node) is None
            and known is not None
        ):
            knowing.values[evaluator.name(node)] = Value(known)
    return knowing


def _product_of_matrices(operation: Operation) -> Operation:
    """Return a ``*`` that NumPy took for a matrix product, since both operands are np.matrix, as what it is."""
    return Operation("matmul", operation.node, operation.operands) if operation.kind == "elementwise" else operation


def _operations(site: CrashSite) -> Iterator[Operation]:
    """Yield the operations that may have failed; storing fails at the place where something is stored."""
    for node in [*site.failing(), *site.statements]:
        operation = operation_of(node, site.imports)
        if operation is not None:
            yield operation


def _shape(scope: Scope, operand: ast.expr) -> Shape | None:
    try:
        return Evaluator(scope).shape(operand)
    except MisfitError:
        return None


def _fit(operation: Operation, scope: Scope, shapes: tuple[Shape | None, ...]) -> bool:
    """Whether the shapes of an operation are known and do go together, so that it cannot be the one that failed."""
    if any(shape is None for shape in shapes):
        return False
    try:
        return Evaluator(scope).combined(operation) is not None
    except MisfitError:
        return False


def _agreed(own: tuple[Shape | None, ...], said: tuple[Shape, ...], kind: Kind) -> tuple[Shape | None, ...] | None:
    """Return the shapes of operands: those worked out, those missing as NumPy says them; None where the two disagree."""
    if kind == "stored":
        said = said[::-1]  # the value is said first, the target is the first operand
    if len(said) < len(own):
        return own if any(shape is not None for shape in own) or not said else None
    pairs = zip(own, said, strict=False)
    if any(shape is not None and shape != heard and kind != "in-place" for shape, heard in pairs):
        return None
    return tuple(heard if shape is None else shape for shape, heard in zip(own, said, strict=False))


def _shapes_in(message: str) -> Iterator[Shape]:
    """Yield the shapes that a message of NumPy's names, such as ``(4,2)`` and ``(4,)``."""
    if message.startswith("matmul"):
        return  # the shapes in there are NumPy's own symbols
    for found in _SHAPE.findall(message):
        yield tuple(int(size) for size in found.split(",") if size)


# ---------------------------------------------------------------------- what


def _message(failure: Failure, site: CrashSite) -> str:
    words = shape_words.explanation(failure, site.source)
    if not (site.crash.function and site.crash.callers):
        return words
    return f"{words} {site.crash.function} was called from {line_name(site.source, site.crash.callers[-1])}."


def _called_once(site: CrashSite) -> bool:
    """Whether the function of the crash is called from a single place and on a single object, so that a change spoils no other call."""
    name = site.crash.function.rpartition(".")[2]
    if not name:
        return True
    nodes = list(ast.walk(site.tree))
    looped = {
        part.id
        for node in nodes
        if isinstance(node, ast.For | ast.comprehension)
        for part in ast.walk(node.target)
        if isinstance(part, ast.Name)
    }
    calls = [node.func for node in nodes if isinstance(node, ast.Call)]
    found = [func for func in calls if name == (func.id if isinstance(func, ast.Name) else getattr(func, "attr", ""))]
    on_many = any(isinstance(part, ast.Name) and part.id in looped for func in found for part in ast.walk(func))
    return len(found) == 1 and not on_many


def _changed_since(failure: Failure, context: Context) -> str:
    """Say that the operation has worked before, and which of its variables the loop changes."""
    stored = {ast.unparse(target) for target in _targets(context.around)}
    names = [
        ast.unparse(part)
        for operand in failure.operation.operands
        for part in ast.walk(operand)
        if isinstance(part, ast.Name | ast.Attribute | ast.Subscript) and ast.unparse(part) in stored
    ]
    changing = " and ".join(dict.fromkeys(names))
    where = f": look at what is assigned to {changing}." if changing else "."
    return f"The line has worked before, so a shape has changed since{where}"


def _targets(loops: tuple[ast.stmt, ...]) -> Iterator[ast.expr]:
    """Yield what the loops around a statement assign to."""
    for node in (node for loop in loops for node in ast.walk(loop)):
        if isinstance(node, ast.Assign):
            yield from node.targets
        elif isinstance(node, ast.AugAssign):
            yield node.target
        elif isinstance(node, ast.For):
            yield from (part for part in ast.walk(node.target) if isinstance(part, ast.Name))


def _evidence(failure: Failure, site: CrashSite) -> Evidence:
    shapes = {
        f"shape of {short_text_of(site.source, operand)}": str(shape)
        for operand, shape in zip(failure.operation.operands, failure.shapes, strict=True)
        if shape is not None
    }
    return {**shapes, **_would_fit(failure, site), "NumPy says": site.crash.message.strip()}


def _would_fit(failure: Failure, site: CrashSite) -> dict[str, list[str]]:
    """Return for each operand of a product or a sum which variables, as they are or transposed, would fit in its place."""
    if failure.operation.kind in {"stored", "in-place"} or len(failure.shapes) != 2 or None in failure.shapes:  # noqa: PLR2004 (a pair)
        return {}
    rule = RULES[failure.operation.kind]
    names = [ast.unparse(operand) for operand in failure.operation.operands]
    found = {}
    for position, name in enumerate(names):
        partner = failure.shapes[1 - position]
        fitting: list[str] = []
        for other, value in failure.scope.values.items():
            is_array = value is not None and value.kind == "ndarray" and other.isidentifier() and other not in names
            if value is None or not value.shape or not is_array or partner is None:
                continue
            for text, shape in ((other, value.shape), (f"{other}.T", value.shape[::-1])):
                pair = (shape, partner) if position == 0 else (partner, shape)
                same_axes = failure.operation.kind in PRODUCTS or len(shape) == len(partner)
                if (
                    same_axes
                    and rule(*pair) is not None
                    and not any(entry.startswith(f"{other} ") for entry in fitting)
                ):
                    fitting.append(f"{text} {shape}")
        if fitting:
            fitting.sort(key=lambda entry: -SequenceMatcher(None, entry.split()[0], name).ratio())
            found[f"would fit for {short_text_of(site.source, failure.operation.operands[position])}"] = fitting[:_MOST]
    return found
