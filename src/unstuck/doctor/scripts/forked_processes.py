"""Children that a fork server starts, as their controller sees them."""

from __future__ import annotations

import json
import os
import secrets
import select
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, BinaryIO, Self

from unstuck.doctor.scripts import process_limits
from unstuck.doctor.scripts.child_process import start_program, watched_process
from unstuck.doctor.scripts.fork_requests import HEADER, SOCKET
from unstuck.doctor.scripts.processes import MARKER, end_session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unstuck.doctor.scripts.child_process import ChildProcess, Running, Start

_PATIENCE = 5.0  # seconds for what has to happen at once
_KILLED = -9


class ForkedProcesses:
    """Hands out children forked from a process that has everything imported; the ``with`` block ends that.

    The fork server is started with the first child. Where it does not answer, a child is started as a program of its own.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._marker = secrets.token_hex(16)
        self._answers = True

    def take(self, start: Callable[[Start], ChildProcess]) -> ChildProcess:
        """Return a child; ``start`` makes it when it is told how a process is started."""
        return start(self._start)

    def close(self) -> None:
        """End the server and all that is left of its children."""
        with self._lock:
            if self._socket is not None:
                self._socket.close()
            if self._server is not None:
                end_session(self._marker, self._server.pid if self._server.poll() is None else None)
                self._server.wait(_PATIENCE)
                if self._server.stdout is not None:
                    self._server.stdout.close()
            self._server = self._socket = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(
        self, command: list[str], environment: dict[str, str], folder: str | Path | None, descriptors: tuple[int, int]
    ) -> Running:
        """Fork a child; ``command`` is what to run if that cannot be done."""
        output, childs_output = os.pipe()
        status, childs_status = os.pipe()
        request = json.dumps({"environment": environment, "folder": str(folder or os.getcwd())}).encode()  # noqa: PTH109 (its name only)
        try:
            with self._lock:
                number = self._ask(request, environment, folder, (*descriptors, childs_output, childs_status))
            if number:
                return ForkedProcess(number, os.fdopen(output, "rb", 0), status)
        finally:
            os.close(childs_output)
            os.close(childs_status)
        os.close(output)
        os.close(status)
        return start_program(command, environment, folder, descriptors)

    def _ask(
        self, request: bytes, environment: dict[str, str], folder: str | Path | None, descriptors: tuple[int, ...]
    ) -> int:
        """Return the number of the child, 0 if there is none; who has failed to answer once is not asked again."""
        if not self._answers:
            return 0
        try:
            server = self._connected(environment, folder)
            socket.send_fds(server, [len(request).to_bytes(HEADER, "little")], descriptors)
            server.sendall(request)
            return int.from_bytes(server.recv(HEADER), "little")
        except OSError:  # an answer that came now would be taken for that to the next request
            self._answers = False
            return 0

    def _connected(self, environment: dict[str, str], folder: str | Path | None) -> socket.socket:
        """Return the socket to the server, which is started now if it was not."""
        if self._socket is None:
            ours, theirs = socket.socketpair()
            ours.settimeout(_PATIENCE)
            with theirs:
                own = {
                    MARKER: self._marker,
                    SOCKET: str(theirs.fileno()),
                    process_limits.CONTROLLER: watched_process(),
                }
                self._server = start_program(
                    [sys.executable, "-m", "unstuck.doctor.scripts.fork_server"],
                    environment | own,
                    folder,
                    (theirs.fileno(),),
                )
            self._socket = ours
        return self._socket


class ForkedProcess:
    """A child of the fork server, with what is needed of :class:`subprocess.Popen`.

    Args:
        pid: Its number.
        stdout: What it writes.
        status: A descriptor on which the server tells its exit status.
    """

    def __init__(self, pid: int, stdout: BinaryIO, status: int) -> None:
        self.pid = pid
        self.stdout = stdout
        self._lock = threading.Lock()
        self._status = status
        self._code: int | None = None

    @property
    def returncode(self) -> int | None:
        """Its exit code; the server reaps it at once, so that its number is its own only while it runs."""
        return self.poll()

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""
        with self._lock:
            if self._code is None and select.select([self._status], [], [], 0)[0]:
                told = os.read(self._status, HEADER)
                # a server that is gone has taken its children with it
                self._code = os.waitstatus_to_exitcode(int.from_bytes(told, "little")) if told else _KILLED
                os.close(self._status)
            return self._code

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended and return its exit code.

        Raises:
            subprocess.TimeoutExpired: It still runs.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if left == 0.0:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
            select.select([self._status], [], [], left)
        return code
