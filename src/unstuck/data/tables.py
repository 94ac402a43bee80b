"""Tables from files: CSV and NPZ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from unstuck.data.csv_table import read_csv
from unstuck.data.npz_table import read_npz
from unstuck.data.targets import check_kind
from unstuck.errors import FileError
from unstuck.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.data.columns import ColumnName
    from unstuck.data.dataset import Dataset, Kind

SUFFIXES = (".csv", ".npz")
"""What the names of the files end with that :func:`read_table` reads."""


def read_table(
    path: str | Path, *, target: ColumnName | Sequence[ColumnName] | None = None, kind: Kind | None = None
) -> Dataset:
    """Read inputs and targets from a CSV file or an NPZ archive.

    **CSV**: UTF-8, separated by commas, semicolons or tabs. The first row is a header if none of its fields is a number,
    or if one of its fields is text and stands above a number. Every column but the targets must hold finite numbers.

    **NPZ**: the arrays ``X`` and ``y``; or ``x_train`` and ``y_train``, with ``x_test`` and ``y_test`` for a test set;
    or a single matrix that holds inputs and targets. Capital letters make no difference. Inputs of more than two
    dimensions, such as images, are flattened row by row; uint8 stays as it is, all other numbers become float64.

    **Targets**: one column of text is classes. One column of numbers is classes if they are all 0 or 1, or if they are
    whole, with at most 20 distinct values, and fewer of these than half of the rows; otherwise regression. Several
    columns are one-hot classes, or labels if all is 0 or 1, otherwise regression.

    Args:
        path: The file.
        target: CSV: the target column by name or index (counted from 0, negative from the end), or several; by default
            the last. NPZ: the name of the array of targets, or, for a single matrix, as for CSV by index.
        kind: What the targets are, if the rule above does not hit it.

    Returns:
        A data set called like the file, without a test set unless the archive has one.

    Raises:
        FileError: The file is missing or cannot be read, or is neither CSV nor NPZ.
        DataError: It holds something that cannot be trained on; the message names the place.
        OptionError: There is no such target column or kind.
        ShapeError: An array has the wrong shape.
    """
    check_kind(kind)
    file = Path(path)
    read = read_csv if table_suffix(file) == ".csv" else read_npz
    return read(file, target=target, kind=kind)


def table_suffix(file: Path) -> str:
    """Return which of :data:`SUFFIXES` the name of ``file`` ends with, whatever its capitals.

    Raises:
        FileError: None of them, or the file is missing.
    """
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        read_bytes(file)  # a file that is missing is the first thing to say
        raise FileError(f"{file} is neither a .csv nor an .npz file. These are the formats that can be read.")
    return suffix
