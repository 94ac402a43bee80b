"""Which of the edits between two versions of a script make the difference, each tried alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        return {
            "effect": self.effect,
            "final": list(self.final),
            "learned": self.learned,
            "reason": self.reason or None,
        }


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

    @property
    def sentence(self) -> str:
        """What came of it, in a few sentences."""
        return " ".join(part for part in (self._who_learns(), self._what_matters()) if part)

    def _who_learns(self) -> str:
        if self.as_first.learns and self.as_second.learns:
            return "Both versions learn."
        if not self.as_first.learns and not self.as_second.learns:
            return "Neither version learns."
        learning, other = (self.second, self.first) if self.as_second.learns else (self.first, self.second)
        return f"{learning} learns, {other} does not."

    def _what_matters(self) -> str:
        if not self.edits:
            return "They are the same program: nothing but comments, spacing or docstrings differs."
        if not self.as_first.learns:
            return self._what_makes_it_learn()
        broken = [edit.number for edit in self.edits if edit.tried.effect == "breaks"]
        if broken and not self.as_second.learns:
            return f"{_edits(broken)} {'breaks' if len(broken) == 1 else 'break'} it."
        return self._what_moves_it() or "No edit alone makes a difference."

    def _what_moves_it(self) -> str:
        moving = {
            effect: [edit.number for edit in self.edits if edit.tried.effect == effect] for effect in ("helps", "hurts")
        }
        return " ".join(
            f"{_edits(numbers)} {effect if len(numbers) == 1 else effect[:-1]}."
            for effect, numbers in moving.items()
            if numbers
        )

    def _what_makes_it_learn(self) -> str:
        decisive = [edit.number for edit in self.decisive]
        if decisive and self.as_second.learns:
            return f"{_edits(decisive)} {'makes' if len(decisive) == 1 else 'each make'} the difference alone."
        if decisive:
            return f"{_edits(decisive)} alone would make it learn; with all the others it does not."
        if self.decisive_pairs:
            together = " or ".join(f"{_edits(pair.numbers)} together" for pair in self.decisive_pairs)
            return f"No edit makes the difference alone: it takes {together.replace('Edits', 'edits')}."
        if self.as_second.learns:
            return f"No edit makes the difference alone{', nor do two together' if self._tried_pairs else ''}."
        return f"No edit alone makes the difference. {self._what_moves_it()}".strip()

    @property
    def _tried_pairs(self) -> bool:
        return bool(self.pairs) and all(pair.tried.effect != "not tried" for pair in self.pairs)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as lists, dictionaries, text and numbers; numbers may be NaN."""
        return {
            "schema": 1, "first": self.first, "second": self.second,
            "metric": self.metric, "horizon": self.horizon, "seconds": self.seconds,
            "learns": {"first": self.as_first.learns, "second": self.as_second.learns},
            "verdict": self.sentence,
            "as_first": _without_effect(self.as_first), "as_second": _without_effect(self.as_second),
            "edits": [
                {
                    "number": edit.number, "needs": list(edit.needs), **edit.tried.to_dict(),
                    "lines": [{"sign": line.sign, "line": line.line, "cell": line.cell, "text": line.text} for line in edit.lines],
                }
                for edit in self.edits
            ],
            "pairs": [{"edits": list(pair.numbers), **pair.tried.to_dict()} for pair in self.pairs],
        }  # fmt: skip


def _without_effect(tried: Tried) -> dict[str, Any]:
    document = tried.to_dict()
    del document["effect"]
    return document


def _edits(numbers: Sequence[int]) -> str:
    """Return what some edits are called.

    >>> _edits([2]), _edits([1, 3, 4])
    ('Edit 2', 'Edits 1, 3 and 4')
    """
    *others, last = map(str, numbers)
    return f"Edits {', '.join(others)} and {last}" if others else f"Edit {last}"
