"""``python -m benchmarks``: time the same work in unstuck and in whatever other library is installed; print it, write RESULTS.md."""

from __future__ import annotations

import argparse
import os
import platform
import re
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
from benchmarks.speed.size_rules import size_rules
from benchmarks.speed.xor import xor, xor_by_rows

if TYPE_CHECKING:
    from collections.abc import Callable

_REPORT = Path(__file__).parent / "RESULTS.md"
_PART = re.compile(r"<!-- part (\S+) -->\n(.*?)(?=<!-- part |\Z)", re.DOTALL)
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
    "size-rules": size_rules,
    "crossovers": crossovers,
}


def main() -> None:
    """Run what was asked for; the other parts of the report stay."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=list(_WORKLOADS), default=list(_WORKLOADS), help="default: all")
    parser.add_argument("--repeats", type=int, default=5, help="how often each side has its turn (default 5)")
    chosen = parser.parse_args()
    versions = f"unstuck {unstuck.__version__}, Python {platform.python_version()}, NumPy {np.__version__}"
    measured = f"{versions}, {os.cpu_count()} cores, medians of {chosen.repeats} turns"
    for name in chosen.parts:
        section = f"{_WORKLOADS[name](chosen.repeats)}\n{measured}.\n\n"
        sys.stdout.write(section)
        sys.stdout.flush()
        _write(name, section)


def _write(name: str, section: str) -> None:
    """Put a section in the place of the one of the same name."""
    kept = dict(_PART.findall(_REPORT.read_text(encoding="utf-8"))) if _REPORT.exists() else {}
    kept[name] = section
    head = "# Speed\n\nMeasured by `python -m benchmarks`: the sides of a table take turns in one run.\n\n"
    parts = [f"<!-- part {part} -->\n{kept[part]}" for part in _WORKLOADS if part in kept]
    _REPORT.write_text(head + "".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
