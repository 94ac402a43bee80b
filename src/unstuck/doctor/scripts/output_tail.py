"""What a script prints: the last 64 KB are kept in memory, the rest costs nothing and fills no disk."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

LONGEST = 64 * 1024
"""How many characters (or bytes) are kept."""


class Tail:
    """The end of a text that grows without end.

    >>> tail = Tail(longest=4)
    >>> tail.append("abc"); tail.append("def")
    >>> tail.text()
    'cdef'
    """

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._parts: list[str] = []
        self._length = 0

    def append(self, part: str) -> None:
        """Add ``part``, and now and then forget what is no longer among the last characters.

        There is no lock: a process that forks while another thread holds it could never print again. Threads that print at the
        very same time may lose a line.
        """
        part = part[-self._longest :]
        self._parts.append(part)
        self._length += len(part)
        if self._length > 2 * self._longest:
            text = self.text()
            self._parts, self._length = [text], len(text)

    def text(self) -> str:
        """Return the last characters."""
        return "".join(self._parts)[-self._longest :]


class TailStream(io.TextIOBase):
    """Stands in for ``sys.stdout`` and ``sys.stderr``.

    Closing it does nothing: a script that wraps ``sys.stdout.buffer`` anew closes the old one by accident.
    """

    errors = "replace"
    mode = "w"

    def __init__(self, tail: Tail, name: str, descriptor: int) -> None:
        super().__init__()
        self.name = name
        self._tail = tail
        self._descriptor = descriptor
        self.buffer = _Bytes(tail, descriptor)

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a writable attribute there, and nothing to write here
        """UTF-8."""
        return "utf-8"

    def write(self, text: str) -> int:
        """Keep ``text``."""
        if not isinstance(text, str):
            raise TypeError(
                f"write() argument must be str, not {type(text).__name__}"
            )  # the words of Python's own streams
        self._tail.append(text)
        return len(text)

    def writable(self) -> bool:
        """Yes."""
        return True

    def fileno(self) -> int:
        """Return the number that the real stream has."""
        return self._descriptor

    def reconfigure(self, **settings: Any) -> None:
        """Do nothing: there is no encoding to change."""

    def close(self) -> None:
        """Do nothing."""


class _Bytes(io.RawIOBase):
    """The binary side of a :class:`TailStream`."""

    def __init__(self, tail: Tail, descriptor: int) -> None:
        super().__init__()
        self._tail = tail
        self._descriptor = descriptor

    def write(self, content: ReadableBuffer) -> int:
        data = bytes(content)
        self._tail.append(data.decode("utf-8", "replace"))
        return len(data)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def close(self) -> None:
        """Do nothing."""
