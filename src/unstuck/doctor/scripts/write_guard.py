"""What a script writes outside its workspace lands inside, in a place where it finds it again when it reads."""

from __future__ import annotations

import builtins
import contextlib
import errno
import functools
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.lib import _datasource

if TYPE_CHECKING:
    from collections.abc import Callable

ELSEWHERE = "elsewhere"
"""The folder of a workspace that holds what was written outside, each file under its whole path."""

_LARGEST_COPY = 300_000_000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_DEVICES = "/dev/"
_CHANGING_EVENTS = {
    "os.mkdir": (0,), "os.remove": (0,), "os.rmdir": (0,), "os.rename": (0, 1), "os.link": (1,), "os.symlink": (1,),
    "os.truncate": (0,), "os.chmod": (0,), "os.chown": (0,), "os.utime": (0,), "shutil.rmtree": (0,),
}  # fmt: skip
"""Audit events, and which of their arguments name what is changed."""


class WriteGuard:
    """Redirects ``open`` and the functions of ``os`` that change folders; what gets past them is refused.

    Writing to a file outside gives a copy of it inside; to delete one does nothing. This is courtesy to careless scripts, not a
    wall: :mod:`unstuck.doctor.scripts.landlock` is one where the system has it.

    Args:
        workspace: The folder in which a script may do what it likes.
    """

    def __init__(self, workspace: Path) -> None:
        self._inside = os.path.join(os.path.realpath(workspace), "")  # noqa: PTH118 (with a separator at its end)
        self._elsewhere = Path(self._inside, ELSEWHERE)
        self._is_used = False

    def install(self) -> None:
        """Begin. There is no end: what listens to the interpreter's audit events cannot be taken away."""
        _replace_open(self._opening(builtins.open))
        os.stat = self._looking(os.stat)
        os.path.exists = self._looking(os.path.exists)
        os.path.isfile = self._looking(os.path.isfile)
        os.path.isdir = self._looking(os.path.isdir)
        os.mkdir = self._making(os.mkdir)
        os.remove = os.unlink = self._removing(os.remove)
        os.rmdir = self._removing(os.rmdir)
        os.rename = os.replace = self._moving(os.replace)
        sys.addaudithook(self._hear)

    def is_inside(self, path: Any) -> bool:
        """Return whether a path, once its links are followed, leads into the workspace or to a device."""
        try:
            real = os.path.realpath(os.fsdecode(path))
        except (TypeError, ValueError):
            return True  # no path at all, which whoever is given it will say better
        return os.path.join(real, "").startswith((self._inside, _DEVICES))  # noqa: PTH118 (with a separator at its end)

    def place(self, path: Any) -> Path:
        """Return where inside the workspace a path outside is kept."""
        real = Path(os.path.realpath(os.fsdecode(path)))
        return self._elsewhere.joinpath(real.drive.replace(":", ""), *real.parts[1:])

    def _to_write(self, path: Any, *, keep: bool) -> Any:
        """Return where to write instead of ``path``; ``keep`` if its present content matters."""
        if self.is_inside(path):
            return path
        place = self.place(path)
        original = Path(os.fsdecode(path))
        if not place.parent.exists():
            _fail_as_it_would(original)
        self._is_used = True
        place.parent.mkdir(parents=True, exist_ok=True)
        if keep and original.is_file() and not place.exists():
            if original.stat().st_size > _LARGEST_COPY:
                raise _refusal(path)
            shutil.copyfile(original, place)
        return place

    def _to_read(self, path: Any) -> Any:
        """Return what to read instead of ``path``."""
        if not self._is_used or self.is_inside(path):
            return path
        place = self.place(path)
        return place if place.exists() else path

    def _opening(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def open_inside(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
            if isinstance(file, str | bytes | os.PathLike) and isinstance(mode, str):
                if set(mode) & set("wax+"):
                    file = self._to_write(file, keep="w" not in mode)
                elif self._is_used:
                    file = self._to_read(file)
            return original(file, mode, *arguments, **named)

        return open_inside

    def _looking(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def look(path: Any, **named: Any) -> Any:
            return original(self._to_read(path) if self._is_used else path, **named)

        return look

    def _making(self, original: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(original)
        def make(path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
            if dir_fd is None and not self.is_inside(path) and not os.path.lexists(path):
                place = self.place(path)
                if not place.parent.exists():
                    _fail_as_it_would(Path(os.fsdecode(path)))
                self._is_used = True
                place.parent.mkdir(parents=True, exist_ok=True)
                path = place
            original(path, mode, dir_fd=dir_fd)

        return make

    def _removing(self, original: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(original)
        def remove(path: Any, *, dir_fd: int | None = None) -> None:
            if dir_fd is not None or self._entry_is_inside(path):
                original(path, dir_fd=dir_fd)
            elif os.path.lexists(place := self.place(path)):
                original(place)
            elif not os.path.lexists(path):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)

        return remove

    def _moving(self, original: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(original)
        def move(src: Any, dst: Any, **named: Any) -> None:
            original(
                self._to_read(src), dst if self._entry_is_inside(dst) else self._to_write(dst, keep=False), **named
            )

        return move

    def _entry_is_inside(self, path: Any) -> bool:
        """Return whether the folder that holds ``path`` is inside: a link itself may be removed, whatever it leads to."""
        try:
            folder, _ = os.path.split(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100 (must not follow the last link)
        except (TypeError, ValueError):
            return True
        return self.is_inside(folder)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _WRITING and not isinstance(path, int) and not self.is_inside(path):
                raise _refusal(path)
        elif event in _CHANGING_EVENTS:
            for number in _CHANGING_EVENTS[event]:
                path = arguments[number]
                if not isinstance(path, int) and not self._entry_is_inside(path):
                    raise _refusal(path)


def _replace_open(replacement: Callable[..., Any]) -> None:
    """Replace ``open``, also where a module that has already been imported has it under a name of its own."""
    original = builtins.open
    for module in list(sys.modules.values()):
        for name, value in list(getattr(module, "__dict__", {}).items()):
            if value is original:
                vars(module)[name] = replacement
    openers = getattr(_datasource, "_file_openers", None)
    if openers is not None:  # NumPy's own table, by kind of compression, behind savetxt
        vars(openers)["_file_openers"][None] = replacement


def _fail_as_it_would(path: Path) -> None:
    """Raise what writing to a path would raise in the user's own run, if it would."""
    number = 0
    if not path.parent.exists():
        number = errno.ENOENT
    elif path.is_dir():
        number = errno.EISDIR
    elif not os.access(path if path.exists() else path.parent, os.W_OK):
        number = errno.EACCES
    if number:
        raise OSError(number, os.strerror(number), str(path))


def _refusal(path: Any) -> PermissionError:
    with contextlib.suppress(TypeError):
        path = os.fsdecode(path)
    return PermissionError(errno.EACCES, "the doctor lets a script write only to a copy of its folder", path)
