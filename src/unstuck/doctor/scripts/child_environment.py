"""The environment in which a script runs: the user's own, made quiet and repeatable."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
)  # a process with threads cannot be forked safely, and sums have another order

_SETTINGS = {
    "MPLBACKEND": "Agg",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONBREAKPOINT": "0",
    "PYTHONFAULTHANDLER": "1",  # a crash of the interpreter says which line it was at
    "PYTHONSAFEPATH": "1",  # a random.py beside the script must not replace the one that our own modules import
}

_LEFT_OUT = ("DISPLAY", "WAYLAND_DISPLAY", "PYTHONINSPECT", "PYTHONSTARTUP", "PYTHONPROFILEIMPORTTIME", "PYTHONVERBOSE")


def child_environment(temporary: str | Path | None = None, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for a child process that runs a script.

    The home folder stays the user's own, since data sets are looked up there (``~/.keras``, ``~/scikit_learn_data``); that
    nothing is written to it is seen to by :mod:`unstuck.doctor.scripts.write_guard`. The time zone stays as well. Libraries for
    linear algebra use one thread, there is no display, and hashes of strings are the same in every run.

    Args:
        temporary: Where temporary files go; None for the usual place.
        base: The environment to start from; None for that of this process.
    """
    environment = dict(os.environ if base is None else base)
    for name in _LEFT_OUT:
        environment.pop(name, None)
    environment |= dict.fromkeys(_ONE_THREAD, "1") | _SETTINGS
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [environment.get("PYTHONPATH"), _home_of_this_package()]))
    if temporary is not None:
        environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
        if not _knows_fonts(environment):
            environment["MPLCONFIGDIR"] = str(Path(temporary) / "matplotlib")
    return environment


def _knows_fonts(environment: Mapping[str, str]) -> bool:
    """Return whether matplotlib has already made its list of fonts, which takes seconds; a script cannot write to where it is."""
    home = Path(environment.get("HOME", ""))
    cache = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    folders = (environment.get("MPLCONFIGDIR"), cache / "matplotlib", home / ".matplotlib")
    return any(folder is not None and any(Path(folder).glob("fontlist*.json")) for folder in folders)


def _home_of_this_package() -> str:
    """Return the folder that holds ``unstuck``, which need not be installed."""
    return str(Path(__file__).resolve().parents[3])
