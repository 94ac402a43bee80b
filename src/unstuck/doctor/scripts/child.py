"""The process in which a script is run: ``python -m unstuck.doctor.scripts.child``, started by a :class:`ChildProcess`.

The first message says what to run and which agent is to listen; the agent's report is the answer.
"""

from __future__ import annotations

import ast
import os
import sys
import traceback
import types
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unstuck.doctor.scripts import process_limits
from unstuck.doctor.scripts.after_training import AfterTraining
from unstuck.doctor.scripts.checkpoint_server import CheckpointServer
from unstuck.doctor.scripts.exceptions import describe_exception
from unstuck.doctor.scripts.frozen_run import FrozenRun
from unstuck.doctor.scripts.instrument import Places, instrument_tree
from unstuck.doctor.scripts.own_modules import watch_own_modules
from unstuck.doctor.scripts.pipes import open_channel
from unstuck.doctor.scripts.repetition import append_loop
from unstuck.doctor.scripts.scout import Scout
from unstuck.doctor.scripts.step_recorder import StepRecorder
from unstuck.doctor.scripts.taming import tame
from unstuck.doctor.scripts.trial_run import TrialRun
from unstuck.doctor.scripts.variables import FLEETING_NAMES
from unstuck.doctor.scripts.whose_fault import raised_by_hook, why_not_let

if TYPE_CHECKING:
    from unstuck.doctor.scripts.agent import Agent
    from unstuck.doctor.scripts.messages import Channel
    from unstuck.doctor.scripts.removed_numpy_names import RemovedName


_exit = os._exit  # before a script gets another


def main() -> None:
    """Do what the first message asks for, and end the process."""
    channel = open_channel()
    try:
        run(channel, channel.receive())
    except BaseException:  # noqa: BLE001 (whatever it is, it is ours: say so instead of dying silently)
        channel.send({"reason": "own fault", "traceback": traceback.format_exc()})
    _exit(0)


def run(channel: Channel, order: dict[str, Any]) -> None:
    """Prepare the process, run the script under the agent ordered, and report how it ended."""
    script, text = Path(order["script"]), order["text"]
    places = Places()
    tree = ast.parse(text)
    if order.get("repeat"):
        append_loop(tree)
    wanted = None if order.get("sites") is None else (frozenset(order["sites"]), frozenset(order["loops"]))
    FLEETING_NAMES.update(_names_of_loops(tree))
    code = compile(instrument_tree(tree, text, places, wanted=wanted), str(script), "exec", dont_inherit=True)
    process_limits.apply()
    tamed = tame(script, Path(order["workspace"]), order["arguments"], offset=order["seed_offset"], plots=False)
    agent = _agent(channel, order, places, tamed.removed_names)
    watch_own_modules(script.parent, places, wanted)
    agent.install()
    warnings.simplefilter("ignore")
    module = types.ModuleType("__main__")
    vars(module).update(__file__=str(script), __builtins__=__builtins__)
    sys.modules["__main__"] = module
    error = None
    try:
        exec(code, vars(module))  # noqa: S102 (running the script is what this process is for)
    except SystemExit:
        pass
    except BaseException as exception:  # whatever ends the script is what we want to know
        if order["agent"] == "scout" and raised_by_hook(exception, str(script)):
            raise
        error = describe_exception(exception, str(script))
        error["output"] = tamed.tail.text()
        error["refusal"] = why_not_let(exception, tamed)
        if isinstance(exception, MemoryError):  # the report needs some too
            exception.__traceback__ = None
            vars(module).clear()
    agent.ended(error)


def _names_of_loops(tree: ast.Module) -> set[str]:
    """Return the names that the loops of a script give one value after the other."""
    targets = [node.target for node in ast.walk(tree) if isinstance(node, ast.For)]
    return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}


def _agent(channel: Channel, order: dict[str, Any], places: Places, removed: list[RemovedName]) -> Agent:
    if order["agent"] == "serve":
        return CheckpointServer(channel, [(stop[0], stop[1]) for stop in order["stops"]], fork=order["fork"])
    if order["agent"] == "after":
        return AfterTraining(
            channel, order["loop"], order["parents"], order["steps"], order["seconds"], fork=order["fork"]
        )

    def finish(report: dict[str, Any]) -> None:
        names = [asdict(entry) for entry in removed if entry.filename == order["script"]]
        channel.send(report | {"places": _of_own_modules(places), "removed_names": names})
        _exit(0)

    if order["agent"] == "trial":
        return TrialRun(order, finish)
    if order["agent"] == "record":
        return StepRecorder(order, finish)
    if order["agent"] == "frozen":
        return FrozenRun(order, finish)
    return Scout(finish, order["budget"], order["patience"])


def _of_own_modules(places: Places) -> dict[str, Any]:
    """Return the sites and loops of modules beside the script, which the controller cannot know before they are imported."""
    return {
        "sites": [asdict(site) for site in places.sites if site.module],
        "loops": [asdict(loop) for loop in places.loops if loop.module],
    }


if __name__ == "__main__":
    main()
