"""A copy of the folder of a script, in which it may write what it likes, and which is gone afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path
from typing import Self

from unstuck.doctor.scripts.folder_copy import WORKSPACES, Budget, copy_folder, link_siblings
from unstuck.doctor.scripts.write_guard import ELSEWHERE
from unstuck.files import read_bytes

_FILE_FOR_TEXT = "script.py"
_PARENTS = 2
_ATTEMPTS = 5


class Workspace:
    """A temporary folder with a copy of the folder that a script is in; a context manager.

    The copy lies in a nest of folders with the names of the original ones, in which whatever lies beside the original folder, and
    beside the folder around it, is linked to: ``../data/x.csv`` leads to the user's file. Files too large to copy are links as well.

    A script without a file gets a copy of the current folder if that is small, otherwise an empty folder.

    Args:
        script: The script's file, None for text from elsewhere.
        text: The program for a script without a file.

    Attributes:
        root: Everything lies in here.
        folder: The copy of the script's folder.
        script: The copy of the script; the ``__file__`` it should see.
        current: The current folder it should have: the copy of the user's own if that is the script's or one of the two around it, as
            in ``unstuck diagnose src/train.py``, otherwise the script's.
        temporary: Where its temporary files should go.
    """

    def __init__(self, script: str | Path | None, text: str = "") -> None:
        self._script = None if script is None else Path(script)
        self._text = text

    def __enter__(self) -> Self:
        self.root = Path(tempfile.mkdtemp(prefix=WORKSPACES)).resolve()
        try:
            self.temporary = self.root / "temporary"
            self.temporary.mkdir()
            self._fill(self.root / "files")
        except BaseException:
            remove_tree(self.root)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove everything. Further calls do nothing."""
        remove_tree(self.root)

    def translate(self, text: str) -> str:
        """Return a text, such as the message of an error, with the names of the user's own folders in it again."""
        return text.replace(str(self._nest), self._outermost).replace(str(self.root / ELSEWHERE), "")

    def _fill(self, nest: Path) -> None:
        nest.mkdir()
        self._nest = nest
        current = _current_folder()
        original = current if self._script is None else self._script.resolve().parent
        parents = list(original.parents)[:_PARENTS]
        self._outermost = str([original, *parents][-1].parent).rstrip(os.sep)
        self.folder = nest.joinpath(*(folder.name for folder in reversed([original, *parents])))
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._script is None:
            copy_folder(original, self.folder, Budget.small(), whole=True)
            self.script = self._free_name()
            self.script.write_text(self._text, encoding="utf-8")
        else:
            self.script = self.folder / self._script.resolve().name
            self.script.write_bytes(read_bytes(self._script))
            copy_folder(original, self.folder, Budget())
        copies = {original: self.folder}
        inner = original
        for parent in parents:
            copies[parent] = copies[inner].parent
            if parent != inner:
                link_siblings(parent, copies[parent], inner.name)
            inner = parent
        self.current = copies.get(current, self.folder)

    def _free_name(self) -> Path:
        name = self.folder / _FILE_FOR_TEXT
        number = 1
        while name.exists():
            number += 1
            name = name.with_name(f"script_{number}.py")
        return name


def _current_folder() -> Path:
    """Return the current folder; the one for temporary files where it has been removed."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path(tempfile.gettempdir()).resolve()


def remove_tree(root: Path) -> None:
    """Remove a folder whatever has been done to it: rights taken away, links put in, entries open elsewhere (Windows).

    No link is followed.
    """
    for attempt in range(_ATTEMPTS):
        if root.is_symlink() or root.is_file():
            root.unlink()
        if not os.path.lexists(root):
            return
        _give_rights(root)
        shutil.rmtree(root, ignore_errors=True)
        if attempt and os.path.lexists(root):
            time.sleep(0.05 * attempt)


def _give_rights(folder: Path) -> None:
    """Make a folder and all in it readable and removable."""
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        with contextlib.suppress(OSError):
            current.chmod(stat.S_IRWXU)
            with os.scandir(current) as entries:
                waiting += [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
