"""A script frozen at the top of a training step, which answers questions by going on in a forked process."""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.agent import Agent, frame_of_script
from unstuck.doctor.scripts.forks import Fork, Leaving, fork, wait_for_some
from unstuck.doctor.scripts.messages import Channel
from unstuck.doctor.scripts.replay import Question, Replay
from unstuck.doctor.scripts.values import is_integer
from unstuck.doctor.scripts.variables import Variable, numeric_variables, read

if TYPE_CHECKING:
    from types import FrameType

    from numpy.typing import NDArray

_exit = os._exit  # before a script gets another
_LARGEST_SHOWN = 1 << 18
_AT_ONCE = max(1, min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))


class CheckpointServer(Agent):
    """Runs the script up to an iteration of a loop, and then serves.

    Args:
        channel: To the controller.
        stops: The (loop, iteration) to stop at, whichever comes first; iterations count from 1 over the whole run, 0 is any.
        fork: Whether a question is answered in a fork. Without, one question is answered and the process is used up.
    """

    def __init__(self, channel: Channel, stops: list[tuple[int, int]], *, fork: bool) -> None:
        self._channel = channel
        self._stops = set(stops)
        self._fork = fork and hasattr(os, "fork")
        self._counts: dict[int, int] = {}
        self._states: dict[int, dict[int, Any]] = {}
        self._leaving = Leaving()

    def top(self, loop: int) -> None:
        """Serve if this is the place."""
        count = self._counts[loop] = self._counts.get(loop, 0) + 1
        if (loop, count) in self._stops or (loop, 0) in self._stops:
            self._serve(frame_of_script(), loop, count)

    def ended(self, error: dict[str, Any] | None) -> None:
        """The script was over before it came there, or its own alarm went off while a question waited for its answer."""
        self._channel.send({"ready": False, "reason": "died", "error": error})

    def _serve(self, frame: FrameType, loop: int, count: int) -> None:
        found = numeric_variables(frame)
        variables, wholes = list(found), [numbers for numbers in found.values() if numbers.ndim]
        self._channel.send(
            {
                "ready": True,
                "loop": loop,
                "iteration": count,
                "variables": [
                    {**_describe(frame, variable), "part": _is_part(read(frame, variable), wholes)}
                    for variable in variables
                ],
            }
        )
        gc.freeze()  # or a collection in a fork would touch, and so copy, every object there is
        while True:
            try:
                request = self._channel.receive()
            except (EOFError, ValueError, OSError):
                _exit(0)
            if "advance" in request:
                self._stops = {(int(stop[0]), int(stop[1])) for stop in request["advance"]}
                return
            if "define" in request:
                self._states[request["define"]] = {
                    int(index): np.asarray(entry, np.float64) for index, entry in request["values"].items()
                }
                continue
            if not self._fork:
                self._go_on(to_question(request, self._states), variables, frame, loop, self._channel)
                return
            if self._answer_all(request.get("questions", [request]), variables, frame, loop):
                return

    def _answer_all(
        self, requests: list[dict[str, Any]], variables: list[Variable], frame: FrameType, loop: int
    ) -> bool:
        """Answer questions, in their order, some of them at once; True in the processes that have to go on with the script."""
        waiting, order, running = requests[::-1], deque[Fork](), list[Fork]()
        while waiting or running:
            while waiting and len(running) < _AT_ONCE:
                request = waiting.pop()
                forked = fork(request["timeout"] + 1.0)
                if isinstance(forked, int):
                    signal.setitimer(signal.ITIMER_REAL, request["timeout"])
                    question = to_question(request, self._states)
                    self._go_on(question, variables, frame, loop, Channel(BytesIO(), os.fdopen(forked, "wb")))
                    return True
                running.append(forked)
                order.append(forked)
            done = wait_for_some(running)
            running = [each for each in running if each not in done]
            while order and order[0] not in running:
                self._pass_on(order.popleft())
            self._leaving.look()
        return False

    def _pass_on(self, answered: Fork) -> None:
        if answered.message is None:
            self._channel.send({"reason": "died", "error": None})
        else:
            self._channel.forward(answered.message)
        self._leaving.add(answered)

    def _go_on(
        self, question: Question, variables: list[Variable], frame: FrameType, loop: int, channel: Channel
    ) -> None:
        def finish(report: dict[str, Any]) -> None:
            channel.send(report)
            _exit(0)

        replay = Replay(question, variables, loop, finish)
        replay.install()
        self.ended = replay.ended  # type: ignore[method-assign]  # from here on the replay is the agent
        replay.begin(frame)


def _is_part(value: Any, wholes: list[NDArray[Any]]) -> bool:
    """Whether an array is a view of some of a larger one, such as a row of it."""
    return isinstance(value, np.ndarray) and value.base is not None and any(
        whole.size > value.size and np.may_share_memory(whole, value) for whole in wholes
    )  # fmt: skip


def _describe(frame: FrameType, variable: Variable) -> dict[str, Any]:
    value = read(frame, variable)
    shape = list(np.shape(value))
    small = int(np.prod(shape)) <= _LARGEST_SHOWN
    return {
        "name": str(variable),
        "root": variable.name,
        "steps": [list(step) if isinstance(step[1], int | str) else [step[0], str(step[1])] for step in variable.steps],
        "shape": shape,
        "integer": is_integer(value),
        "single": bool(isinstance(value, np.ndarray) and value.dtype.itemsize < 8 and value.dtype.kind == "f"),  # noqa: PLR2004 (float64)
        "identity": id(value),
        "array": isinstance(value, np.ndarray),
        "finite": bool(np.isfinite(np.asarray(value, np.float64)).all()),
        "values": np.asarray(value, np.float64) if small else None,
    }


def to_question(request: dict[str, Any], states: dict[int, dict[int, Any]]) -> Question:
    """Return the question that a message holds."""
    question = Question()
    if request.get("state") is not None:
        question.place = dict(states[request["state"]])
    question.place |= {int(index): np.asarray(entry, np.float64) for index, entry in request.get("place", {}).items()}
    question.shift = {int(index): np.asarray(entry, np.float64) for index, entry in request.get("shift", {}).items()}
    question.finite = request.get("finite", [])
    question.tile = {int(index): (axis, sample) for index, (axis, sample) in request.get("tile", {}).items()}
    question.add = {
        (site, occurrence): np.asarray(entry, np.float64) for site, occurrence, entry in request.get("add", [])
    }
    question.replace = {
        (site, occurrence): np.asarray(entry, np.float64) for site, occurrence, entry in request.get("replace", [])
    }
    question.rewrite = {int(site): text for site, text in request.get("rewrite", {}).items()}
    question.texts = request.get("texts", [])
    question.at = tuple(request["at"]) if request.get("at") is not None else None
    question.hold = {int(site): indices for site, indices in request.get("hold", {}).items()}
    question.record = request.get("record", True)
    values = request.get("values")
    question.values = None if values is None else {(site, occurrence) for site, occurrence in values}
    question.pairs = request.get("pairs", False)
    question.loss = request.get("loss")
    if request.get("pair") is not None:
        site, target, repeats = (*request["pair"], False)[:3]
        question.pair = site, target, repeats
    question.ends = request.get("ends", [])
    question.steps = request.get("steps", 1)
    question.stop = tuple(request["stop"]) if request.get("stop") is not None else None
    question.tape = request.get("tape")
    question.tape_losses = request.get("tape_losses", [])
    question.tape_values = request.get("tape_values", False)
    question.accumulates = request.get("accumulates", False)
    return question
