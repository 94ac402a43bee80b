"""A child process started ahead, where there is no fork: while one works, the next already imports what it needs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.doctor.scripts.child_process import ChildProcess, Start


class SpareProcesses:
    """Hands out processes that have been started ahead, all of one kind; the ``with`` block ends the last one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spare: ChildProcess | None = None
        self._is_closed = False

    def take(self, start: Callable[[Start | None], ChildProcess]) -> ChildProcess:
        """Return a process that ``start`` has started, and start the next."""
        with self._lock:
            taken, self._spare = self._spare, None
            if taken is None or taken.returncode is not None:
                taken = start(None)
            if not self._is_closed:
                self._spare = start(None)
            return taken

    def close(self) -> None:
        """End the process that nobody has taken."""
        with self._lock:
            self._is_closed = True
            if self._spare is not None:
                self._spare.close()
                self._spare = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
