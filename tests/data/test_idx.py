import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from unstuck.data.idx import read_idx
from unstuck.errors import FileError


def idx(array):
    """The bytes of an IDX file, by the description of the format."""
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


IMAGES = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("name", ["images", "images.gz"])
def test_gzipped_or_not_whatever_the_name(write, pack, name):
    array = read_idx(write(name, pack(idx(IMAGES))), 3)
    assert array.dtype == np.uint8
    assert np.array_equal(array, IMAGES)


def test_one_dimension(write):
    assert read_idx(write("labels", idx(np.array([7, 0, 255]))), 1).tolist() == [7, 0, 255]


def test_an_array_of_nothing(write):
    assert read_idx(write("labels", idx(np.array([]))), 1).shape == (0,)


@pytest.mark.parametrize(
    ("content", "n_dimensions", "text"),
    [
        (b"", 1, "f is empty, expected 00 00 08 01: an IDX file of unsigned bytes with 1 dimension."),
        (
            b"<html>",
            3,
            "f starts with the bytes 3c 68 74 6d, expected 00 00 08 03: an IDX file of unsigned bytes with 3 dimensions.",
        ),
        (
            idx(IMAGES),
            1,
            "f starts with the bytes 00 00 08 03, expected 00 00 08 01: an IDX file of unsigned bytes with 1 dimension.",
        ),
        (
            b"\0\0\x0d\x01" + bytes(8),
            1,
            "f starts with the bytes 00 00 0d 01, expected 00 00 08 01: an IDX file of unsigned bytes with 1 dimension.",
        ),
        (idx(IMAGES)[:9], 3, "f ends within its header: 9 bytes, expected at least 16."),
        (
            idx(IMAGES)[:-1],
            3,
            "f holds 23 bytes after its header, expected 2 x 3 x 4 = 24. Is it cut off, or damaged?",
        ),
        (
            idx(IMAGES) + b"!",
            3,
            "f holds 25 bytes after its header, expected 2 x 3 x 4 = 24. Is it cut off, or damaged?",
        ),
        (gzip.compress(idx(IMAGES))[:-3], 3, "f cannot be unzipped: it is cut off or damaged."),
        (gzip.compress(idx(IMAGES))[:-8] + bytes(8), 3, "f cannot be unzipped: it is cut off or damaged."),
        (gzip.compress(idx(IMAGES))[:10] + b"\xff" * 20, 3, "f cannot be unzipped: it is cut off or damaged."),
        (
            gzip.compress(b""),
            1,
            "f is empty, expected 00 00 08 01: an IDX file of unsigned bytes with 1 dimension.",
        ),
    ],
)
def test_damaged_and_foreign_files(write, content, n_dimensions, text, error_of):
    assert error_of(FileError, read_idx, write("f", content), n_dimensions) == text


def test_a_length_beyond_memory_is_only_a_wrong_number(write, error_of):
    content = struct.pack(">BBBB3I", 0, 0, 8, 3, 2**32 - 1, 2**32 - 1, 2**32 - 1)
    n = 2**32 - 1
    assert error_of(FileError, read_idx, write("f", content), 3) == (
        f"f holds 0 bytes after its header, expected {n} x {n} x {n} = {n**3}. Is it cut off, or damaged?"
    )


def test_a_missing_file(error_of):
    assert error_of(FileError, read_idx, Path("nowhere"), 1) == "nowhere does not exist."
