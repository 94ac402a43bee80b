"""What the doctor finds: a fault, where it is, the evidence, the remedy, and the trial that proves it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity: TypeAlias = Literal["fatal", "harmful", "harmless", "unproven"]
"""How much it matters: it alone keeps the script from learning; it slows or spoils it; it makes no difference; nobody tried."""

SEVERITIES: tuple[Severity, ...] = ("fatal", "harmful", "unproven", "harmless")
CONSEQUENCES = frozenset({"non-finite", "saturation", "exploding", "vanishing", "dead-relu"})
"""Faults that another one may be the cause of."""
"""In the order in which findings are listed."""

Evidence: TypeAlias = "Mapping[str, str | int | float | list[float] | list[str] | None]"
"""What was measured, by a name that a reader understands: ``{"update over weight": 31.0}``."""


@dataclass(frozen=True)
class Location:
    """A place in the user's script: lines from 1, columns from 0, the end excluded; in a notebook the code cell from 1."""

    file: str
    line: int
    column: int = 0
    end_line: int | None = None
    end_column: int | None = None
    cell: int | None = None


@dataclass(frozen=True)
class Edit:
    """A change of the script's text: what stands at ``location`` is replaced.

    An ``old`` that is empty means that ``new`` is inserted before ``location``; whole lines end with a line feed.
    """

    location: Location
    old: str
    new: str


@dataclass(frozen=True)
class Remedy:
    """What to do, in one sentence, and as edits where it can be said that way."""

    summary: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Trial:
    """The proof of a remedy: the same script with and without it, and the controls.

    Attributes:
        metric: What was compared, such as ``J`` or ``loss of the outputs``.
        horizon: How many training steps each run had.
        seeds: How many seeds were tried.
        as_written: The final value of the metric for each seed.
        with_remedy: Likewise, with the remedy.
        controls: Likewise for what must not help as much: another seed, the runner-up remedy.
        proved: Whether the remedy, and it alone, made the difference on every seed.
        curves: For drawing: at most 60 values of the metric over the run, by the name of the run (``as written``, ``with remedy``).
        changes: What was changed in the runs with the remedy, in words; several changes were made together, since one alone did not do.
    """

    metric: str
    horizon: int
    seeds: int
    as_written: tuple[float, ...]
    with_remedy: tuple[float, ...]
    controls: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    proved: bool = False
    curves: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with the script.

    Attributes:
        fault: Its code in the catalogue (``unstuck.doctor.faults``).
        message: What is wrong, in plain words, with the names of this script; one or two sentences.
        location: The expression that is wrong; None if the fault is that something is missing altogether.
        evidence: What was measured. A finding without evidence is not made.
        mistake: For ``wrong-gradient`` which mistake it is.
        parameter: The parameter that it concerns, as the script names it.
        severity: See :data:`Severity`.
        lines: All lines that have to do with it.
        remedies: What to do about it, the best first.
        trial: How the first remedy was tried.
    """

    fault: str
    message: str
    location: Location | None
    evidence: Evidence
    mistake: str | None = None
    parameter: str | None = None
    severity: Severity = "unproven"
    lines: tuple[int, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    trial: Trial | None = None
