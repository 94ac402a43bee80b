import gzip
import hashlib
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from unstuck.data import download as download_module
from unstuck.data import mnist as module
from unstuck.data.mnist import SHA256, cache_folder, mnist
from unstuck.errors import FileError

REAL_FILES = os.environ.get("UNSTUCK_DATA")
NAMES = list(SHA256)
WHAT_TO_DO = (
    "\n  Put these four files, gzipped (.gz) or not, into {folder}:"
    "\n    train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte"
    "\n  or name the folder that holds them with --data-folder (data_folder=...) or in the environment variable UNSTUCK_DATA."
)


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """No settings of the machine, an empty cache, and no network: what was asked for is returned."""
    monkeypatch.delenv("UNSTUCK_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    asked = []

    def fetch(address):
        asked.append(address)
        raise OSError("no network")

    monkeypatch.setattr(download_module, "_fetch", fetch)
    return asked


def idx(array):
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def small_files(n=6, n_test=3):
    """The contents of the four files, with a few random digits."""
    random = np.random.default_rng(0)
    return dict(
        zip(
            NAMES,
            [
                idx(random.integers(0, 256, (n, 28, 28))),
                idx(np.arange(n) % 10),
                idx(random.integers(0, 256, (n_test, 28, 28))),
                idx(np.arange(n_test) % 10),
            ],
            strict=True,
        )
    )


def put(folder, files, spelling="{}"):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        spelled = spelling.format(name)
        (folder / spelled).write_bytes(gzip.compress(content) if spelled.endswith(".gz") else content)
    return folder


def check_small(dataset):
    files = small_files()
    assert dataset.name == "mnist"
    assert dataset.kind == "multiclass"
    assert dataset.inputs.shape == (6, 784)
    assert dataset.test_inputs.shape == (3, 784)
    assert dataset.inputs.dtype == dataset.test_inputs.dtype == np.uint8
    assert dataset.inputs.tobytes() == files[NAMES[0]][16:]
    assert dataset.test_inputs.tobytes() == files[NAMES[2]][16:]
    assert dataset.targets.dtype == dataset.test_targets.dtype == np.int64
    assert dataset.targets.tolist() == [0, 1, 2, 3, 4, 5]
    assert dataset.test_targets.tolist() == [0, 1, 2]
    assert dataset.class_names == tuple("0123456789")


@pytest.mark.parametrize("spelling", ["{}", "{}.gz"])
@pytest.mark.parametrize("subfolder", ["", "mnist"])
def test_a_given_folder(tmp_path, spelling, subfolder, alone):
    put(tmp_path / "data" / subfolder, small_files(), spelling)
    check_small(mnist(tmp_path / "data"))
    check_small(mnist(str(tmp_path / "data")))
    assert alone == []


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_the_dotted_spelling(tmp_path, suffix):
    files = {name.replace("-idx", ".idx") + suffix: content for name, content in small_files().items()}
    assert f"train-images.idx3-ubyte{suffix}" in files
    check_small(mnist(put(tmp_path / "data", files)))


@pytest.mark.parametrize("subfolder", ["", "mnist"])
def test_the_environment_variable(tmp_path, monkeypatch, subfolder):
    monkeypatch.setenv("UNSTUCK_DATA", str(tmp_path / "data"))
    put(tmp_path / "data" / subfolder, small_files())
    check_small(mnist())


def test_the_argument_goes_before_the_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("UNSTUCK_DATA", str(tmp_path / "nowhere"))
    check_small(mnist(put(tmp_path / "data", small_files())))


def test_the_variable_goes_before_the_cache(tmp_path, monkeypatch):
    put(cache_folder(), small_files(n=9))
    monkeypatch.setenv("UNSTUCK_DATA", str(put(tmp_path / "data", small_files())))
    check_small(mnist())


def test_the_cache(alone):
    put(cache_folder(), small_files(), "{}.gz")
    check_small(mnist())
    assert alone == []


def test_where_the_cache_is(monkeypatch, tmp_path):
    assert cache_folder() == tmp_path / "cache" / "unstuck" / "mnist"
    for value in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert cache_folder() == Path.home() / ".cache" / "unstuck" / "mnist"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "unstuck" / "mnist"


@pytest.fixture
def mirror(monkeypatch):
    """Mirrors of small files, of which the first is down; returns what they hold."""
    files = {f"{name}.gz": gzip.compress(content) for name, content in small_files().items()}

    def fetch(address):
        if address.startswith(module.MIRRORS[0]):
            raise OSError("down")
        return files[address.removeprefix(module.MIRRORS[1])]

    monkeypatch.setattr(download_module, "_fetch", fetch)
    checksums = {name: hashlib.sha256(files[f"{name}.gz"]).hexdigest() for name in NAMES}
    monkeypatch.setattr(module, "SHA256", checksums)
    return files


def test_what_is_missing_is_downloaded_once(mirror):
    check_small(mnist())
    assert sorted(path.name for path in cache_folder().iterdir()) == sorted(mirror)
    mirror.clear()
    check_small(mnist())


def test_what_is_there_is_not_downloaded_again(mirror):
    put(cache_folder(), {NAMES[0]: small_files()[NAMES[0]]})
    del mirror[f"{NAMES[0]}.gz"]
    check_small(mnist())


def test_a_wrong_checksum(mirror, error_of):
    mirror[f"{NAMES[1]}.gz"] = b"something else"
    found = hashlib.sha256(b"something else").hexdigest()
    assert error_of(FileError, mnist) == (
        f"cannot download train-labels-idx1-ubyte.gz:\n"
        f"  https://storage.googleapis.com/cvdf-datasets/mnist/train-labels-idx1-ubyte.gz: down\n"
        f"  https://ossci-datasets.s3.amazonaws.com/mnist/train-labels-idx1-ubyte.gz: "
        f"14 bytes with SHA-256 {found}, expected {module.SHA256[NAMES[1]]}" + WHAT_TO_DO.format(folder=cache_folder())
    )
    assert [path.name for path in cache_folder().iterdir()] == ["train-images-idx3-ubyte.gz"]


def test_no_network(alone, error_of):
    assert error_of(FileError, mnist) == (
        "cannot download train-images-idx3-ubyte.gz:\n"
        "  https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz: no network\n"
        "  https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz: no network"
        + WHAT_TO_DO.format(folder=cache_folder())
    )
    assert len(alone) == 2
    assert not cache_folder().exists()


def test_a_given_folder_that_does_not_exist(tmp_path, monkeypatch, alone, error_of):
    folder = tmp_path / "nowhere"
    assert error_of(FileError, mnist, folder) == (
        f"the folder {folder} (given by data_folder) does not exist." + WHAT_TO_DO.format(folder=folder)
    )
    monkeypatch.setenv("UNSTUCK_DATA", str(folder))
    assert error_of(FileError, mnist) == (
        f"the folder {folder} (given by UNSTUCK_DATA) does not exist." + WHAT_TO_DO.format(folder=folder)
    )
    assert alone == []


@pytest.mark.parametrize("subfolder", ["", "mnist"])
def test_a_given_folder_that_lacks_files(tmp_path, subfolder, alone, error_of):
    files = small_files()
    del files[NAMES[1]], files[NAMES[2]]
    folder = tmp_path / "data"
    put(folder / subfolder, files)
    assert error_of(FileError, mnist, folder) == (
        f"the folder {folder} (given by data_folder) lacks train-labels-idx1-ubyte, t10k-images-idx3-ubyte, "
        f"with or without .gz." + WHAT_TO_DO.format(folder=folder)
    )
    assert alone == []


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        (
            NAMES[0],
            idx(np.zeros((6, 28, 27))),
            "train-images-idx3-ubyte holds images of 28 x 27 pixels, expected 28 x 28.",
        ),
        (NAMES[0], idx(np.zeros((0, 28, 28))), "train-images-idx3-ubyte holds no images."),
        (
            NAMES[1],
            idx(np.zeros(5)),
            "train-images-idx3-ubyte holds 6 images, but train-labels-idx1-ubyte holds 5 labels.",
        ),
        (
            NAMES[3],
            idx(np.array([3, 10, 0])),
            "t10k-labels-idx1-ubyte holds the label 10 (number 1, counted from 0), expected 0 to 9.",
        ),
        (
            NAMES[2],
            b"<html>",
            (
                "t10k-images-idx3-ubyte starts with the bytes 3c 68 74 6d, "
                "expected 00 00 08 03: an IDX file of unsigned bytes with 3 dimensions."
            ),
        ),
    ],
)
def test_files_that_are_wrong(tmp_path, monkeypatch, name, content, text, error_of):
    put(tmp_path, small_files() | {name: content})
    monkeypatch.chdir(tmp_path)
    assert error_of(FileError, mnist, ".") == text


@pytest.mark.skipif(not REAL_FILES, reason="needs the real files: set UNSTUCK_DATA to their folder")
def test_the_real_files():
    """Checksums of the unzipped files as they are published in many places; zipped ones depend on who zipped them."""
    dataset = mnist(REAL_FILES)
    headers = [idx(np.zeros((0, 28, 28))), idx(np.zeros(0))]
    contents = {
        "train-images": (headers[0], dataset.inputs),
        "train-labels": (headers[1], dataset.targets.astype(np.uint8)),
        "t10k-images": (headers[0], dataset.test_inputs),
        "t10k-labels": (headers[1], dataset.test_targets.astype(np.uint8)),
    }
    found = {
        name: hashlib.sha256(header[:4] + struct.pack(">I", len(array)) + header[8:] + array.tobytes()).hexdigest()
        for name, (header, array) in contents.items()
    }
    assert found == {
        "train-images": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "t10k-images": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    }
