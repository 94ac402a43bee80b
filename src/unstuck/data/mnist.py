"""MNIST: 70,000 handwritten digits, from a folder, the cache or the network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from unstuck.data.dataset import Dataset
from unstuck.data.idx import read_idx
from unstuck.errors import FileError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)
SHA256 = {
    "train-images-idx3-ubyte": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
"""The four files, and the checksum of each as the mirrors have it: gzipped, with ``.gz`` behind its name."""

VARIABLE = "UNSTUCK_DATA"
_SIDE = 28
_N_CLASSES = 10


class _Files(NamedTuple):
    """Where the four files are, in the order of :data:`SHA256`."""

    train_images: Path
    train_labels: Path
    test_images: Path
    test_labels: Path


def mnist(data_folder: str | Path | None = None) -> Dataset:
    """60,000 handwritten digits to train on and 10,000 to test on, 28 x 28 pixels each.

    Inputs have shape ``(n, 784)``, uint8 as stored, 0 for paper and 255 for ink; targets are the digits, shape ``(n,)``.

    The four files are looked for in ``data_folder``; if that is not given, in the folder that the environment variable
    ``UNSTUCK_DATA`` names; if that is not set, in the cache folder (``$XDG_CACHE_HOME/unstuck/mnist``, or
    ``~/.cache/unstuck/mnist``), where missing ones are downloaded to and checked by SHA-256. In the first two cases they
    may also be in a subfolder ``mnist``, and nothing is downloaded. They may be gzipped (``.gz``) or not, and
    ``train-images.idx3-ubyte`` does as well as ``train-images-idx3-ubyte``.

    Raises:
        FileError: Files are missing, damaged, do not belong together, or cannot be downloaded.

    Source: LeCun, Bottou, Bengio and Haffner, *Gradient-based learning applied to document recognition*, Proceedings of
    the IEEE 86 (1998), 2278-2324.
    """
    files = _locate(data_folder)
    inputs, targets = _read(files.train_images, files.train_labels)
    test_inputs, test_targets = _read(files.test_images, files.test_labels)
    return Dataset(
        name="mnist",
        inputs=inputs,
        targets=targets,
        kind="multiclass",
        test_inputs=test_inputs,
        test_targets=test_targets,
        class_names=tuple(str(digit) for digit in range(_N_CLASSES)),
    )


def cache_folder() -> Path:
    """Where downloaded files are kept: ``$XDG_CACHE_HOME/unstuck/mnist``, or ``~/.cache/unstuck/mnist``."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG base directory specification: a relative path is to be ignored.
    root = Path(given) if Path(given).is_absolute() else Path.home() / ".cache"
    return root / "unstuck" / "mnist"


def _locate(data_folder: str | Path | None) -> _Files:
    if data_folder is not None:
        return _in_given_folder(Path(data_folder), "data_folder")
    variable = os.environ.get(VARIABLE, "")
    if variable:
        return _in_given_folder(Path(variable), VARIABLE)
    return _in_cache(cache_folder())


def _in_given_folder(folder: Path, given_by: str) -> _Files:
    """Find the files in a folder somebody named, or in its subfolder ``mnist``."""
    if not folder.is_dir():
        raise FileError(f"the folder {folder} (given by {given_by}) does not exist.{_what_to_do(folder)}")
    found = [_find(folder, name) for name in SHA256]
    if not any(found):
        found = [_find(folder / "mnist", name) for name in SHA256]
    paths = [path for path in found if path is not None]
    if len(paths) < len(SHA256):
        missing = [name for name, path in zip(SHA256, found, strict=True) if path is None]
        raise FileError(
            f"the folder {folder} (given by {given_by}) lacks {', '.join(missing)}, "
            f"with or without .gz.{_what_to_do(folder)}"
        )
    return _Files(*paths)


def _in_cache(folder: Path) -> _Files:
    """Find the files in the cache, and download those that are missing."""
    from unstuck.data.download import download  # noqa: PLC0415 (the network is slow to import, and rarely needed)

    try:
        paths = [
            _find(folder, name) or download(f"{name}.gz", MIRRORS, sha256, folder) for name, sha256 in SHA256.items()
        ]
    except FileError as error:
        raise FileError(f"{error}{_what_to_do(folder)}") from error
    return _Files(*paths)


def _find(folder: Path, name: str) -> Path | None:
    dotted = name.replace("-idx", ".idx")
    for spelling in (name, f"{name}.gz", dotted, f"{dotted}.gz"):
        if (folder / spelling).is_file():
            return folder / spelling
    return None


def _what_to_do(folder: Path) -> str:
    return (
        f"\n  Put these four files, gzipped (.gz) or not, into {folder}:"
        f"\n    {', '.join(SHA256)}"
        f"\n  or name the folder that holds them with --data-folder (data_folder=...) or in the environment variable "
        f"{VARIABLE}."
    )


def _read(images_path: Path, labels_path: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    images = read_idx(images_path, 3)
    labels = read_idx(labels_path, 1)
    if images.shape[1:] != (_SIDE, _SIDE):
        raise FileError(
            f"{images_path} holds images of {images.shape[1]} x {images.shape[2]} pixels, expected {_SIDE} x {_SIDE}."
        )
    if len(images) == 0:
        raise FileError(f"{images_path} holds no images.")
    if len(images) != len(labels):
        raise FileError(f"{images_path} holds {len(images)} images, but {labels_path} holds {len(labels)} labels.")
    if labels.max() >= _N_CLASSES:
        raise FileError(
            f"{labels_path} holds the label {labels.max()} (number {int(labels.argmax())}, counted from 0), "
            f"expected 0 to {_N_CLASSES - 1}."
        )
    return images.reshape(len(images), _SIDE * _SIDE), labels.astype(np.int64)
