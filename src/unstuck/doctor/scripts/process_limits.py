"""What a process may use, set by itself before it runs a stranger's script."""

from __future__ import annotations

import contextlib
import ctypes
import json
import math
import os
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from unstuck.limits import check_count, check_positive

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "UNSTUCK_LIMITS"
"""The environment variable by which the controller tells its child the limits."""

CONTROLLER = "UNSTUCK_CONTROLLER"
"""The environment variable with the number of the process whose end is to be the child's end."""

_PR_SET_PDEATHSIG = 1
_GRACE = 5  # seconds between the signal that says the time is over and the one that cannot be ignored


@dataclass(frozen=True)
class Limits:
    """What a child may use; where a system knows no such limit, there is none.

    Attributes:
        memory: Bytes of address space beyond what the process has when the limits are set.
        seconds: Of processor time beyond what was used by then, for each process by itself.
        file_size: Bytes of a single file; writing on raises ``OSError``.
        processes: How many processes and threads there may be in addition to all that run on the machine when the limits are set.
            The system counts all that belong to the user, so a plain number would keep a busy user's script from using threads.

    Raises:
        OptionError: One of them is not above 0, or not whole.
    """

    memory: int = 4 << 30
    seconds: float = 3600.0
    file_size: int = 1 << 30
    processes: int = 1024

    def __post_init__(self) -> None:
        check_count("memory", self.memory)
        check_positive("seconds", self.seconds)
        check_count("file_size", self.file_size)
        check_count("processes", self.processes)

    def to_text(self) -> str:
        """Return the limits as the text of the environment variable."""
        return json.dumps(asdict(self))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Limits:
        """Return the limits that the controller gave, the defaults if it gave none."""
        text = (os.environ if environment is None else environment).get(VARIABLE)
        return cls(**json.loads(text)) if text else cls()


def apply(limits: Limits | None = None) -> None:
    """Limit this process and all it will start, and let it end with its controller.

    Args:
        limits: What it may use; None for what the controller gave.
    """
    limits = limits or Limits.from_environment()
    if sys.platform == "win32":
        return
    lead_session()
    if controller := int(os.environ.get(CONTROLLER, "0")):
        die_with(controller)
    import resource  # noqa: PLC0415 (does not exist on Windows)

    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, limits.file_size)
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = math.ceil(used.ru_utime + used.ru_stime + limits.seconds)
    _limit(resource.RLIMIT_CPU, seconds, seconds + _GRACE)
    if sys.platform == "linux":
        _limit(resource.RLIMIT_NPROC, _tasks_on_this_machine() + limits.processes)
        _limit(resource.RLIMIT_AS, _address_space() + limits.memory)


def allow_memory(more: int) -> None:
    """Let this process take at most ``more`` bytes of address space beyond what it has (Linux; nothing elsewhere).

    What goes beyond that raises ``MemoryError``.
    """
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 (does not exist on Windows)

        _limit(resource.RLIMIT_AS, _address_space() + more)


def lead_session() -> None:
    """Make this process the leader of a session of its own, away from the terminal, unless it already is."""
    if sys.platform != "win32" and os.getsid(0) != os.getpid():
        with contextlib.suppress(PermissionError):  # the leader of a group cannot leave it, and a group will do
            os.setsid()


def die_with(parent: int) -> None:
    """Let the system kill this process when its parent ends (Linux; nothing elsewhere).

    A fork does not inherit this: each has to call it for itself, with the number its parent had before the fork.

    Args:
        parent: Its number. If that is no longer this process's parent, this process ends at once.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it ended before it was watched
        os.kill(os.getpid(), signal.SIGKILL)


def _limit(what: int, soft: int, hard: int | None = None) -> None:
    """Lower a limit; one that is already lower stays."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 (does not exist on Windows)

    _, ceiling = resource.getrlimit(what)
    hard = soft if hard is None else hard
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    with contextlib.suppress(ValueError, OSError):  # a system may know a limit and yet not set it
        resource.setrlimit(what, (soft, hard))


def _address_space() -> int:
    """Return how many bytes of address space this process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _tasks_on_this_machine() -> int:
    """Return the number of processes and threads, everybody's."""
    return int(Path("/proc/loadavg").read_text().split()[3].partition("/")[2])
