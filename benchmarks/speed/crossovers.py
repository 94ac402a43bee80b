"""What a step costs at every size: units, batch and rows, one at a time; a table and a plot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.speed.peers import sides_of
from benchmarks.speed.sides import take_turns
from benchmarks.speed.task import Task
from unstuck.blas import core_count

if TYPE_CHECKING:
    from benchmarks.speed.sides import Side

PLOT = Path(__file__).parent.parent / "cost_against_size.png"
_UNITS = (4, 16, 64, 256, 1024, 2048)
_BATCHES = (1, 4, 16, 64, 256, 1024, 4096)
_ROWS = (4, 64, 1024, 16_384, 60_000)
_SECONDS = 0.3
_STEPS = 20  # at least, so that what each call costs once does not count
_LEFT_OUT = {"Keras": 0.0, "tinygrad": 0.0, "micrograd": 0.0, "torch compiled": 0.0}


def crossovers(repeats: int) -> str:
    """Time a step of n_in-units-10 on float32 with Adam, over each of the three sizes."""
    found = {
        "units (batch 64, 4,096 rows)": {units: _costs(64, units, 64, 4096, repeats) for units in _UNITS},
        "batch (128 units, 8,192 rows)": {batch: _costs(64, 128, batch, 8192, repeats) for batch in _BATCHES},
        "rows (16 units, full batch)": {rows: _costs(64, 16, rows, rows, repeats) for rows in _ROWS},
    }
    _draw(found)
    sections = [
        f"## Cost against size\n\nMicroseconds a step of 64-units-10, Adam, float32, {core_count()} threads. ![Plot]({PLOT.name})\n"
    ]
    for name, by_size in found.items():
        sides = list(next(iter(by_size.values())))
        rows = [
            f"| {size} | " + " | ".join(f"{costs.get(side, np.nan) * 1e6:.4g}" for side in sides) + " |"
            for size, costs in by_size.items()
        ]
        sections.append("\n".join([f"| {name} | {' | '.join(sides)} |", "|---" * (len(sides) + 1) + "|", *rows, ""]))
    return "\n".join(sections)


def _costs(n_in: int, units: int, batch: int, rows: int, repeats: int) -> dict[str, float]:
    rng = np.random.default_rng(0)
    x, y = rng.random((rows, n_in), np.float32), np.eye(10, dtype=np.float32)[rng.integers(0, 10, rows)]
    epochs = -(-_STEPS * batch // rows)
    task = Task((n_in, units, 10), "relu", "ce", x, y, batch, epochs, "adam", 1e-3, core_count())
    sides = sides_of(task, _LEFT_OUT)
    again = [_repeated(side, _times(side)) for side in sides]
    take_turns(again, max(2, repeats // 2))
    return {side.name.partition(" ")[0]: side.cost for side in again}


def _times(side: Side) -> int:
    """Return how many times to do the work so that it takes long enough to be timed."""
    from time import perf_counter  # noqa: PLC0415 (here alone)

    side.work()
    began = perf_counter()
    side.work()
    return max(1, min(200, int(_SECONDS / max(1e-6, perf_counter() - began))))


def _repeated(side: Side, times: int) -> Side:
    work = side.work

    def several() -> float:
        result = np.nan
        for _ in range(times):
            result = work()
        return float(result)

    side.work, side.amount = several, side.amount * times
    return side


def _draw(found: dict[str, dict[int, dict[str, float]]]) -> None:
    import matplotlib.pyplot as plt  # noqa: PLC0415 (only here)

    figure, axes = plt.subplots(1, len(found), figsize=(14, 4.5), layout="constrained")
    for axis, (name, by_size) in zip(axes, found.items(), strict=True):
        for side in next(iter(by_size.values())):
            sizes = [size for size, costs in by_size.items() if side in costs]
            axis.loglog(sizes, [by_size[size][side] * 1e6 for size in sizes], marker="o", label=side)
        axis.set_xlabel(name)
        axis.set_ylabel("µs a step")
        axis.grid(alpha=0.3)
    axes[0].legend()
    figure.savefig(PLOT, dpi=110)
    plt.close(figure)
