"""Copies a folder within limits: what is too much becomes a link to the original."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections import deque
from dataclasses import dataclass
from pathlib import Path

SKIPPED = frozenset(
    (".git", ".hg", ".svn", "__pycache__", "node_modules", ".venv", "venv", ".tox", ".nox", ".mypy_cache", ".ruff_cache",
     ".pytest_cache", ".ipynb_checkpoints", "site-packages")
)  # fmt: skip
"""Folders of no use to a script."""

WORKSPACES = "unstuck-"
"""What the names of workspaces begin with, which are not copied either."""

_SIGN_OF_VIRTUAL_ENVIRONMENT = "pyvenv.cfg"
_MOST_SIBLINGS = 2000
_PROGRAMS = (".py", ".pyw", ".ipynb", ".pyc", ".pyd", ".so")


@dataclass
class Budget:
    """What may still be copied.

    Attributes:
        size: Bytes.
        entries: Files and folders.
        depth: Levels of folders below the first.
    """

    size: int = 300_000_000
    entries: int = 5000
    depth: int = 8

    @classmethod
    def small(cls) -> Budget:
        """Return what a folder may hold that a script does not ask for by name."""
        return cls(size=50_000_000, entries=200, depth=4)


class _TooMuchError(Exception):
    """The folder holds more than may be copied."""


def copy_folder(source: Path, target: Path, budget: Budget, *, whole: bool = False) -> None:
    """Copy what ``source`` holds into ``target``, which exists.

    Regular files are copied, the nearest folders first and in each the programs and then the smallest files first; data that is
    beyond the budget is linked to, as are hidden folders, those too deep, on other file systems, or linked to themselves. Programs
    are copied or left out. What cannot be read, devices, sockets, and folders of no use to a script are left out.

    Args:
        source: The folder.
        target: Where the copy goes. What is there already stays.
        budget: What may be copied; it is used up.
        whole: Copy everything or nothing.
    """
    try:
        _copy(source, target, budget, whole=whole)
    except _TooMuchError:
        for entry in list(target.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink()


def _copy(source: Path, target: Path, budget: Budget, *, whole: bool) -> None:
    device = source.stat().st_dev
    waiting = deque([(source, target, 0)])
    while waiting:
        folder, copy, depth = waiting.popleft()
        folders, files = _entries(folder)
        for entry in files:
            if not _copy_file(entry, copy / entry.name, budget):
                if whole:
                    raise _TooMuchError
                _link(entry, copy / entry.name)
        for entry in folders:
            place = copy / entry.name
            is_far = depth >= budget.depth or _device_of(entry) != device or budget.entries <= 0
            if is_far or entry.is_symlink() or entry.name.startswith("."):
                if whole and is_far:
                    raise _TooMuchError
                _link(entry, place)
                continue
            budget.entries -= 1
            with contextlib.suppress(FileExistsError):
                place.mkdir()
            waiting.append((entry, place, depth + 1))


def link_siblings(source: Path, target: Path, except_for: str) -> None:
    """Link from the folder ``target`` to what ``source`` holds, except for one name that ``target`` has."""
    folders, files = _entries(source)
    for entry in [*folders, *files][:_MOST_SIBLINGS]:
        if entry.name != except_for:
            _link(entry, target / entry.name, programs=True)


def _entries(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the folders in a folder and the regular files in the order of copying, also those linked to."""
    folders: list[Path] = []
    files: list[tuple[bool, int, Path]] = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                status = entry.stat()
                path = Path(entry.path)
                if stat.S_ISREG(status.st_mode):
                    files.append((path.suffix not in _PROGRAMS, status.st_size, path))
                elif stat.S_ISDIR(status.st_mode) and _is_of_use(path):
                    folders.append(path)
    return sorted(folders), [path for *_, path in sorted(files)]


def _is_of_use(folder: Path) -> bool:
    return not (
        folder.name in SKIPPED or folder.name.startswith(WORKSPACES) or (folder / _SIGN_OF_VIRTUAL_ENVIRONMENT).exists()
    )


def _copy_file(source: Path, target: Path, budget: Budget) -> bool:
    """Copy a file, and return False if that is beyond the budget. One that cannot be read counts as copied."""
    if os.path.lexists(target):
        return True
    try:
        size = source.stat().st_size
        if budget.entries <= 0 or size > budget.size:
            return False
        shutil.copyfile(source, target)
        shutil.copystat(source, target)
    except OSError:
        with contextlib.suppress(OSError):
            target.unlink()
        return True
    with contextlib.suppress(OSError):
        target.chmod(target.stat().st_mode | stat.S_IWUSR)
    budget.entries -= 1
    budget.size -= size
    return True


def _link(source: Path, target: Path, *, programs: bool = False) -> None:
    """Link to a file or folder; not to a program, unless that is asked for, since it would be run as the original."""
    if programs or source.suffix not in _PROGRAMS or source.is_dir():
        try:
            target.symlink_to(source.resolve(), target_is_directory=source.is_dir())
        except (OSError, NotImplementedError):
            if not programs and source.is_file() and not os.path.lexists(target):  # Windows may not allow links
                with contextlib.suppress(OSError):
                    shutil.copyfile(source, target)


def _device_of(folder: Path) -> int:
    try:
        return folder.stat().st_dev
    except OSError:
        return -1
