"""Numbers and texts as a report writes them."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NO_BREAK = "\N{NO-BREAK SPACE}"
"""Stands in the texts of a report where a line must not be broken."""

_WRITTEN_OUT = (999.95, 1e7)
_TAB = 4
_SHOWN = 8
_REPLACED = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
_CONTROL_PICTURES = 0x2400


def number(value: float) -> str:
    """Return a number with 4 significant digits, or all digits of a whole number.

    >>> number(0.69314), number(20000), number(3141.59), number(1.23e-5), number(float("nan"))
    ('0.6931', '20,000', '3,142', '1.23e-05', 'nan')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    low, high = _WRITTEN_OUT
    return f"{value:,.0f}" if low <= abs(value) < high else f"{value:.4g}"


def count(amount: int, what: str) -> str:
    """Return a number of things.

    >>> count(1, "seed"), count(20000, "step")
    ('1 seed', '20,000 steps')
    """
    return f"{amount:,} {what}" if amount == 1 else f"{amount:,} {what}s"


def spread(values: Sequence[float]) -> str:
    """Return the one number that all ``values`` are to 4 digits, or the lowest and the highest.

    >>> spread([0.69313, 0.69314]), spread([0.0014, 0.001, 0.0012])
    ('0.6931', '0.001 to 0.0014')
    """
    finite = [value for value in values if math.isfinite(value)]
    lost = len(values) - len(finite)
    if not finite:
        return "not finite" if values else "nothing"
    lowest, highest = number(min(finite)), number(max(finite))
    text = lowest if lowest == highest else f"{lowest} to {highest}"
    return f"{text}, {lost} of {len(values)} not finite" if lost else text


def evidence_text(value: str | float | list[float] | list[str] | None) -> str:
    """Return what was measured, as text; of a long list the first entries."""
    if value is None:
        return "not measured"
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int | float):
        return number(value)
    entries = [evidence_text(entry) for entry in value[:_SHOWN]]
    return ", ".join([*entries, f"… {len(value)} in all"] if len(value) > _SHOWN else entries) or "none"


def clause(sentence: str) -> str:
    """Return a title so that it can follow a colon: a small letter first, unless it begins with a name.

    >>> clause("A gradient is wrong"), clause("ReLU units are dead"), clause("The script is not valid Python")
    ('a gradient is wrong', 'ReLU units are dead', 'it is not valid Python')
    """
    sentence = sentence.replace("The script ", "It ", 1)
    first = sentence.split(" ", 1)[0]
    return sentence if any(letter.isupper() for letter in first[1:]) else sentence[:1].lower() + sentence[1:]


def sentences(text: str) -> tuple[str, ...]:
    """Return the lines of a text, made printable."""
    return tuple(clean(line) for line in text.split("\n"))


def clean(text: str) -> str:
    r"""Return ``text`` on one line, with nothing in it that a terminal or a browser would obey instead of showing it.

    Tabs become spaces. Control characters become their pictures. What is invisible and steers the writing, such as a change of
    direction, becomes a replacement character. Selectors of a variant are left out: nobody agrees how wide they make a character.
    What a prefix becomes is a prefix of what the whole becomes, so that columns can be carried over.

    >>> clean("a\tb\x1b[31m")
    'a   b␛[31m'
    """
    return "".join(map(_shown, text.expandtabs(_TAB)))


def _shown(character: str) -> str:
    if character.isprintable() and character.isascii():
        return character
    if "\N{VARIATION SELECTOR-1}" <= character <= "\N{VARIATION SELECTOR-16}":
        return ""
    if unicodedata.category(character) not in _REPLACED:
        return character
    code = ord(character)
    return chr(_CONTROL_PICTURES + code) if code < ord(" ") else "\N{REPLACEMENT CHARACTER}"


def listing(names: Iterable[str]) -> str:
    """Return names in a row: ``w1, b1 and w2``."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def listed(parts: Sequence[str]) -> str:
    """Return several things as a person lists them.

    >>> listed(["a rate of 1", "biases", "other weights"])
    'a rate of 1, biases and other weights'
    """
    *first, last = [clean(part) for part in parts]
    return f"{', '.join(first)} and {last}" if first else last
