"""What a script may not do while it is diagnosed: use the network, start programs or processes, signal others."""

from __future__ import annotations

import errno
import functools
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeAlias

from unstuck.doctor.scripts.callers import is_our_own, line_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

Kind: TypeAlias = Literal["network", "program", "process", "signal"]

_EVENTS: Mapping[str, Kind] = {
    **dict.fromkeys(("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"), "network"),
    **dict.fromkeys(("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"), "network"),
    **dict.fromkeys(("subprocess.Popen", "os.posix_spawn", "os.exec", "os.spawn", "pty.spawn"), "program"),
    **dict.fromkeys(("os.startfile", "os.startfile/2", "_winapi.CreateProcess"), "program"),
    **dict.fromkeys(("os.fork", "os.forkpty"), "process"),
    **dict.fromkeys(("os.kill", "os.killpg"), "signal"),
}

_MESSAGES: Mapping[Kind, tuple[int, str]] = {
    "network": (errno.ENETUNREACH, "there is no network while the doctor runs a script"),
    "program": (errno.EPERM, "other programs are not started while the doctor runs a script"),
    "process": (errno.EPERM, "other processes are not started while the doctor runs a script"),
    "signal": (errno.EPERM, "other processes get no signals while the doctor runs a script"),
}

MESSAGES = tuple(message for _, message in _MESSAGES.values())
"""What the errors say that a script gets."""


@dataclass(frozen=True)
class Refusal:
    """Something that a script tried and was not let.

    Attributes:
        kind: What it was.
        line: Where in the script, None if it was not in the script itself.
    """

    kind: Kind
    line: int | None


class Refusals:
    """Raises ``OSError`` where a script does what it may not, and remembers it.

    Code of this package may fork and signal. Local (Unix) sockets work. A shell command that ``os.system`` is to run is not run and
    succeeds, since it usually clears the screen.

    Args:
        script: The file name that the script was compiled with.
    """

    def __init__(self, script: str) -> None:
        self._script = script
        self.made: list[Refusal] = []

    def install(self) -> None:
        """Begin. There is no end: what listens to the interpreter's audit events cannot be taken away."""
        sys.addaudithook(self._hear)
        os.system = self._system
        if sys.platform != "win32":
            import _posixsubprocess  # noqa: PLC0415 (does not exist on Windows)

            _posixsubprocess.fork_exec = self._refuse_program

    def changes(self) -> dict[str, Callable[[ModuleType], None]]:
        """What has to be changed in modules after their import."""
        return {"multiprocessing.process": self._change_multiprocessing, "joblib.parallel": _one_job}

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        kind = _EVENTS.get(event)
        if kind is None or (kind == "network" and _is_local(event, arguments)):
            return
        if kind in ("process", "signal") and is_our_own(sys._getframe(1)):  # noqa: SLF001 (an audit hook is told no caller)
            return
        if event == "os.kill" and arguments[0] == os.getpid():
            return
        self._refuse(kind)

    def _refuse(self, kind: Kind) -> NoReturn:
        self._remember(kind)
        number, message = _MESSAGES[kind]
        raise OSError(number, message)

    def _remember(self, kind: Kind) -> None:
        refusal = Refusal(kind, line_in(sys._getframe(1), self._script))  # noqa: SLF001 (the script's own line)
        if refusal not in self.made:
            self.made.append(refusal)

    def _refuse_program(self, *_: Any) -> NoReturn:
        self._refuse("program")

    def _system(self, command: Any) -> int:
        self._remember("program")
        return 0

    def _change_multiprocessing(self, module: ModuleType) -> None:
        def start(_process: Any) -> NoReturn:
            self._refuse("process")

        module.BaseProcess.start = start


def _one_job(joblib: ModuleType) -> None:
    """Let ``joblib``, and with it scikit-learn, do one thing after the other whatever ``n_jobs`` says."""
    begin = joblib.Parallel.__init__

    @functools.wraps(begin)
    def begin_alone(self: Any, n_jobs: int | None = None, *arguments: Any, **named: Any) -> None:
        begin(self, None if n_jobs is None else 1, *arguments, **named)

    joblib.Parallel.__init__ = begin_alone


def _is_local(event: str, arguments: tuple[Any, ...]) -> bool:
    """Return whether a socket is a Unix socket, or one end of what Windows has for a pair of them."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        return False
    import socket  # noqa: PLC0415 (whoever caused the event has imported it)

    family = arguments[0].family
    if sys.platform == "win32":
        return bool(arguments[1][0] in ("127.0.0.1", "::1"))
    return bool(family == socket.AF_UNIX)
