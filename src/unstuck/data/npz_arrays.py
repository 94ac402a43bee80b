"""The arrays in an NPZ archive, and what is wrong when they cannot be read."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.errors import FileError
from unstuck.files import read_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_ZIP_MAGIC = b"PK"
_NPY_MAGIC = b"\x93NUMPY"


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of an NPZ archive by name. Nothing that is pickled is opened.

    Raises:
        FileError: The file is missing, of another format, or damaged, or an array holds Python objects.
    """
    content = read_bytes(path)
    if content.startswith(_NPY_MAGIC):
        raise FileError(f"{path} is a single .npy array, expected an .npz archive. Save it with numpy.savez.")
    if not content.startswith(_ZIP_MAGIC):
        raise FileError(f"{path} is no .npz archive, as numpy.savez writes them.")
    arrays: dict[str, NDArray[Any]] = {}
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            for name in archive.files:
                arrays[name] = _read(archive, name, path)
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error) as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"{path} is damaged or cut off: it cannot be read as an .npz archive.") from error
    return arrays


def _read(archive: Any, name: str, path: Path) -> NDArray[Any]:
    try:
        array = archive[name]
    except ValueError as error:
        raise FileError(
            f"{path}: array '{name}' cannot be read: it is damaged, or holds Python objects.\n"
            f"  Store text with dtype=str, and numbers with a numeric dtype."
        ) from error
    if not isinstance(array, np.ndarray):
        raise FileError(f"{path}: '{name}' is no NumPy array. An .npz archive holds arrays only.")
    return array
