"""Arrays by name with a description, in one safetensors file."""

import json

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from safetensors.numpy import load_file, save_file

from unstuck.errors import FileError
from unstuck.tensor_files import read_tensors, write_tensors

TENSORS = {
    "weights": np.arange(6.0).reshape(2, 3),
    "single": np.array([1.5], "float32"),
    "turned": np.arange(6.0).reshape(3, 2).T,
}


@pytest.fixture
def error_of():
    def text(call, *arguments, **settings):
        with pytest.raises(FileError) as caught:
            call(*arguments, **settings)
        return str(caught.value)

    return text


@pytest.fixture
def path(tmp_path):
    return tmp_path / "arrays.safetensors"


def test_what_was_written_is_read(path):
    description = {"kind": "binary", "numbers": [1, 2.5, None], "nested": {"ä": "ß"}}
    assert write_tensors(path, TENSORS, description) == path
    tensors, read = read_tensors(path)
    assert read == description
    assert set(tensors) == set(TENSORS)
    for name, array in TENSORS.items():
        assert_array_equal(tensors[name], array)
        assert tensors[name].dtype == array.dtype


def test_others_can_read_it(path):
    write_tensors(path, TENSORS, {})
    assert_array_equal(load_file(path)["weights"], TENSORS["weights"])


def test_what_is_no_number_survives(path):
    write_tensors(path, {"a": np.array([np.nan, np.inf])}, {"best": float("inf")})
    tensors, description = read_tensors(path)
    assert_array_equal(tensors["a"], [np.nan, np.inf])
    assert description == {"best": float("inf")}


def test_nothing_is_written_over_what_is_there(error_of, path):
    write_tensors(path, TENSORS, {"first": 1})
    assert error_of(write_tensors, path, TENSORS, {"second": 2}) == (
        f"{path} already exists. Choose another name, or use --force (force=True) to replace it."
    )
    assert read_tensors(path)[1] == {"first": 1}
    write_tensors(path, TENSORS, {"second": 2}, force=True)
    assert read_tensors(path)[1] == {"second": 2}


def test_what_cannot_be_described_leaves_no_file(path):
    with pytest.raises(TypeError, match="not JSON serializable"):
        write_tensors(path, TENSORS, {"array": np.zeros(2)})
    assert list(path.parent.iterdir()) == []


def test_a_missing_file_and_a_folder(error_of, path, tmp_path):
    assert error_of(read_tensors, path) == f"{path} does not exist."
    assert error_of(read_tensors, tmp_path) == f"{tmp_path} is a folder, expected a file."


@pytest.mark.parametrize("length", [0, 4, 8, 20, -1, -40])
def test_a_truncated_file(error_of, path, length):
    write_tensors(path, TENSORS, {})
    path.write_bytes(path.read_bytes()[:length])
    assert error_of(read_tensors, path) == (
        f"{path} is no readable safetensors file: it is truncated, damaged or something else."
    )


@pytest.mark.parametrize(
    "content",
    [
        b"not a safetensors file at all",
        b"\xff" * 64,
        (2).to_bytes(8, "little") + b"{",
        (4).to_bytes(8, "little") + b"null",
    ],
)
def test_something_else(error_of, path, content):
    path.write_bytes(content)
    assert error_of(read_tensors, path) == (
        f"{path} is no readable safetensors file: it is truncated, damaged or something else."
    )


@pytest.mark.parametrize("metadata", [None, {"format": "pt"}, {"unstuck": "[]"}, {"unstuck": "null"}])
def test_a_file_of_somebody_else(error_of, path, metadata):
    save_file(TENSORS, path, metadata)
    assert error_of(read_tensors, path) == (
        f"{path} is a safetensors file, but was not written by unstuck: it describes no network."
    )


def test_a_damaged_description(error_of, path):
    save_file(TENSORS, path, {"unstuck": json.dumps({"schema": 1})[:-1]})
    assert error_of(read_tensors, path) == (
        f"{path} is no readable safetensors file: it is truncated, damaged or something else."
    )
