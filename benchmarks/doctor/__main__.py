"""``python -m benchmarks.doctor``: measure, print, and write ``benchmarks/DOCTOR.md``."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path

import numpy as np

from benchmarks.doctor.overhead import overheads
from benchmarks.doctor.repeatability import repeatability
from benchmarks.doctor.scripts import sampled, scripts_in
from benchmarks.doctor.times import times

_REPORT = Path(__file__).parent.parent / "DOCTOR.md"


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doctor", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="folders of scripts beside the project's own corpus")
    parser.add_argument("--parts", nargs="+", choices=_PARTS, default=list(_PARTS), help="default: all")
    parser.add_argument("--every", type=int, default=6, help="take each so manieth script of the corpus (default 6)")
    chosen = parser.parse_args()
    scripts = sampled(chosen.every) + [script for folder in chosen.folders for script in scripts_in(folder)]
    sections = [_PARTS[part](scripts) for part in chosen.parts]
    head = (
        f"# The doctor's times\n\nMeasured by `python -m benchmarks.doctor`: Python {platform.python_version()}, NumPy {np.__version__}, "
        f"{os.cpu_count()} cores, {len(scripts)} scripts, one after the other.\n"
    )
    text = "\n".join([head, *sections])
    sys.stdout.write(text)
    if chosen.parts == list(_PARTS):
        _REPORT.write_text(text, encoding="utf-8")


_PARTS = {"times": times, "overhead": overheads, "repeatability": repeatability}

if __name__ == "__main__":
    main()
