"""The built-in tasks by name, and the door to all data: a task's name or a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from unstuck.data.digits import digits
from unstuck.data.logic import FEWEST_BITS, MOST_BITS, logical_and, logical_or, parity, xor
from unstuck.data.mnist import mnist
from unstuck.data.plane import circles, moons, spirals
from unstuck.data.splits import hold_out
from unstuck.errors import OptionError
from unstuck.registry import suggestion, unknown_option

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from unstuck.data.columns import ColumnName
    from unstuck.data.dataset import Dataset, Kind


@dataclass(frozen=True)
class Task:
    """A built-in task.

    Args:
        summary: What it is, in a line.
        make: Makes its data from a seed and the folder of data files, which most tasks have no use for.
        reads_files: Whether it uses the folder.
    """

    summary: str
    make: Callable[[int, str | Path | None], Dataset]
    reads_files: bool = False


TASKS: dict[str, Task] = {
    "and": Task("both of two bits; 4 rows", lambda _seed, _folder: logical_and()),
    "circles": Task("a circle inside a circle, noisy; 200 rows", lambda seed, _folder: circles(seed=seed)),
    "digits": Task("scikit-learn's 8 x 8 handwritten digits; 1,797 rows", lambda seed, _folder: digits(seed=seed)),
    "mnist": Task(
        "28 x 28 handwritten digits; 70,000 rows, downloaded once",
        lambda _seed, folder: mnist(folder),
        reads_files=True,
    ),
    "moons": Task("two interleaving half circles, noisy; 200 rows", lambda seed, _folder: moons(seed=seed)),
    "or": Task("at least one of two bits; 4 rows", lambda _seed, _folder: logical_or()),
    "parity": Task("an odd number of ones among 4 bits, parity:N for N bits; 16 rows", lambda _seed, _folder: parity()),
    "spirals": Task("two interleaved spirals, three turns each; 194 rows", lambda _seed, _folder: spirals()),
    "xor": Task("exactly one of two bits; 4 rows", lambda _seed, _folder: xor()),
}
"""The built-in tasks by name."""


def names() -> list[str]:
    """The names of the built-in tasks, in alphabetical order."""
    return sorted(TASKS)


def load(name: str, *, seed: int = 0, data_folder: str | Path | None = None) -> Dataset:
    """Make the data of a built-in task.

    Args:
        name: One of :func:`names`, or ``"parity:N"`` for N bits.
        seed: Of what is random in the task: noise, order, split.
        data_folder: Where the files of ``"mnist"`` are; see :func:`unstuck.data.mnist.mnist`.

    Raises:
        OptionError: No task has this name, or a folder is given for a task that reads no files.
        FileError: The files of ``"mnist"`` are missing or damaged.
        MissingExtraError: ``"digits"`` without scikit-learn.

    >>> load("parity:3").inputs.shape
    (8, 3)
    """
    base, _, bits = name.partition(":")
    is_sized = name != base and base == "parity"
    if base not in TASKS or (name != base and not is_sized):
        raise unknown_option("task", name, TASKS)
    task = TASKS[base]
    if data_folder is not None and not task.reads_files:
        raise OptionError(f"data_folder is for tasks that read files (mnist). '{name}' reads none. Leave it out.")
    return parity(_n_bits(name, bits)) if is_sized else task.make(seed, data_folder)


def load_data(
    source: str | Path,
    *,
    target: ColumnName | Sequence[ColumnName] | None = None,
    kind: Kind | None = None,
    seed: int = 0,
    test_fraction: float | None = None,
    data_folder: str | Path | None = None,
) -> Dataset:
    """Load a built-in task by its name, or a table from a file.

    Text that is the name of a task is the task, even where a file has the same name (write ``./xor`` for the file).

    Args:
        source: Name of a task (:func:`load`), or a .csv or .npz file (:func:`unstuck.data.tables.read_table`).
        target: Files only: the target column or columns.
        kind: Files only: what the targets are, if it is not what it looks like.
        seed: Of what is random in a task, and of the split.
        test_fraction: Part of the rows to hold back as the test set, class by class where there are classes; for data
            that has no test set of its own. By default none.
        data_folder: ``"mnist"`` only: where its files are.

    Raises:
        OptionError: An unknown task, or a setting that does not apply.
        FileError: A file that is missing or cannot be read.
        DataError: Data that cannot be trained on.
        ShapeError: An array of the wrong shape.

    >>> load_data("xor").kind
    'binary'
    """
    if isinstance(source, str) and source.partition(":")[0] in TASKS:
        _refuse_for_task(source, target=target, kind=kind)
        dataset = load(source, seed=seed, data_folder=data_folder)
    else:
        dataset = _load_file(source, target=target, kind=kind, data_folder=data_folder)
    return dataset if test_fraction is None else hold_out(dataset, test_fraction, seed=seed)


def _load_file(
    source: str | Path,
    *,
    target: ColumnName | Sequence[ColumnName] | None,
    kind: Kind | None,
    data_folder: str | Path | None,
) -> Dataset:
    from unstuck.data.tables import SUFFIXES, read_table  # noqa: PLC0415 (tasks come up faster without)

    path = Path(source)
    if isinstance(source, str) and path.suffix.lower() not in SUFFIXES and not path.exists():
        raise OptionError(
            f"{source!r} is neither a built-in task nor a file.{suggestion(source, TASKS)}\n"
            f"  Tasks: {', '.join(names())}\n  Files: a .csv or .npz file"
        )
    if data_folder is not None:
        raise OptionError(f"data_folder is for tasks that read files (mnist). {path} is a file itself. Leave it out.")
    return read_table(path, target=target, kind=kind)


def _refuse_for_task(name: str, **settings: object) -> None:
    for setting, value in settings.items():
        if value is not None:
            raise OptionError(f"{setting} is for files. The task '{name}' has targets of its own. Leave it out.")


def _n_bits(name: str, bits: str) -> int:
    if not (bits.isascii() and bits.isdecimal() and FEWEST_BITS <= int(bits) <= MOST_BITS):
        raise OptionError(
            f"unknown task {name!r}. Write parity:N with a number N of bits from {FEWEST_BITS} to {MOST_BITS}, "
            f"such as parity:5."
        )
    return int(bits)
