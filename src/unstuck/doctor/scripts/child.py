"""The process in which a script is run: ``python -m unstuck.doctor.scripts.child READ WRITE``, with the two ends of a channel.

The first message says what to run and which agent is to listen; the agent's report is the answer.
"""

from __future__ import annotations

import ast
import os
import sys
import traceback
import types
import warnings
from typing import TYPE_CHECKING, Any

from unstuck.doctor.scripts.checkpoint_server import CheckpointServer
from unstuck.doctor.scripts.exceptions import describe_exception
from unstuck.doctor.scripts.instrument import Places, instrument_tree
from unstuck.doctor.scripts.messages import Channel
from unstuck.doctor.scripts.own_modules import watch_own_modules
from unstuck.doctor.scripts.repetition import append_loop
from unstuck.doctor.scripts.scout import Scout
from unstuck.doctor.scripts.trial_run import TrialRun

if TYPE_CHECKING:
    from unstuck.doctor.scripts.agent import Agent


def main(read: int, write: int) -> None:
    """Do what the first message asks for, and end the process."""
    channel = Channel(os.fdopen(read, "rb"), os.fdopen(write, "wb"))
    try:
        run(channel, channel.receive())
    except BaseException:  # noqa: BLE001 (whatever it is, it is ours: say so instead of dying silently)
        channel.send({"reason": "own fault", "traceback": traceback.format_exc()})
    os._exit(0)


def run(channel: Channel, order: dict[str, Any]) -> None:
    """Prepare the process, run the script under the agent ordered, and report how it ended."""
    path = order["path"]
    places = Places()
    tree = ast.parse(order["text"])
    if order.get("repeat"):
        append_loop(tree)
    wanted = None if order.get("sites") is None else (frozenset(order["sites"]), frozenset(order["loops"]))
    code = compile(instrument_tree(tree, order["text"], places, wanted=wanted), path, "exec", dont_inherit=True)
    agent = _agent(channel, order, places)
    agent.install()
    _prepare(order)
    watch_own_modules(os.path.dirname(path), places, wanted)
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=path, __builtins__=__builtins__)
    sys.modules["__main__"] = module
    error = None
    try:
        exec(code, module.__dict__)  # noqa: S102 (running the script is what this process is for)
    except SystemExit:
        pass
    except BaseException as exception:  # noqa: BLE001 (whatever ends the script is what we want to know)
        error = describe_exception(exception, path)
    agent.ended(error)


def _agent(channel: Channel, order: dict[str, Any], places: Places) -> Agent:
    if order["agent"] == "serve":
        return CheckpointServer(channel, [(stop[0], stop[1]) for stop in order["stops"]], fork=order["fork"])

    def finish(report: dict[str, Any]) -> None:
        channel.send(report | {"sites": _listed(places.sites), "loops": report.get("loops", []), "modules": _modules(places)})
        os._exit(0)

    if order["agent"] == "trial":
        return TrialRun(order, finish)
    return Scout(finish, order["budget"], order["patience"])


def _listed(sites: list[Any]) -> int:
    return len(sites)


def _modules(places: Places) -> list[str]:
    return sorted({site.module for site in places.sites if site.module})


def _prepare(order: dict[str, Any]) -> None:
    """Make the process one in which a script can run: seeded, silent, within limits."""
    from unstuck.doctor.scripts import preparation

    preparation.prepare(order)
    warnings.simplefilter("ignore")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
