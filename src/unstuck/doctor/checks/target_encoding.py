"""Are the targets written in the form that this output and this loss expect?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import insertion, numpy_name, remedy_of
from unstuck.doctor.checks.output_range import floor_and_constant, goes_below, is_classes, is_squared, range_in_words
from unstuck.doctor.checks.reach import reach_of
from unstuck.doctor.checks.softmax_axis import class_axis
from unstuck.doctor.checks.target_source import output_site, targets_made
from unstuck.doctor.checks.training_data import meetings, outputs_and_targets
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.checks.target_source import Made
    from unstuck.doctor.findings import Evidence, Severity
    from unstuck.doctor.scripts.examination import Examination

_SHARE = 0.02
_NOT_ONE = 0.05
_MATRIX = 2
_ROUNDING = 1e-9
_END = 0.1


def check(examination: Examination) -> Iterator[Suspicion]:
    """Do the targets fit the outputs?

    One output that ends at 1 cannot say class 2; a cross-entropy of targets outside of 0 and 1 has no minimum; the number of a class
    is not to be subtracted from the outputs of all classes; softmax outputs, which add up to 1, cannot reach rows that do not; and
    two classes that both lie at the same end of what the output can be are no yes and no.
    """
    targets = examination.learning.targets
    if examination.found.pair is None or targets is None or not np.isfinite(targets).all():
        return
    for form in (_class_numbers_against_rows, _beyond_cross_entropy, _class_numbers, _rows_not_one, _one_sided):
        found = form(examination, targets)
        if found is not None:
            yield found
            return
    examination.checked.append("The targets have the form that the outputs and the loss expect.")


def _class_numbers(examination: Examination, targets: NDArray[np.float64]) -> Suspicion | None:
    """One output, and class numbers of which it can reach only some."""
    reach = reach_of(examination)
    floor, constant = floor_and_constant(targets, reach)
    if (
        not reach.is_bounded
        or floor <= _SHARE * constant
        or not is_classes(targets)
        or goes_below(examination, floor, constant)
    ):
        return None
    classes = len(np.unique(targets))
    return _suspicion(
        examination,
        f"{{name}} holds the class numbers {targets.min():.0f} to {targets.max():.0f}, and a single output that is "
        f"{range_in_words(reach)} is to hit them. It cannot reach all of them, and classes are no amounts.",
        {
            "classes": classes,
            "highest output": float(reach.upper) if np.isfinite(reach.upper) else None,
            "floor of the squared error": floor,
            "squared error of the best constant": constant,
        },
        "fatal" if floor >= 0.9 * constant else "harmful",
        (
            Remedy(
                f"Give the output layer {classes} units, one for each class, and write the targets as one-hot rows, "
                f"such as np.eye({classes})[labels]."
            ),
        ),
    )


def _class_numbers_against_rows(examination: Examination, targets: NDArray[np.float64]) -> Suspicion | None:
    """Class numbers that are subtracted from the outputs of all classes."""
    at = examination.found.pair
    pair = None if at is None else examination.found.own.pairs.get(at.key)
    if pair is None:
        return None
    outputs, wanted = outputs_and_targets(examination, pair)
    axis = _class_axis(outputs, wanted)
    if axis is None:
        return None
    count = outputs.shape[axis]
    values = np.unique(targets)
    if (
        not np.array_equal(values, np.round(values))
        or values.min() not in (0, 1)
        or len(values) < _MATRIX
        or values.max() > count
    ):
        return None
    made = targets_made(examination)
    remedies = _one_hot(examination, made, count, int(values.min()), wanted, axis)
    return _suspicion(
        examination,
        f"{{name}} holds class numbers, and they are subtracted from all {count} outputs of a row, "
        "so that each output is to become the number of the class.",
        {
            "shape of the outputs": [float(length) for length in outputs.shape],
            "shape of the targets": [float(length) for length in wanted.shape],
            "highest target": float(values.max()),
        },
        "harmful",
        remedies,
    )


def _class_axis(outputs: NDArray[np.float64], targets: NDArray[np.float64]) -> int | None:
    """Return the axis of the outputs along which single targets are stretched."""
    if outputs.ndim == _MATRIX and targets.ndim == _MATRIX and targets.size < outputs.size:
        for axis in (0, 1):
            if (
                targets.shape[axis] == 1 < outputs.shape[axis]
                and targets.shape[1 - axis] == outputs.shape[1 - axis] > 1
            ):
                return axis
    if outputs.ndim == _MATRIX and targets.ndim == 1 and targets.size == outputs.shape[1] > 1 and outputs.shape[0] > 1:
        return None
    return None


def _one_hot(
    examination: Examination, made: Made | None, count: int, first: int, wanted: NDArray[np.float64], axis: int
) -> tuple[Remedy, ...]:
    labels = "labels" if made is None else made.name
    shift = f" - {first}" if first else ""
    words = Remedy(f"Write the targets as one-hot rows: np.eye({count})[{labels}{shift}].")
    numpy = numpy_name(examination.tree)
    if made is None or made.definition is None or numpy is None or wanted.ndim != _MATRIX:
        return (words,)
    text = f"{numpy}.eye({count})[{numpy}.ravel({labels}).astype(int){shift}]" + (".T" if axis == 0 else "")
    change = insertion(examination, made.definition.statement, [f"{labels} = {text}"])
    if change is None:
        return (words,)
    remedy, _ = remedy_of(examination.source, "Write the targets as one-hot rows.", [change])
    return (remedy,)


def _beyond_cross_entropy(examination: Examination, targets: NDArray[np.float64]) -> Suspicion | None:
    """A cross-entropy of targets that are no probabilities."""
    low, high = float(targets.min()), float(targets.max())
    if is_squared(examination) or (low >= -_ROUNDING and high <= 1 + _ROUNDING):
        return None
    reach = reach_of(examination)
    if not (np.isfinite(reach.lower) and np.isfinite(reach.upper)):
        return None
    values = np.unique(targets)
    remedies: tuple[Remedy, ...] = (
        Remedy("Write the targets as numbers from 0 to 1, such as 0 and 1 for two classes."),
    )
    made = targets_made(examination)
    if len(values) == _MATRIX and made is not None and made.definition is not None:
        text = f"({made.name} + 1) / 2" if (low, high) == (-1.0, 1.0) else f"({made.name} - ({low:g})) / {high - low:g}"
        edit = insertion(examination, made.definition.statement, [f"{made.name} = {text}"])
        if edit is not None:
            remedy, _ = remedy_of(
                examination.source, f"Turn {low:g} and {high:g} into 0 and 1: {made.name} = {text}.", [edit]
            )
            remedies = (remedy,)
    lowest = float(np.min(examination.written.values)) if examination.written.values.size else None
    return _suspicion(
        examination,
        f"{{name}} runs from {low:.4g} to {high:.4g}, but the cross-entropy that is descended wants targets from 0 to 1. "
        "For others it has no minimum: the outputs run into saturation and the loss sinks below zero.",
        {
            "lowest target": low,
            "highest target": high,
            "lowest loss seen": lowest,
            "targets out of range": float(np.mean((targets < 0) | (targets > 1))),
        },
        "harmful",
        remedies,
    )


def _rows_not_one(examination: Examination, targets: NDArray[np.float64]) -> Suspicion | None:
    """Softmax outputs and rows of zeros and ones that do not add up to 1."""
    for probe in examination.probes:
        for pair in meetings(examination, probe.trace):
            outputs, wanted = outputs_and_targets(examination, pair)
            if outputs.ndim == 0 or outputs.shape != wanted.shape or not np.isin(wanted, (0.0, 1.0)).all():
                return None
            axes = [
                axis for axis in range(outputs.ndim) if outputs.shape[axis] > 1 and np.allclose(outputs.sum(axis), 1.0)
            ]
            if len(axes) != 1 or outputs.min() < 0 or class_axis(examination, outputs.shape) == 1 - axes[0]:
                return None
            totals = wanted.sum(axes[0])
            if float(np.mean(totals != 1)) < _NOT_ONE or totals.max() <= 1:
                return None
    if targets.shape[-1] < _MATRIX:
        return None
    return _suspicion(
        examination,
        f"The outputs of a row add up to 1, but in {np.mean(totals != 1):.0%} of the rows {{name}} does not: "
        "some have several ones, others none. Perhaps an array was reshaped where it should have been transposed.",
        {"rows that do not add up to 1": float(np.mean(totals != 1)), "largest sum of a row": float(totals.max())},
        "harmful",
        (
            Remedy(
                "Write the targets as one-hot rows, exactly one 1 in each; to swap rows and columns use .T, not reshape."
            ),
        ),
    )


def _one_sided(examination: Examination, targets: NDArray[np.float64]) -> Suspicion | None:
    """Two values for two classes, both near the same bound of the output."""
    values = np.unique(targets)
    reach = reach_of(examination)
    width = reach.upper - reach.lower
    if len(values) != _MATRIX or not np.isfinite(width) or float(reach.distance(targets).max()) > _ROUNDING:
        return None
    is_low = float(values[1]) < reach.lower + _END * width
    if not is_low and float(values[0]) <= reach.upper - _END * width:
        return None
    low, high = float(values[0]), float(values[1])
    return _suspicion(
        examination,
        f"{{name}} holds only {low:.4g} and {high:.4g}, both at the {'lower' if is_low else 'upper'} end of an output that is "
        f"{range_in_words(reach)}. Hardly any loss is left that tells the two apart, and no answer ever crosses the middle.",
        {"lowest target": low, "highest target": high, "lowest output": reach.lower, "highest output": reach.upper},
        "harmful",
        (Remedy(f"Turn {low:g} and {high:g} into {round(reach.lower, 3):g} and {round(reach.upper, 3):g}."),),
    )


def _suspicion(
    examination: Examination, message: str, evidence: Evidence, severity: Severity, remedies: tuple[Remedy, ...]
) -> Suspicion:
    made, output = targets_made(examination), output_site(examination)
    location = made.location if made is not None else None
    beside = [] if output is None else [examination.location_of_site(output).line]
    name = f"'{made.name}'" if made is not None else "The array of the targets"
    text = message.format(name=name)
    lines = tuple(dict.fromkeys([*([] if location is None else [location.line]), *beside]))
    # no trial: with other targets the loss is another, and there is nothing to compare
    return Suspicion(
        Finding(
            "target-encoding",
            text[0].upper() + text[1:],
            location,
            evidence,
            severity=severity,
            lines=lines,
            remedies=remedies,
        )
    )
