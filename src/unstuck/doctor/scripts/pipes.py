"""The two pipes between the controller and its child, handed over by number."""

from __future__ import annotations

import os
import sys

from unstuck.doctor.scripts.messages import Channel
from unstuck.errors import UsageError

VARIABLE = "UNSTUCK_CHANNEL"
"""The environment variable that tells the child which pipes are its own."""

_HIGH = 512


def hand_over(reading: int, writing: int) -> str:
    """Return what the environment variable has to hold so that the child finds these two descriptors."""
    return f"{_inheritable(reading)},{_inheritable(writing)}"


def open_channel() -> Channel:
    """Return the channel to the process that started this one. It can be called once.

    Raises:
        UsageError: This process was not started by a :class:`~unstuck.doctor.scripts.child_process.ChildProcess`.
    """
    given = os.environ.pop(VARIABLE, None)
    if given is None:
        raise UsageError(
            "this program has no channel to a controller: the doctor starts it, it is not meant to be run by hand.\n"
            "  Run: unstuck diagnose SCRIPT"
        )
    reading, writing = (_own(int(number)) for number in given.split(","))
    return Channel(os.fdopen(reading, "rb"), os.fdopen(writing, "wb"))


def _inheritable(descriptor: int) -> int:
    """Return the number by which a child can open ``descriptor``: itself, on Windows the handle behind it."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 (exists on Windows only)

        handle = msvcrt.get_osfhandle(descriptor)
        os.set_handle_inheritable(handle, True)
        return handle
    return descriptor


def _own(number: int) -> int:
    """Return a descriptor that programs started from here do not inherit, out of the way of scripts that close low ones."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 (exists on Windows only)

        return msvcrt.open_osfhandle(number, 0)
    import fcntl  # noqa: PLC0415 (does not exist on Windows)

    try:
        high = fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, _HIGH)
    except OSError:  # so many open files are not allowed here
        os.set_inheritable(number, False)
        return number
    os.close(number)
    return high
