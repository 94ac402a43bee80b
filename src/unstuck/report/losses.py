"""What a report says about the script's loss."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.report.script import name_place
from unstuck.report.sparkline import Scale, scale_of
from unstuck.report.wording import clean, count, number

if TYPE_CHECKING:
    from unstuck.doctor.diagnosis import LossReport

_KINDS = {
    "mse": "the mean squared error",
    "half_sum": "half the squared error",
    "mae": "the mean absolute error",
    "bce": "the binary cross-entropy",
    "ce": "the cross-entropy",
}


@dataclass(frozen=True)
class LossView:
    """The loss of a script.

    Attributes:
        summary: What it is, what the updates descend, where it began and ended.
        curve: Its values over the run as written.
        scale: On which they are drawn, None if there is nothing to draw.
    """

    summary: str
    curve: tuple[float, ...]
    scale: Scale | None


def loss_view(loss: LossReport | None, steps: int | None) -> LossView | None:
    """Return what is to be said about a loss after so many steps, None if there is none."""
    if loss is None:
        return None
    summary = f"{_what(loss)}{_descended(loss)}: {_values(loss, steps)}."
    return LossView(summary, tuple(loss.curve), scale_of(loss.curve))


def _what(loss: LossReport) -> str:
    if loss.name is None:
        return "The script reports no loss"
    where = f" ({name_place(loss.location)})" if loss.location else ""
    kind = "" if loss.kind is None else f" is {_named(loss.kind)}"
    return f"The loss {clean(loss.name)}{where}{kind}"


def _descended(loss: LossReport) -> str:
    if loss.descended is None:
        return ""
    if loss.name is None:
        return f"; its updates descend {_named(loss.descended)}"
    if loss.descended in {"reported", loss.kind}:
        return ", and the updates descend it" if loss.kind else " is what the updates descend"
    other = _named(loss.descended)
    return f", but the updates descend {other}" if loss.kind else f" is not what the updates descend, {other}"


def _values(loss: LossReport, steps: int | None) -> str:
    first, last = (_finite(value) for value in (loss.first, loss.last))
    if steps == 1:
        return f"{first} at the only step"
    end = "in the end" if steps is None else f"after {count(steps, 'step')}"
    return f"{first} at first, {last} {end}"


def _named(kind: str) -> str:
    return _KINDS.get(kind, clean(kind).replace("_", " "))


def _finite(value: float | None) -> str:
    return "not finite" if value is None or not math.isfinite(value) else number(value)
