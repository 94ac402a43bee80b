"""Arrays by name with a description, in one safetensors file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.errors import FileError
from unstuck.files import read_bytes, write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from unstuck.arrays import Floats

_KEY = "unstuck"


def write_tensors(
    path: str | Path, tensors: Mapping[str, Floats], description: dict[str, Any], *, force: bool = False
) -> Path:
    """Write arrays and a description, whole or not at all.

    Args:
        path: Where to write.
        tensors: Arrays by name.
        description: Anything JSON can hold; it goes into the file's metadata.
        force: Replace a file that is already there.

    Raises:
        FileError: The file exists and ``force`` is not set, or it cannot be written.
    """
    from safetensors.numpy import save  # noqa: PLC0415 (only who reads or writes files pays for the import)

    in_rows = {
        name: np.ascontiguousarray(array) for name, array in tensors.items()
    }  # save() looks at nothing but the memory
    return write_whole(path, save(in_rows, metadata={_KEY: json.dumps(description)}), force=force)


def read_tensors(path: str | Path) -> tuple[dict[str, Floats], dict[str, Any]]:
    """Read what :func:`write_tensors` wrote.

    Raises:
        FileError: The file is missing, truncated, damaged, or not one of ours.
    """
    from safetensors import SafetensorError  # noqa: PLC0415 (as above)
    from safetensors.numpy import load  # noqa: PLC0415 (as above)

    content = read_bytes(path)
    try:
        tensors = load(content)
        length = int.from_bytes(content[:8], "little")
        metadata = json.loads(content[8 : 8 + length]).get("__metadata__") or {}
        description = json.loads(metadata.get(_KEY, "null"))
    except (SafetensorError, ValueError) as error:
        raise FileError(
            f"{path} is no readable safetensors file: it is truncated, damaged or something else."
        ) from error
    if not isinstance(description, dict):
        raise FileError(f"{path} is a safetensors file, but was not written by unstuck: it describes no network.")
    return tensors, description
