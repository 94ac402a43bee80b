"""The controller's side of a script that runs in another process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from unstuck.doctor.scripts.messages import Channel

if TYPE_CHECKING:
    from types import TracebackType


@dataclass(frozen=True)
class Run:
    """How to run a script.

    Attributes:
        path: Where the script lies, in its workspace.
        text: Its text, ready to be parsed.
        arguments: What it finds in ``sys.argv`` behind its own name.
        repeat: Whether a loop is to be appended around its only step.
        seed_offset: What is added to every seed.
        fork: Whether checkpoints may fork.
    """

    path: str
    text: str
    arguments: tuple[str, ...] = ()
    repeat: bool = False
    seed_offset: int = 0
    fork: bool = True


class Session:
    """A child process that runs a script under an agent."""

    def __init__(self, run: Run, order: dict[str, Any]) -> None:
        theirs_read, ours_write = os.pipe()
        ours_read, theirs_write = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "unstuck.doctor.scripts.child", str(theirs_read), str(theirs_write)],
            pass_fds=(theirs_read, theirs_write), cwd=os.path.dirname(run.path),
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg"},
        )  # fmt: skip
        os.close(theirs_read)
        os.close(theirs_write)
        self._channel = Channel(os.fdopen(ours_read, "rb"), os.fdopen(ours_write, "wb"))
        self.replays = 0
        self._channel.send(
            {"path": run.path, "text": run.text, "arguments": list(run.arguments), "repeat": run.repeat,
             "seed_offset": run.seed_offset, "fork": run.fork, **order}
        )  # fmt: skip

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait for the answer."""
        self.replays += 1
        self._channel.send(request)
        return self.receive()

    def tell(self, request: dict[str, Any]) -> None:
        """Send a request that has no answer."""
        self._channel.send(request)

    def receive(self) -> dict[str, Any]:
        """Wait for an answer."""
        return self._channel.receive()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
