"""A script that runs in another process, under an agent that answers to us."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

from unstuck.doctor.scripts.child_environment import child_environment
from unstuck.doctor.scripts.child_process import ChildProcess

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unstuck.doctor.scripts.child_process import Start
    from unstuck.doctor.scripts.process_limits import Limits
    from unstuck.doctor.scripts.workspace import Workspace

_LONGEST_ANSWER = 120.0


class Warm(Protocol):
    """Processes that have imported what they need before they are asked for."""

    def take(self, start: Callable[[Start | None], ChildProcess]) -> ChildProcess:
        """Return a process; ``start`` starts one, by other means than its own if it is given some."""
        ...


@dataclass(frozen=True)
class Run:
    """How to run a script.

    Attributes:
        script: Its file, in its workspace.
        workspace: The folder it may write in.
        current: Its current folder.
        temporary: Where its temporary files go.
        text: Its text, ready to be parsed.
        arguments: What it finds in ``sys.argv`` behind its own name.
        repeat: Whether a loop is to be appended around its only step.
        seed_offset: What is added to every seed.
        fork: Whether checkpoints may fork.
        limits: What it may use; None for the defaults.
        warm: Processes that have imported what they need, if there are any.
        deadline: When nothing is waited for any more, by ``time.monotonic``.
    """

    script: Path
    workspace: Path
    current: Path
    temporary: Path
    text: str
    arguments: tuple[str, ...] = ()
    repeat: bool = False
    seed_offset: int = 0
    fork: bool = True
    limits: Limits | None = None
    warm: Warm | None = None
    deadline: float = math.inf

    def start(self, start: Start | None = None) -> ChildProcess:
        """Start a process that waits to be told what to run."""
        return ChildProcess(
            ["-m", "unstuck.doctor.scripts.child"], child_environment(self.temporary), self.current, self.limits, start
        )


def run_in(
    workspace: Workspace,
    text: str,
    arguments: tuple[str, ...] = (),
    *,
    fork: bool = True,
    limits: Limits | None = None,
    warm: Warm | None = None,
    deadline: float = math.inf,
) -> Run:
    """Return how to run the script of a workspace."""
    return Run(
        workspace.script, workspace.root, workspace.current, workspace.temporary, text, tuple(arguments), fork=fork, limits=limits,
        warm=warm, deadline=deadline,
    )  # fmt: skip


class Session:
    """A child process that runs a script under an agent.

    Args:
        run: How to run the script.
        order: Which agent listens, and what it is to do.
    """

    def __init__(self, run: Run, order: dict[str, Any]) -> None:
        self._deadline = run.deadline
        self._child = run.start() if run.warm is None else run.warm.take(run.start)
        self._child.send(
            {
                "script": str(run.script), "workspace": str(run.workspace), "text": run.text, "arguments": list(run.arguments),
                "repeat": run.repeat, "seed_offset": run.seed_offset, "fork": run.fork, **order,
            }
        )  # fmt: skip

    def ask_all(self, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send questions that do not depend on each other's answers and return the answers in their order."""
        if not requests:
            return []
        self.tell({"questions": requests})
        return [self.receive() for _ in requests]

    def tell(self, request: dict[str, Any]) -> None:
        """Send a request that has no answer.

        Raises:
            EOFError: The child has ended.
        """
        try:
            self._child.send(request)
        except BrokenPipeError as error:
            raise EOFError(str(error)) from error

    def receive(self, timeout: float = _LONGEST_ANSWER) -> dict[str, Any]:
        """Wait for an answer.

        Raises:
            TimeoutError: None came in time.
            EOFError: The child has ended, or the script has written into the channel and nothing more can be understood.
        """
        try:
            return self._child.receive(min(timeout, max(0.0, self._deadline - time.monotonic())))
        except ValueError as error:
            raise EOFError(str(error)) from error

    def ending(self) -> str:
        """Return how the child came to an end."""
        return self._child.ending()

    def output(self) -> str:
        """Return the last that the child has written past Python."""
        return self._child.output()

    def close(self) -> None:
        """End the child and everything it has started."""
        self._child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
