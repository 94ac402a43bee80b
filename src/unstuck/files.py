"""Files are written whole or not at all, and never over something that is there unless asked to."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from unstuck.errors import FileError


def write_whole(path: str | Path, content: bytes | str, *, force: bool = False) -> Path:
    """Write ``content`` to ``path`` so that a reader sees all of it or nothing.

    The content goes into a temporary file beside the target, which then takes the target's name in one move.

    Args:
        path: Where to write. Missing parent folders are made.
        content: Bytes, or text to be stored as UTF-8.
        force: Replace a file that is already there.

    Raises:
        FileError: The file exists and ``force`` is not set, or it cannot be written.
    """
    target = Path(path)
    refuse_existing(target, force=force)
    data = content.encode() if isinstance(content, str) else content
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except FileExistsError as error:
        raise FileError(f"cannot write {target}: {target.parent} is not a folder.") from error
    except OSError as error:
        raise FileError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return target


def refuse_existing(path: Path, *, force: bool) -> None:
    """Raise a :class:`FileError` if ``path`` exists and ``force`` is not set, or if that cannot be found out.

    A folder is in the way even with ``force``.
    """
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:  # such as a name that is too long
        raise FileError(f"cannot write {path}: {error.strerror or error}") from error
    if is_folder:
        raise FileError(f"{path} is a folder, expected the name of a file to write.")
    if exists and not force:
        raise FileError(f"{path} already exists. Choose another name, or use --force (force=True) to replace it.")


def read_bytes(path: str | Path) -> bytes:
    """Read a whole file.

    Raises:
        FileError: It is missing, a folder, or not readable.
    """
    try:
        return Path(path).read_bytes()
    except FileNotFoundError as error:
        raise FileError(f"{path} does not exist.") from error
    except IsADirectoryError as error:
        raise FileError(f"{path} is a folder, expected a file.") from error
    except OSError as error:
        raise FileError(f"cannot read {path}: {error.strerror or error}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
