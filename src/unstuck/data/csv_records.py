"""CSV files as text: encoding, delimiter, header, and where each row begins."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.data.fields import is_missing, parse_number
from unstuck.errors import DataError, FileError
from unstuck.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    Record = tuple[int, list[str]]

_DELIMITERS = "\t;,"


@dataclass(frozen=True)
class Records:
    """The rows of a CSV file.

    Args:
        names: What the header says, ``()`` if there is none.
        rows: Each row of data with the line in the file where it begins, counted from 1. Read once, as they come.
        n_columns: Number of fields in each row.
    """

    names: tuple[str, ...]
    rows: Iterator[Record]
    n_columns: int


def read_records(path: Path, known_names: Sequence[str] = ()) -> Records:
    """Open a CSV file: UTF-8, with or without a byte-order mark, separated by commas, semicolons or tabs.

    The delimiter is the one of the three that is most frequent in the first line. The first row is a header if none of
    its fields is a number, or if one of its fields is text and stands above a number. Blank lines are skipped.

    Args:
        path: The file.
        known_names: Names of columns. A first row with all of them is a header too, even if they look like numbers.

    Raises:
        FileError: The file cannot be read, is not UTF-8, or has broken quotes.
        DataError: It is empty or has rows of different lengths (the latter while the rows are read).
    """
    records = _checked(path, _records(path, _decoded(path)))
    first = next(records, None)
    if first is None:
        raise DataError(f"{path} is empty.")
    second = next(records, None)
    upcoming = [second] if second else []
    names = tuple(name.strip() for name in first[1])
    has_known_names = bool(known_names) and set(known_names) <= set(names)
    if not has_known_names and not _is_header(first[1], second[1] if second else []):
        names = ()
        upcoming.insert(0, first)

    def rows() -> Iterator[Record]:
        yield from upcoming
        yield from records

    return Records(names, rows(), len(first[1]))


def _decoded(path: Path) -> str:
    content = read_bytes(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The error counts from behind a byte-order mark; error.object is what it counted in.
        line = error.object[: error.start].count(b"\n") + 1
        raise FileError(
            f"{path} is not UTF-8 text: byte 0x{error.object[error.start]:02x} in line {line}. "
            f"Save it as UTF-8 (in a spreadsheet program: 'CSV UTF-8')."
        ) from error


def _records(path: Path, text: str) -> Iterator[Record]:
    first_line = text.lstrip("\r\n ").split("\n", maxsplit=1)[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileError(f"{path}, line {line}: broken CSV ({error}). Check the quotes.") from error
        if fields and not (len(fields) == 1 and not fields[0].strip()):
            yield line, fields


def _checked(path: Path, records: Iterator[Record]) -> Iterator[Record]:
    """Pass on ``records`` as long as each is as long as the first."""
    first: Record | None = None
    for line, fields in records:
        first = first or (line, fields)
        if len(fields) != len(first[1]):
            raise DataError(
                f"{path}, line {line} has {_fields(len(fields))}, expected {len(first[1])} as in line {first[0]}."
            )
        yield line, fields


def _is_header(first: list[str], second: list[str]) -> bool:
    if all(parse_number(field) is None for field in first):
        return True
    return any(
        parse_number(above) is None and not is_missing(above) and parse_number(below) is not None
        for above, below in zip(first, second, strict=False)
    )


def _fields(count: int) -> str:
    return "1 field" if count == 1 else f"{count} fields"
