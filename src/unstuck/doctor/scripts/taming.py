"""Prepares this process for a stranger's script: whatever it prints, asks, shows, waits for or writes, it trains and does no harm."""

from __future__ import annotations

import builtins
import os
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from unstuck.doctor.scripts.import_hooks import change_after_import, stand_in_for_missing
from unstuck.doctor.scripts.landlock import give_up_rights
from unstuck.doctor.scripts.output_tail import Tail, TailStream
from unstuck.doctor.scripts.plots_without_a_screen import CHANGES
from unstuck.doctor.scripts.refusals import Refusals
from unstuck.doctor.scripts.removed_numpy_names import give_back_removed_names
from unstuck.doctor.scripts.seeding_of_script import Seeding
from unstuck.doctor.scripts.stand_ins import StandIn
from unstuck.doctor.scripts.stdin_answers import answer_questions
from unstuck.doctor.scripts.write_guard import WriteGuard

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from unstuck.doctor.scripts.refusals import Refusal
    from unstuck.doctor.scripts.removed_numpy_names import RemovedName
    from unstuck.doctor.scripts.stdin_answers import Answers


@dataclass(frozen=True)
class Tamed:
    """What the tamed script does that is worth knowing; everything here changes while it runs.

    Attributes:
        tail: The last 64 KB it has printed.
        answers: What has answered its questions.
        seeding: Its seeds.
        removed_names: Names it uses that the installed NumPy does not have.
        stand_ins: Packages it imports that are not installed, and that it does not need.
        refused: What it tried and was not let.
        walled: Whether the system itself keeps it from writing outside its workspace.
    """

    tail: Tail
    answers: Answers
    seeding: Seeding
    removed_names: list[RemovedName]
    stand_ins: set[str]
    refused: list[Refusal]
    walled: bool


def tame(
    script: Path,
    workspace: Path,
    arguments: Sequence[str] = (),
    *,
    offset: int = 0,
    plots: bool = True,
    removed_names: bool = True,
) -> Tamed:
    """Tame the script that this process is going to run. There is no way back.

    Args:
        script: Its file in the workspace. It has to be compiled with this file name, by which its own lines are recognised.
        workspace: The folder in which it may write.
        arguments: What it finds in ``sys.argv`` after its own name.
        offset: What is added to its seeds.
        plots: Whether matplotlib, where it is installed, makes plots that nobody sees; otherwise a stand-in takes its place.
        removed_names: Whether it finds the names that NumPy once had.
    """
    refusals = Refusals(str(script))
    seeding = Seeding(offset)
    sys.argv = [str(script), *arguments]
    sys.path.insert(0, str(script.parent))
    change_after_import({**CHANGES, **refusals.changes()})
    stand_ins = stand_in_for_missing(always=() if plots else ("matplotlib", "mpl_toolkits", "pylab"))
    found_removed = give_back_removed_names() if removed_names else []
    seeding.install()
    tail = _keep_output()
    answers = answer_questions()
    _do_not_wait()
    _end_as_others_do()
    _look_like_a_notebook()
    WriteGuard(workspace).install()
    walled = give_up_rights([workspace])
    refusals.install()
    return Tamed(tail, answers, seeding, found_removed, stand_ins, refusals.made, walled)


def _keep_output() -> Tail:
    """Let ``print`` write into memory; what goes past Python to the descriptors is drained by the controller."""
    tail = Tail()
    sys.stdout = sys.__stdout__ = TailStream(tail, "<stdout>", 1)  # type: ignore[assignment, misc]  # text streams of their own
    sys.stderr = sys.__stderr__ = TailStream(tail, "<stderr>", 2)  # type: ignore[assignment, misc]  # kind
    return tail


def _do_not_wait() -> None:
    sleep = time.sleep

    def hurry(seconds: Any) -> None:
        """Let other threads have their turn, but do not wait."""
        sleep(min(seconds, 0))

    time.sleep = hurry


def _end_as_others_do() -> None:
    """Let ``os._exit`` end the script in the way of ``sys.exit``, so that what was seen of it is not lost."""
    own, end = os.getpid(), os._exit

    def leave(status: int) -> NoReturn:
        if os.getpid() == own and threading.current_thread() is threading.main_thread():
            raise SystemExit(status)
        end(status)

    os._exit = leave


def _look_like_a_notebook() -> None:
    """Provide the two names that a notebook has and that stay in a script made from one."""
    for name in ("get_ipython", "display"):
        setattr(builtins, name, StandIn())
