"""Which kernels fit a training, and on how many threads, by its sizes.

The limits are where the costs measured by ``python -m benchmarks --parts size-rules`` cross.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from unstuck.blas import core_count

if TYPE_CHECKING:
    from unstuck.nets import Network

_SMALL_WEIGHTS = 1200  # the costs cross at 700; small networks can also be trained side by side, so that they stay small a little longer
_WIDEST_SMALL = 64
_WORK_FOR_THREADS = 200_000
_ROWS_A_THREAD = 32


class Sizes(NamedTuple):
    """What the rules look at."""

    weights: int
    widest: int
    batch: int

    @classmethod
    def of(cls, network: Network, batch: int) -> Sizes:
        """Return the sizes of a network trained on batches of so many rows."""
        widths = [size for layer in network.layers for size in layer.sizes() if size is not None]
        return cls(network.n_parameters, max(widths, default=1), batch)


def is_small(sizes: Sizes) -> bool:
    """Whether the products are too small to be worth calling BLAS."""
    return sizes.weights <= _SMALL_WEIGHTS and sizes.widest <= _WIDEST_SMALL


def thread_count(sizes: Sizes, most: int | None) -> int:
    """Return on how many threads to take a step of such sizes, at most ``most``: what each has to do must be worth the waiting."""
    cores = core_count() if most is None else most
    if sizes.weights * sizes.batch < _WORK_FOR_THREADS:
        return 1
    return max(1, min(cores, sizes.batch // _ROWS_A_THREAD))
