"""What is timed: the same work done by several libraries, in turn, so that a busy moment of the machine meets them all."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Work = Callable[[], float]
"""Does the work once and returns what it came to, such as the final loss."""


@dataclass
class Side:
    """One library at one piece of work.

    Attributes:
        name: With its number of threads, such as ``torch eager (2 threads)``.
        work: What to time; whatever is made ready once is made outside of it.
        amount: How many units of work it does, such as iterations; slow libraries do fewer of them.
        expected: What the work must come to, if that is known.
        tolerance: By how much of it a result may differ.
        seconds: What each run took.
        results: What each run came to.
    """

    name: str
    work: Work
    amount: float
    expected: float | None = None
    tolerance: float = 1e-6
    seconds: list[float] = field(default_factory=list)
    results: list[float] = field(default_factory=list)

    @property
    def cost(self) -> float:
        """Median seconds for one unit of work."""
        return statistics.median(self.seconds) / self.amount

    @property
    def spread(self) -> float:
        """The longest run over the shortest."""
        return max(self.seconds) / min(self.seconds)


def take_turns(sides: list[Side], repeats: int) -> None:
    """Run every side once to warm up, then all of them in turn, ``repeats`` times.

    Raises:
        AssertionError: A side has not done the same work: it came to something else.
    """
    for side in sides:
        result = side.work()
        if side.expected is not None and not abs(result - side.expected) <= side.tolerance * abs(side.expected):
            raise AssertionError(f"{side.name} came to {result:.6g} instead of {side.expected:.6g}")
    for _ in range(repeats):
        for side in sides:
            started = time.perf_counter()
            result = side.work()
            side.seconds.append(time.perf_counter() - started)
            side.results.append(result)


def table(title: str, unit: str, factor: float, sides: list[Side], result: str) -> str:
    """Return a Markdown table of the sides: cost of a unit of work, and how many times that of the first side it is."""
    ours = sides[0].cost
    rows = [
        f"| {side.name} | {side.cost * factor:.4g} | {side.cost / ours:.2f} | {side.spread:.2f} | {statistics.median(side.results):.4g} |"
        for side in sides
    ]
    head = [
        f"## {title}",
        "",
        f"| side | {unit} | times ours | longest / shortest | {result} |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])
