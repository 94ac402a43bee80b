"""A child process that runs a stranger's script, as its controller sees it."""

from __future__ import annotations

import contextlib
import io
import math
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
import time
import weakref
from typing import IO, TYPE_CHECKING, Any, Protocol, Self

from unstuck.doctor.scripts import pipes, process_limits
from unstuck.doctor.scripts.child_environment import child_environment
from unstuck.doctor.scripts.messages import Channel
from unstuck.doctor.scripts.output_tail import Tail
from unstuck.doctor.scripts.process_limits import Limits
from unstuck.doctor.scripts.processes import MARKER, end_session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_GLANCE = 0.05  # seconds between two looks at whether a silent child still lives
_PATIENCE = 5.0  # seconds for what has to happen at once
_WAITING_MESSAGES = 16


class Running(Protocol):
    """What is needed of a process that has been started, see :class:`subprocess.Popen`."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    @property
    def stdout(self) -> IO[bytes] | None:
        """What it writes."""
        ...

    @property
    def returncode(self) -> int | None:
        """Its exit code once it has been reaped; until then its number is its own."""
        ...

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended and return its exit code; subprocess.TimeoutExpired if it still runs then."""
        ...


if TYPE_CHECKING:
    Start = Callable[[list[str], dict[str, str], str | Path | None, tuple[int, int]], Running]


class ChildProcess:
    """A Python process in a session of its own, with a channel to it.

    It ends at the latest with this object, its ``with`` block or this program, and with it everything it has started.

    What the process writes to its descriptors 1 and 2 past Python (a C library, the interpreter's last words when it crashes) is
    drained here, the last 64 KB of it are kept. Where it reads standard input, there is none.

    Args:
        arguments: For the interpreter, such as ``["-m", "unstuck.doctor.scripts.child"]``.
        environment: All of its environment; None for :func:`~unstuck.doctor.scripts.child_environment.child_environment`.
        folder: Its current folder; None for the present one.
        limits: What it may use; it has to apply them itself, see :func:`unstuck.doctor.scripts.process_limits.apply`.
        start: Starts a process that inherits nothing but two descriptors and its output; None for a program of its own.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str] | None = None,
        folder: str | Path | None = None,
        limits: Limits | None = None,
        start: Start | None = None,
    ) -> None:
        self.marker = secrets.token_hex(16)
        from_child, childs_writing = os.pipe()
        childs_reading, to_child = os.pipe()
        try:
            self._process = (start or start_program)(
                [sys.executable, *arguments],
                {
                    **(child_environment() if environment is None else environment),
                    MARKER: self.marker,
                    pipes.VARIABLE: pipes.hand_over(childs_reading, childs_writing),
                    process_limits.VARIABLE: (limits or Limits()).to_text(),
                    process_limits.CONTROLLER: watched_process(),
                },
                folder,
                (childs_reading, childs_writing),
            )
        except BaseException:
            os.close(from_child)
            os.close(to_child)
            raise
        finally:
            os.close(childs_reading)
            os.close(childs_writing)
        self._tail = Tail()
        self._inbox: queue.Queue[dict[str, Any] | Exception] = queue.Queue(_WAITING_MESSAGES)
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._broken = threading.Event()
        self._threads = [
            threading.Thread(target=_read, args=(os.fdopen(from_child, "rb"), self._inbox), daemon=True),
            threading.Thread(target=_write, args=(to_child, self._outbox, self._broken), daemon=True),
            threading.Thread(target=_drain, args=(self._process.stdout, self._tail), daemon=True),
        ]
        self._ending: Exception | None = None
        for thread in self._threads:
            thread.start()
        self._finalizer = weakref.finalize(
            self, _finish, self._process, self.marker, self._threads, self._inbox, self._outbox
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit code, on POSIX minus the number of the signal that killed it; None while it runs."""
        return self._process.poll()

    def send(self, message: dict[str, Any]) -> None:
        """Send a message, as :meth:`Channel.send`, without waiting until the child reads it.

        Raises:
            TypeError: It holds something that cannot be sent.
            BrokenPipeError: Nobody listens any more.
        """
        content = io.BytesIO()
        Channel(content, content).send(message)
        if self._broken.is_set():
            raise BrokenPipeError(f"cannot send to the process: it {self.ending()}")
        self._outbox.put(content.getvalue())

    def receive(self, timeout: float | None = None) -> dict[str, Any]:
        """Wait for a message and return it.

        A message that comes too late is not lost: the next call returns it.

        Args:
            timeout: How many seconds to wait; None to wait as long as the child lives.

        Raises:
            TimeoutError: No message came in time.
            EOFError: The child has ended or has closed its side.
            ValueError: What came is no message; nothing more can be received.
        """
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        while self._ending is None:
            with contextlib.suppress(queue.Empty):
                arrived = self._inbox.get(timeout=max(0.0, min(_GLANCE, deadline - time.monotonic())))
                if not isinstance(arrived, Exception):
                    return arrived
                self._ending = arrived
                break
            if time.monotonic() >= deadline:
                raise TimeoutError(f"the process sent no message within {timeout:g} seconds")
            if self.returncode is not None:
                self.kill()  # what it has left behind may keep the channel open
                deadline = min(deadline, time.monotonic() + _PATIENCE)
        if isinstance(self._ending, ValueError):
            raise ValueError(f"the process sent what is no message: {self._ending}")  # noqa: TRY004 (no matter of types)
        raise EOFError(f"the process {self.ending()}")

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the process has ended and return its exit code; what it has started may still run.

        Raises:
            TimeoutError: It still runs.
        """
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"the process still runs after {timeout:g} seconds") from None

    def kill(self) -> None:
        """End the process and everything it has started, at once. Messages that have already arrived can still be received."""
        _kill(self._process, self.marker)

    def close(self) -> None:
        """End it and give everything back. Further calls do nothing."""
        self._finalizer()

    def output(self) -> str:
        """Return the last 64 KB that were written past Python, complete once the process has ended."""
        if self.returncode is not None:
            self._threads[2].join(_GLANCE)
        return self._tail.text()

    def ending(self) -> str:
        """Return how it came to an end, to follow "the process": ``was killed by signal 9 (SIGKILL)``."""
        with contextlib.suppress(TimeoutError):
            self.wait(_GLANCE)  # the end of the channel is seen a moment before the end of the process
        code = self.returncode
        if code is None:
            return "has closed its channel and still runs"
        if code < 0:
            with contextlib.suppress(ValueError):
                return f"was killed by signal {-code} ({signal.Signals(-code).name})"
            return f"was killed by signal {-code}"
        return f"has ended with exit code {code}"


def start_program(
    command: list[str], environment: dict[str, str], folder: str | Path | None, descriptors: tuple[int, ...]
) -> subprocess.Popen[bytes]:
    """Start a program that inherits nothing but the descriptors and its output."""
    special: dict[str, Any] = {"start_new_session": True, "pass_fds": descriptors}
    if sys.platform == "win32":
        handles = [int(handle) for handle in environment[pipes.VARIABLE].split(",")]
        special = {
            "startupinfo": subprocess.STARTUPINFO(lpAttributeList={"handle_list": handles}),
            "creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW,
        }
    return subprocess.Popen(  # noqa: S603 (our own interpreter)
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
        **special,
    )


def watched_process() -> str:
    """Return whose end is to be the child's end: this process, or 0 for nobody's.

    Linux takes the end of the *thread* that started a child for the end of its parent, so only the main thread is watched.
    """
    return str(os.getpid()) if threading.current_thread() is threading.main_thread() else "0"


def _read(stream: io.BufferedReader, inbox: queue.Queue[dict[str, Any] | Exception]) -> None:
    """Put every message into the inbox, at last what ended them."""
    with stream:
        channel = Channel(stream, io.BytesIO())
        while True:
            try:
                message = channel.receive()
            except (EOFError, OSError) as error:
                inbox.put(EOFError(str(error)))
                return
            except Exception as error:  # noqa: BLE001 (a stranger may have written anything into the channel)
                inbox.put(ValueError(str(error)))
                return
            inbox.put(message)


def _write(descriptor: int, outbox: queue.SimpleQueue[bytes | None], broken: threading.Event) -> None:
    """Write what is put into the outbox, until that is None."""
    with contextlib.suppress(OSError), os.fdopen(descriptor, "wb") as stream:
        while (content := outbox.get()) is not None:
            try:
                stream.write(content)
                stream.flush()
            except OSError:
                broken.set()
                return


def _drain(stream: IO[bytes], tail: Tail) -> None:
    with stream:
        while content := stream.read(1 << 16):
            tail.append(content.decode("utf-8", "replace"))


def _kill(process: Running, marker: str) -> None:
    if sys.platform != "win32" and process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # also what it has left behind, if it has ended and nobody has asked
    running = process.poll() is None
    end_session(marker, process.pid if running else None)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE)


def _finish(
    process: Running,
    marker: str,
    threads: list[threading.Thread],
    inbox: queue.Queue[dict[str, Any] | Exception],
    outbox: queue.SimpleQueue[bytes | None],
) -> None:
    """End the process and the threads that serve it, which then close their pipes."""
    _kill(process, marker)
    outbox.put(None)
    deadline = time.monotonic() + _PATIENCE
    while any(thread.is_alive() for thread in threads) and time.monotonic() < deadline:
        with contextlib.suppress(queue.Empty):
            while True:
                inbox.get_nowait()  # room for a reader that waits with a message
        for thread in threads:
            thread.join(0.005)
