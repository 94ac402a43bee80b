"""Does NumPy stretch an array that nobody meant to be stretched?"""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import insertion, numpy_name, remedy_of
from unstuck.doctor.checks.edits import insert
from unstuck.doctor.checks.target_source import targets_made
from unstuck.doctor.checks.training_data import outputs_and_targets
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.checks.edits import Change as TextChange
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trace import Key, Pair
    from unstuck.doctor.scripts.trials import Change

_MATRIX = 2


def check(examination: Examination) -> Iterator[Suspicion]:
    """Are outputs and targets of the same shape, and does every parameter keep its own?

    ``n`` outputs against ``n`` targets must give ``n`` differences. If they give ``n`` times ``n``, each output is compared with every
    target. And a bias that has become an array of a value for each row was stretched by its own gradient.
    """
    stretched = list(_stretched(examination))
    grown = list(_grown(examination))
    yield from stretched
    yield from grown
    if not stretched and not grown and examination.found.pair is not None:
        examination.checked.append("Outputs and targets have the same shape where they meet.")


# ---------------------------------------------------------------------- outputs against targets


def _stretched(examination: Examination) -> Iterator[Suspicion]:
    for key in sorted(_crossed(examination), key=lambda key: examination.probes[0].trace.order.get(key, 0)):
        yield _of_crossing(examination, key)
        return


def _crossed(examination: Examination) -> list[Key]:
    """Return the differences between something that depends on the parameters and something that does not, each with each."""
    traces = [probe.trace for probe in examination.probes]
    pairs = traces[0].pairs
    other = next((trace.pairs for trace in traces[1:]), {})
    crossed = []
    for key, pair in pairs.items():
        if not is_crossed(pair) or key not in other:
            continue
        left, right = (not np.array_equal(one, two, equal_nan=True) for one, two in zip(pair, other[key], strict=True))
        if left != right:
            crossed.append(key)
    return crossed


def is_crossed(pair: Pair) -> bool:
    """Whether two arrays of ``n`` numbers meet so that they give ``n`` times ``n``: shapes (n, 1) and (n,), or (n, 1) and (1, n).

    >>> from unstuck.doctor.scripts.trace import Pair
    >>> is_crossed(Pair(np.zeros((4, 1)), np.zeros(4))), is_crossed(Pair(np.zeros((4, 1)), np.zeros((4, 1))))
    (True, False)
    """
    left, right = pair
    if left.size != right.size or left.size < _MATRIX or max(left.ndim, right.ndim) != _MATRIX:
        return False
    return np.broadcast_shapes(left.shape, right.shape) == (left.size, left.size) != left.shape != right.shape


def _of_crossing(examination: Examination, key: Key) -> Suspicion:
    site, pair = examination.site_of(key), examination.probes[0].trace.pairs[key]
    is_pair = examination.found.pair is not None and key == examination.found.pair.key
    outputs = outputs_and_targets(examination, pair)[0] if is_pair else pair.left
    count = outputs.size
    drives = "" if is_pair else " The updates do not use it; what is reported does."
    remedies, change = _reshaped(examination, outputs.shape) if is_pair else ((), None)
    made = targets_made(examination) if is_pair else None
    finding = Finding(
        "broadcast",
        f"'{site.expression}' joins the shapes {pair.left.shape} and {pair.right.shape}: NumPy makes {count} x {count} "
        f"differences of them, not {count}, so that each output is compared with every target.{drives}",
        examination.location_of_site(site),
        {
            "shape on the left": [float(length) for length in pair.left.shape],
            "shape on the right": [float(length) for length in pair.right.shape],
            "numbers in the result": count * count,
            "numbers expected": count,
        },
        severity="unproven" if is_pair else "harmless",
        lines=tuple(
            dict.fromkeys(
                [
                    examination.location_of_site(site).line,
                    *([made.location.line] if made is not None and made.definition is not None else []),
                ]
            )
        ),
        remedies=remedies
        or (Remedy("Give both sides the same shape before you subtract, with .reshape(-1, 1) or .ravel()."),),
    )
    return Suspicion(finding, change)


def _reshaped(examination: Examination, shape: tuple[int, ...]) -> tuple[tuple[Remedy, ...], Change | None]:
    made = targets_made(examination)
    form = "-1" if len(shape) == 1 else "-1, 1" if shape[-1] == 1 else "1, -1"
    words = Remedy(
        f"Give the targets the shape of the outputs, with .reshape({form}), and compute with differences of that shape."
    )
    if made is None or made.definition is None or len(shape) == 1:
        return (
            words,
        ), None  # behind outputs of one axis the script has made up for the second: it must change there too
    edit = insertion(examination, made.definition.statement, [f"{made.name} = {made.name}.reshape({form})"])
    if edit is None:
        return (words,), None
    remedy, change = remedy_of(
        examination.source,
        f"Give {made.name} the shape of the outputs: {made.name} = {made.name}.reshape({form}).",
        [edit],
    )
    return (remedy,), change


# ---------------------------------------------------------------------- biases that grow


def _grown(examination: Examination) -> Iterator[Suspicion]:
    loop = examination.found.step.loop
    edits: list[TextChange] = []
    findings = []
    for name, shapes in examination.scouted.new_shapes.get(loop, {}).items():
        old, new = tuple(shapes[0]), tuple(shapes[1])
        variable = next((each for each in examination.found.step.variables if each.name == name), None)
        if variable is None or not is_stretched(old, new) or not _matters(examination, variable):
            continue
        update = _update_of(examination, variable)
        if update is None:
            continue
        gradient = _gradient_of(examination, update, new)
        wrapped = _summed(examination, gradient, old, new) if gradient is not None else None
        edits += wrapped or []
        findings.append((variable, old, new, update, gradient, wrapped))
    for variable, old, new, update, gradient, wrapped in findings:
        place = gradient or update
        summary = f"Sum the gradient of {variable.name} over the rows, so that it keeps the shape {old}."
        remedy, change = remedy_of(examination.source, summary, edits) if wrapped else (Remedy(summary), None)
        finding = Finding(
            "wrong-gradient",
            f"The gradient of the bias '{variable.name}' is not summed over the rows: with its first update "
            f"the bias of shape {old} becomes one of {new}, and every row gets a bias of its own.",
            examination.location_of_site(place),
            {
                "shape before": [float(length) for length in old],
                "shape after one update": [float(length) for length in new],
            },
            mistake="bias-not-summed",
            parameter=variable.name,
            lines=tuple(
                dict.fromkeys([examination.location_of_site(place).line, examination.location_of_site(update).line])
            ),
            remedies=(remedy,),
        )
        yield Suspicion(finding, change)


def is_stretched(old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    """Whether broadcasting has stretched an array from one shape to another.

    >>> is_stretched((5, 1), (5, 4)), is_stretched((3,), (8, 3)), is_stretched((3,), (4,)), is_stretched((), (1,))
    (True, True, False, False)
    """
    if math.prod(old) == math.prod(new) or len(new) > _MATRIX or not new:
        return False
    try:
        return np.broadcast_shapes(old, new) == new
    except ValueError:
        return False


def _matters(examination: Examination, variable: StepVariable) -> bool:
    """Whether the outputs depend on a variable that is alive at the top of the step."""
    found = examination.found
    if found.pair is None or variable.start is None or found.pair.key not in found.own.pairs:
        return False
    noise = 0.1 * np.cos(1.0 + np.arange(variable.size)).reshape(variable.shape)
    trace = found.step.replay(shift={variable.index: noise}, pairs=True, record=False)
    pair = trace.pairs.get(found.pair.key)
    if pair is None:
        return False
    before = outputs_and_targets(examination, found.own.pairs[found.pair.key])[0]
    return not np.array_equal(before, outputs_and_targets(examination, pair)[0], equal_nan=True)


def _update_of(examination: Examination, variable: StepVariable) -> Site | None:
    """Return where a variable gets a new value from its old one."""
    last = variable.name.rpartition(".")[2]
    for site in examination.found.sites:
        name = site.name.rpartition(".")[2]
        if (
            site.reads_itself
            and site.kind in ("assigned", "item", "unpacked")
            and name in (last, variable.root, last.split("[")[0])
            and any(key[0] == site.number for key in examination.found.own.order)
        ):
            return site
    return None


def _gradient_of(examination: Examination, update: Site, shape: tuple[int, ...]) -> Site | None:
    """Return where that which stretches the variable is computed: a name in the update that has the stretched shape already."""
    try:
        names = {
            ast.unparse(node)
            for node in ast.walk(ast.parse(update.expression, mode="eval"))
            if isinstance(node, ast.Name | ast.Attribute)
        }
    except SyntaxError:
        return None
    own = examination.found.own
    found = [
        key
        for key in own.order
        if examination.site_of(key).name in names - {update.name}
        and examination.site_of(key).kind == "assigned"
        and own.shapes[key] == shape
    ]
    return examination.site_of(max(found, key=lambda key: own.order[key])) if found else None


def _summed(
    examination: Examination, gradient: Site, old: tuple[int, ...], new: tuple[int, ...]
) -> list[TextChange] | None:
    numpy = numpy_name(examination.tree)
    padded = (1,) * (len(new) - len(old)) + old
    axes = [axis for axis, (before, after) in enumerate(zip(padded, new, strict=True)) if before == 1 < after]
    if numpy is None or len(axes) != 1 or gradient.module:
        return None
    keep = ", keepdims=True" if len(old) == len(new) else ""
    span = gradient.span
    return [
        insert(span.line, span.column, f"{numpy}.sum("),
        insert(span.end_line, span.end_column, f", axis={axes[0]}{keep})"),
    ]
