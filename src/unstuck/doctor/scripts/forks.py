"""Forks of a process that each send one message back, some of them at the same time."""

from __future__ import annotations

import os
import random
import select
import signal
import time
from dataclasses import dataclass, field

_CHUNK = 1 << 20
_GRACE = 0.05  # seconds that a fork has to end by itself once it has said all


@dataclass
class Fork:
    """A forked process, as its parent sees it.

    Attributes:
        process: Its number.
        descriptor: Where its message arrives.
        deadline: Until when it has to be complete, by ``time.monotonic``.
        parts: What has arrived.
        message: All of it; None as long as it is not complete, and of a fork that died or took too long.
    """

    process: int
    descriptor: int
    deadline: float
    parts: list[bytes] = field(default_factory=list)
    message: bytes | None = None

    def read(self) -> bool:
        """Read what has arrived; say whether that is all."""
        part = os.read(self.descriptor, _CHUNK)
        if part:
            self.parts.append(part)
            return False
        self.message = b"".join(self.parts) or None
        return True


def fork(seconds: float) -> Fork | int:
    """Fork; return the fork in the parent, and in the child the descriptor it has to write to.

    The child draws the same random numbers as the parent would.

    Args:
        seconds: How long the child may take until its message is complete.
    """
    reading, writing = os.pipe()
    drawn = random.getstate()
    process = os.fork()
    if process == 0:
        random.setstate(drawn)  # Python gives its generator another seed in a fork: no two would draw the same numbers
        os.close(reading)
        return writing
    os.close(writing)
    return Fork(process, reading, time.monotonic() + seconds)


def wait_for_some(forks: list[Fork]) -> list[Fork]:
    """Wait until one or more of the forks have said all they have to say, died, or taken too long; return those."""
    while True:
        remaining = min(each.deadline for each in forks) - time.monotonic()
        ready = select.select([each.descriptor for each in forks], [], [], max(0.0, remaining))[0]
        done = [
            each for each in forks if (each.read() if each.descriptor in ready else each.deadline <= time.monotonic())
        ]
        if done:
            return done


class Leaving:
    """Forks that have nothing more to say; they are given a moment to end by themselves while other things are done."""

    def __init__(self) -> None:
        self._forks: list[Fork] = []

    def add(self, leaving: Fork) -> None:
        """Let a fork end: at once if it has not said all, else it has a moment."""
        os.close(leaving.descriptor)
        leaving.deadline = time.monotonic() + (_GRACE if leaving.message is not None else 0.0)
        self._forks.append(leaving)

    def look(self) -> None:
        """Give back what has ended, and kill what had its moment."""
        self._forks = [each for each in self._forks if not _is_gone(each)]


def _is_gone(leaving: Fork) -> bool:
    if os.waitpid(leaving.process, os.WNOHANG)[0]:
        return True
    if leaving.deadline > time.monotonic():
        return False
    os.kill(leaving.process, signal.SIGKILL)
    os.waitpid(leaving.process, 0)
    return True
