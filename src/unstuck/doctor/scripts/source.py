"""A script as its author has it, turned into plain Python with every line in its place."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

from unstuck.doctor.scripts.punctuation import to_ascii_punctuation
from unstuck.errors import FileError
from unstuck.files import read_bytes

_PROMPT = re.compile(r"^(\s*)(>>> ?|\.{3,}: ?|\.\.\.(?: |$)|In \[\s*\d*\s*\]: ?)")
_OUTPUT = re.compile(r"^\s*Out\[\s*\d*\s*\]:")
_MAGIC = re.compile(r"^(\s*)(%%?\w|!|\?\w|\w[\w.]*\?{1,2}\s*$)")


@dataclass(frozen=True)
class Place:
    """Where a line of the program stands in what the user has: line from 1, and for a notebook the code cell from 1."""

    line: int
    cell: int | None = None


@dataclass(frozen=True)
class Source:
    """A script ready to be parsed.

    Attributes:
        path: Where it was read from, or None for text.
        text: Plain Python; as many lines as ``places``.
        places: For each line of ``text`` where it stands in the user's file.
        original: The user's own lines, shown in reports; as many as ``places``.
    """

    path: Path | None
    text: str
    places: tuple[Place, ...]
    original: tuple[str, ...]


def read_source(path: str | Path) -> Source:
    """Read a ``.py`` file, a notebook, or a file of any other name that holds Python.

    Raises:
        FileError: It is missing, not readable, not text, or not a notebook.
    """
    content = read_bytes(path)
    file = Path(path)
    if file.suffix == ".ipynb":
        return _from_notebook(content, file)
    return source_of(_decode(content, file), file)


def source_of(text: str, path: Path | None = None) -> Source:
    """Return the source for text pasted from anywhere."""
    lines = text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()
    return _assemble(lines, [Place(number) for number in range(1, len(lines) + 1)], path)


def _from_notebook(content: bytes, path: Path) -> Source:
    try:
        document = json.loads(content)
        cells = [cell for cell in document["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in cells]
    except (ValueError, KeyError, TypeError) as error:
        raise FileError(f"{path} is no readable notebook: expected JSON with a list of cells.") from error
    lines: list[str] = []
    places: list[Place] = []
    for number, source in enumerate(sources, 1):
        own = source.splitlines()
        if own and own[0].startswith("%%") and not re.match(r"%%(time|timeit|capture|prun)\b", own[0]):
            own = [f"# {line}" for line in own]
        lines += own
        places += [Place(line, number) for line in range(1, len(own) + 1)]
    return _assemble(lines, places, path)


def _assemble(lines: list[str], places: list[Place], path: Path | None) -> Source:
    text = "\n".join(lines) + "\n"
    if not _parses(text):
        text = "\n".join(_without_magic(line) for line in _without_prompts(lines)) + "\n"
    if not _parses(text):
        mended = to_ascii_punctuation(text)
        text = mended if _parses(mended) else text
    return Source(path, text, tuple(places), tuple(lines))


def _without_prompts(lines: list[str]) -> list[str]:
    """Take interpreter prompts away; in a session that was pasted whole, what stands between them is output."""
    prompted = [_PROMPT.match(line) is not None for line in lines]
    if not any(prompted):
        return lines
    plain = []
    for line, has_prompt in zip(lines, prompted, strict=True):
        if has_prompt:
            plain.append(_PROMPT.sub("", line, count=1))
        elif _OUTPUT.match(line) or any(prompted):
            plain.append("" if not line.strip() else f"# {line}")
    return plain


def _without_magic(line: str) -> str:
    """Replace a notebook's ``%`` magic, ``!`` command or ``?`` question by nothing, keeping its indentation."""
    found = _MAGIC.match(line)
    return f"{found.group(1)}pass" if found else line


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _decode(content: bytes, path: Path) -> str:
    """Decode by the script's own declaration, else UTF-8, else the usual Chinese and Western code pages."""
    try:
        declared, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except SyntaxError:
        declared = "utf-8"
    for encoding in (
        declared,
        "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8",
        "gb18030",
        "latin-1",
    ):
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" not in text:
            return text
    raise FileError(f"{path} is not text, so it cannot be a script.")
