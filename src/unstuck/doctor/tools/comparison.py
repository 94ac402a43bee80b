"""Which of the edits between two versions of a script make the difference, each tried alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unstuck.doctor.tools.edited_lines import EditedLine
    from unstuck.doctor.tools.effects import Effect


@dataclass(frozen=True)
class Tried:
    """What came of a variant.

    Attributes:
        effect: What the edits in it do to the first version.
        final: The loss at the end for each seed; NaN where there is none.
        learned: On how many of these seeds it learned.
        curve: At most 60 values of the loss from the first seed.
        reason: Why it does not run, or was not tried; empty otherwise.
    """

    effect: Effect
    final: tuple[float, ...] = ()
    learned: int = 0
    curve: tuple[float, ...] = ()
    reason: str = ""

    @property
    def learns(self) -> bool:
        """Whether it learned on most seeds."""
        return 2 * self.learned > len(self.final)

    def to_dict(self) -> dict[str, Any]:
        """Return it as lists, dictionaries, text and numbers; numbers may be NaN."""
        return {"effect": self.effect, "final": list(self.final), "learned": self.learned, "reason": self.reason or None}


@dataclass(frozen=True)
class EditResult:
    """An edit and what it does, made alone in the first version.

    Attributes:
        number: From 1, in the order of the script.
        lines: The lines that go and come.
        needs: Numbers of other edits without which it cannot be made; they were made with it.
        tried: What came of it.
    """

    number: int
    lines: tuple[EditedLine, ...]
    needs: tuple[int, ...]
    tried: Tried


@dataclass(frozen=True)
class PairResult:
    """Two edits made together.

    Attributes:
        numbers: Which.
        tried: What came of them.
    """

    numbers: tuple[int, int]
    tried: Tried


@dataclass(frozen=True)
class Comparison:
    """Two versions of a script and the edits between them.

    Attributes:
        first: What the first version is called.
        second: What the second version is called.
        metric: Which loss was compared; None if nothing was run.
        horizon: After how many training steps the runs ended at the latest.
        own_steps: How many the first version makes by itself; None if it would have made more than ``horizon``.
        as_first: The first version as it is written.
        as_second: The second version, all edits together.
        edits: Each edit alone.
        pairs: Edits in pairs; tried where none alone makes the difference.
        seconds: How long it took.
    """

    first: str
    second: str
    metric: str
    horizon: int
    own_steps: int | None
    as_first: Tried
    as_second: Tried
    edits: tuple[EditResult, ...]
    pairs: tuple[PairResult, ...]
    seconds: float

    @property
    def learns(self) -> bool:
        """Whether the second version learns."""
        return self.as_second.learns

    @property
    def decisive(self) -> tuple[EditResult, ...]:
        """The edits that make the difference alone; of one that contains another such edit only the latter."""
        found = [edit for edit in self.edits if edit.tried.effect == "makes the difference"]
        numbers = {edit.number for edit in found}
        return tuple(edit for edit in found if not numbers & set(edit.needs))

    @property
    def decisive_pairs(self) -> tuple[PairResult, ...]:
        """The pairs that make the difference."""
        return tuple(pair for pair in self.pairs if pair.tried.effect == "makes the difference")

    def to_dict(self) -> dict[str, Any]:
        """Return everything as lists, dictionaries, text and numbers; numbers may be NaN."""
        return {
            "schema": 1, "first": self.first, "second": self.second, "metric": self.metric, "horizon": self.horizon, "seconds": self.seconds,
            "learns": {"first": self.as_first.learns, "second": self.as_second.learns},
            "as_first": self.as_first.to_dict(), "as_second": self.as_second.to_dict(),
            "edits": [
                {
                    "number": edit.number, "needs": list(edit.needs), **edit.tried.to_dict(),
                    "lines": [{"sign": line.sign, "line": line.line, "cell": line.cell, "text": line.text} for line in edit.lines],
                }
                for edit in self.edits
            ],
            "pairs": [{"edits": list(pair.numbers), **pair.tried.to_dict()} for pair in self.pairs],
        }  # fmt: skip


def finite(value: float) -> bool:
    """Whether a final loss is a number."""
    return math.isfinite(value)
