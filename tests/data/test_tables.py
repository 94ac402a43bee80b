import numpy as np
import pytest

from unstuck.data.tables import SUFFIXES, read_table
from unstuck.errors import FileError, OptionError


def test_suffixes():
    assert SUFFIXES == (".csv", ".npz")


@pytest.mark.parametrize("name", ["d.csv", "d.CSV"])
@pytest.mark.parametrize("convert", [str, lambda path: path])
def test_csv(write, name, convert):
    dataset = read_table(convert(write(name, "y,a\n0,1\n1,2\n")), target="y", kind="multiclass")
    assert dataset.name == "d"
    assert dataset.targets.tolist() == [0, 1]


def test_npz(tmp_path):
    np.savez(tmp_path / "d.npz", a=np.eye(2), b=np.array([0, 1]))
    assert read_table(tmp_path / "d.npz", target="b", kind="multiclass").targets.tolist() == [0, 1]


@pytest.mark.parametrize("name", ["d.txt", "d"])
def test_other_formats(write, name, error_of):
    assert error_of(FileError, read_table, write(name, "1,2\n")) == (
        f"{name} is neither a .csv nor an .npz file. These are the formats that can be read."
    )


@pytest.mark.parametrize("name", ["d.csv", "d.npz", "d.txt"])
def test_a_missing_file(name, tmp_path, error_of):
    path = tmp_path / name
    assert error_of(FileError, read_table, path) == f"{path} does not exist."


def test_the_kind_is_checked_before_the_file_is_read(error_of):
    assert error_of(OptionError, read_table, "nowhere.csv", kind="classes") == (
        "unknown kind of targets 'classes'.\n  Known: binary, multiclass, multilabel, regression"
    )
