"""Is it one of the usual slips: = for ==, a colon or comma forgotten, a word of Python as a name, another language?"""

from __future__ import annotations

import html
import keyword
import re
from typing import TYPE_CHECKING

from unstuck.doctor.checks.edits import Change, insert
from unstuck.doctor.checks.parsing import Explained, Slip, gets_past, line_changes, only_one, without_strings
from unstuck.doctor.scripts.sites import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_KEYWORDS = "|".join(word for word in keyword.kwlist if word not in {"None", "True", "False", "print"})
_ASSIGNED_KEYWORD = re.compile(rf"^\s*({_KEYWORDS})\s*=[^=]")
_FOREIGN = (
    (re.compile(r"^(\s*)else\s+if\b"), r"\1elif", "else if", "elif"),
    (re.compile(r"^(\s*)else?if\b(?!\s*=)"), r"\1elif", "elseif", "elif"),
    (re.compile(r"\s*&&\s*"), " and ", "&&", "and"),
    (re.compile(r"\s*\|\|\s*"), " or ", "||", "or"),
    (re.compile(r"!(?!=)\s*"), "not ", "!", "not"),
    (re.compile(r"(\w+)\+\+"), r"\1 += 1", "++", "+= 1"),
    (re.compile(r"(\w+)--"), r"\1 -= 1", "--", "-= 1"),
    (re.compile(r"//"), "#", "//", "# before a comment"),
)
_LOGIC = _FOREIGN[2:5]


def explain_slip(slip: Slip) -> Explained | None:
    """Return which slip it is, None if it is none of the usual ones."""
    for explain in _SLIPS:
        explained = explain(slip)
        if explained is not None:
            return explained
    return None


def _condition(slip: Slip) -> Explained | None:
    """Explain ``if x = 3``."""
    if "instead of '='" not in slip.said:
        return None
    blank = without_strings(slip.line_text)
    if not re.match(r"\s*(if|elif|while|assert|return)\b", blank):
        target = slip.line_text.encode()[slip.column : slip.end_column].decode(errors="ignore")
        message = f"Nothing can be assigned to {target}: on the left of = there must be a name."
        return Explained(message, "Write the name on the left, or == to compare.")
    signs = [found.start() for found in re.finditer(r"(?<![=!<>:+\-*/%@&|^])=(?!=)", blank)]
    tried = [
        [Change(Span(slip.line, column, slip.line, column + 1), "==")]
        for column in (len(slip.line_text[:sign].encode()) for sign in signs)
    ]
    message = "A single = assigns; a condition compares with ==."
    return Explained(message, "Write == instead of =.", only_one(slip, tried))


def _colon(slip: Slip) -> Explained | None:
    if slip.said != "expected ':'":
        return None
    foreign = _foreign(slip)
    if foreign is not None:
        return foreign
    code = without_strings(slip.line_text).rstrip()
    at_end = len(slip.line_text[: len(code)].encode())
    changes = only_one(slip, [[insert(slip.line, at_end, ":")]])
    word = slip.line_text.split()[0].strip("(:")
    return Explained(f"The line that begins with {word} has to end with a colon.", "Add the colon.", changes)


def _comma(slip: Slip) -> Explained | None:
    if "forgot a comma" not in slip.said:
        return None
    part = slip.line_text.encode()[slip.column : slip.end_column].decode(errors="ignore")
    tried = []
    doubtful = not _takes_entries(slip)
    if slip.line == slip.end_line:
        for gap in re.finditer(
            r"(?<=[\w\])}'\"])\s+(?=[\w\[({'\"])", without_strings(part) if "'" not in part else part
        ):
            column = slip.column + len(part[: gap.start()].encode())
            tried.append([insert(slip.line, column, ",")])
            doubtful = doubtful or bool(
                re.search(r"\d$", part[: gap.start()]) and re.match(r"[A-Za-z_(\[]", part[gap.end() :])
            )
    message = f"Between two entries of {part} something is missing, probably a comma."
    return Explained(message, "Put a comma between them.", () if doubtful else only_one(slip, tried))


def _takes_entries(slip: Slip) -> bool:
    """Whether the innermost bracket open before a slip is that of a list or a call, where entries are put between commas."""
    text = without_strings(slip.before)
    depth = 0
    for position in range(len(text) - 1, -1, -1):
        depth += text[position] in ")]}"
        depth -= text[position] in "([{"
        if depth < 0:
            return text[position] != "(" or bool(re.search(r"[\w)\]]\s*$", text[:position]))
    return False


def _word_of_python(slip: Slip) -> Explained | None:
    """Explain ``lambda = 0.1``."""
    found = _ASSIGNED_KEYWORD.match(slip.line_text)
    word = found.group(1) if found else None
    if word is None and re.search(r"\blambda\b", slip.line_text) and slip.said == "invalid syntax":
        word = "lambda"
    if word is None:
        return None
    blank = without_strings(slip.text)
    use = re.compile(
        r"\blambda\b(?!\s*[\w\s,=*]*:)" if word == "lambda" else rf"^(\s*){word}(?=\s*=[^=])", re.MULTILINE
    )
    new = slip.text
    for match in reversed(list(use.finditer(blank))):
        new = f"{new[: match.end()]}_{new[match.end() :]}"
    changes = line_changes(slip.text, new)
    if word == "lambda" and not gets_past(slip.text, changes, slip.line):
        return None
    message = f"{word} is a word of Python's own and cannot be the name of a variable."
    works = word == "lambda" and bool(changes)
    lines = tuple(change.span.line for change in changes)
    return Explained(message, f"Take another name, such as {word}_.", changes if works else (), lines=lines)


def _foreign(slip: Slip) -> Explained | None:
    """Explain words and signs of other languages."""
    for ways in (*([way] for way in _FOREIGN), _LOGIC):
        changes = line_changes(slip.text, _with_line(slip, _rewritten(slip.line_text, ways)))
        if changes and gets_past(slip.text, changes, slip.line):
            used = [way for way in ways if way[0].search(without_strings(slip.line_text))]
            old, new = ", ".join(way[2] for way in used), ", ".join(way[3] for way in used)
            return Explained(f"Python has no {old}; it writes {new}.", f"Write {new} instead of {old}.", changes)
    return None


def _rewritten(line: str, ways: Sequence[tuple[re.Pattern[str], str, str, str]]) -> str:
    """Return a line with what patterns find replaced, but not inside strings and comments."""
    for pattern, replacement, _, _ in ways:
        for match in reversed(list(pattern.finditer(without_strings(line)))):
            line = f"{line[: match.start()]}{match.expand(replacement)}{line[match.end() :]}"
    return line


def _with_line(slip: Slip, line: str) -> str:
    return "\n".join([*slip.lines[: slip.line - 1], line, *slip.lines[slip.line :]])


def _page(slip: Slip) -> Explained | None:
    """Explain signs that a web page has encoded."""
    lines = [html.unescape(line) if re.search(r"&(lt|gt|amp|quot|#\d+);", line) else line for line in slip.lines]
    changes = line_changes(slip.text, "\n".join(lines))
    if not changes or not gets_past(slip.text, changes, slip.line):
        return None
    lines_changed = tuple(change.span.line for change in changes)
    message = "The text was copied from the source of a web page, which writes &lt; for <."
    return Explained(message, "Write the signs themselves.", changes, lines=lines_changed)


def _number(slip: Slip) -> Explained | None:
    """Explain ``2x``."""
    if slip.said != "invalid decimal literal":
        return None
    found = re.search(r"(?<![\w.])(\d+\.?\d*)([A-Za-z_]\w*)", slip.line_text)
    if found is None:
        return None
    number, name = found.groups()
    if re.match(rf"\s*{re.escape(found.group())}\s*=[^=]", slip.line_text):
        return Explained(
            f"{found.group()} is no name, since it begins with a digit.", "Let the name begin with a letter."
        )
    column = len(slip.line_text[: found.start(2)].encode())
    change = insert(slip.line, column, " * ")
    is_name = re.search(rf"(?<!\w){re.escape(name)}\b", slip.text[: slip.text.find(slip.line_text)]) is not None
    works = is_name and gets_past(slip.text, [change], slip.line)
    message = f"{found.group()} is neither a number nor a name; a product is written {number} * {name}."
    return Explained(message, f"Write {number} * {name}.", (change,) if works else ())


def _order(slip: Slip) -> Explained | None:
    if slip.said.startswith("positional argument follows keyword argument"):
        message = "An argument without a name stands after one with a name."
        return Explained(message, "Put the arguments without a name first, or give this one its name.")
    if slip.said.startswith("expected 'except' or 'finally'"):
        return Explained("try needs an except or finally after its block.", "Add except, or take try out.")
    return None


_SLIPS: tuple[Callable[[Slip], Explained | None], ...] = (
    _condition,
    _colon,
    _page,
    _word_of_python,
    _foreign,
    _comma,
    _number,
    _order,
)
