"""The scripts that are measured: a part of the corpus of the tests, and whatever folders are named."""

from __future__ import annotations

from pathlib import Path

_CORPUS = Path(__file__).parent.parent.parent / "tests" / "doctor" / "corpus"


def scripts_in(folder: Path) -> list[Path]:
    """Return the scripts of a folder, in the order of their names."""
    return sorted(folder.glob("*.py"))


def sampled(every: int) -> list[Path]:
    """Return each so manieth script of the corpus, of the faulty and of the healthy ones."""
    return [script for kind in ("faulty", "healthy") for script in scripts_in(_CORPUS / kind)[::every]]
