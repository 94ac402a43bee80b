"""Calls a function in a process of its own, with an end to its patience."""

from __future__ import annotations

import json
import os
import select
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_MEGABYTES = 2048


def in_fork(work: Callable[[], dict[str, Any]], seconds: float) -> dict[str, Any] | None:
    """Return what ``work`` returns, plain values, or None if it has not come to an end in time."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _live_and_die(work, writing)
    os.close(writing)
    try:
        answer = _read(reading, time.monotonic() + seconds)
    finally:
        os.close(reading)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    try:
        return None if answer is None else json.loads(answer)
    except ValueError:  # it has ended itself in the middle
        return {}


def _live_and_die(work: Callable[[], dict[str, Any]], writing: int) -> None:
    """Do the work and leave without a word of the parent's own."""
    try:
        os.setpgid(0, 0)
        import resource  # noqa: PLC0415 (there are no forks where it is missing)

        resource.setrlimit(resource.RLIMIT_AS, (_MEGABYTES << 20, _MEGABYTES << 20))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nowhere, standard)
        with os.fdopen(writing, "w") as pipe:
            json.dump(work(), pipe)
    finally:
        os._exit(0)


def _read(pipe: int, deadline: float) -> bytes | None:
    parts: list[bytes] = []
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            return None
        part = os.read(pipe, 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)
