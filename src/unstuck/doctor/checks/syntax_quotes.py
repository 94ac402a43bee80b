"""Is a string without its end, or a character that no program has?"""

from __future__ import annotations

import re

from unstuck.doctor.checks.edits import Change, insert
from unstuck.doctor.checks.parsing import Explained, Slip, gets_past, line_changes, mended, only_one
from unstuck.doctor.scripts.punctuation import to_ascii_punctuation
from unstuck.doctor.scripts.sites import Span

_SIGNS = {"×": "*", "÷": "/", "·": "*", "≤": "<=", "≥": ">=", "≠": "!=", "²": "**2", "³": "**3", "‘": "'", "’": "'"}


def explain_quotes(slip: Slip) -> Explained | None:
    """Return what is wrong with a string or a character, None if that is not the matter."""
    if slip.said.startswith("unterminated triple-quoted"):
        message = (
            "The text that begins here with three quotes never ends, so all that follows is taken for a part of it."
        )
        return Explained(message, "Put the three closing quotes where the text ends.")
    if slip.said.startswith(("unterminated string", "EOL while scanning")):
        return _unterminated(slip)
    found = re.match(r"invalid (?:non-printable )?character (?:'(.)' )?\(?U\+([0-9A-F]+)\)?", slip.said)
    return _character(slip, chr(int(found.group(2), 16))) if found else None


def _unterminated(slip: Slip) -> Explained:
    prefix = re.match(r"[A-Za-z]*", slip.after)
    quote = slip.after[prefix.end() if prefix else 0]
    apostrophe = _apostrophe(slip, quote)
    if apostrophe:
        message = f"The text ends at its second {quote}, which was meant as an apostrophe."
        return Explained(message, 'Write the text between " and ".', apostrophe)
    line = slip.line_text.rstrip()
    tried = []
    end = len(line)
    while end > len(slip.before) and (end == len(line) or line[end] in ")]}:,; "):
        tried.append([insert(slip.line, len(line[:end].encode()), quote)])
        end -= 1
    message = f"The text that begins here with {quote} has no closing {quote} on its line."
    return Explained(message, f"Add the closing {quote}.", only_one(slip, tried))


def _apostrophe(slip: Slip, quote: str) -> tuple[Change, ...]:
    """Return the change of a text such as 'it's' into one between other quotes."""
    positions = [found.start() for found in re.finditer(re.escape(quote), slip.line_text)]
    if quote != "'" or len(positions) != 3 or '"' in slip.line_text:  # noqa: PLR2004 (two quotes and an apostrophe)
        return ()
    changes = []
    for position in (positions[0], positions[-1]):
        column = len(slip.line_text[:position].encode())
        changes.append(Change(Span(slip.line, column, slip.line, column + 1), '"'))
    return tuple(changes) if gets_past(slip.text, changes, slip.line) else ()


def _character(slip: Slip, character: str) -> Explained:
    new = mended(slip.text, _replaced)
    changes = line_changes(slip.text, new)
    shown = (
        f"The character {character}"
        if character.isprintable() and not character.isspace()
        else "An invisible character"
    )
    message = f"{shown} (U+{ord(character):04X}) is none that Python knows; it comes from a text program or a web page."
    if not changes:
        return Explained(message, "Take it out, or write what it stands for.")
    others = len(changes) - 1
    more = f" here and in {others} other line{'s' if others > 1 else ''}" if others > 0 else ""
    return Explained(message, f"Write the plain character{more}.", changes)


def _replaced(slip: Slip) -> str | None:
    """Return the text with the odd characters of the wrong line put right."""
    if not slip.said.startswith("invalid"):
        return None
    line = slip.line_text
    new = to_ascii_punctuation(line)
    if new == line and slip.after:
        new = f"{slip.before}{_SIGNS.get(slip.after[0], '')}{slip.after[1:]}"
        if slip.after[0].isprintable() and slip.after[0] not in _SIGNS:
            return None
    return "\n".join([*slip.lines[: slip.line - 1], new, *slip.lines[slip.line :]])
