"""Is a bracket missing, or one too many?"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from contextlib import suppress
from dataclasses import replace

from unstuck.doctor.checks.edits import Change, changed, insert, parsed
from unstuck.doctor.checks.parsing import Explained, Slip, gets_past, only_one, without_strings
from unstuck.doctor.scripts.sites import Span

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
_MOST_LINES = 20
_LAYOUT = frozenset([tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER])


def explain_brackets(slip: Slip) -> Explained | None:
    """Return which bracket is missing or too many, None if that is not the matter."""
    found = re.match(r"'([(\[{])' was never closed", slip.said)
    if found:
        return _never_closed(slip, found.group(1))
    found = re.match(r"unmatched '([)\]}])'", slip.said)
    if found:
        return _unmatched(slip, found.group(1))
    found = re.match(
        r"closing parenthesis '(.)' does not match opening parenthesis '(.)'(?: on line (\d+))?", slip.said
    )
    if found:
        return _crossed(slip, *found.groups())
    return _open_on_line(slip) if slip.said == "invalid syntax" else None


def _open_on_line(slip: Slip) -> Explained | None:
    """Explain ``for i in range(len(x):``, of which Python only says that the colon is wrong."""
    depth: list[tuple[str, int]] = []
    for position, sign in enumerate(without_strings(slip.before)):
        if sign in _CLOSING:
            depth.append((sign, position))
        elif sign in _OPENING and depth:
            depth.pop()
    if not depth:
        return None
    opening, position = depth[-1]
    column = len(slip.before[:position].encode())
    at_bracket = replace(slip, column=column, end_line=slip.line, end_column=column + 1)
    changes = only_one(at_bracket, [[insert(line, place, _CLOSING[opening])] for line, place in _places(at_bracket)])
    if not changes:
        return None
    return replace(_never_closed(at_bracket, opening), span=at_bracket.span)


def _never_closed(slip: Slip, opening: str) -> Explained:
    closing = _CLOSING[opening]
    tried = [[insert(line, column, closing)] for line, column in _places(slip)]
    changes = only_one(slip, tried)
    message = f"The bracket {opening} is never closed: a {closing} is missing."
    if changes:
        at_end = changes[0].span.column == len(slip.lines[changes[0].span.line - 1].rstrip().encode())
        where = f" at the end of line {changes[0].span.line}" if at_end else ""
        return Explained(message, f"Add the missing {closing}{where}.", changes)
    end = len(slip.line_text.rstrip().encode())
    at_end = gets_past(slip.text, [insert(slip.line, end, closing)], slip.line)
    likely = ", most likely at the end of its line" if at_end else ""
    return Explained(message, f"Add the missing {closing}{likely}.")


def _places(slip: Slip) -> list[tuple[int, int]]:
    """Return where a closing bracket may have been forgotten: at the end of a line, or before an operator or a colon."""
    places = []
    lines = slip.lines[slip.line - 1 : slip.line - 1 + _MOST_LINES]
    for number, line in enumerate(lines, slip.line):
        if number > slip.line and not line.strip():
            break
        tokens = _tokens(line)
        for token, following in zip(tokens, [*tokens[1:], None], strict=True):
            if number == slip.line and token.end[1] <= len(slip.before):
                continue
            is_end = following is None or following.type == tokenize.COMMENT
            is_operator = following is not None and following.string in {
                *"+-*/%@:)]}",
                "//",
                "**",
                "==",
                "<",
                ">",
                "<=",
                ">=",
            }
            if token.string not in {*"([{,=+-*/%@.", "//", "**"} and (is_end or is_operator):
                places.append((number, len(line[: token.end[1]].encode())))
            if is_end:
                break
    return places


def _tokens(line: str) -> list[tokenize.TokenInfo]:
    """Return the tokens of a line that may be part of a longer statement."""
    found: list[tokenize.TokenInfo] = []
    with suppress(tokenize.TokenError, SyntaxError):  # an open bracket at the end of the line
        found.extend(
            token for token in tokenize.generate_tokens(io.StringIO(line).readline) if token.type not in _LAYOUT
        )
    return found


def _unmatched(slip: Slip, closing: str) -> Explained:
    message = (
        f"The bracket {closing} closes nothing: there is one too many, or a {_OPENING[closing]} is missing before it."
    )
    change = Change(Span(slip.line, slip.column, slip.line, slip.column + 1), "")
    is_plain = gets_past(slip.text, [change], slip.line) and _is_plain(changed(slip.text, [change]), slip.line)
    return Explained(message, f"Take the {closing} out, or add the {_OPENING[closing]}.", (change,) if is_plain else ())


def _is_plain(text: str, line: int) -> bool:
    """Whether the statement on a line is a call or a plain value, in which no bracket can have been forgotten."""
    tree = parsed(text)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Expr | ast.Assign) and node.lineno <= line <= (node.end_lineno or line):
            return isinstance(node.value, ast.Call | ast.Name | ast.Constant | ast.List | ast.Tuple | ast.Dict)
    return False


def _crossed(slip: Slip, closing: str, opening: str, line: str | None) -> Explained:
    wanted = _CLOSING[opening]
    here = Span(slip.line, slip.column, slip.line, slip.column + 1)
    changes = only_one(slip, [[insert(slip.line, slip.column, wanted)], [Change(here, wanted)], [Change(here, "")]])
    place = f" of line {line}" if line else ""
    message = f"A {opening}{place} has to be closed by {wanted}, but {closing} comes first."
    if not changes:
        return Explained(message, f"Put a {wanted} before the {closing}, or in its place.")
    summary = f"Add the missing {wanted}." if changes[0].span != here else f"Write {wanted} instead of {closing}."
    summary = f"Take the {closing} out." if changes[0].new == "" else summary
    return Explained(message, summary, changes)
