"""What a value of a script looks like: its numbers where they are few, otherwise their range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Numbers:
    """A value as it is shown.

    Attributes:
        shape: Of the whole value; None if it is not numeric.
        values: All that is shown of it, if that is at most 20 numbers.
        range: Smallest, mean and largest of its finite numbers; None if there is none.
        not_finite: How many are not finite.
        is_integer: Whether it holds whole numbers.
        of_sample: Whether what is shown is one sample's part of it.
        kind: Its type, where it is not numeric.
        entries: How many entries it has, where it is not numeric.
    """

    shape: tuple[int, ...] | None
    values: NDArray[np.float64] | None = None
    range: tuple[float, float, float] | None = None
    not_finite: int = 0
    is_integer: bool = False
    of_sample: bool = False
    kind: str = ""
    entries: int | None = None


def to_numbers(entry: dict[str, Any]) -> Numbers:
    """Return what :func:`unstuck.doctor.scripts.summaries.looks` has told of a value."""
    if entry["shape"] is None:
        return Numbers(None, kind=entry["kind"], entries=entry["entries"])
    span = None if entry["range"] is None else tuple(entry["range"])
    return Numbers(
        tuple(entry["shape"]), entry["values"], span, entry["not_finite"], entry["is_integer"], entry["of_sample"]
    )


def document_of(numbers: Numbers) -> dict[str, Any]:
    """Return a value as a dictionary of lists, texts and numbers."""
    if numbers.shape is None:
        return {"shape": None, "type": numbers.kind, "entries": numbers.entries}
    low, mean, high = numbers.range or (None, None, None)
    return {
        "shape": list(numbers.shape),
        "of_sample": numbers.of_sample,
        "values": None if numbers.values is None else numbers.values.tolist(),
        "min": low,
        "mean": mean,
        "max": high,
        "not_finite": numbers.not_finite,
    }
