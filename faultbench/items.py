"""Everything that is put before the doctor: mutants, and scripts with which nothing is wrong."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from faultbench.operators import OPERATORS
from faultbench.originals import originals, with_seed
from faultbench.split import is_for_tuning
from faultbench.subject import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faultbench.operators import Mutation
    from faultbench.originals import Original
    from faultbench.split import Part

Kind: TypeAlias = Literal["mutants", "healthy"]

_MOST_OF_A_KIND = 14
_HEALTHY_SEEDS = 22


@dataclass(frozen=True)
class Item:
    """One script.

    Attributes:
        name: ``style/operator/number``, or ``style/seed/number`` for a script with which nothing is wrong.
        part: Tuning or held-out.
        original: What it was made from.
        operator: What was done to it, None if nothing was.
        text: The script.
        lines: Where the mistake is.
    """

    name: str
    part: Part
    original: Original
    operator: str | None
    text: str
    lines: tuple[int, ...] = ()


def items(part: Part, kind: Kind) -> Iterator[Item]:
    """Yield the scripts of a part, in an order in which styles and operators take turns."""
    found = list(_mutants(part) if kind == "mutants" else _healthy(part))
    yield from sorted(found, key=lambda item: hashlib.sha256(item.name.encode()).hexdigest())


def part_of(style: str, operator: str | None) -> Part:
    """Return which part a mutant of a style by an operator belongs to; without an operator, a style."""
    known = is_for_tuning("style", style) and (operator is None or is_for_tuning("operator", operator))
    return "tuning" if known else "held-out"


def _mutants(part: Part) -> Iterator[Item]:
    for original in originals("style"):
        wanted = [name for name in OPERATORS if part_of(original.name, name) == part]
        for name in wanted:
            found = _some([*OPERATORS[name].find(subject_of(original))])
            for number, mutation in enumerate(found, 1):
                yield Item(f"{original.name}/{name}/{number}", part, original, name, mutation.text, mutation.lines)


def _some(found: list[Mutation]) -> list[Mutation]:
    """Return a few of the mutations that an operator finds, drawn by what they are, in the order of the text."""
    different = list({mutation.text: mutation for mutation in found}.values())
    chosen = sorted(different, key=lambda mutation: hashlib.sha256(mutation.text.encode()).hexdigest())[
        :_MOST_OF_A_KIND
    ]
    return sorted(chosen, key=different.index)


def _healthy(part: Part) -> Iterator[Item]:
    for original in (*originals("style"), *originals("odd")):
        if part_of(original.name, None) == part:
            for seed in range(_HEALTHY_SEEDS):
                text = with_seed(original.text, 10 * seed)
                yield Item(f"{original.name}/seed/{seed}", part, original, None, text)
