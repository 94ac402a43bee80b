"""Remedies written into a copy of the user's file."""

from __future__ import annotations

import io
import json
import re
import tokenize
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from unstuck.doctor.scripts.source import source_of
from unstuck.errors import FileError, UsageError
from unstuck.files import refuse_existing, write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.diagnosis import Diagnosis
    from unstuck.doctor.findings import Edit

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_LINE_END = re.compile(r"(?:\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029])")
_CHANGED = "The script has changed since it was diagnosed. Diagnose it again."

_LAYOUTS = tuple(
    json.JSONEncoder(indent=indent, ensure_ascii=escaped) for indent in (1, 2, 4, 0, None) for escaped in (False, True)
)
"""How programs write notebooks; Jupyter's own way first."""


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    r"""Return ``text`` with all ``edits`` made.

    Every edit speaks of the text as it is given: lines from 1, columns as offsets in UTF-8 from 0, like :mod:`ast`. It replaces
    its ``old``, which must stand where its location begins; with an empty ``old`` it inserts. Edits that insert at the same place
    come in the order given, equal edits are made once. Line ends stay those of the text. Cells are not looked at.

    Raises:
        UsageError: Something else stands where an ``old`` should, or two edits change the same place.

    >>> from unstuck.doctor.findings import Edit, Location
    >>> apply_edits("rate = 5\nsteps = 9\n", [Edit(Location("a.py", 1, 7), "5", "0.5")])
    'rate = 0.5\nsteps = 9\n'
    """
    body = text.removeprefix(_MARK)
    line_end = found.group() if (found := re.search(r"\r\n?|\n", body)) else "\n"
    padding = "" if not body or body.splitlines(keepends=True)[-1] != body.splitlines()[-1] else line_end
    body += padding
    lines = body.splitlines(keepends=True)
    spans = sorted(((*_span(body, lines, edit), edit) for edit in dict.fromkeys(edits)), key=lambda span: span[:2])
    _check_apart(spans)
    for begin, end, edit in reversed(spans):
        body = body[:begin] + _LINE_END.sub(line_end, edit.new) + body[end:]
    return text[: text.startswith(_MARK)] + (body.removesuffix(padding) if padding else body)


def characters(line: str, offset: int) -> int:
    """Return how many characters of a line stand before an offset in UTF-8, as :mod:`ast` counts columns.

    >>> characters("误差 = 1", 9)
    5
    """
    return len(line.encode(errors="surrogatepass")[:offset].decode(errors="ignore"))


def patched_path(path: str | Path, *, force: bool = False) -> Path:
    """Return where the remedied copy of a script goes: ``xor.mended.py`` beside ``xor.py``.

    Raises:
        FileError: That file exists, and ``force`` is not set.
    """
    file = Path(path)
    target = file.with_name(f"{file.stem}.mended{file.suffix}")
    refuse_existing(target, force=force)
    return target


def write_patch(diagnosis: Diagnosis, source_text: str, path: str | Path, *, force: bool = False) -> Path:
    """Write a copy of the user's file in which what the diagnosis advises is done, and return its name.

    The remedies are those that a trial has proved. If none is, the first remedy that can be said in edits of every finding that is
    not harmless. Of remedies that change the same place the one of the first finding is taken.

    Args:
        diagnosis: Of this file.
        source_text: What the file holds; of a notebook its JSON.
        path: Where the file is. The copy goes beside it, see :func:`patched_path`.
        force: Replace a copy that is already there.

    Raises:
        UsageError: No remedy can be said in edits, or the file is not what was diagnosed.
        FileError: The copy exists and ``force`` is not set, it cannot be written, or the file is no notebook though its name says so.
    """
    is_notebook = Path(path).suffix == ".ipynb"
    apply = _apply_to_notebook if is_notebook else apply_edits
    before = source_text if is_notebook else _plain(source_text)
    remedies = _proved(diagnosis) or _untried(diagnosis)
    if not remedies:
        raise UsageError(f"nothing to patch: no remedy for {diagnosis.target} is a change of its text.")
    target = patched_path(path, force=force)
    text, edits = apply(before, remedies[0]), [*remedies[0]]
    for remedy in remedies[1:]:
        try:
            text = apply(before, [*edits, *remedy])
        except UsageError:  # overlaps with a remedy that was there first
            continue
        edits += remedy
    return write_whole(target, text.encode() if is_notebook else _encoded(text), force=force)


def _proved(diagnosis: Diagnosis) -> list[Sequence[Edit]]:
    """Return the edits of every remedy that a trial has proved; a trial is of the first remedy."""
    proved = [finding for finding in diagnosis.findings if finding.trial and finding.trial.proved and finding.remedies]
    return [finding.remedies[0].edits for finding in proved if finding.remedies[0].edits]


def _plain(text: str) -> str:
    """Return a script as it is, or as Python reads it where it was pasted with prompts or full-width punctuation."""
    source = source_of(text)
    return text if source.text.splitlines() == list(source.original) else source.text


def _untried(diagnosis: Diagnosis) -> list[Sequence[Edit]]:
    grave = [finding for finding in diagnosis.findings if finding.severity != "harmless"]
    first = [next((remedy.edits for remedy in finding.remedies if remedy.edits), ()) for finding in grave]
    return [edits for edits in first if edits]


def _span(body: str, lines: list[str], edit: Edit) -> tuple[int, int]:
    """Return from which character to which (excluded) an edit replaces ``body``, whose ``lines`` are given too."""
    row = edit.location.line - 1
    if not 0 <= row <= len(lines):
        raise UsageError(
            f"{edit.location.file} has no line {edit.location.line}, only {len(lines)} lines.\n  {_CHANGED}"
        )
    line = lines[row] if row < len(lines) else ""
    content = line.splitlines()[0] if line else ""
    begin = sum(map(len, lines[:row])) + characters(content, edit.location.column)
    old = _LINE_END.pattern.join(re.escape(part) for part in _LINE_END.split(edit.old))
    found = re.compile(old).match(body, begin)
    if found is None:
        there = body[begin : begin + max(len(edit.old), 1)].splitlines() or [""]
        raise UsageError(
            f"{edit.location.file}, line {edit.location.line}, column {edit.location.column}: "
            f"expected {edit.old!r}, found {there[0]!r}.\n  {_CHANGED}"
        )
    return found.span()


def _check_apart(spans: list[tuple[int, int, Edit]]) -> None:
    for (_, end, first), (begin, _, second) in pairwise(spans):
        if begin < end:
            raise UsageError(
                "two edits change the same place:\n"
                f"  {_describe(first)}\n  {_describe(second)}\n  Only one of them can be made."
            )


def _describe(edit: Edit) -> str:
    return f"line {edit.location.line}, column {edit.location.column}: {edit.old!r} -> {edit.new!r}"


def _apply_to_notebook(text: str, edits: Sequence[Edit]) -> str:
    """Return the JSON of a notebook with all edits made, each in its code cell; nothing else in it changes."""
    try:
        document = json.loads(text)
        cells = [cell for cell in document["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in cells]
    except (ValueError, KeyError, TypeError) as error:
        raise FileError("this is no readable notebook: expected JSON with a list of cells.") from error
    layout = next((layout for layout in _LAYOUTS if layout.encode(document) == text.rstrip()), _LAYOUTS[0])
    for number in {edit.location.cell for edit in edits}:
        if number is None or not 0 < number <= len(cells):
            raise UsageError(f"the notebook has no code cell {number}, only {len(cells)} code cells.\n  {_CHANGED}")
        own = [edit for edit in edits if edit.location.cell == number]
        mended = apply_edits(sources[number - 1], own)
        is_list = isinstance(cells[number - 1]["source"], list)
        cells[number - 1]["source"] = mended.splitlines(keepends=True) if is_list else mended
    return layout.encode(document) + text[len(text.rstrip()) :]


def _encoded(text: str) -> bytes:
    """Return a script as bytes, in the encoding that it declares if it can be said in that, otherwise in UTF-8."""
    utf8 = text.encode(errors="surrogatepass")
    try:
        declared, _ = tokenize.detect_encoding(io.BytesIO(utf8).readline)
        return text.encode("utf-8" if text.startswith(_MARK) else declared)
    except (SyntaxError, UnicodeEncodeError):
        return utf8
