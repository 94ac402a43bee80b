"""How to diagnose."""

from __future__ import annotations

from dataclasses import dataclass

from unstuck.limits import check_count, check_positive
from unstuck.registry import unknown_option

_REPLAYS = ("fork", "rerun")


@dataclass(frozen=True)
class DiagnosisOptions:
    """How to diagnose a script.

    Attributes:
        arguments: What the script finds in ``sys.argv`` behind its own name.
        trials: Whether to prove remedies by running them.
        time_limit: Seconds for the whole diagnosis, the trials get what is left of them.
        memory: Megabytes that the script may use.
        workers: How many runs at once.
        replay: ``fork``: a question is answered by a fork of the script, frozen at its training step; ``rerun``: the script is run from the
            start for each question, which is slower and works everywhere.
        debug: Whether a check that fails ends the diagnosis with its own traceback.

    Raises:
        OptionError: One of them is out of range.
    """

    arguments: tuple[str, ...] = ()
    trials: bool = True
    time_limit: float = 60.0
    memory: int = 4096
    workers: int = 2
    replay: str = "fork"
    debug: bool = False

    def __post_init__(self) -> None:
        check_positive("time_limit", self.time_limit)
        check_count("memory", self.memory)
        check_count("workers", self.workers)
        if self.replay not in _REPLAYS:
            raise unknown_option("replay", self.replay, _REPLAYS)
