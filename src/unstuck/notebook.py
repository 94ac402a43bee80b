"""The cell magic ``%%diagnose`` for IPython and notebooks."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from unstuck.doctor.diagnose import diagnose_text
from unstuck.doctor.options import DiagnosisOptions
from unstuck.errors import OptionError

if TYPE_CHECKING:
    from unstuck.doctor.diagnosis import Diagnosis

_OPTIONS = "%%diagnose takes --no-trials, --time-limit SECONDS, and after -- what the script finds in sys.argv"


def register_magics(shell: Any) -> None:
    """Register ``%%diagnose`` with a running IPython."""
    shell.register_magic_function(diagnose_cell, "cell", "diagnose")


def diagnose_cell(line: str, cell: str) -> Diagnosis:
    """Diagnose the training script in a cell; this runs it, in a process of its own that knows nothing of the notebook's variables.

    Raises:
        OptionError: An option it does not know.
    """
    return diagnose_text(cell, _options(shlex.split(line)), "<cell>")


def _options(words: list[str]) -> DiagnosisOptions:
    given, arguments = words, list[str]()
    if "--" in words:
        place = words.index("--")
        given, arguments = words[:place], words[place + 1 :]
    settings: dict[str, Any] = {"arguments": tuple(arguments)}
    waiting = list(given)
    while waiting:
        word = waiting.pop(0)
        if word == "--no-trials":
            settings["trials"] = False
        elif word == "--time-limit" and waiting:
            settings["time_limit"] = _seconds(waiting.pop(0))
        else:
            raise OptionError(f"unknown option '{word}'. {_OPTIONS}.")
    return DiagnosisOptions(**settings)


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise OptionError(f"--time-limit takes a number of seconds, not '{text}'. {_OPTIONS}.") from None
