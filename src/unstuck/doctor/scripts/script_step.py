"""One training step of a script, to be replayed with anything changed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.trace import Key, Trace, to_trace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.session import Session


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
    """

    index: int
    name: str
    root: str
    steps: tuple[tuple[str, Any], ...]
    shape: tuple[int, ...]
    is_integer: bool
    is_array: bool
    start: NDArray[np.float64] | None

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

    def replay(
        self,
        *,
        state: int | None = None,
        shift: Mapping[int, NDArray[np.float64]] | None = None,
        add: Mapping[Key, NDArray[np.float64]] | None = None,
        replace: Mapping[Key, NDArray[np.float64]] | None = None,
        hold: Mapping[int, int] | None = None,
        ends: Iterable[int] = (),
        record: bool = True,
        values: Iterable[Key] | None = None,
        pairs: bool = False,
        stop: Key | None = None,
        steps: int = 1,
        **more: Any,
    ) -> Trace:
        """Run the step once more with something changed; see :class:`unstuck.doctor.scripts.replay.Question`."""
        self.replays += 1
        request = {
            "timeout": self._timeout * steps,
            "state": state,
            "shift": {str(index): numbers for index, numbers in (shift or {}).items()},
            "add": [[*key, numbers] for key, numbers in (add or {}).items()],
            "replace": [[*key, numbers] for key, numbers in (replace or {}).items()],
            "hold": {str(site): index for site, index in (hold or {}).items()},
            "ends": list(ends),
            "record": record,
            "values": None if values is None else [list(key) for key in values],
            "pairs": pairs,
            "stop": None if stop is None else list(stop),
            "steps": steps,
            **more,
        }
        asked = time.monotonic()
        answer = self._session.ask(request)
        self.seconds_of_a_replay = time.monotonic() - asked
        return to_trace(answer)


def _to_variable(index: int, entry: dict[str, Any]) -> StepVariable:
    return StepVariable(
        index, entry["name"], entry["root"], tuple((kind, key) for kind, key in entry["steps"]),
        tuple(entry["shape"]), entry["integer"], entry["array"], entry["values"],
    )  # fmt: skip
