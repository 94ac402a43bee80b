"""Which kernels, and how many threads, are quickest at which size: what the rules of ``engine="auto"`` rest on."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np

import unstuck as us
from unstuck.blas import core_count, one_blas_thread
from unstuck.nets import prediction
from unstuck.training.engines import compiled
from unstuck.training.engines.sizes import Sizes, is_small, thread_count

if TYPE_CHECKING:
    from collections.abc import Callable

_UNITS = (4, 8, 16, 24, 32, 48, 64, 128, 256)
_BATCHES = (4, 32, 128, 512, 4096)
_ROWS = (1, 8, 64, 512, 4096)
_SECONDS = 0.05
_MOST_SMALL = 20_000


def size_rules(repeats: int) -> str:
    """Time a step of n-n-n-10 with the kernels for small and for larger networks, and predictions, on one thread and on all."""
    cores = core_count()
    rows = [
        f"## Size rules\n\nMicroseconds a step of n-n-n-10, tanh, Adam, float32; {cores} cores.\n",
        f"| n | batch | weights x batch | small | larger, 1 thread | larger, {cores} threads | chosen |",
        "|---|---|---|---|---|---|---|",
    ]
    for units in _UNITS:
        network = _network(units)
        for batch in _BATCHES:
            sizes = Sizes.of(network, batch)
            small = _step(network, batch, 1, True, repeats) if network.n_parameters < _MOST_SMALL else np.nan
            costs = [_step(network, batch, threads, False, repeats) for threads in (1, cores)]
            chosen = "small" if is_small(sizes) else f"larger, {thread_count(sizes, None)}"
            work = network.n_parameters * batch
            rows.append(f"| {units} | {batch} | {work} | {small:.4g} | {costs[0]:.4g} | {costs[1]:.4g} | {chosen} |")
    rows += [
        f"\nMicroseconds to predict with n-n-n-10.\n\n| n | rows | weights x rows | 1 thread | {cores} threads | chosen |",
        "|---|---|---|---|---|---|",
    ]
    for units in _UNITS[::2]:
        network = _network(units)
        for count in _ROWS:
            costs = [_prediction(network, count, threads, repeats) for threads in (1, cores)]
            work, least = network.n_parameters * count, prediction.rows_for_threads(network.layers)
            used = cores if count >= least else 1
            rows.append(f"| {units} | {count} | {work} | {costs[0]:.4g} | {costs[1]:.4g} | {used} |")
    return "\n".join([*rows, ""])


def _network(units: int) -> us.Network:
    layers = [us.Dense(units, units, "tanh"), us.Dense(units, units, "tanh"), us.Dense(units, 10, "softmax")]
    return us.Network(layers, loss="ce", dtype="float32", seed=0)


def _step(network: us.Network, batch: int, threads: int, small: bool, repeats: int) -> float:
    rng = np.random.default_rng(0)
    count = max(batch, 512)
    x, y = rng.random((count, network.layers[0].sizes()[0] or 1), np.float32), rng.integers(0, 10, count)
    with (
        mock.patch.object(compiled, "is_small", return_value=small),
        mock.patch.object(compiled, "thread_count", return_value=threads),
    ):
        trainer = us.Trainer(network.copy(), optimizer="adam", batch_size=batch, engine="compiled", history_every=10**6)
        return _shortest(lambda epochs: trainer.fit(x, y, epochs), repeats) / -(-count // batch) * 1e6


def _prediction(network: us.Network, count: int, threads: int, repeats: int) -> float:
    x = np.random.default_rng(0).random((count, network.layers[0].sizes()[0] or 1), np.float32)
    made = prediction.Predictor(network.layers, network.parameters)

    def work(times: int) -> None:
        with one_blas_thread():
            for _ in range(times):
                made.on_threads(x, threads)

    return _shortest(work, repeats) * 1e6


def _shortest(work: Callable[[int], object], repeats: int) -> float:
    """Return the seconds of one unit of work, the shortest of a few runs that each take long enough to be timed."""
    work(1)
    began = perf_counter()
    work(1)
    times = max(1, int(_SECONDS / max(1e-6, perf_counter() - began)))
    seconds = []
    for _ in range(repeats):
        began = perf_counter()
        work(times)
        seconds.append((perf_counter() - began) / times)
    return min(seconds)
