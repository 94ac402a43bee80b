"""What a mutation operator is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faultbench.subject import Subject

Family: TypeAlias = Literal["gradient", "update", "forward", "data", "start", "setting"]


@dataclass(frozen=True)
class Mutation:
    """One way to make a script wrong.

    Attributes:
        text: The script with the mistake.
        lines: Where it is, in the lines of ``text``; any of them is a right answer.
    """

    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Operator:
    """A kind of mistake.

    Attributes:
        name: What it does.
        family: Which part of a script it makes wrong.
        faults: Codes of the doctor's catalogue that name it rightly.
        mistakes: For a wrong gradient the mistakes that name it rightly; any if empty.
        find: Yields the places in a script where the mistake can be made.
    """

    name: str
    family: Family
    faults: frozenset[str]
    mistakes: frozenset[str]
    find: Callable[[Subject], Iterator[Mutation]]


OPERATORS: dict[str, Operator] = {}
"""Every operator by name."""


def operator(
    family: Family, faults: str, mistakes: str = ""
) -> Callable[[Callable[[Subject], Iterator[Mutation]]], Callable[[Subject], Iterator[Mutation]]]:
    """Enter a function into the table of operators, under its own name; faults and mistakes are separated by blanks."""

    def enter(find: Callable[[Subject], Iterator[Mutation]]) -> Callable[[Subject], Iterator[Mutation]]:
        name = find.__name__.replace("_", "-")
        OPERATORS[name] = Operator(name, family, frozenset(faults.split()), frozenset(mistakes.split()), find)
        return find

    return enter
