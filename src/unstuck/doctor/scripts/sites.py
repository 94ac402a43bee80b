"""The places of a script at which values appear, and its loops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

SiteKind: TypeAlias = Literal[
    "assigned", "updated", "item", "unpacked", "loop-target", "expression", "difference", "returned"
]
"""How the value appears.

In this order: ``x = e``; ``x -= e``; ``x[i] = e``; ``x, y = e``; ``for x in e``; inside an expression; ``a - b``; ``return e``.
"""


@dataclass(frozen=True)
class Span:
    """Where an expression stands in the program's text: lines from 1, columns from 0, the end excluded."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Site:
    """A place at which a value appears each time the program passes it.

    Attributes:
        number: Its index among the sites of the program.
        name: What holds the value, such as ``w1`` or ``self.W``; for an expression its own text.
        kind: How the value appears.
        span: Of the expression that gives the value.
        function: The function it stands in, dotted, empty for the module.
        loops: Numbers of the loops around it within that function, outermost first.
        expression: The text of the expression that gives the value.
        reads_itself: Whether that expression reads what the value is assigned to.
        module: The script's own module it stands in, such as ``helpers``; empty for the script itself.
    """

    number: int
    name: str
    kind: SiteKind
    span: Span
    function: str
    loops: tuple[int, ...]
    expression: str
    reads_itself: bool = False
    module: str = ""


@dataclass(frozen=True)
class Loop:
    """A ``for`` or ``while`` statement, or a list comprehension.

    Attributes:
        number: Its index among the loops of the program.
        line: Of its head.
        function: The function it stands in, dotted, empty for the module.
        outer: Numbers of the loops around it within that function, outermost first.
        text: Its head; of a list comprehension the whole.
        module: As for a site.
    """

    number: int
    line: int
    function: str
    outer: tuple[int, ...]
    text: str
    module: str = ""
