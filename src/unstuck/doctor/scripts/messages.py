"""What two processes say to each other: JSON, with arrays behind it as raw bytes. Never pickle: the other side runs a stranger's code."""

from __future__ import annotations

import json
import math
import struct
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LENGTH = struct.Struct("<Q")
_LARGEST = 1 << 31
_ALIGNMENT = 8
_ARRAY = "\0array"
_KINDS = "fiub"


class Channel:
    """Sends and receives messages over a pair of byte streams.

    A message is 8 bytes with the length of its head, the head in JSON, then the bytes of its arrays one after the other, each
    filled up to a multiple of 8.
    It may hold what JSON can, numbers that are not finite, and arrays of numbers; tuples arrive as lists.
    """

    def __init__(self, reader: BinaryIO, writer: BinaryIO) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, message: dict[str, Any]) -> None:
        """Send a message.

        Raises:
            TypeError: It holds something that cannot be sent.
            BrokenPipeError: Nobody listens any more.
        """
        arrays: list[NDArray[Any]] = []
        head = json.dumps(
            {"message": _take_out(message, arrays), "arrays": [[array.dtype.str, array.shape] for array in arrays]}
        ).encode()
        parts = [_LENGTH.pack(len(head)), head]
        for array in arrays:
            parts += (array.tobytes(), bytes(-array.nbytes % _ALIGNMENT))
        self._writer.write(b"".join(parts))
        self._writer.flush()

    def receive(self) -> dict[str, Any]:
        """Wait for a message and return it.

        Raises:
            EOFError: The other side has closed the channel, or ended in the middle of a message.
            ValueError: What arrives is no message.
        """
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size))
        if length > _LARGEST:
            raise ValueError(f"a head of {length} bytes is no message")
        head = json.loads(self._read(length))
        message: dict[str, Any] = _put_back(head["message"], self._receive_arrays(head["arrays"]))
        return message

    def _receive_arrays(self, described: list[tuple[str, list[int]]]) -> list[NDArray[Any]]:
        kinds: dict[str, np.dtype[Any]] = {}
        sizes = []
        for dtype, shape in described:
            if dtype not in kinds:
                kinds[dtype] = np.dtype(dtype)
            kind = kinds[dtype]
            sizes.append(kind.itemsize * math.prod(shape))
            if kind.kind not in _KINDS or sizes[-1] > _LARGEST:
                raise ValueError(f"an array of {dtype} and shape {shape} is not part of a message")
        content = bytearray(self._read(sum(size + -size % _ALIGNMENT for size in sizes)))
        arrays, start = [], 0
        for (dtype, shape), size in zip(described, sizes, strict=True):
            arrays.append(np.frombuffer(content, kinds[dtype], math.prod(shape), start).reshape(shape))
            start += size + -size % _ALIGNMENT
        return arrays

    def forward(self, message: bytes) -> None:
        """Send on a message that another channel has written."""
        self._writer.write(message)
        self._writer.flush()

    def _read(self, size: int) -> bytes:
        parts = []
        while size:
            part = self._reader.read(size)
            if not part:
                raise EOFError("the other side has closed the channel")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def _take_out(value: Any, arrays: list[NDArray[Any]]) -> Any:
    """Return ``value`` with every array replaced by its place in ``arrays``."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in _KINDS:
            raise TypeError(f"an array of {value.dtype} cannot be sent")
        arrays.append(value)
        return {_ARRAY: len(arrays) - 1}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {str(name): _take_out(entry, arrays) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_take_out(entry, arrays) for entry in value]
    return value


def _put_back(value: Any, arrays: list[NDArray[Any]]) -> Any:
    """Return ``value`` with every array in its place again."""
    if isinstance(value, dict):
        if value.keys() == {_ARRAY}:
            return arrays[value[_ARRAY]]
        return {name: _put_back(entry, arrays) for name, entry in value.items()}
    if isinstance(value, list):
        return [_put_back(entry, arrays) for entry in value]
    return value
