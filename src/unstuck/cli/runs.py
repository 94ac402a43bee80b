"""Run folders: where a training leaves its model, its history and what it was made with."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import unstuck
from unstuck.cli.documents import to_json
from unstuck.errors import FileError
from unstuck.files import write_whole
from unstuck.model_file import MODEL_FILE, save_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.model import Model
    from unstuck.training.history import History

_FILES = {
    MODEL_FILE, "history.json", "run.json",
    "loss.png", "histograms.png", "regions.png", "surface.png", "confusion.png",
}  # fmt: skip
"""What a run may hold."""
_LONGEST_NAME = 60


def choose_folder(given: str | None, data: str, *, force: bool) -> Path:
    """Return the folder for a new run: ``given``, or the next free ``runs/<data>-<date>-<n>``.

    Raises:
        FileError: ``given`` is a file, the current folder, or holds something and ``force`` is not set; or it holds something
            else than a run.
    """
    if given is None:
        today = datetime.now().astimezone().date().isoformat()
        return _next_free(Path("runs") / f"{Path(data).stem.replace(':', '')[:_LONGEST_NAME]}-{today}", 1)
    folder = Path(given)
    try:
        held = {entry.name for entry in folder.iterdir()} if folder.exists() else set()
    except NotADirectoryError as error:
        raise FileError(f"{folder} is a file, expected a folder for the run.") from error
    except OSError as error:
        raise FileError(f"cannot read {folder}: {error.strerror}") from error
    if Path.cwd().is_relative_to(folder.resolve()):
        raise FileError(f"{folder} is the folder you are in, or one above. Give the run a folder of its own.")
    if held and not force:
        raise FileError(f"run folder {folder} already exists. Choose another name, or use --force to replace it.")
    if held and not (held <= _FILES and "run.json" in held):
        names = ", ".join(sorted(held - _FILES)[:3]) or "no run.json"
        raise FileError(f"{folder} holds something else than a run ({names}), so --force does not replace it.")
    return folder


@dataclass
class NewRun:
    """A run that is being made: nobody sees it until :meth:`save`."""

    folder: Path
    """Where it will be."""
    temporary: Path
    """An empty folder beside it."""
    force: bool
    """Whether it may replace a run that is there."""

    def save(self, model: Model, history: History, about: dict[str, Any]) -> None:
        """Write model, history and ``run.json``, then give the folder its name: all of it appears at once.

        If somebody else has taken the name in the meantime, the run gets the next free one.

        Raises:
            FileError: Something cannot be written.
        """
        save_model(model, self.temporary / MODEL_FILE)
        write_whole(self.temporary / "history.json", to_json({"stopped": history.stopped, "epochs": list(history)}))
        try:
            self.temporary.chmod(0o777 & ~_umask())
            with self._out_of_the_way():
                self._appear(about)
        except OSError as error:
            raise FileError(f"cannot write {self.folder}: {error.strerror or error}") from error

    def _appear(self, about: dict[str, Any]) -> None:
        while True:
            about["result"]["run"] = str(self.folder)
            write_whole(self.temporary / "run.json", to_json(about), force=True)
            try:
                self.temporary.rename(self.folder.resolve())
            except OSError:
                if not self.folder.exists():
                    raise
                self.folder = _next_free(self.folder, 2)
            else:
                return

    @contextlib.contextmanager
    def _out_of_the_way(self) -> Iterator[None]:
        """Put aside what is to be replaced, until the new run is there."""
        target = self.folder.resolve()
        aside = target.with_name(f"{self.temporary.name}.replaced")
        held = {entry.name for entry in target.iterdir()} if target.is_dir() else set()
        if target.is_dir() and (not held or (self.force and held <= _FILES)):
            target.rename(aside)
        try:
            yield
        except BaseException:
            if aside.exists():
                aside.rename(target)
            raise
        shutil.rmtree(aside, ignore_errors=True)


@contextlib.contextmanager
def new_run(folder: Path, *, force: bool = False) -> Iterator[NewRun]:
    """Give a run to fill. Unless it is saved, nothing is left behind.

    Args:
        folder: Where it will be.
        force: Whether it may replace a run that is there.

    Raises:
        FileError: Nothing can be written there.
    """
    made: list[Path] = []
    target = folder.resolve()
    try:
        missing = [parent for parent in target.parents if not parent.exists()]
        target.parent.mkdir(parents=True, exist_ok=True)
        made = missing
        temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    except (FileExistsError, NotADirectoryError) as error:
        raise FileError(f"cannot make {folder}: {folder.parent} is not a folder.") from error
    except OSError as error:
        raise FileError(f"cannot write into {folder.parent}: {error.strerror}") from error
    try:
        yield NewRun(folder, temporary, force)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        for parent in made:
            with contextlib.suppress(OSError):  # not empty: the run is in it
                parent.rmdir()


def about_run(settings: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    """Return what ``run.json`` holds: all that is needed to repeat the run, and how it went."""
    python = ".".join(map(str, sys.version_info[:3]))
    return {
        "schema": 1,
        "settings": settings,
        "seed": settings["seed"],
        "result": result,
        "versions": {"unstuck": unstuck.__version__, "numpy": np.__version__, "python": python},
        "threads": 1,  # training keeps BLAS to one
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
    }


def _next_free(folder: Path, number: int) -> Path:
    while (candidate := folder.with_name(f"{folder.name}-{number}")).exists():
        number += 1
    return candidate


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
