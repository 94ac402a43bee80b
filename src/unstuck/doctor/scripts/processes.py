"""Finds and ends every process that a child has started, also those that took pains to get away."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

MARKER = "UNSTUCK_SESSION"
"""The environment variable that descendants carry: whoever forks keeps it, whatever group or session it moves to."""

_PATIENCE = 5.0
_LOOKS = 3
_PROC = Path("/proc")


class _Process(NamedTuple):
    pid: int
    parent: int
    group: int
    session: int
    environment: bytes = b""


def session_processes(marker: str, leader: int | None = None) -> set[int]:
    """Return the running processes of a session: not those that have ended and only wait to be reaped.

    They are recognised by the marker in the environment they started with (Linux), and, while ``leader`` has not been reaped, by
    its group, its session and by descent from it.

    Args:
        marker: The value of :data:`MARKER`.
        leader: The process that was started with it; None once it has been reaped, since its number may then be another's.
    """
    return {process.pid for process in _members(marker, leader)}


def end_session(marker: str, leader: int | None = None) -> bool:
    """Kill every process of a session, and return whether all are gone.

    All are stopped before the first is killed, since a process that is stopped cannot fork, and whole groups at once, since one
    that has forked and ended by the time the signal comes has left its child in its group.
    """
    if sys.platform == "win32":
        if leader is not None:
            _run(["taskkill", "/F", "/T", "/PID", str(leader)])
        return True
    stopped: set[int] = set()
    deadline = time.monotonic() + _PATIENCE
    unseen = 0
    while unseen < _LOOKS:
        found = _members(marker, leader)
        if not found:  # or each has forked and ended while the table was read
            unseen += 1
            time.sleep(0.002)
            continue
        unseen = 0
        numbers = {process.pid for process in found}
        late = time.monotonic() - deadline
        if late < 0 and not numbers <= stopped:
            stopped |= numbers
            _signal(found, signal.SIGSTOP)
            continue
        _signal(found, signal.SIGKILL)
        _reap(numbers - {leader})
        if late > _PATIENCE:
            return False
        time.sleep(0.001)
    return True


def _members(marker: str, leader: int | None) -> list[_Process]:
    table = {process.pid: process for process in _table() if process.pid != os.getpid()}
    mark = f"{MARKER}={marker}".encode()
    found = {number for number, process in table.items() if mark in process.environment.split(b"\0")}
    if leader is not None:
        found |= {number for number, process in table.items() if leader in (number, process.group, process.session)}
        found.add(leader)
    while grown := {number for number, process in table.items() if process.parent in found} - found:
        found |= grown
    return [table[number] for number in found if number in table]


def _signal(processes: list[_Process], number: int) -> None:
    """Signal processes and the groups they are in; these are all of the session, which can join no group outside it."""
    if sys.platform == "win32":
        return
    for group in {process.group for process in processes} - {os.getpgrp()}:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)
    for process in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(process.pid, number)


def _reap(processes: Iterable[int]) -> None:
    """Collect those that have become children of this process, which happens where it takes in orphans."""
    if sys.platform != "win32":
        for process in processes:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process, os.WNOHANG)


def _table() -> list[_Process]:
    """Return all processes that run; without ``/proc``, what ``ps`` says."""
    return _table_of_proc() if (_PROC / "self" / "stat").exists() else _table_of_ps()


def _table_of_proc() -> list[_Process]:
    """Return all processes that run, each read as a whole and the newest first: one that forks and ends may be gone soon."""
    table = []
    numbers = (int(entry) for entry in os.listdir(_PROC) if entry.isdigit())  # noqa: PTH208 (thousands of paths a second otherwise)
    for pid in sorted(numbers, reverse=True):
        try:
            content = (_PROC / str(pid) / "stat").read_bytes()
        except OSError:
            continue
        state, parent, group, session = content[content.rindex(b")") + 2 :].split()[:4]  # a name may hold anything
        if state not in (b"Z", b"X") and int(group) > 0:  # one that is just being reaped has no group any more
            table.append(_Process(pid, int(parent), int(group), int(session), _environment(pid)))
    return table


def _environment(process: int) -> bytes:
    """Return the environment that a process started with, nothing of one that is not ours or has ended."""
    try:
        return (_PROC / str(process) / "environ").read_bytes()
    except OSError:
        return b""


def _table_of_ps() -> list[_Process]:
    table = []
    for line in _run(["ps", "-A", "-o", "pid=,ppid=,pgid=,stat="]).splitlines():
        process, parent, group, state = line.split()[:4]
        if not state.startswith("Z"):
            table.append(_Process(int(process), int(parent), int(group), 0))
    return table


def _run(command: list[str]) -> str:
    """Return what a program of the system prints; nothing if it is not there."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 (the two lines above)
    except OSError:
        return ""
