"""A script whose training step has been found, or plain words why it has none."""

from __future__ import annotations

import ast
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from unstuck.doctor.places import line_name
from unstuck.doctor.scripts.examine import OwnFaultError, Scouting, locate, scout
from unstuck.doctor.scripts.process_limits import Limits
from unstuck.doctor.scripts.repetition import append_loop
from unstuck.doctor.scripts.session import Run, Session, run_in
from unstuck.doctor.scripts.workspace import Workspace
from unstuck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.options import DiagnosisOptions
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.source import Place, Source
    from unstuck.doctor.tools.batch import Batch

_LONGEST_PATIENCE = 6.0


@dataclass(frozen=True)
class LocatedScript:
    """A script frozen at its training step.

    Attributes:
        source: The script.
        name: What messages call it.
        scouting: What its first run has shown, and how it is run.
        session: The process it is frozen in.
        found: Its training step.
    """

    source: Source
    name: str
    scouting: Scouting
    session: Session
    found: Identified

    @property
    def run(self) -> Run:
        """How to run it."""
        return self.scouting.run

    @property
    def loops_around(self) -> list[int]:
        """The loops around the training loop, outermost first, then that itself."""
        return [*self.scouting.scouted.parents.get(self.found.step.loop, []), self.found.step.loop]

    def start(self, order: dict[str, Any], **changes: Any) -> Session:
        """Start the script anew under an agent, with something about how it is run changed."""
        return Session(replace(self.run, **changes), order)

    def refuse_own_fault(self, message: dict[str, Any]) -> None:
        """Fail if the agent's report says that the agent has failed.

        Raises:
            OwnFaultError: It has.
        """
        if message["reason"] == "own fault":
            raise OwnFaultError(message["traceback"])

    def pass_loop(self, batch: Batch) -> int | None:
        """Return the innermost loop inside the step in which a batch's outputs are computed."""
        inside = self.scouting.scouted.inside.get(batch.site, [])
        around = self.loops_around
        deeper = [loop for loop in inside if loop not in around]
        return deeper[-1] if deeper else None

    def place(self, line: int) -> Place:
        """Return where a line of the program stands in the user's file."""
        return self.source.places[min(line, len(self.source.places)) - 1]

    def line(self, line: int) -> str:
        """Return how a message calls a line of the program."""
        return line_name(self.source, line)


@contextmanager
def located(source: Source, name: str, options: DiagnosisOptions) -> Iterator[LocatedScript]:
    """Run a script in a copy of its folder and freeze it at its training step; a step written out once is repeated.

    Raises:
        UsageError: It does not parse, fails before it trains, or trains nothing that could be found.
        OwnFaultError: The doctor has failed.
    """
    tree = parsed(source, name)
    with Workspace(source.path, source.text) as workspace:
        limits = Limits(memory=options.memory << 20)
        run = run_in(workspace, source.text, options.arguments, fork=options.replay == "fork", limits=limits)
        patience = min(_LONGEST_PATIENCE, options.time_limit / 4)
        scouting = first = scout(run, source, patience=patience)
        found = locate(scouting)
        if found is None and first.scouted.reason in ("ended", "failed") and append_loop(tree):
            scouting = scout(run, source, repeat=True, patience=patience)
            found = locate(scouting)
        if found is None:
            raise UsageError(_no_step(first, source, name))
        with found[0] as session:
            yield LocatedScript(source, name, scouting, session, found[1])


def parsed(source: Source, name: str) -> ast.Module:
    """Return the syntax tree of a script.

    Raises:
        UsageError: It does not parse.
    """
    try:
        return ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f" {line_name(source, line)}:" if line else ""
        reason = error.msg if isinstance(error, SyntaxError) else str(error) or "it is nested too deeply"
        raise UsageError(
            f"{name} is not valid Python:{where} {reason}.\n  'unstuck diagnose' says how to mend it."
        ) from error


def _no_step(scouting: Scouting, source: Source, name: str) -> str:
    scouted = scouting.scouted
    if scouted.reason == "failed" and scouted.error is not None:
        return f"{name} fails before it trains: {failure_of(scouted.error, source)}.\n  'unstuck diagnose' says how to mend it."
    if scouted.reason in ("died", "ended"):
        ended = "it ended its own process" if scouted.reason == "died" else "it ran to its end"
    else:
        ended = f"it ran for {scouted.seconds:.0f} seconds"
    return (
        f"no training step was found in {name}: {ended}, and no numbers were updated by how far outputs are from targets.\n"
        "  Give the script that trains, with the arguments it needs behind --."
    )


def failure_of(error: dict[str, Any] | None, source: Source | None = None) -> str:
    """Return in a few words how a run has failed, such as ``NameError: name 'lr' is not defined (line 3)``.

    Args:
        error: What is known of it.
        source: The script, to say the line; None where the run was one of another text.
    """
    if error is None or "exception" not in error:
        return "its process ended"
    first = next(iter(str(error["message"]).splitlines()), "")
    where = f" ({line_name(source, error['line'])})" if source is not None and error.get("line") else ""
    return f"{error['exception']}: {first}{where}" if first else f"{error['exception']}{where}"
