"""Is the indentation wrong, or lost altogether?"""

from __future__ import annotations

import ast
import re

from unstuck.doctor.checks.edits import Change, changed, insert, parsed
from unstuck.doctor.checks.parsing import Explained, Slip, gets_past, without_strings
from unstuck.doctor.scripts.sites import Span

_HEAD = re.compile(r"^(def|class|for|while|if|elif|else|try|except|finally|with)\b.*:\s*$")
_MOST_NAMED = 8
_FOUR = "    "


def explain_indentation(slip: Slip) -> Explained | None:
    """Return what is wrong with the indentation, None if that is not the matter."""
    if "outside function" in slip.said or "outside loop" in slip.said or "not properly in loop" in slip.said:
        word = re.sub(r"[^a-z ]", "", slip.said).split()[0]
        inside = "loop" if "loop" in slip.said else "function"
        message = f"{word} stands outside of a {inside}: its line has lost the indentation that puts it inside."
        return Explained(message, f"Indent it as far as the {inside} it belongs to.")
    if slip.kind == "TabError":
        return _tabs(slip)
    if slip.kind != "IndentationError":
        return None
    if slip.said.startswith("expected an indented block"):
        return _lost(slip)
    return _too_far(slip) if slip.said.startswith("unexpected indent") else _uneven(slip)


# ---------------------------------------------------------------------- no indentation where it is needed


def _lost(slip: Slip) -> Explained:
    found = re.search(r"after (.+?) on line (\d+)", slip.said)
    head = int(found.group(2)) if found else slip.line
    what = found.group(1).replace("'", "") if found else "the line before"
    heads = _heads(slip.text)
    code = [number for number, line in enumerate(slip.lines, 1) if line.strip() and not line.lstrip().startswith("#")]
    if not any(number > head for number in code):
        end = len(slip.lines[head - 1].rstrip().encode())
        message = f"Nothing follows the {what}, which needs at least one indented line."
        return Explained(message, "Write pass as its body.", (insert(head, end, " pass"),), lines=(head,))
    if heads and not _is_indented(slip.text):
        changes = _restored(slip.text, heads)
        named = ", ".join(str(number) for number in heads[:_MOST_NAMED]) + (", …" if len(heads) > _MOST_NAMED else "")
        count = "1 line that ends" if len(heads) == 1 else f"{len(heads)} lines that end"
        message = (
            f"The indentation is lost: no line of the script is indented, though it has {count} with a colon and "
            "so needs indented lines below."
        )
        summary = f"Indent what belongs to each of these lines by four spaces: {named}."
        return Explained(message, summary, changes, lines=tuple(heads))
    message = f"The lines after the {what} are not indented: the indentation is lost."
    return Explained(message, "Indent what belongs to it by four spaces.", _restored(slip.text, [head]), lines=(head,))


def _heads(text: str) -> list[int]:
    """Return the lines that begin a block and are not indented."""
    return [number for number, line in enumerate(without_strings(text).split("\n"), 1) if _HEAD.match(line.rstrip())]


def _is_indented(text: str) -> bool:
    """Whether any line is indented that does not merely continue an open bracket."""
    depth = 0
    for line in without_strings(text).split("\n"):
        if depth == 0 and line.strip() and line[0] in " \t":
            return True
        depth = max(0, depth + sum(line.count(sign) for sign in "([{") - sum(line.count(sign) for sign in ")]}"))
    return False


def _restored(text: str, heads: list[int]) -> tuple[Change, ...]:
    """Return the changes that indent every block, if there is no doubt how far each one goes.

    A function goes as far as its first ``return``; any block goes as far as the only line that follows it.
    """
    lines = text.split("\n")
    changes: list[Change] = []
    for head in heads:
        last = _last_line(lines, head, heads)
        if last is None:
            return ()
        changes += [insert(number, 0, _FOUR) for number in range(head + 1, last + 1) if lines[number - 1].strip()]
    return tuple(changes) if parsed(changed(text, changes)) else ()


def _last_line(lines: list[str], head: int, heads: list[int]) -> int | None:
    following = [number for number in range(head + 1, len(lines) + 1) if lines[number - 1].strip()]
    if len(following) == 1:
        return following[0]
    if not lines[head - 1].startswith("def "):
        return None
    for number in following:
        if number in heads:
            return None
        if re.match(r"return\b", lines[number - 1]):
            return number
    return None


# ---------------------------------------------------------------------- indentation where it is not needed


def _width(line: str) -> int:
    return len(line) - len(line.lstrip())


def _too_far(slip: Slip) -> Explained:
    lines = slip.lines
    before = [line for line in lines[: slip.line - 1] if line.strip() and not line.lstrip().startswith("#")]
    width = _width(slip.line_text)
    wanted = _width(before[-1]) if before else 0
    last = slip.line
    while last < len(lines) and (not lines[last].strip() or _width(lines[last]) >= width):
        last += 1
    surplus = width - wanted
    changes = [
        Change(Span(number, 0, number, surplus), "")
        for number in range(slip.line, last + 1)
        if lines[number - 1].strip() and _width(lines[number - 1]) >= surplus
    ]
    works = gets_past(slip.text, changes, slip.line)
    message = f"The line is indented by {width} columns, though nothing above it begins a block"
    message += f"; the line before has {wanted}." if before else "."
    summary = f"Indent it by {wanted} columns, like the line before." if before else "Take the indentation away."
    return Explained(message, summary, tuple(changes) if works else (), Span(slip.line, 0, slip.line, width))


def _uneven(slip: Slip) -> Explained:
    """Explain a line whose indentation lies between those of the blocks around it."""
    lines, width = slip.lines, _width(slip.line_text)
    levels: list[int] = []
    for line in lines[: slip.line - 1]:
        if line.strip() and not line.lstrip().startswith("#"):
            levels = [level for level in levels if level < _width(line)]
            levels.append(_width(line))
    working = []
    for level in levels:
        change = Change(Span(slip.line, 0, slip.line, width), " " * level)
        if gets_past(slip.text, [change], slip.line):
            working.append(change)
    widths = " or ".join(map(str, levels))
    message = (
        f"The line is indented by {width} columns, which is none of the indentations of the blocks above: {widths}."
    )
    place = Span(slip.line, 0, slip.line, width)
    return Explained(message, f"Indent it by {widths} columns.", (working[0],) if len(working) == 1 else (), place)


def _tabs(slip: Slip) -> Explained:
    message = "Tabs and spaces are mixed in the indentation, so that Python cannot tell what belongs to which block."
    tried: dict[str, tuple[Change, ...]] = {}
    for width in (4, 8):
        changes = []
        for number, line in enumerate(slip.lines, 1):
            space = line[: _width(line)]
            if "\t" in space:
                new = space.expandtabs(width)
                changes.append(Change(Span(number, 0, number, len(space)), new))
        tree = parsed(changed(slip.text, changes))
        if tree is not None:
            tried.setdefault(ast.dump(tree), tuple(changes))
    only = next(iter(tried.values())) if len(tried) == 1 else ()
    return Explained(message, "Indent with spaces only, four for each block.", only)
