"""How a script came to an end before it was over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Held:
    """What a variable held when the script crashed.

    Attributes:
        kind: The name of its type, such as ``ndarray``, ``float``, ``list``.
        shape: Of an array or nested lists of numbers, () for a number, None otherwise.
        dtype: Of an array, otherwise None.
        text: What it looks like, at most 80 characters.
    """

    kind: str
    shape: tuple[int, ...] | None
    dtype: str | None
    text: str


@dataclass(frozen=True)
class Crash:
    """An exception that ended the script.

    Attributes:
        exception: The name of its type, such as ``ValueError``.
        message: Its text.
        line: The innermost line of the script that was running, from 1; None if none was.
        column: Where in that line the expression that failed begins, from 0; None if unknown.
        end_line: The line where it ends.
        end_column: The column where it ends, excluded.
        function: The function that line stands in, empty for the module.
        variables: What the names visible there held.
        callers: Lines of the script from which that function was called, outermost first.
        iteration: How many training steps were done, None if unknown.
    """

    exception: str
    message: str
    line: int | None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    function: str = ""
    variables: Mapping[str, Held] = field(default_factory=dict)
    callers: tuple[int, ...] = ()
    iteration: int | None = None
