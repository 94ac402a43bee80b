"""Which rows make up a step: one sample at a time, mini-batches, or all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeAlias

from unstuck.limits import check_count
from unstuck.registry import unknown_option
from unstuck.seeding import Stream, generator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.arrays import Matrix, Vector

BatchSize: TypeAlias = "int | Literal['full']"
"""Rows a step: ``"full"`` for all of them, 1 for one sample at a time, or anything between."""


class Batch(NamedTuple):
    """The rows of one step."""

    inputs: Matrix
    targets: Matrix
    row_weights: Vector | None


class Batches(Protocol):
    """Rows in batches, epoch after epoch; what an engine trains on."""

    n_rows: int
    is_full: bool

    def epoch(self, epoch: int, start: int = 0) -> Iterator[Batch]:
        """Yield the batches of an epoch (from 0), from the batch ``start`` on."""
        ...


class ArrayBatches:
    """Batches of rows that are in memory.

    Args:
        inputs: Shape ``(n_rows, n_in)``.
        targets: Shape ``(n_rows, n_out)``.
        row_weights: A weight for each row, shape ``(n_rows,)``, or None.
        batch_size: Rows a step; ``"full"`` for all. The last batch of an epoch holds what is left.
        shuffle: Draw a new order for each epoch; a full batch is never shuffled.
        seed: From which the orders are drawn.

    Raises:
        OptionError: ``batch_size`` is neither ``"full"`` nor a whole number of at least 1.
    """

    def __init__(
        self,
        inputs: Matrix,
        targets: Matrix,
        row_weights: Vector | None = None,
        *,
        batch_size: BatchSize = "full",
        shuffle: bool = True,
        seed: int = 0,
    ) -> None:
        check_batch_size(batch_size)
        self.inputs, self.targets, self.row_weights = inputs, targets, row_weights
        self.n_rows = len(inputs)
        self.batch_size = self.n_rows if batch_size == "full" else min(int(batch_size), self.n_rows)
        self.is_full = self.batch_size == self.n_rows
        self.shuffle = shuffle
        self.seed = seed

    def epoch(self, epoch: int, start: int = 0) -> Iterator[Batch]:
        """Yield the batches of an epoch (from 0), from the batch ``start`` on."""
        if self.is_full:
            if start == 0:
                yield Batch(self.inputs, self.targets, self.row_weights)
            return
        order = generator(self.seed, Stream.SHUFFLE, epoch).permutation(self.n_rows) if self.shuffle else None
        for first in range(start * self.batch_size, self.n_rows, self.batch_size):
            rows = slice(first, first + self.batch_size) if order is None else order[first : first + self.batch_size]
            weights = None if self.row_weights is None else self.row_weights[rows]
            yield Batch(self.inputs[rows], self.targets[rows], weights)


def check_batch_size(batch_size: object) -> None:
    """Raise an :class:`OptionError` unless it is ``"full"`` or a whole number of at least 1."""
    if isinstance(batch_size, str):
        if batch_size != "full":
            raise unknown_option("batch size", batch_size, ["full", "1", "32", "128"])
        return
    check_count("batch_size", batch_size)
