"""Run folders: where a training leaves its model, its history and what it was made with."""

from __future__ import annotations

import contextlib
import json
import platform
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import unstuck
from unstuck.errors import FileError
from unstuck.files import write_whole
from unstuck.model_file import MODEL_FILE, save_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.model import Model
    from unstuck.training.history import History


def choose_folder(given: str | None, data_name: str, *, force: bool) -> Path:
    """Return the folder for a new run: ``given``, or the next free ``runs/<data>-<date>-<n>``.

    Raises:
        FileError: ``given`` is a file, or holds something and ``force`` is not set.
    """
    if given is None:
        today = datetime.now().astimezone().date().isoformat()
        stem = Path(data_name).stem.replace(":", "")
        number = 1
        while (folder := Path("runs") / f"{stem}-{today}-{number}").exists():
            number += 1
        return folder
    folder = Path(given)
    if folder.is_file():
        raise FileError(f"{folder} is a file, expected a folder for the run.")
    if folder.exists() and not force and any(folder.iterdir()):
        raise FileError(f"run folder {folder} already exists. Choose another name, or use --force to replace it.")
    if folder.exists() and force and any(folder.iterdir()) and not (folder / "run.json").exists():
        raise FileError(f"{folder} holds other files than a run, so --force does not replace it. Choose another name.")
    return folder


@contextlib.contextmanager
def new_run(folder: Path) -> Iterator[Path]:
    """Give a temporary folder to fill; it takes the name ``folder`` at the end, or vanishes if something fails."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    except OSError as error:
        raise FileError(f"cannot write into {folder.parent}: {error.strerror}") from error
    try:
        yield temporary
        temporary.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def fill(folder: Path, model: Model, history: History, settings: dict[str, Any], result: dict[str, Any]) -> None:
    """Write model, history and ``run.json`` into ``folder``."""
    save_model(model, folder / MODEL_FILE)
    write_whole(folder / "history.json", as_json({"stopped": history.stopped, "epochs": list(history)}))
    about = {
        "schema": 1,
        "settings": settings,
        "result": result,
        "versions": {"unstuck": unstuck.__version__, "numpy": np.__version__, "python": platform.python_version()},
        "threads": _threads(),
    }
    write_whole(folder / "run.json", as_json(about))


def as_json(document: Any) -> str:
    """Return ``document`` as JSON; numbers that are not finite become null."""
    return json.dumps(finite(document), indent=1) + "\n"


def finite(value: Any) -> Any:
    """Return ``value`` with every float that is not finite replaced by None."""
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, dict):
        return {name: finite(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [finite(entry) for entry in value]
    return value


def _threads() -> int:
    """Return how many processors this process may use."""
    import os  # noqa: PLC0415 (one use)

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
