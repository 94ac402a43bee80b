"""The process in which a script is timed: ``python -m benchmarks.doctor.timed_run`` reads what to run from standard input."""

from __future__ import annotations

import ast
import contextlib
import json
import sys
import time
import types
import warnings
from pathlib import Path
from typing import Any

from unstuck.doctor.scripts.instrument import Places, instrument_tree
from unstuck.doctor.scripts.taming import tame
from unstuck.doctor.scripts.trial_run import TrialRun


class _OverError(BaseException):
    """The trial has ended."""


def _finish(report: dict[str, Any]) -> None:
    del report
    raise _OverError


def main() -> None:
    """Run the script and write how many seconds it took."""
    asked = json.loads(sys.stdin.read())
    answer, script, order = sys.stdout, Path(asked["script"]), asked["order"]
    text = script.read_text(encoding="utf-8")
    tree = ast.parse(text)
    if asked["is_instrumented"]:
        tree = instrument_tree(tree, text, Places(), wanted=(frozenset(order["sites"]), frozenset(order["loops"])))
    code = compile(tree, str(script), "exec", dont_inherit=True)
    tame(script, script.parent, [], plots=False)
    if asked["is_instrumented"]:
        TrialRun(order, _finish).install()
    warnings.simplefilter("ignore")
    module = types.ModuleType("__main__")
    vars(module).update(__file__=str(script), __builtins__=__builtins__)
    sys.modules["__main__"] = module
    began = time.perf_counter()
    with contextlib.suppress(_OverError, SystemExit):
        exec(code, vars(module))  # noqa: S102 (running the script is what this process is for)
    answer.write(str(time.perf_counter() - began))


if __name__ == "__main__":
    main()
