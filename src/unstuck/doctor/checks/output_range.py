"""Can the network say what it is asked to say, or do targets lie outside of what its output can reach?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import insertion, remedy_of
from unstuck.doctor.checks.reach import Reach, reach_of
from unstuck.doctor.checks.target_source import output_site, targets_made
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.checks.target_source import Made
    from unstuck.doctor.findings import Severity
    from unstuck.doctor.scripts.examination import Examination

_SHARE = 0.02
_FATAL = 0.9
_NEARLY = 0.9
_FEW_CLASSES = 20
_CLASSES = 3


def check(examination: Examination) -> Iterator[Suspicion]:
    """Can the outputs reach the targets?

    With weights drawn at random, then ten and a hundred times as large, outputs that have a bound stay at it. What the targets have
    beyond it is a part of the loss that no training removes.
    """
    targets = examination.learning.targets
    if targets is None or len(targets) == 0 or not np.isfinite(targets).all():
        return
    reach = reach_of(examination)
    if not reach.is_bounded:
        return
    floor, constant = floor_and_constant(targets, reach)
    if floor <= _SHARE * max(constant, 1e-12):
        examination.checked.append(f"The targets are within what the output can reach, {range_in_words(reach)}.")
        return
    if is_classes(targets) or not is_squared(examination) or goes_below(examination, floor, constant):
        return  # another check speaks of class numbers, and of a cross-entropy; and what the script reaches can be reached
    yield _suspicion(examination, targets, reach, floor, constant)


def floor_and_constant(targets: NDArray[np.float64], reach: Reach) -> tuple[float, float]:
    """Return the mean squared error that the bounds leave, and that of the best constant."""
    distance = reach.distance(targets)
    return float(np.mean(distance**2)), float(np.mean((targets - targets.mean(0)) ** 2))


def goes_below(examination: Examination, floor: float, constant: float) -> bool:
    """Whether the run as written does better than the bounds allow, so that they are none."""
    if examination.learning.kind not in ("half_sum", None):
        return False
    return examination.learning.closed(examination.written) > 1 - _NEARLY * min(1.0, floor / max(constant, 1e-300))


def is_classes(targets: NDArray[np.float64]) -> bool:
    """Whether targets are class numbers: three or more whole numbers, without gaps, each more than once."""
    values, counts = np.unique(targets, return_counts=True)
    whole = bool(np.array_equal(values, np.round(values)))
    return (
        whole
        and _CLASSES <= len(values) <= _FEW_CLASSES
        and bool(np.all(np.diff(values) == 1))
        and values[0] in (0, 1)
        and targets.shape[-1] == 1
        and counts.min() > 1
    )


def is_squared(examination: Examination) -> bool:
    """Whether what is descended is a distance, and not a cross-entropy, which has one form of targets only."""
    kinds = {examination.learning.kind, examination.descended}
    return not kinds & {"bce", "ce", "softmax-ce-0", "softmax-ce-1"}


def _suspicion(
    examination: Examination, targets: NDArray[np.float64], reach: Reach, floor: float, constant: float
) -> Suspicion:
    made, output = targets_made(examination), output_site(examination)
    outside = float(np.mean(reach.distance(targets) > 0))
    name = f" '{made.name}'" if made is not None else ""
    location = made.location if made is not None else None if output is None else examination.location_of_site(output)
    beside = [] if output is None else [examination.location_of_site(output).line]
    severity: Severity = "fatal" if floor >= _FATAL * constant else "harmful"
    finding = Finding(
        "output-range",
        f"The output of the network can only be {range_in_words(reach)}, "
        f"but the targets{name} run from "
        f"{targets.min():.4g} to {targets.max():.4g}: {outside:.0%} of them are out of reach. "
        f"The mean squared error cannot fall below {floor:.4g}.",
        location,
        {
            "lowest output": _finite(reach.lower), "highest output": _finite(reach.upper),
            "lowest target": float(targets.min()), "highest target": float(targets.max()), "targets out of reach": outside,
            "floor of the squared error": floor, "squared error of the best constant": constant,
        },
        severity=severity,
        lines=tuple(dict.fromkeys([*([] if location is None else [location.line]), *beside])),
        remedies=_remedies(examination, made, reach, targets),
    )  # fmt: skip
    return Suspicion(finding)  # a trial with other targets has another loss: there is nothing to compare


def _remedies(
    examination: Examination, made: Made | None, reach: Reach, targets: NDArray[np.float64]
) -> tuple[Remedy, ...]:
    plain = Remedy(
        "Leave the activation of the output layer out, in the forward and in the backward pass, so that the output can be any number."
    )
    if made is None or made.definition is None or not (np.isfinite(reach.lower) and np.isfinite(reach.upper)):
        return (plain,)
    name = made.name
    scaled = f"({name} - {name}.min()) / ({name}.max() - {name}.min())"
    low, width = round(reach.lower, 3), round(reach.upper - reach.lower, 3)
    if width != 1:
        scaled = f"{width:g} * {scaled}"
    if low:
        scaled = f"{low:g} + {scaled}"
    change = insertion(examination, made.definition.statement, [f"{name} = {scaled}"])
    if change is None or targets.min() == targets.max():
        return (plain,)
    remedy, _ = remedy_of(
        examination.source,
        f"Scale {name} into the range of the output, and undo it when you read the output.",
        [change],
    )
    return (remedy, plain)


def _finite(bound: float) -> float | None:
    return float(bound) if np.isfinite(bound) else None


def range_in_words(reach: Reach) -> str:
    """Return the bounds in words."""
    low, high = f"{round(reach.lower, 3):g}", f"{round(reach.upper, 3):g}"
    if not np.isfinite(reach.upper):
        return f"{low} or more"
    if not np.isfinite(reach.lower):
        return f"{high} or less"
    return f"between {low} and {high}"
