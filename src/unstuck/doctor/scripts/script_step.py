"""One training step of a script, to be replayed with anything changed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from unstuck.doctor.scripts.trace import Key, Trace, to_trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Unpack

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.session import Session


class Changes(TypedDict, total=False):
    """What is changed in a replay and what is written down, as :class:`unstuck.doctor.scripts.replay.Question` has it.

    ``state`` is the number of a state that was defined before; it comes before ``place`` and ``shift``.
    """

    state: int | None
    shift: Mapping[int, NDArray[np.float64]] | None
    place: Mapping[int, NDArray[np.float64]] | None
    finite: Sequence[int]
    tile: Mapping[int, tuple[int, int]] | None
    add: Mapping[Key, NDArray[np.float64]] | None
    replace: Mapping[Key, NDArray[np.float64]] | None
    rewrite: Mapping[int, str] | None
    texts: Sequence[str]
    at: Key
    hold: Mapping[int, Sequence[int]] | None
    record: bool
    values: Iterable[Key] | None
    pairs: bool
    loss: int | None
    pair: Sequence[Any] | None
    ends: Iterable[int]
    steps: int
    stop: Key | None
    tape: Sequence[int] | None
    tape_losses: Sequence[str]
    tape_values: bool
    accumulates: bool


@dataclass(frozen=True, eq=False)
class StepVariable:
    """A numeric variable that is alive at the top of the step.

    Attributes:
        index: Its number in this step.
        name: As the script has it, such as ``net.W[0]``.
        root: The name in the frame it is reached from.
        steps: The way from there.
        shape: Its shape.
        is_integer: Whether it cannot hold fractions.
        start: Its value, None if it is long.
        is_finite: Whether all its numbers are finite.
        is_part: Whether it is a view of some of a larger array that has a name too.
    """

    index: int
    name: str
    root: str
    steps: tuple[tuple[str, Any], ...]
    shape: tuple[int, ...]
    is_integer: bool
    is_array: bool
    start: NDArray[np.float64] | None
    is_finite: bool = True
    is_part: bool = False

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return int(np.prod(self.shape))


class ScriptStep:
    """A script frozen at the top of a step.

    Args:
        session: The child process, in which a checkpoint server has said it is ready.
        ready: What it said.
        timeout: Seconds that a replay may take.
    """

    def __init__(self, session: Session, ready: dict[str, Any], timeout: float) -> None:
        self._session = session
        self._timeout = timeout
        self.loop: int = ready["loop"]
        self.iteration: int = ready["iteration"]
        self.variables = tuple(_to_variable(index, entry) for index, entry in enumerate(ready["variables"]))
        self.replays = 0
        self.seconds_of_a_replay = 0.0
        self._states = 0

    def define_state(self, values: Mapping[int, NDArray[np.float64]]) -> int:
        """Keep values of variables on the other side, and return a number that stands for them in :meth:`replay`."""
        self._states += 1
        self._session.tell(
            {"define": self._states, "values": {str(index): numbers for index, numbers in values.items()}}
        )
        return self._states

    def replay(self, **changes: Unpack[Changes]) -> Trace:
        """Run the step once more with something changed."""
        return self.replay_all([changes])[0]

    def replay_all(self, changes: Sequence[Changes]) -> list[Trace]:
        """Run the step once for each of some changes, several at the same time; the traces come in the order of the changes."""
        self.replays += len(changes)
        asked = time.monotonic()
        answers = self._session.ask_all([self._request(each) for each in changes])
        self.seconds_of_a_replay = (time.monotonic() - asked) / max(1, len(changes))
        return [to_trace(answer) for answer in answers]

    def _request(self, changes: Changes) -> dict[str, Any]:
        spelt = {
            name: _SPELT[name](entry) if name in _SPELT else entry
            for name, entry in changes.items()
            if entry is not None
        }
        return {"timeout": self._timeout * changes.get("steps", 1), **spelt}


def _by_text(entries: Mapping[int, Any]) -> dict[str, Any]:
    return {str(index): entry for index, entry in entries.items()}


def _by_place(entries: Mapping[Key, Any]) -> list[list[Any]]:
    return [[*key, entry] for key, entry in entries.items()]


_SPELT: dict[str, Callable[[Any], Any]] = {
    "shift": _by_text, "place": _by_text, "tile": _by_text, "hold": _by_text, "rewrite": _by_text, "add": _by_place, "replace": _by_place,
    "at": list, "values": lambda keys: [list(key) for key in keys], "ends": list, "stop": list,
}  # fmt: skip


def _to_variable(index: int, entry: dict[str, Any]) -> StepVariable:
    return StepVariable(
        index, entry["name"], entry["root"], tuple((kind, key) for kind, key in entry["steps"]),
        tuple(entry["shape"]), entry["integer"], entry["array"], entry["values"],
        entry.get("finite", True), entry.get("part", False),
    )  # fmt: skip
