"""Are the data themselves sound: finite, not constant, and without equal rows that want different answers?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.no_signal import rows_of
from unstuck.doctor.checks.non_finite_source import source_of_bad
from unstuck.doctor.checks.target_source import made_at, targets_made
from unstuck.doctor.checks.training_data import data_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.checks.training_data import Batch
    from unstuck.doctor.scripts.examination import Examination

_FEW_ROWS = 50
_SHARE = 0.1
_ALMOST_ALL = 0.9


def check(examination: Examination) -> Iterator[Suspicion]:
    """Is anything wrong with the numbers that go in?"""
    yield from _non_finite(examination)
    data = rows_of(examination)
    if data is None or len(data.inputs) < 3:  # noqa: PLR2004 (two rows say nothing)
        return
    if not np.ptp(data.inputs, axis=0).any() and np.ptp(data.targets, axis=0).any():
        yield _all_constant(examination, data)
        return
    floor, constant, disagreeing = floor_of_equal_rows(data)
    share = floor / constant if constant > 0 else 0.0
    if share >= (_SHARE if len(data.inputs) <= _FEW_ROWS else _ALMOST_ALL):
        yield _disagree(examination, data, floor, constant, disagreeing)
    elif examination.found.mended is None:
        examination.checked.append(
            "The inputs are finite numbers, and rows that are equal have equal targets."
            if not floor
            else "The inputs are finite numbers."
        )


def floor_of_equal_rows(data: Batch) -> tuple[float, float, int]:
    """Return the mean squared error that equal rows with different targets leave, that of a constant, and how many rows it concerns."""
    _, group = np.unique(data.inputs, axis=0, return_inverse=True)
    group = group.ravel()
    means = np.stack([np.bincount(group, column) / np.bincount(group) for column in data.targets.T], axis=1)
    rest = data.targets - means[group]
    differing = np.any(np.abs(rest) > 1e-9 * (1 + np.abs(data.targets)), axis=1)
    floor = float(np.mean(np.where(differing[:, None], rest, 0.0) ** 2))
    return floor, float(np.mean((data.targets - data.targets.mean(0)) ** 2)), int(differing.sum())


def _non_finite(examination: Examination) -> Iterator[Suspicion]:
    """NaN and infinite numbers in inputs and targets."""
    data = data_of(examination)
    for variable in (*data.inputs, *data.targets):
        start = variable.start
        if start is None or np.isfinite(start).all():
            continue
        made = made_at(examination, variable)
        source = source_of_bad(examination, variable)
        place = None if made is None else made.location
        if source is not None and not source.module:
            place = examination.location_of_site(source)
        lines = [each.line for each in (place, None if made is None else made.location) if each is not None]
        bad = int((~np.isfinite(start)).sum())
        rows = int(np.any(~np.isfinite(start.reshape(len(start), -1)), axis=1).sum()) if start.ndim else 1
        yield Suspicion(
            Finding(
                "non-finite",
                f"'{variable.name}' holds {bad} numbers that are NaN or infinite before the training begins. "
                "Whatever is computed with them becomes NaN too.",
                place,
                {"numbers that are not finite": bad, "rows with such numbers": rows, "numbers": variable.size},
                severity="fatal" if examination.written.first_non_finite is not None else "unproven",
                lines=tuple(dict.fromkeys(lines)),
                remedies=(
                    Remedy(
                        f"Drop the rows of '{variable.name}' that are not complete, together with their targets, "
                        "or fill the gaps, such as with the mean of the column."
                    ),
                ),
            )
        )


def _all_constant(examination: Examination, data: Batch) -> Suspicion:
    variable = next(iter(data_of(examination).inputs), None)
    made = None if variable is None else made_at(examination, variable)
    return Suspicion(
        Finding(
            "no-signal",
            f"All {len(data.inputs)} rows of the inputs are equal, so that no network can tell them apart, while their targets differ.",
            None if made is None else made.location,
            {"rows": len(data.inputs), "different rows": 1},
            severity="fatal",
            lines=() if made is None else (made.location.line,),
            remedies=(Remedy("Look at how the inputs are made: print a few rows."),),
        )
    )


def _disagree(examination: Examination, data: Batch, floor: float, constant: float, disagreeing: int) -> Suspicion:
    made = targets_made(examination)
    variable = next(iter(data_of(examination).inputs), None)
    inputs = None if variable is None else made_at(examination, variable)
    place = inputs or made
    lines = tuple(dict.fromkeys(each.location.line for each in (inputs, made) if each is not None))
    closed = examination.learning.closed(examination.written)
    return Suspicion(
        Finding(
            "no-signal",
            f"{disagreeing} of the {len(data.inputs)} rows are equal to another row that has a different target. "
            f"The best answer to them is a mean, "
            f"so that the mean squared error cannot fall below {floor:.4g}; the best constant has {constant:.4g}.",
            None if place is None else place.location,
            {
                "rows": len(data.inputs),
                "rows that disagree": disagreeing,
                "floor of the squared error": floor,
                "squared error of the best constant": constant,
                "gap closed as written": closed,
            },
            severity="fatal" if floor >= _ALMOST_ALL * constant else "harmful",
            lines=lines,
            remedies=(
                Remedy("Look at the equal rows: was one typed in twice, is a column missing, or is a target wrong?"),
            ),
        )
    )
