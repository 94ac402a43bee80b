"""IDX files: the format MNIST comes in, one array of bytes behind a short header.

The header is two zero bytes, one byte for the type (8: unsigned byte), one for the number of dimensions, and the length of
each dimension as a big-endian 32-bit number. The array follows, last dimension fastest, and nothing after it.

Source: LeCun, Cortes and Burges, *The MNIST database of handwritten digits* (1998), section on file formats.
"""

from __future__ import annotations

import gzip
import math
import zlib
from typing import TYPE_CHECKING

import numpy as np

from unstuck.errors import FileError
from unstuck.files import read_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_GZIP_MAGIC = b"\x1f\x8b"
_UNSIGNED_BYTE = 8


def read_idx(path: Path, n_dimensions: int) -> NDArray[np.uint8]:
    """Read an IDX file of unsigned bytes, gzipped or not, whatever its name ends with.

    Args:
        path: The file.
        n_dimensions: How many dimensions its array must have: 1 for labels, 3 for images.

    Returns:
        A read-only array.

    Raises:
        FileError: The file is missing, damaged, of another format or type, or longer or shorter than its header says.
    """
    content = _unzipped(read_bytes(path), path)
    magic = bytes([0, 0, _UNSIGNED_BYTE, n_dimensions])
    if content[:4] != magic:
        found = f"starts with the bytes {content[:4].hex(' ')}" if content else "is empty"
        raise FileError(
            f"{path} {found}, expected {magic.hex(' ')}: an IDX file of unsigned bytes with "
            f"{n_dimensions} dimension{'s' if n_dimensions > 1 else ''}."
        )
    start = 4 + 4 * n_dimensions
    if len(content) < start:
        raise FileError(f"{path} ends within its header: {len(content)} bytes, expected at least {start}.")
    shape = tuple(int(length) for length in np.frombuffer(content[4:start], dtype=">u4"))
    expected, found_bytes = math.prod(shape), len(content) - start
    if found_bytes != expected:
        raise FileError(
            f"{path} holds {found_bytes} bytes after its header, "
            f"expected {' x '.join(map(str, shape))} = {expected}. Is it cut off, or damaged?"
        )
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape)


def _unzipped(content: bytes, path: Path) -> bytes:
    if not content.startswith(_GZIP_MAGIC):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise FileError(f"{path} cannot be unzipped: it is cut off or damaged.") from error
