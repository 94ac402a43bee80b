"""The change of a wrong line of the backward pass that makes its value what it should be, found by trying what may have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import expression_at
from unstuck.doctor.checks.other_expressions import OtherExpression, other_expressions
from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.rewriting import sampled
from unstuck.doctor.scripts.value_repair import ValueRepair

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.mistakes import Namer
    from unstuck.doctor.scripts.trace import Trace
    from unstuck.doctor.scripts.wrong_values import Backward, Wrong

_EXACT = 1e-5
_MOST_VERIFIED = 5
_LEAST = 2
_SLOW = 0.5
_LONG = 120


def meant_expression(
    examination: Examination, namer: Namer, backward: Backward, wrong: Wrong, others: Sequence[Wrong]
) -> OtherExpression | None:
    """Return the smallest change of a wrong line with which the updates follow the gradient; None if none of those known does.

    Args:
        examination: The script.
        namer: What it knows of the values at several states.
        backward: What is known about the backward pass.
        wrong: The value of the line.
        others: The other values that are wrong, which are put right meanwhile.
    """
    site = examination.site_of(wrong.key)
    node = expression_at(examination, site)
    is_slow = examination.found.step.seconds_of_a_replay > _SLOW
    if node is None or site.kind == "updated" or examination.repeated or is_slow or len(site.expression) > _LONG:
        return None
    candidates = other_expressions(examination.source, examination.tree, node)
    fitting = list(_fitting(examination, namer, wrong, others, candidates))
    return next((each for each in fitting[:_MOST_VERIFIED] if _works(examination, backward, wrong, others, each)), None)


def _fitting(
    examination: Examination,
    namer: Namer,
    wrong: Wrong,
    others: Sequence[Wrong],
    candidates: Sequence[OtherExpression],
) -> Iterator[OtherExpression]:
    """Yield those whose value is a multiple of what it should be, the same at all states.

    Behind those come the ones that are it where it is not zero: what is cut off further on need not be nothing here.
    """
    values = namer.values
    known = [(number, probe) for number, probe in enumerate(values.probes) if wrong.key in probe.trace.shapes]
    rights = values.rights(wrong)
    traces = examination.found.step.replay_all(
        [
            {
                "state": probe.state,
                "record": False,
                "hold": examination.prober.all_holds(),
                "replace": namer.repairs(others, number),
                "texts": [*(each.text for each in candidates), examination.site_of(wrong.key).expression],
                "at": wrong.key,
            }
            for number, probe in known
        ]
    )
    meant = np.concatenate([sampled(rights[number]) for number, _ in known])
    counts = meant != 0
    if counts.sum() < _LEAST:
        return
    as_written = _stacked(traces, len(candidates))
    nearly = []
    for number, candidate in enumerate(candidates):
        value = _stacked(traces, number)
        if value is None or value.size != meant.size or not np.isfinite(value).all():
            continue
        if as_written is not None and compare(value, as_written).error < _EXACT:
            continue
        if compare(value, meant).error < _EXACT:
            yield candidate
        elif compare(value[counts], meant[counts]).error < _EXACT:
            nearly.append(candidate)
    yield from nearly


def _stacked(traces: Sequence[Trace], number: int) -> NDArray[np.float64] | None:
    """Return what a text came to at all states, one after the other; None where it made no sense."""
    parts = [trace.evaluated.get(number) for trace in traces]
    found = [part for part in parts if part is not None]
    return np.concatenate(found) if len(found) == len(parts) > 0 else None


def _works(
    examination: Examination, backward: Backward, wrong: Wrong, others: Sequence[Wrong], candidate: OtherExpression
) -> bool:
    """Whether every update that the line has to do with goes down the gradient with it."""
    prober, loss = examination.prober, examination.taped_loss
    probes = examination.probes[: len(backward.gradients)]
    tried = False
    for variable in examination.found.parameters:
        driven = any(key[0] == wrong.key[0] for key in backward.drivers.get(variable.index, ()))
        if not driven:
            continue
        repair = ValueRepair(prober, probes, loss, backward, variable.index, others)
        reached = repair.reach(wrong.key)
        if reached is None:
            continue
        if not repair.works([wrong], reached, candidate.text):
            return False
        tried = True
    return tried
