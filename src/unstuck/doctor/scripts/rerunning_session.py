"""A checkpoint without forks: the script is run from its start again for every question, from the same seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unstuck.doctor.scripts.session import Session

if TYPE_CHECKING:
    from unstuck.doctor.scripts.session import Run


class RerunningSession(Session):
    """A session at a checkpoint whose process each question uses up; a new one is started when the next is asked.

    Args:
        run: How to run the script.
        order: For the checkpoint server.
    """

    def __init__(self, run: Run, order: dict[str, Any]) -> None:
        super().__init__(run, order)
        self._run = run
        self._order = order
        self._states: list[dict[str, Any]] = []
        self._is_used_up = False

    def tell(self, request: dict[str, Any]) -> None:
        """Send a request that has no answer, and remember what a new process has to know."""
        if "define" in request:
            self._states.append(request)
        elif "advance" in request:
            self._order = {**self._order, "stops": request["advance"]}
        if self._is_used_up and "advance" in request:
            self._begin_again()
            return
        if not self._is_used_up:
            super().tell(request)

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a question to a process that has not answered one yet."""
        if self._is_used_up:
            self._begin_again()
            self.receive()
            for state in self._states:
                super().tell(state)
        super().tell(request)
        self._is_used_up = True
        try:
            return self.receive()
        except EOFError:
            return {"reason": "died", "error": None}

    def ask_all(self, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Ask one after the other."""
        return [self.ask(request) for request in requests]

    def _begin_again(self) -> None:
        self.close()
        super().__init__(self._run, self._order)
        self._is_used_up = False
