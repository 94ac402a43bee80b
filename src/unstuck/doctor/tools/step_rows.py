"""A table of what the first training steps of a script compute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unstuck.doctor.tools.numbers import document_of

if TYPE_CHECKING:
    from unstuck.doctor.tools.numbers import Numbers


@dataclass(frozen=True)
class ValueRow:
    """A value that was given a name.

    Attributes:
        name: The name, as the script has it.
        line: Where, in the user's file.
        cell: In a notebook the code cell.
        function: The function it is in, if that is another than the training loop's; empty otherwise.
        numbers: What it looks like.
        times: How many values this row stands for, of which it shows the last: of an array that is filled entry by entry, or where
            a line gave the name a value more than 8 times within the step.
        flags: What is conspicuous about it.
    """

    name: str
    line: int
    cell: int | None
    function: str
    numbers: Numbers
    times: int
    flags: tuple[str, ...]

    @property
    def called(self) -> str:
        """What messages call it."""
        return f"{self.name} in {self.function}" if self.function else self.name


@dataclass(frozen=True)
class UpdateRow:
    """A parameter before and after the step.

    Attributes:
        name: As the script has it.
        line: Where it was given its new value; None if it was given none.
        cell: In a notebook the code cell.
        before: What it looked like at the top of the step.
        after: What it looks like at the end.
        change: The difference; None where the shape has changed.
        norm: The Euclidean norm of all its numbers at the top of the step.
        change_norm: The norm of the difference.
        flags: What is conspicuous about it.
    """

    name: str
    line: int | None
    cell: int | None
    before: Numbers
    after: Numbers
    change: Numbers | None
    norm: float
    change_norm: float | None
    flags: tuple[str, ...]

    @property
    def called(self) -> str:
        """What messages call it."""
        return self.name


@dataclass(frozen=True)
class StepRows:
    """One training step.

    Attributes:
        iteration: Which iteration of the training loop, from 1.
        rows: What was computed, in order of appearance; an update where the parameter was given its new value.
    """

    iteration: int
    rows: tuple[ValueRow | UpdateRow, ...]


@dataclass(frozen=True)
class StepTable:
    """The first steps of a training.

    Attributes:
        target: The script.
        line: Of the training loop; for a script without a loop, of its step.
        steps: The steps.
        sample: The sample shown, None for all.
        batch: Where the samples of a step are (``rows``, ``columns``, ``passes``, ``steps``); None if unknown.
        samples: How many samples a step has; None if unknown.
        repeated: Whether the script has no loop, so that its step was repeated to be looked at.
        ending: How the script ended, if that was before the last step asked for; empty otherwise.
    """

    target: str
    line: int
    steps: tuple[StepRows, ...]
    sample: int | None
    batch: str | None
    samples: int | None
    repeated: bool = False
    ending: str = ""

    @property
    def flags(self) -> tuple[str, ...]:
        """Everything conspicuous, each with the step and the name it belongs to."""
        return tuple(
            f"step {step.iteration}: {row.called} {flag}"
            for step in self.steps
            for row in step.rows
            for flag in row.flags
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything as lists, dictionaries, text and numbers; numbers may be NaN or infinite."""
        return {
            "schema": 1,
            "target": self.target,
            "line": self.line,
            "sample": self.sample,
            "batch": None if self.batch is None else {"layout": self.batch, "samples": self.samples},
            "repeated": self.repeated,
            "ending": self.ending or None,
            "steps": [
                {"iteration": step.iteration, "values": [_row_document(row) for row in step.rows]}
                for step in self.steps
            ],
        }


def _row_document(row: ValueRow | UpdateRow) -> dict[str, Any]:
    where = {"name": row.name, "line": row.line, "cell": row.cell}
    if isinstance(row, ValueRow):
        return {
            "kind": "value",
            **where,
            "function": row.function or None,
            **document_of(row.numbers),
            "times": row.times,
            "flags": list(row.flags),
        }
    return {
        "kind": "update", **where, "shape": document_of(row.before)["shape"],
        "before": document_of(row.before), "after": document_of(row.after),
        "change": None if row.change is None else document_of(row.change),
        "norm": row.norm, "change_norm": row.change_norm, "flags": list(row.flags),
    }  # fmt: skip
