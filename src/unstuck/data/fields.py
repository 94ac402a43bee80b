"""One field of a table of text: a number, a missing value, or text."""

from __future__ import annotations

import re

MISSING_MARKS = frozenset({"", "?", "na", "n/a", "nan", "none", "null"})
"""What people write where a number is missing, in lower case."""

_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


def parse_number(text: str) -> float | None:
    """Return the number that ``text`` is, or None if it is not one.

    ``nan`` and ``inf`` are numbers; ``1_000``, which Python would take, is text.

    >>> parse_number(" 2.5e3 "), parse_number("1_000"), parse_number("red")
    (2500.0, None, None)
    """
    if "_" in text:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def is_missing(text: str) -> bool:
    """Is this what people write where a number is missing?

    >>> is_missing(" "), is_missing("N/A"), is_missing("0")
    (True, True, False)
    """
    return text.strip().lower() in MISSING_MARKS


def has_decimal_comma(text: str) -> bool:
    """Is this a number with a comma where a point should be?

    >>> has_decimal_comma("1,5"), has_decimal_comma("1.5")
    (True, False)
    """
    return _DECIMAL_COMMA.fullmatch(text.strip()) is not None
