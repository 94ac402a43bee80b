"""Is it Python 2?"""

from __future__ import annotations

import io
import re
import tokenize
from typing import TYPE_CHECKING

from unstuck.doctor.checks.parsing import Explained, Slip, line_changes, mended

if TYPE_CHECKING:
    from collections.abc import Callable

_EXCEPT = re.compile(r"^(\s*except\s+[\w.()]+(?:\s*,\s*[\w.]+\))?)\s*,\s*(\w+)\s*:")
_RAISE = re.compile(r"^(\s*raise\s+[\w.]+)\s*,\s*(.+?)\s*$")
_BACKTICKS = re.compile(r"`([^`]+)`")
_OCTAL = re.compile(r"(?<![\w.])0+([0-7]+)(?![\w.])")
_LONG = re.compile(r"(?<![\w.])(\d+)[lL]\b")


def explain_python2(slip: Slip) -> Explained | None:
    """Return what was Python 2 and how Python 3 writes it, None if that is not the matter."""
    for mend, message, summary in _WAYS:
        if mend(slip) is None:
            continue
        new = mended(slip.text, _any)
        if new == slip.text:
            continue
        changes = line_changes(slip.text, new)
        others = len(changes) - 1
        more = f", here and in {others} other line{'s' if others > 1 else ''}" if others else ""
        lines = tuple(change.span.line for change in changes)
        return Explained(message, f"{summary}{more}.", changes, lines=lines)
    return None


def _any(slip: Slip) -> str | None:
    return next(filter(None, (mend(slip) for mend, _, _ in _WAYS)), None)


def _with_line(slip: Slip, new: str) -> str | None:
    if new == slip.line_text:
        return None
    return "\n".join([*slip.lines[: slip.line - 1], new, *slip.lines[slip.line :]])


def _printed(slip: Slip) -> str | None:
    return _with_brackets(slip, "print")


def _executed(slip: Slip) -> str | None:
    return _with_brackets(slip, "exec")


def _with_brackets(slip: Slip, word: str) -> str | None:
    """Put brackets around what ``print`` or ``exec`` is given."""
    if not slip.said.startswith(f"Missing parentheses in call to '{word}'"):
        return None
    lines = slip.lines
    rest = "\n".join([slip.after, *lines[slip.line :]])
    end = _end_of_statement(rest)
    if end is None:
        return None
    given = rest[len(word) : end].strip()
    if given.endswith(","):
        given = f"{given[:-1].rstrip()}, end=' '"
    new = f"{slip.before}{word}({given}){rest[end:]}"
    return "\n".join([*lines[: slip.line - 1], new])


def _end_of_statement(text: str) -> int | None:
    """Return where the statement at the beginning of ``text`` ends."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    end = 0
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            depth += token.string in tuple("([{")
            depth -= token.string in tuple(")]}")
            is_over = token.type in {tokenize.NEWLINE, tokenize.COMMENT, tokenize.ENDMARKER}
            if depth == 0 and (is_over or token.string == ";"):
                return end
            end = starts[token.end[0] - 1] + token.end[1]
    except (tokenize.TokenError, SyntaxError):
        return None
    return end


def _exception(slip: Slip) -> str | None:
    if "multiple exception types must be parenthesized" not in slip.said:
        return None
    return _with_line(slip, _EXCEPT.sub(r"\1 as \2:", slip.line_text))


def _raised(slip: Slip) -> str | None:
    return _with_line(slip, _RAISE.sub(r"\1(\2)", slip.line_text)) if slip.said == "invalid syntax" else None


def _unequal(slip: Slip) -> str | None:
    return _with_line(slip, f"{slip.before}!={slip.after[2:]}") if slip.after.startswith("<>") else None


def _repr(slip: Slip) -> str | None:
    return _with_line(slip, _BACKTICKS.sub(r"repr(\1)", slip.line_text)) if slip.after.startswith("`") else None


def _octal(slip: Slip) -> str | None:
    if "leading zeros in decimal integer" not in slip.said:
        return None
    return _with_line(slip, _OCTAL.sub(r"0o\1", slip.line_text))


def _long(slip: Slip) -> str | None:
    return _with_line(slip, _LONG.sub(r"\1", slip.line_text)) if "invalid decimal literal" in slip.said else None


_WAYS: tuple[tuple[Callable[[Slip], str | None], str, str], ...] = (
    (_printed, "This is Python 2: in Python 3 print is a function and needs brackets.", "Write print(...)"),
    (_executed, "This is Python 2: in Python 3 exec is a function and needs brackets.", "Write exec(...)"),
    (_exception, "This is Python 2: Python 3 names an exception with as.", "Write except ... as ...:"),
    (_raised, "This is Python 2: in Python 3 an exception is called with its text.", "Write raise ...(...)"),
    (_unequal, "This is Python 2: Python 3 writes != for unequal.", "Write != instead of <>"),
    (_repr, "This is Python 2: Python 3 writes repr(...) instead of backticks.", "Write repr(...)"),
    (_octal, "A number may not begin with a zero; Python 3 writes octal numbers with 0o.", "Write 0o before it"),
    (_long, "This is Python 2: in Python 3 whole numbers have no L at the end.", "Leave the L out"),
)
