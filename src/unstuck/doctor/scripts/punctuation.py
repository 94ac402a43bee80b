"""Full-width punctuation, as some keyboards and web pages put it into code, back to what Python reads."""

from __future__ import annotations

_WIDE = {
    "\N{FULLWIDTH LEFT PARENTHESIS}": "(",
    "\N{FULLWIDTH RIGHT PARENTHESIS}": ")",
    "\N{FULLWIDTH LEFT SQUARE BRACKET}": "[",
    "\N{FULLWIDTH RIGHT SQUARE BRACKET}": "]",
    "\N{FULLWIDTH COMMA}": ",",
    "\N{IDEOGRAPHIC COMMA}": ",",
    "\N{FULLWIDTH COLON}": ":",
    "\N{FULLWIDTH SEMICOLON}": ";",
    "\N{FULLWIDTH EQUALS SIGN}": "=",
    "\N{FULLWIDTH PLUS SIGN}": "+",
    "\N{FULLWIDTH HYPHEN-MINUS}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{FULLWIDTH ASTERISK}": "*",
    "\N{FULLWIDTH FULL STOP}": ".",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{IDEOGRAPHIC SPACE}": " ",
    "\N{NO-BREAK SPACE}": " ",
}
_QUOTES = "\"'"
_TRIPLE = 3


def to_ascii_punctuation(text: str) -> str:
    """Return ``text`` with full-width punctuation outside of strings and comments replaced; its length stays the same.

    >>> to_ascii_punctuation("print\N{FULLWIDTH LEFT PARENTHESIS}'a\N{FULLWIDTH COMMA}'\N{FULLWIDTH RIGHT PARENTHESIS}")
    "print('a，')"
    """
    out: list[str] = []
    closing = ""
    position = 0
    while position < len(text):
        character = text[position]
        step = 1
        if closing == "#":
            closing = "" if character == "\n" else closing
        elif closing:
            if character == "\\" and len(closing) <= _TRIPLE:
                step = 2
            elif text.startswith(closing, position) or (len(closing) == 1 and character == "\n"):
                step, closing = len(closing), ""
            elif len(closing) == 1 and _WIDE.get(character) == closing:
                character, closing = _WIDE[character], ""
        else:
            character = _WIDE.get(character, character)
            if character == "#":
                closing = "#"
            elif character in _QUOTES:
                triple = text.startswith(character * _TRIPLE, position)
                step, closing = (_TRIPLE, character * _TRIPLE) if triple else (1, character)
        out.append(character if step == 1 else text[position : position + step])
        position += step
    return "".join(out)
