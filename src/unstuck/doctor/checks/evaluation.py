"""Does the number that is called accuracy count how often the network is right?"""

from __future__ import annotations

import ast
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import replace as with_changes
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.checks.edits import changed, parses, replace, short_text_of, text_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.instrument import instrument
from unstuck.doctor.scripts.renumbering import renumbered
from unstuck.doctor.scripts.script_step import ScriptStep
from unstuck.doctor.scripts.source import source_of
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.findings import Evidence
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.trace import Trace

_SAME = "(lambda value: value)"
_SECONDS = 6.0
_STEPS = 20
_MOST_CLASSES = 30
_MOSTLY = 0.5


@dataclass(frozen=True)
class _Comparison:
    """Predictions compared with targets, as they were in a run.

    Attributes:
        node: The comparison.
        predictions: The side that depends on the parameters.
        targets: The other side.
        is_left: Whether the predictions are on the left.
    """

    node: ast.Compare
    predictions: NDArray[np.float64]
    targets: NDArray[np.float64]
    is_left: bool


def check(examination: Examination) -> Iterator[Suspicion]:
    """Look at both sides of every comparison of predictions with targets, in a run of the script."""
    nodes = _comparisons(examination.tree)
    if not nodes or examination.repeated:
        return
    found = _measured(examination, nodes)
    mistaken = False
    for comparison in found:
        suspicion = _judge(examination, comparison)
        if suspicion is not None:
            mistaken = True
            yield suspicion
    if found and not mistaken:
        examination.checked.append("The accuracy compares each prediction with its own target.")


def _comparisons(tree: ast.AST) -> list[ast.Compare]:
    """Return the comparisons for equality of two things worked out, whose result is counted or kept."""
    inside: dict[int, ast.AST] = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and len(node.ops) == 1
        and isinstance(node.ops[0], ast.Eq)
        and not isinstance(node.left, ast.Constant)
        and not isinstance(node.comparators[0], ast.Constant | ast.UnaryOp)
        and isinstance(inside.get(id(node)), ast.Call | ast.Attribute | ast.Assign | ast.Return | ast.BinOp | ast.AugAssign)
    ]  # fmt: skip


# ---------------------------------------------------------------------- both sides, in a run


def _measured(examination: Examination, nodes: list[ast.Compare]) -> list[_Comparison]:
    """Run the script with both sides of every comparison reported, in a step and after the training."""
    text = changed(
        examination.source.text,
        [
            replace(side, f"{_SAME}({text_of(examination.source, side)})")
            for node in nodes
            for side in (node.left, node.comparators[0])
        ],
    )
    if not parses(text):
        return []
    sites = {
        (site.span.line, site.expression.removeprefix(f"{_SAME}(").removesuffix(")")): site.number
        for site in instrument(source_of(text)).sites
        if site.kind == "expression" and site.expression.startswith(f"{_SAME}(")
    }
    found: dict[int, _Comparison] = {}
    for base, moved in _runs(examination, text):
        for index, node in enumerate(nodes):
            if index not in found:
                comparison = _compared(examination, node, sites, base, moved)
                if comparison is not None:
                    found[index] = comparison
    return [found[index] for index in sorted(found)]


def _runs(examination: Examination, text: str) -> Iterator[tuple[Trace, Trace]]:
    """Yield what is computed in the first step and after the training, each as it is and with other parameters."""
    step = examination.found.step
    _, loops = renumbered(examination.found.sites, examination.found.loops, text)
    if step.loop not in loops:
        return
    parents = [loops[loop] for loop in examination.scouted.parents.get(step.loop, []) if loop in loops]
    steps = max(examination.learning.window, min(_STEPS, int(1.0 / max(1e-3, examination.pace))))
    orders: list[dict[str, Any]] = [
        {"agent": "serve", "stops": [[loops[step.loop], 1]]},
        {"agent": "after", "loop": loops[step.loop], "parents": parents, "seconds": _SECONDS, "steps": steps},
    ]
    with ThreadPoolExecutor(len(orders)) as pool:
        measured = pool.map(lambda order: _run(examination, text, order), orders)
        yield from (pair for pair in measured if pair is not None)


def _run(examination: Examination, text: str, order: dict[str, Any]) -> tuple[Trace, Trace] | None:
    """Return what is computed at one moment, as it is and with other parameters; None if that is not reached."""
    try:
        with examination.trials.start(with_changes(examination.trials.run, text=text), order) as session:
            ready = session.receive(_SECONDS + 20.0)
            if not ready.get("ready"):
                return None
            frozen = ScriptStep(session, ready, _SECONDS)
            names = {parameter.name for parameter in examination.found.parameters}
            shift = {
                variable.index: np.random.default_rng(variable.index).normal(size=variable.shape)
                for variable in frozen.variables
                if variable.name in names
            }
            base, moved = frozen.replay_all([{}, {"shift": shift}])
            return base, moved
    except (EOFError, TimeoutError, KeyError):
        return None


def _compared(
    examination: Examination, node: ast.Compare, sites: dict[tuple[int, str], int], base: Trace, moved: Trace
) -> _Comparison | None:
    """Return a comparison of which exactly one side depends on the parameters."""
    sides = [sites.get((side.lineno, text_of(examination.source, side))) for side in (node.left, node.comparators[0])]
    if sides[0] is None or sides[1] is None:
        return None
    keys = [(site, 0) for site in sides if site is not None]
    if any(key not in base.values or key not in moved.values for key in keys):
        return None
    left, right = (not np.array_equal(base.values[key], moved.values[key], equal_nan=True) for key in keys)
    if left == right:
        return None
    values = [base.values[key] for key in keys]
    return _Comparison(node, values[0] if left else values[1], values[1] if left else values[0], left)


# ---------------------------------------------------------------------- what is wrong


def _judge(examination: Examination, comparison: _Comparison) -> Suspicion | None:
    predictions, targets, node = comparison.predictions, comparison.targets, comparison.node
    side = node.left if comparison.is_left else node.comparators[0]
    other = node.comparators[0] if comparison.is_left else node.left
    prediction, target = short_text_of(examination.source, side), short_text_of(examination.source, other)
    if predictions.size < 2 and targets.size < 2:  # noqa: PLR2004 (a single one of each: whether it hits says nothing)
        return _fractions(examination, comparison, prediction, target)
    try:
        shape = np.broadcast_shapes(predictions.shape, targets.shape)
    except ValueError:
        return None
    count, rows = int(np.prod(shape)), max(predictions.size, targets.size)
    if count > rows:
        return _finding(
            examination, node,
            (
                f"{prediction} has the shape {predictions.shape} and {target} the shape {targets.shape}, so every "
                f"prediction is compared with every target: {count} comparisons instead of {rows}."
            ),
            {
                "shape of the predictions": str(predictions.shape),
                "shape of the targets": str(targets.shape),
                "comparisons": count,
            },
            "Give both the same shape, such as with .ravel(), before they are compared.",
        )  # fmt: skip
    return (
        _wrong_axis(examination, comparison)
        or _unreachable(examination, comparison, prediction, target)
        or _fractions(examination, comparison, prediction, target)
    )


def _fractions(examination: Examination, comparison: _Comparison, prediction: str, target: str) -> Suspicion | None:
    """Outputs as they come out are compared with whole numbers."""
    predictions, targets = comparison.predictions, comparison.targets
    if not np.array_equal(targets, np.round(targets)) or len(np.unique(targets)) > _MOST_CLASSES:
        return None
    share = float(np.mean(predictions != np.round(predictions)))
    if share <= _MOSTLY:
        return None
    hits = float(np.mean(predictions == targets))
    return _finding(
        examination, comparison.node,
        (
            f"{prediction} are outputs such as {predictions.flat[0]:.4g}, and {target} are whole numbers: they "
            "are hardly ever exactly equal, however well the network has learned."
        ),
        {"share of outputs that are no whole numbers": share, "share that is equal": hits},
        f"Make classes of the outputs first: ({prediction} > 0.5) for one output, the argmax of each row for several.",
    )  # fmt: skip


def _wrong_axis(examination: Examination, comparison: _Comparison) -> Suspicion | None:
    """The largest is looked for among the rows, not among the outputs of a row."""
    width = _outputs(examination)
    both = [comparison.node.left, comparison.node.comparators[0]]
    largest = float(max(comparison.predictions.max(), comparison.targets.max()))
    if width is None or width < 2 or not all(_has_argmax(side) for side in both):  # noqa: PLR2004 (several outputs)
        return None
    if comparison.predictions.shape != (width,) or largest < width:
        return None
    return _finding(
        examination, comparison.node,
        (
            f"argmax looks along the wrong axis: it gives {comparison.predictions.size} numbers, one for each "
            f"output, up to {largest:.0f}. There should be one class for each row, from 0 to {width - 1}."
        ),
        {"numbers compared": int(comparison.predictions.size), "outputs": width, "largest class number": largest},
        "Take the argmax over the outputs of each sample: the other axis.",
    )  # fmt: skip


def _unreachable(examination: Examination, comparison: _Comparison, prediction: str, target: str) -> Suspicion | None:
    """Some targets have values that no prediction can have."""
    predictions, targets = comparison.predictions, comparison.targets
    side = comparison.node.left if comparison.is_left else comparison.node.comparators[0]
    width = _outputs(examination)
    values = np.unique(targets)
    if set(values) == {-1.0, 1.0} and set(np.unique(predictions)) <= {0.0, 1.0} and _is_threshold(side):
        missing = [-1.0]
    elif width is not None and width > 1 and _has_argmax(side) and np.array_equal(values, np.arange(1, width + 1)):
        missing = [float(width)]
    else:
        return None
    return _finding(
        examination, comparison.node,
        (
            f"{prediction} can never be {missing[0]:g}, but {target} is that in {float(np.mean(targets == missing[0])):.0%} "
            "of the cases: they can never be counted as right."
        ),
        {"targets that no prediction can equal": missing, "share of them": float(np.mean(np.isin(targets, missing)))},
        "Write predictions and targets with the same numbers for the classes.",
    )  # fmt: skip


def _is_threshold(node: ast.expr) -> bool:
    """Whether an expression is a comparison, as it is or made a number."""
    return any(
        isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.Gt | ast.GtE | ast.Lt | ast.LtE)
        for part in ast.walk(node)
    )


def _has_argmax(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Attribute) and part.attr == "argmax" for part in ast.walk(node))


def _outputs(examination: Examination) -> int | None:
    targets = examination.learning.targets
    return None if targets is None else targets.shape[1]


def _finding(examination: Examination, node: ast.Compare, message: str, evidence: Evidence, remedy: str) -> Suspicion:
    location = examination.location(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
    return Suspicion(
        Finding(
            fault="evaluation",
            message=message,
            location=location,
            evidence=evidence,
            severity="harmful",
            lines=(location.line,),
            remedies=(Remedy(remedy),),
        )
    )
