"""Names that say which data is which, and what all findings about the evaluation have in common."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from unstuck.doctor.findings import Finding
from unstuck.doctor.places import line_of, location_of

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from unstuck.doctor.findings import Evidence, Remedy
    from unstuck.doctor.scripts.source import Source

TRAINING = re.compile(r"(?:training|train|trn)", re.IGNORECASE)
"""What names of training data say."""

TESTING = re.compile(r"(?:testing|test|tst|validation|valid|val)", re.IGNORECASE)
"""What names of data for judging say."""

ACCURACY = re.compile(r"acc|genauigkeit|trefferquote|zhunque|zhengque|准确率|正确率", re.IGNORECASE)
"""What an accuracy is called."""


def without(word: re.Pattern[str], name: str) -> str | None:
    """Return a name without a word and without underscores, None if it does not hold the word.

    >>> without(TRAINING, "x_train"), without(TESTING, "test_x"), without(TESTING, "x")
    ('x', 'x', None)
    """
    rest, count = word.subn("", name, count=1)
    return rest.replace("_", "").lower() if count else None


def evaluation_finding(
    message: str, at: ast.expr | ast.stmt, source: Source, evidence: Evidence, lines: Sequence[int], remedy: Remedy
) -> Finding:
    """Return a finding about how the network is judged."""
    return Finding(
        fault="evaluation",
        message=message,
        location=location_of(source, at),
        evidence=evidence,
        lines=tuple(sorted({line_of(source, line) for line in (at.lineno, *lines)})),
        remedies=(remedy,),
    )
