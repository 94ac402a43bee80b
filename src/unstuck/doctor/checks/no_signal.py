"""Do the inputs tell anything about what the targets are?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import last_definition, line_of_training, origin, place_of
from unstuck.doctor.checks.signal_probe import Signal, signal_of
from unstuck.doctor.checks.training_data import Batch, batches, data_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.checks.definitions import Definition
    from unstuck.doctor.scripts.examination import Examination

_FEWEST = 60
_MANY = 200
_LEARNED = 0.1
_LEARNED_WELL = 0.9
_RANDOM = frozenset(
    [
        "rand",
        "randn",
        "random",
        "randint",
        "integers",
        "normal",
        "uniform",
        "choice",
        "standard_normal",
        "random_sample",
        "permutation",
        "binomial",
    ]
)


def check(examination: Examination) -> Iterator[Suspicion]:
    """Could any network learn this?

    The mean of the nearest rows and two linear models predict the targets of rows that they have not seen. If none of them is
    better, or worse, than with the same targets in a random order, inputs and targets have nothing to do with each other.
    """
    data = rows_of(examination)
    if data is None:
        return
    closed = examination.learning.closed(examination.written)
    if len(data.inputs) < (_FEWEST if closed < _LEARNED else _MANY) or closed > _LEARNED_WELL:
        return
    signal = signal_in(examination)
    if signal is None or not signal.is_none:
        if signal is not None and signal.is_clear:
            examination.checked.append(
                f"The inputs do tell something about the targets, as simple models on {signal.rows} rows show."
            )
        return
    if examination.notes.get("misaligned"):
        return  # the labels belong to other rows: that is why
    yield _suspicion(examination, signal, closed)


def rows_of(examination: Examination) -> Batch | None:
    """Return all samples that one pass through the data shows; None where that cannot be told, or there are few."""
    if "rows" not in examination.notes:
        examination.notes["rows"] = _rows(examination)
    found: Batch | None = examination.notes["rows"]
    return found


def signal_in(examination: Examination) -> Signal | None:
    """Return what simple models find in the data; None where there are few rows, or equal targets."""
    if "signal" not in examination.notes:
        data = rows_of(examination)
        fits = (
            data is not None
            and len(data.inputs) >= _FEWEST
            and len(np.unique(data.inputs, axis=0)) > len(data.inputs) // 2
        )
        fits = fits and data is not None and bool(np.ptp(data.targets, axis=0).any())
        examination.notes["signal"] = signal_of(data.inputs, data.targets) if fits and data is not None else None
    found: Signal | None = examination.notes["signal"]
    return found


def _rows(examination: Examination) -> Batch | None:
    found = batches(examination)
    if not found or len({(batch.inputs.shape[1], batch.targets.shape[1]) for batch in found}) != 1:
        return None
    inputs, targets = (
        np.concatenate([batch.inputs for batch in found]),
        np.concatenate([batch.targets for batch in found]),
    )
    if not (np.isfinite(inputs).all() and np.isfinite(targets).all()):
        return None
    return Batch(inputs, targets)


def _suspicion(examination: Examination, signal: Signal, closed: float) -> Suspicion:
    made = _made(examination)
    best = max(signal.explained.values())
    name = "" if made is None else f" ('{made.name}' is made in line {place_of(examination, made.value).line})"
    finding = Finding(
        "no-signal",
        f"The inputs say nothing about the targets{name}: "
        "on rows they had not seen, three simple models explain "
        f"{max(best, 0):.0%} of them, no more than of targets in a random order. "
        "A network can learn these rows by heart, and nothing beyond.",
        None if made is None else place_of(examination, made.value),
        {
            "rows": signal.rows,
            **{f"explained by {model}": share for model, share in signal.explained.items()},
            **{f"at most by chance, {model}": share for model, share in signal.by_chance.items()},
            "gap closed as written": closed,
        },
        severity="fatal",
        lines=() if made is None else (place_of(examination, made.value).line,),
        remedies=(
            Remedy(
                "Look at the data, not at the network: print some rows with their targets, "
                "and see where either of them is overwritten or made at random."
            ),
        ),
    )
    return Suspicion(finding)


def _made(examination: Examination) -> Definition | None:
    """Return where the data lose their sense: targets made at random, else inputs made at random, else where the targets are made."""
    before = line_of_training(examination)
    data = data_of(examination)
    named = [
        [last_definition(examination.tree, variable.root, before) for variable in variables]
        for variables in (data.targets, data.inputs)
    ]
    targets, inputs = (
        [origin(examination.tree, each) for each in definitions if each is not None] for definitions in named
    )
    reads = {name for each in inputs for name in (each.name, *each.names_read)}
    for each in targets:
        if _is_random(each.value) and not each.names_read & reads:
            return each
    overwritten = [
        each
        for each in inputs
        if _is_random(each.value) and last_definition(examination.tree, each.name, each.line) is not None
    ]
    return next(iter([*overwritten, *targets, *inputs]), None)


def _is_random(value: ast.expr) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _RANDOM
        for node in ast.walk(value)
    )
