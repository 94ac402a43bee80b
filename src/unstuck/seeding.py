"""Random numbers that depend on nothing but a seed, what they are for, and the epoch.

Each purpose has a stream of its own, and each epoch a place in it, so that a resumed run draws what an uninterrupted
one would have drawn, and switching dropout on does not change the shuffling.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np

from unstuck.errors import OptionError

_LARGEST_SEED = 2**63 - 1


class Stream(IntEnum):
    """What random numbers are drawn for."""

    WEIGHTS = 0
    SHUFFLE = 1
    DROPOUT = 2
    SPLIT = 3
    DATA = 4
    SAMPLE = 5


def check_seed(seed: int) -> int:
    """Return ``seed`` if it can be one.

    Raises:
        OptionError: It is not a whole number from 0 to 2**63 - 1.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed <= _LARGEST_SEED:
        raise OptionError(f"seed must be a whole number from 0 to 2**63 - 1. Got {seed!r} instead.")
    return int(seed)


def generator(seed: int, stream: Stream, epoch: int = 0, batch: int = 0, layer: int = 0) -> np.random.Generator:
    """Return the generator for one purpose: Philox 4x64, key ``(seed, stream)``, counter ``(0, layer, batch, epoch)``.

    Source: Salmon et al., *Parallel random numbers: as easy as 1, 2, 3*, SC 2011.

    >>> first, again = (generator(7, Stream.SHUFFLE, epoch=2).permutation(100) for _ in range(2))
    >>> bool((first == again).all())
    True
    """
    key: Any = _Key(check_seed(seed), int(stream))
    counter = np.array([0, layer, batch, epoch], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key, counter=counter))


class _Key(np.random.bit_generator.ISeedSequence):
    """A key of Philox as it is; ``Philox(key=...)`` would ask the system for random numbers first, which takes three times as long."""

    def __init__(self, *words: int) -> None:
        self.words = np.array(words, dtype=np.uint64)

    def generate_state(self, n_words: int, dtype: Any = np.uint64) -> np.ndarray[Any, np.dtype[np.uint64]]:
        """Return the key."""
        return self.words


class Draw(NamedTuple):
    """Where in a training run random numbers are drawn: the run's seed, the epoch, and the batch within it, both from 0."""

    seed: int
    epoch: int
    batch: int
