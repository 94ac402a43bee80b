"""What one replay of a training step wrote down."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROUNDING = 1e-12

Key: TypeAlias = tuple[int, int]
"""A value: the site where it appeared, and which time within the step, from 0."""


class Pair(NamedTuple):
    """The operands of a subtraction."""

    left: NDArray[np.float64]
    right: NDArray[np.float64]


@dataclass(frozen=True)
class Trace:
    """One replay.

    Attributes:
        reason: How it ended: ``step``, ``stopped``, ``ended``, ``failed``, ``died``.
        error: What the script raised, if it failed.
        order: For each value when it appeared, counting from 0.
        shapes: Its shape.
        sums: Two sums that tell it apart from another.
        integers: The values that cannot hold fractions.
        values: Some values in full.
        pairs: The operands of subtractions.
        evaluated: Of texts that were evaluated, by their numbers, those that gave as many numbers as the value there: some of them.
        loss: Every value of the reported loss.
        pair_losses: The candidate losses of outputs and targets.
        ends: Variables at the end, by their number.
        gradients: What the tape says, by loss.
        seconds: How long it took.
    """

    reason: str
    error: dict[str, Any] | None = None
    order: dict[Key, int] = field(default_factory=dict)
    shapes: dict[Key, tuple[int, ...]] = field(default_factory=dict)
    sums: dict[Key, tuple[float, float]] = field(default_factory=dict)
    integers: frozenset[Key] = frozenset()
    values: dict[Key, NDArray[np.float64]] = field(default_factory=dict)
    pairs: dict[Key, Pair] = field(default_factory=dict)
    evaluated: dict[int, NDArray[np.float64]] = field(default_factory=dict)
    loss: tuple[float, ...] = ()
    pair_losses: dict[str, float] = field(default_factory=dict)
    ends: dict[int, NDArray[np.float64]] = field(default_factory=dict)
    gradients: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def is_whole(self) -> bool:
        """Whether the step ran to where it was to run."""
        return self.reason in ("step", "stopped", "ended")

    def changed_from(self, other: Trace) -> set[Key]:
        """Return the values that differ between two replays."""
        return {
            key
            for key, sums in self.sums.items()
            if key in other.sums and (not same_sums(sums, other.sums[key]) or self.shapes[key] != other.shapes[key])
        }

    def ends_changed_from(self, other: Trace) -> set[int]:
        """Return the variables whose ends differ between two replays."""
        return {
            index
            for index, end in self.ends.items()
            if index in other.ends and not np.array_equal(end, other.ends[index], equal_nan=True)
        }


def same_sums(first: tuple[float, float], second: tuple[float, float]) -> bool:
    """Whether two values are the same up to the rounding of sums that are added in another order."""
    return all(_is_same(one, other) for one, other in zip(first, second, strict=True))


def _is_same(one: float, other: float) -> bool:
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return one == other or abs(one - other) <= _ROUNDING * max(abs(one), abs(other))


def to_key(text: str) -> Key:
    """Return the key that a message has as ``site:occurrence``."""
    site, _, occurrence = text.partition(":")
    return int(site), int(occurrence)


def to_trace(message: dict[str, Any]) -> Trace:
    """Return the trace that a message holds."""
    if message["reason"] in ("died", "own fault"):
        return Trace("died", message.get("error"))
    keys: list[Key] = [tuple(key) for key in np.asarray(message["keys"]).tolist()]
    return Trace(
        reason=message["reason"],
        error=message["error"],
        order={key: index for index, key in enumerate(keys)},
        shapes={key: tuple(shape) for key, shape in zip(keys, message["shapes"], strict=True)},
        sums={key: tuple(sums) for key, sums in zip(keys, np.asarray(message["sums"]).tolist(), strict=True)},
        integers=frozenset(key for key, integer in zip(keys, message["integers"], strict=True) if integer),
        values={to_key(text): numbers for text, numbers in message["values"].items()},
        pairs={to_key(text): Pair(pair["left"], pair["right"]) for text, pair in message["pairs"].items()},
        evaluated={int(number): values for number, values in message["evaluated"].items()},
        loss=tuple(message["loss"]),
        pair_losses=message["pair_losses"],
        ends={int(index): numbers for index, numbers in message["ends"].items()},
        gradients={
            loss: {
                "variables": {int(index): numbers for index, numbers in found["variables"].items()},
                "values": {to_key(text): numbers for text, numbers in found["values"].items()},
            }
            for loss, found in message["gradients"].items()
        },
        seconds=message["seconds"],
    )
