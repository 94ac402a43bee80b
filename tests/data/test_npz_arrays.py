import io
import zipfile

import numpy as np
import pytest

from unstuck.data.npz_arrays import read_arrays
from unstuck.errors import FileError


def npz(save=np.savez, **arrays):
    buffer = io.BytesIO()
    save(buffer, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_come_back(write, save):
    arrays = read_arrays(write("d.npz", npz(save, a=np.arange(3), b=np.array(["x"]))))
    assert list(arrays) == ["a", "b"]
    assert arrays["a"].tolist() == [0, 1, 2]
    assert arrays["b"].tolist() == ["x"]


def test_an_archive_of_nothing(write):
    assert read_arrays(write("d.npz", npz())) == {}


def damaged(content):
    place = len(content) // 2
    return content[:place] + bytes(byte ^ 0xFF for byte in content[place : place + 40]) + content[place + 40 :]


RANDOM = np.random.default_rng(0).normal(size=200)


@pytest.mark.parametrize(
    "content",
    [
        npz(a=RANDOM)[:-30],
        npz(a=RANDOM)[:50],
        damaged(npz(a=RANDOM)),
        damaged(npz(np.savez_compressed, a=RANDOM)),
    ],
)
def test_damaged_archives(write, content, error_of):
    assert error_of(FileError, read_arrays, write("d.npz", content)) == (
        "d.npz is damaged or cut off: it cannot be read as an .npz archive."
    )


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x80\x04N."])
def test_foreign_files(write, content, error_of):
    assert error_of(FileError, read_arrays, write("d.npz", content)) == (
        "d.npz is no .npz archive, as numpy.savez writes them."
    )


def test_a_single_array(write, error_of):
    buffer = io.BytesIO()
    np.save(buffer, np.arange(3))
    assert error_of(FileError, read_arrays, write("d.npz", buffer.getvalue())) == (
        "d.npz is a single .npy array, expected an .npz archive. Save it with numpy.savez."
    )


def test_python_objects_are_not_opened(write, error_of):
    assert error_of(FileError, read_arrays, write("d.npz", npz(a=np.array([1, "x"], dtype=object)))) == (
        "d.npz: array 'a' cannot be read: it is damaged, or holds Python objects.\n"
        "  Store text with dtype=str, and numbers with a numeric dtype."
    )


def test_archives_of_other_files(write, error_of):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert error_of(FileError, read_arrays, write("d.npz", buffer.getvalue())) == (
        "d.npz: 'readme.txt' is no NumPy array. An .npz archive holds arrays only."
    )


def test_a_missing_file(tmp_path, error_of):
    path = tmp_path / "d.npz"
    assert error_of(FileError, read_arrays, path) == f"{path} does not exist."
