"""``python -m benchmarks``: time the same work in unstuck and in whatever other library is installed; print it, write RESULTS.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import unstuck
from benchmarks.speed.crossovers import crossovers
from benchmarks.speed.many import many
from benchmarks.speed.mnist import mnist, mnist_full_batch
from benchmarks.speed.prediction import prediction
from benchmarks.speed.processes import busy, cold_start
from benchmarks.speed.xor import xor, xor_by_rows

if TYPE_CHECKING:
    from collections.abc import Callable

_REPORT = Path(__file__).parent / "RESULTS.md"
_WORKLOADS: dict[str, Callable[[int], str]] = {
    "xor": xor,
    "xor-by-rows": xor_by_rows,
    "many": many,
    "mnist": mnist,
    "mnist-batch-32": lambda repeats: mnist(repeats, batch=32),
    "mnist-512-256": lambda repeats: mnist(repeats, hidden=(512, 256)),
    "mnist-full-batch": mnist_full_batch,
    "prediction": prediction,
    "cold-start": cold_start,
    "busy": busy,
    "crossovers": crossovers,
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=list(_WORKLOADS), default=list(_WORKLOADS), help="default: all")
    parser.add_argument("--repeats", type=int, default=5, help="how often each side has its turn (default 5)")
    chosen = parser.parse_args()
    head = (
        f"# Speed\n\nMeasured by `python -m benchmarks`: unstuck {unstuck.__version__}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, {os.cpu_count()} cores; medians of {chosen.repeats} turns, the sides one after the other in each.\n"
    )
    sections = [head]
    for name in chosen.parts:
        sections.append(_WORKLOADS[name](chosen.repeats))
        sys.stdout.write(sections[-1] + "\n")
        sys.stdout.flush()
    if chosen.parts == list(_WORKLOADS):
        _REPORT.write_text("\n".join(sections), encoding="utf-8")


if __name__ == "__main__":
    main()
