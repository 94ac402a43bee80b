"""Which findings does the author not want to hear of: ``# unstuck: ignore[fault, fault]`` at the end of a line."""

from __future__ import annotations

import io
import re
import tokenize
from typing import TYPE_CHECKING

from unstuck.doctor.places import line_name, lines_of_text
from unstuck.registry import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from unstuck.doctor.findings import Finding
    from unstuck.doctor.scripts.source import Source

_COMMENT = re.compile(r"#\s*unstuck:\s*ignore\b(?:\s*\[([^\]]*)\])?", re.IGNORECASE)

EVERYTHING: frozenset[str] = frozenset()
"""What :func:`ignored_codes` has for a comment without brackets: every finding on that line."""


def ignored_codes(source: Source) -> dict[int, frozenset[str]]:
    r"""Return the codes of the faults that are to be ignored, for each line of ``source.text`` that has such a comment.

    ``# unstuck: ignore`` ignores everything on its line, for which the set is empty. What looks like such a comment inside a
    string is none.

    >>> from unstuck.doctor.scripts.source import source_of
    >>> ignored_codes(source_of("x = 1  # unstuck: ignore[broadcast]\ny = '# unstuck: ignore'\nz = 2  # unstuck: ignore"))
    {1: frozenset({'broadcast'}), 3: frozenset()}
    """
    found: dict[int, frozenset[str]] = {}
    for line, text in _comments(source.text):
        match = _COMMENT.search(text)
        if match:
            codes = match.group(1)
            given = frozenset(code.strip() for code in codes.split(",") if code.strip()) if codes else EVERYTHING
            found[line] = given
    return found


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield the comments of a text, up to where it stops being Python."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    except (tokenize.TokenError, SyntaxError):
        return


def without_ignored(findings: Iterable[Finding], source: Source) -> list[Finding]:
    """Return findings without those that a comment on their line says to ignore.

    The line of a finding is the first or the last one of its location. A finding without a location is kept.
    """
    ignored = ignored_codes(source)
    return [finding for finding in findings if not _is_ignored(finding, ignored, source)]


def _is_ignored(finding: Finding, ignored: dict[int, frozenset[str]], source: Source) -> bool:
    lines = lines_of_text(source, finding.location) if finding.location else None
    for line in lines or ():
        codes = ignored.get(line)
        if codes is not None and (codes == EVERYTHING or finding.fault in codes):
            return True
    return False


def unknown_codes(source: Source, known: Iterable[str]) -> list[str]:
    """Return a warning for each code in a comment that is the code of no fault.

    Args:
        source: The script.
        known: The codes of all faults.
    """
    codes = sorted(known)
    return [
        f"{line_name(source, line)}: unknown fault '{code}' in '# unstuck: ignore[...]'.{suggestion(code, codes)}"
        for line, given in ignored_codes(source).items()
        for code in sorted(given - set(codes))
    ]
