"""Are there enough hidden units? A literal that sets how many is multiplied by four, and the script runs on."""

from __future__ import annotations

import ast
from dataclasses import replace as with_changes
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import changed, replace
from unstuck.doctor.findings import Edit, Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination

_FEW_UNITS = 5
_FACTOR = 4
_MOST_EDITS = 3
_START_SECONDS = 10.0


def few_units(examination: Examination) -> Iterator[Suspicion]:
    """Yield, for a hidden layer of a few units, the trial with four times as many, where one number in the text sets how many there are."""
    for width in _widths(examination):
        for node in _literals(examination.tree, width)[: 2 * _MOST_EDITS]:
            text = changed(examination.source.text, [replace(node, str(_FACTOR * width))])
            grown = _shapes(examination, text)
            if grown is None or not _follow(examination, grown, width):
                continue
            place = examination.location(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
            finding = Finding(
                fault="no-hidden-layer",
                message=(
                    f"The hidden layer has {width} units only: with {_FACTOR * width} the same training learns, with these it does not."
                ),
                location=place,
                evidence={
                    "hidden units": width,
                    "share of the gap closed by the run": examination.learning.closed(examination.written),
                },
                lines=(place.line,),
                remedies=(
                    Remedy(f"Take {_FACTOR * width} hidden units.", (Edit(place, str(width), str(_FACTOR * width)),)),
                ),
            )
            yield Suspicion(finding, Change(f"{_FACTOR * width} hidden units", text=text), needs_proof=True)
            return


def _widths(examination: Examination) -> list[int]:
    """Return the small lengths that two parameters share and the outputs do not have: the widths of hidden layers."""
    pair = examination.found.pair
    values = None if pair is None else examination.found.base.pairs.get(pair.key)
    if pair is None or values is None:
        return []
    outputs = {1, *(values.right if pair.target == "left" else values.left).shape}
    shapes = [variable.shape for variable in examination.found.parameters]
    lengths = sorted({length for shape in shapes for length in shape if length <= _FEW_UNITS} - outputs)
    return [length for length in lengths if sum(length in shape for shape in shapes) >= 2]  # noqa: PLR2004 (into the layer and out of it)


def _literals(tree: ast.AST, width: int) -> list[ast.Constant]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) is int and node.value == width and node.end_lineno == node.lineno
    ]  # fmt: skip


def _shapes(examination: Examination, text: str) -> dict[str, tuple[int, ...]] | None:
    """Return the shapes of all variables at the top of the same step of another text; None if it does not come there."""
    run = with_changes(examination.trials.run, text=text)
    step = examination.found.step
    try:
        with examination.trials.start(run, {"agent": "serve", "stops": [[step.loop, step.iteration]]}) as session:
            ready = session.receive(_START_SECONDS)
    except (EOFError, TimeoutError):
        return None
    return {entry["name"]: tuple(entry["shape"]) for entry in ready["variables"]} if ready.get("ready") else None


def _follow(examination: Examination, grown: dict[str, tuple[int, ...]], width: int) -> bool:
    """Whether two parameters at least have grown with a number, wherever they had that length.

    What the step computes anew may have grown too; everything else, such as the data, has to be as it was.
    """
    anew = {variable.name for variable in (*examination.found.parameters, *examination.found.state)}
    anew |= set(examination.scouted.changed.get(examination.found.step.loop, []))
    larger = 0
    for variable in examination.found.step.variables:
        new = grown.get(variable.name)
        if new is None or len(new) != len(variable.shape):
            return False
        if new == variable.shape:
            continue
        if variable.name not in anew:
            return False
        if any(
            after != before and (before, after) != (width, _FACTOR * width)
            for before, after in zip(variable.shape, new, strict=True)
        ):
            return False
        larger += variable in examination.found.parameters
    return larger >= 2  # noqa: PLR2004 (into the layer and out of it)
