from pathlib import Path

import numpy as np
import pytest

from unstuck.data import digits, logic, mnist, plane, tasks
from unstuck.data.tasks import TASKS, load, load_data, names
from unstuck.errors import DataError, FileError, MissingExtraError, OptionError

MADE_HERE = ["and", "circles", "digits", "moons", "or", "parity", "spirals", "xor"]
KNOWN = "and, circles, digits, mnist, moons, or, parity, spirals, xor"


def same(first, second):
    arrays = ["inputs", "targets", "test_inputs", "test_targets"]
    others = ["name", "kind", "class_names", "feature_names"]
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in arrays) and all(
        getattr(first, name) == getattr(second, name) for name in others
    )


def test_names():
    assert names() == sorted(TASKS) == sorted([*MADE_HERE, "mnist"])


@pytest.mark.parametrize("name", MADE_HERE)
def test_every_task_can_be_loaded_under_its_name(name):
    dataset = load(name)
    assert dataset.name == name
    assert dataset.inputs.ndim == 2
    assert TASKS[name].summary


@pytest.mark.parametrize(
    ("name", "make"), [("moons", plane.moons), ("circles", plane.circles), ("digits", digits.digits)]
)
def test_the_seed_reaches_the_task(name, make):
    assert same(load(name, seed=5), make(seed=5))


def test_parity_of_other_sizes():
    assert same(load("parity:6"), logic.parity(6))
    assert same(load_data("parity:6"), logic.parity(6))
    assert same(load("parity"), logic.parity(4))


def test_mnist_gets_the_folder(tmp_path, error_of):
    folder = tmp_path / "nowhere"
    expected = error_of(FileError, mnist.mnist, folder)
    assert error_of(FileError, load, "mnist", data_folder=folder) == expected
    assert error_of(FileError, load_data, "mnist", data_folder=folder) == expected


@pytest.mark.parametrize("name", ["xor:2", "moons:", "xo", "parity5"])
def test_unknown_tasks(name, error_of):
    close = "parity" if name == "parity5" else "moons" if name == "moons:" else "xor"
    assert error_of(OptionError, load, name) == f"unknown task {name!r}. Did you mean '{close}'?\n  Known: {KNOWN}"


@pytest.mark.parametrize("name", ["parity:", "parity:1", "parity:17", "parity:x", "parity:-3", "parity:²"])
def test_parity_of_impossible_sizes(name, error_of):
    assert error_of(OptionError, load, name) == (
        f"unknown task {name!r}. Write parity:N with a number N of bits from 2 to 16, such as parity:5."
    )


def test_a_folder_for_a_task_that_reads_none(error_of):
    assert error_of(OptionError, load, "xor", data_folder="somewhere") == (
        "data_folder is for tasks that read files (mnist). 'xor' reads none. Leave it out."
    )


def test_digits_without_scikit_learn(monkeypatch, error_of):
    def missing(name):
        raise ModuleNotFoundError(name=name.split(".")[0])

    monkeypatch.setattr("unstuck.extras.import_module", missing)
    assert error_of(MissingExtraError, load, "digits") == (
        "the task 'digits' needs sklearn, which is not installed.\n  Install it with: pip install 'unstuck[sklearn]'"
    )


def test_a_task_by_its_name():
    assert same(load_data("moons", seed=3), load("moons", seed=3))


@pytest.mark.parametrize("convert", [str, Path])
def test_a_file_by_its_path(write, convert):
    path = write("d.csv", "y,a\n0,1\n1,2\n")
    dataset = load_data(convert(path), target="y", kind="multiclass")
    assert dataset.name == "d"
    assert dataset.inputs.tolist() == [[1], [2]]
    assert dataset.targets.tolist() == [0, 1]


def test_a_task_goes_before_a_file_of_its_name(write, error_of):
    write("xor", "1,2\n")
    assert load_data("xor").name == "xor"
    for source in ("./xor", Path("xor")):
        assert error_of(FileError, load_data, source) == (
            "xor is neither a .csv nor an .npz file. These are the formats that can be read."
        )


def test_a_part_is_held_back(write):
    path = write("d.csv", "".join(f"{row},{row % 2}\n" for row in range(20)))
    whole, divided = load_data(path), load_data(path, test_fraction=0.3, seed=1)
    assert whole.test_inputs is None
    assert divided.test_inputs.shape == (6, 1)
    assert divided.test_targets.sum() == 3
    assert not same(divided, load_data(path, test_fraction=0.3, seed=2))
    assert load_data("parity", test_fraction=0.25).test_inputs.shape == (4, 4)


def test_nothing_is_held_back_from_data_that_has_a_test_set(error_of):
    assert error_of(OptionError, load_data, "moons", test_fraction=0.2) == (
        "data set 'moons' has a test set of its own (200 rows), so none can be split off. Leave the test fraction out."
    )


def test_too_few_rows_to_hold_some_back(error_of):
    assert error_of(DataError, load_data, "xor", test_fraction=0.1) == (
        "cannot hold back 0.1 of 4 rows: that leaves no row to hold back.\n  Use more rows or another fraction."
    )


@pytest.mark.parametrize("setting", [{"target": "y"}, {"kind": "binary"}])
def test_settings_of_files_for_a_task(setting, error_of):
    assert error_of(OptionError, load_data, "xor", **setting) == (
        f"{next(iter(setting))} is for files. The task 'xor' has targets of its own. Leave it out."
    )


def test_a_folder_of_data_for_a_file(write, error_of):
    assert error_of(OptionError, load_data, write("d.csv", "1,2\n3,4\n"), data_folder="somewhere") == (
        "data_folder is for tasks that read files (mnist). d.csv is a file itself. Leave it out."
    )


def test_a_source_that_is_nothing(error_of):
    assert error_of(OptionError, load_data, "mons") == (
        f"'mons' is neither a built-in task nor a file. Did you mean 'moons'?\n"
        f"  Tasks: {KNOWN}\n  Files: a .csv or .npz file"
    )
    assert error_of(FileError, load_data, "mons.csv") == "mons.csv does not exist."
    assert error_of(FileError, load_data, Path("mons")) == "mons does not exist."


def test_the_table_is_the_only_place_for_names():
    assert set(tasks.TASKS) == set(names())
    assert [name for name in names() if TASKS[name].reads_files] == ["mnist"]
