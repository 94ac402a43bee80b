"""Which rows to train on and which to hold back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.limits import check_between, check_count
from unstuck.seeding import Stream, generator

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from unstuck.data.dataset import Dataset

    Indices = NDArray[np.int64]


def split(n: int, fraction: float, seed: int, strata: ArrayLike | None = None) -> tuple[Indices, Indices]:
    """Divide the rows 0 … n - 1 into rows to train on and rows held back.

    ``n * fraction`` rows are held back, rounded to the nearest whole number (halves up). With ``strata`` each class gives
    its share of them, less than one row more or less, and keeps at least one row to train on; where that limit bites,
    fewer rows are held back.

    Args:
        n: Number of rows.
        fraction: Part to hold back, between 0 and 1.
        seed: Of the choice.
        strata: The class of each row, shape ``(n,)``.

    Returns:
        The rows to train on and the rows held back, each in ascending order.

    Raises:
        OptionError: ``fraction`` is not between 0 and 1.
        ShapeError: ``strata`` does not have shape ``(n,)``.
        DataError: One of the two parts would be empty.

    >>> training, held = split(10, 0.3, seed=0)
    >>> len(training), len(held)
    (7, 3)
    """
    check_count("n", n, least=0)
    check_between("fraction", fraction, 0, 1)
    n_held = int(np.floor(n * fraction + 0.5))
    random = generator(seed, Stream.SPLIT)
    if strata is None:
        groups, counts = [np.arange(n)], [n_held]
    else:
        groups = _groups(strata, n)
        counts = _shares([len(group) for group in groups], n_held)
    held = [random.permutation(group)[:count] for group, count in zip(groups, counts, strict=True)]
    is_held = np.zeros(n, dtype=bool)
    if held:
        is_held[np.concatenate(held)] = True
    if is_held.all() or not is_held.any():
        raise _empty_part(n, fraction, n_held, is_stratified=strata is not None)
    return np.flatnonzero(~is_held), np.flatnonzero(is_held)


def hold_out(dataset: Dataset, fraction: float, *, seed: int) -> Dataset:
    """Return ``dataset`` with a part of its rows moved into a test set, class by class where it has classes.

    Raises:
        OptionError: It already has a test set, or ``fraction`` is not between 0 and 1.
        DataError: One of the two parts would be empty.
    """
    if dataset.test_inputs is not None:
        raise OptionError(
            f"data set '{dataset.name}' has a test set of its own ({len(dataset.test_inputs)} rows), "
            f"so none can be split off. Leave the test fraction out."
        )
    strata = dataset.targets.ravel() if dataset.kind in ("binary", "multiclass") else None
    training, held = split(len(dataset.inputs), fraction, seed, strata)
    return replace(
        dataset,
        inputs=dataset.inputs[training],
        targets=dataset.targets[training],
        test_inputs=dataset.inputs[held],
        test_targets=dataset.targets[held],
    )


def _groups(strata: ArrayLike, n: int) -> list[NDArray[Any]]:
    """The rows of each class."""
    classes = np.asarray(strata)
    if classes.shape != (n,):
        raise ShapeError(f"strata has shape {classes.shape}, expected ({n},): one class for each of the {n} rows.")
    _, class_of_row = np.unique(classes, return_inverse=True)
    return [np.flatnonzero(class_of_row == index) for index in range(class_of_row.max(initial=-1) + 1)]


def _shares(sizes: list[int], n_held: int) -> list[int]:
    """How many rows each class gives: its quota rounded down, and one more for the largest remainders."""
    n = sum(sizes)
    counts = [size * n_held // n for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda index: -(sizes[index] * n_held % n))
    for index in by_remainder[: n_held - sum(counts)]:
        counts[index] += 1
    return [min(count, size - 1) for count, size in zip(counts, sizes, strict=True)]


def _empty_part(n: int, fraction: float, n_held: int, *, is_stratified: bool) -> DataError:
    rows = "1 row" if n == 1 else f"{n} rows"
    if is_stratified and 0 < n_held < n:
        return DataError(
            f"cannot hold back {fraction:g} of {rows}: each class keeps a row to train on, which leaves none to hold back."
            f"\n  Use more rows."
        )
    empty = "train on" if n_held and n_held >= n else "hold back"
    return DataError(
        f"cannot hold back {fraction:g} of {rows}: that leaves no row to {empty}.\n  Use more rows or another fraction."
    )
